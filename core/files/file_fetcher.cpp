#include "core/files/file_fetcher.hpp"

#include <algorithm>

namespace yb::files {
namespace {

/// Beyond what is stored; holds what comes early within bounds.
constexpr std::uint64_t kMostAhead = 4 * kMostChunk;

}  // namespace

std::uint64_t FileFetcher::Draw() {
  random_ = random_ * 6364136223846793005U + 1442695040888963407U;
  return random_ ^ random_ >> 29;
}

void FileFetcher::OnConnected(base::Monotonic now, std::uint64_t random) {
  OnDisconnected();
  random_ = random;
  connected_ = true;
  probing_ = true;
  sizer_ = sync::FrameSizer(options_.frames);
  backoff_.Reset();
  not_before_ = now;
}

void FileFetcher::OnDisconnected() {
  connected_ = false;
  for (const Ask& ask : under_way_) TakeBack(ask);
  under_way_.clear();
}

void FileFetcher::TakeBack(const Ask& ask) {
  const auto file = files_.find(ask.want.sha);
  if (file == files_.end()) return;
  if (file->second.known) {
    file->second.gaps[ask.want.offset] = ask.want.length;
  } else {
    file->second.asked = 0;
  }
}

void FileFetcher::Want(const base::Digest& sha, std::uint64_t size, std::uint64_t have) {
  files_.try_emplace(sha, size, have, ++count_, base::Backoff(options_.first_retry, options_.most_absent));
}

void FileFetcher::Forget(const base::Digest& sha) {
  std::erase_if(under_way_, [&](const Ask& ask) { return ask.want.sha == sha; });
  files_.erase(sha);
}

bool FileFetcher::HasMore(const File& file) const {
  if (!file.gaps.empty()) return true;
  if (!file.known) return file.asked == 0;  // one ask tells the size
  return file.asked < file.size && file.asked - file.stored < kMostAhead;
}

FileFetcher::Files::iterator FileFetcher::NextFile(base::Monotonic now) {
  // A few files at a time, the others as these end: so each ends soon, and a large one does not hold a small one.
  auto active =
      static_cast<std::size_t>(std::ranges::count_if(files_, [](const auto& one) { return one.second.active; }));
  while (active < options_.files) {
    auto first = files_.end();
    for (auto file = files_.begin(); file != files_.end(); ++file) {
      if (file->second.active || file->second.not_before > now) continue;
      if (first == files_.end() || file->second.since < first->second.since) first = file;
    }
    if (first == files_.end()) break;
    first->second.active = true;
    ++active;
  }
  auto next = files_.end();
  for (auto file = files_.begin(); file != files_.end(); ++file) {
    if (!file->second.active || !HasMore(file->second)) continue;
    if (next == files_.end() || file->second.turn < next->second.turn) next = file;
  }
  return next;
}

FileWant FileFetcher::NextPart(const base::Digest& sha, File& file) const {
  const std::uint64_t most = std::min<std::uint64_t>(sizer_.frame_bytes(), kMostChunk);
  if (!file.gaps.empty()) {
    const auto [offset, length] = *file.gaps.begin();
    file.gaps.erase(file.gaps.begin());
    if (length > most) file.gaps[offset + most] = length - most;
    return {sha, offset, std::min(length, most)};
  }
  const FileWant want{sha, file.asked, file.known ? std::min(most, file.size - file.asked) : most};
  file.asked += want.length;
  return want;
}

void FileFetcher::GiveUpLate(base::Monotonic now) {
  bool late = false;
  for (const Ask& ask : under_way_) {
    if (ask.deadline > now) continue;
    late = true;
    TakeBack(ask);
  }
  if (!late) return;
  std::erase_if(under_way_, [now](const Ask& ask) { return ask.deadline <= now; });
  probing_ = true;
  sizer_ = sync::FrameSizer(options_.frames);
  not_before_ = now + backoff_.Next(Draw());
}

std::optional<FileWant> FileFetcher::Next(base::Monotonic now) {
  looked_ = now;
  GiveUpLate(now);
  if (!connected_ || now < not_before_) return std::nullopt;
  if (under_way_.size() >= (probing_ ? 1 : options_.window)) return std::nullopt;
  const auto file = NextFile(now);
  if (file == files_.end()) return std::nullopt;
  const FileWant want = NextPart(file->first, file->second);
  file->second.turn = ++count_;
  const bool filled = want.offset + want.length < file->second.size;
  under_way_.push_back({want, sizer_.OnSent(want.length, want.length, filled, now), now + options_.answer_timeout});
  return want;
}

std::optional<FileFetcher::Store> FileFetcher::OnChunk(FileChunk chunk, base::Monotonic now) {
  const auto ask = std::ranges::find_if(under_way_, [&](const Ask& one) {
    return one.want.sha == chunk.sha && one.want.offset == chunk.offset && chunk.bytes.size() <= one.want.length;
  });
  const auto found = files_.find(chunk.sha);
  if (ask == under_way_.end() || found == files_.end()) return std::nullopt;
  File& file = found->second;
  if (file.known && file.size != chunk.size) {
    OnAbsent(chunk.sha, now);  // no file of this hash has that size
    return std::nullopt;
  }
  sizer_.OnAcknowledged(ask->mark, now);
  probing_ = false;
  backoff_.Reset();
  const std::uint64_t asked_to = std::min(ask->want.offset + ask->want.length, chunk.size);
  under_way_.erase(ask);
  if (!file.known) {
    file.known = true;
    file.size = chunk.size;
    file.asked = asked_to;
  }
  const std::uint64_t end = chunk.offset + chunk.bytes.size();
  if (end < asked_to) file.gaps[end] = asked_to - end;
  if (!chunk.bytes.empty()) file.early[chunk.offset] = std::move(chunk.bytes);

  Store store{chunk.sha, file.size, file.stored, {}, false};
  for (auto next = file.early.find(file.stored); next != file.early.end(); next = file.early.find(file.stored)) {
    file.stored += next->second.size();
    store.chunks.push_back(std::move(next->second));
    file.early.erase(next);
  }
  store.complete = file.stored == file.size;
  if (store.chunks.empty() && !store.complete) return std::nullopt;
  file.backoff.Reset();
  return store;
}

void FileFetcher::PutOff(Files::iterator file, std::uint64_t have, base::Monotonic now) {
  std::erase_if(under_way_, [&](const Ask& ask) { return ask.want.sha == file->first; });
  File& one = file->second;
  one.stored = one.asked = have;
  one.known = one.size != 0;  // of an empty file the size is all there is to ask for
  one.early.clear();
  one.gaps.clear();
  one.active = false;
  one.since = ++count_;
  one.not_before = now + one.backoff.Next(Draw());
}

void FileFetcher::OnAbsent(const base::Digest& sha, base::Monotonic now) {
  const auto file = files_.find(sha);
  const bool asked = std::ranges::any_of(under_way_, [&](const Ask& ask) { return ask.want.sha == sha; });
  if (file == files_.end() || !asked) return;
  probing_ = false;
  backoff_.Reset();
  PutOff(file, file->second.stored, now);
}

void FileFetcher::OnStoreFailed(const base::Digest& sha, std::uint64_t have, base::Monotonic now) {
  const auto file = files_.find(sha);
  if (file != files_.end()) PutOff(file, have, now);
}

std::optional<base::Monotonic> FileFetcher::WakeAt() const {
  if (!connected_) return std::nullopt;
  std::optional<base::Monotonic> wake;
  const auto at = [&](base::Monotonic time) {
    // What could be asked for when Next was called waits for an answer, not for a time.
    if (time > looked_ && (!wake || time < *wake)) wake = time;
  };
  for (const Ask& ask : under_way_) at(ask.deadline);
  if (!files_.empty()) at(not_before_);
  for (const auto& [sha, file] : files_) at(file.not_before);
  return wake;
}

}  // namespace yb::files
