#include "core/files/file_link.hpp"

#include <algorithm>

#include "core/base/log.hpp"
#include "core/base/random.hpp"

namespace yb::files {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Result;
using base::Status;

constexpr base::Duration kLongestWait = std::chrono::seconds(5);
constexpr std::size_t kMostWaiting = 1'000;  // messages; one more is as one that was lost on the way
constexpr std::size_t kMostReaders = 8;

const base::Logger kLog("files");

}  // namespace

/// The other side of one site.
struct FileLink::Peer {
  explicit Peer(const FetcherOptions& options) : fetcher(options) {}
  FileFetcher fetcher;
  std::map<base::Digest, std::unique_ptr<FileStore::Incoming>> incoming;
};

struct FileLink::OpenReader {
  base::Digest sha;
  ContainerReader reader;
};

FileLink::FileLink(FileLinkOptions options, FileStore& store, const base::Clock& clock)
    : options_(std::move(options)), store_(store), clock_(clock) {}

FileLink::~FileLink() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void FileLink::Start() {
  const auto wanted = store_.Wanted();
  if (!wanted) kLog.Error("what files are wanted cannot be read", {{"why", wanted.error().Describe()}});
  if (wanted) {
    for (const WantedFile& file : *wanted) inbox_.Post(NewWant{file});
  }
  thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
}

void FileLink::OnMessage(const base::SiteId& site, sync::Lane lane, base::ByteView payload) {
  if (lane != sync::Lane::kFile) return;
  (void)inbox_.Post(Message{site, base::Bytes(payload.begin(), payload.end())}, kMostWaiting);
}

Status FileLink::Want(const base::SiteId& site, const base::Digest& sha, std::uint64_t size) {
  const auto noted = store_.Want(site, sha, size);
  if (!noted && noted.error().code == ErrorCode::kInvalidArgument) return Fail(noted.error());
  inbox_.Post(NewWant{{site, sha, size}});  // on a full disk too: there may be room when it comes
  if (!noted) return Fail(noted.error());
  return {};
}

FileCounters FileLink::counters() const {
  return counters_.With([](const FileCounters& counters) { return counters; });
}

FileLink::Peer& FileLink::PeerOf(const base::SiteId& site) {
  std::unique_ptr<Peer>& peer = peers_[site];
  if (!peer) {
    peer = std::make_unique<Peer>(options_.fetcher);
    if (connected_) peer->fetcher.OnConnected(clock_.Steady(), base::DrawNumber());
  }
  return *peer;
}

void FileLink::Run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    base::Duration wait = kLongestWait;
    for (const auto& [site, peer] : peers_) {
      if (const auto wake_at = peer->fetcher.WakeAt()) wait = std::min(wait, *wake_at - clock_.Steady());
    }
    for (const Event& event : inbox_.Take(stop, std::max(wait, base::Duration(0)))) {
      if (stop.stop_requested()) return;
      Handle(event);
    }
    std::uint64_t waiting = 0;
    for (const auto& [site, peer] : peers_) {
      while (const auto want = peer->fetcher.Next(clock_.Steady())) Send(site, *want);
      waiting += peer->fetcher.wanted();
    }
    counters_.With([&](FileCounters& counters) { counters.waiting = waiting; });
  }
}

void FileLink::Handle(const Event& event) {
  if (std::holds_alternative<Connected>(event)) {
    connected_ = true;
    for (auto& [site, peer] : peers_) peer->fetcher.OnConnected(clock_.Steady(), base::DrawNumber());
  } else if (std::holds_alternative<Disconnected>(event)) {
    connected_ = false;
    for (auto& [site, peer] : peers_) peer->fetcher.OnDisconnected();
  } else if (const auto* wanted = std::get_if<NewWant>(&event)) {
    Fetch(wanted->file);
  } else {
    const auto& message = std::get<Message>(event);
    Take(message.site, message.payload);
  }
}

void FileLink::Fetch(const WantedFile& file) {
  const auto known = store_.Find(file.sha);
  if (known && *known) {
    Kept(**known);
    return;
  }
  const auto have = store_.Progress(file.site, file.sha);
  PeerOf(file.site).fetcher.Want(file.sha, file.size, file.size != 0 ? have.value_or(0) : 0);
}

void FileLink::Kept(const KeptFile& file) {
  for (auto& [site, peer] : peers_) {
    peer->fetcher.OnKept(file.sha);
    peer->incoming.erase(file.sha);
  }
  const auto wanted = store_.Wanted();
  if (!wanted) {
    kLog.Error("who wants a file cannot be read", {{"why", wanted.error().Describe()}});
    return;  // told after the next start
  }
  for (const WantedFile& one : *wanted) {
    if (one.sha != file.sha) continue;
    if (options_.on_kept) options_.on_kept(one.site, file);
    const Status told = store_.Told(one.site, one.sha);
    if (!told) kLog.Error("a file will be told of again", {{"why", told.error().Describe()}});
  }
}

void FileLink::Take(const base::SiteId& site, base::ByteView payload) {
  auto message = DecodeFileMessage(payload);
  if (!message) {
    counters_.With([](FileCounters& counters) { ++counters.unreadable; });
    kLog.Warn("unreadable message", {{"site", site.text()}, {"why", message.error().Describe()}});
    return;
  }
  if (const auto* want = std::get_if<FileWant>(&*message)) Answer(site, *want);
  if (auto* chunk = std::get_if<FileChunk>(&*message)) TakeChunk(site, PeerOf(site), std::move(*chunk));
  if (const auto* absent = std::get_if<FileAbsent>(&*message)) {
    PeerOf(site).fetcher.OnAbsent(absent->sha, clock_.Steady());
  }
}

// ---- answering ----

void FileLink::Answer(const base::SiteId& site, const FileWant& want) {
  auto chunk = ReadChunk(site, want);
  if (chunk) {
    counters_.With([&](FileCounters& counters) { counters.bytes_sent += chunk->bytes.size(); });
    Send(site, std::move(*chunk));
    return;
  }
  readers_.remove_if([&](const OpenReader& open) { return open.sha == want.sha; });
  if (chunk.error().code != ErrorCode::kNotFound) {
    counters_.With([](FileCounters& counters) { ++counters.broken; });
    kLog.Error("a file that is kept cannot be read", {{"file", HexOf(want.sha)}, {"why", chunk.error().Describe()}});
  }
  Send(site, FileAbsent{want.sha});
}

Result<FileChunk> FileLink::ReadChunk(const base::SiteId& site, const FileWant& want) {
  if (options_.only_shared) {
    YB_ASSIGN(const bool shared, store_.IsShared(want.sha, site));
    if (!shared) {
      if (!options_.may_have || !options_.may_have(site, want.sha)) {
        return Fail(ErrorCode::kNotFound, "the file is not for this site");
      }
      YB_TRY(store_.Share(want.sha, site));
    }
  }
  // Asked each time: a file that was removed is not read from where it still is open.
  if (!store_.Has(want.sha)) return Fail(ErrorCode::kNotFound, "the file is not here");
  auto open = std::ranges::find(readers_, want.sha, &OpenReader::sha);
  if (open == readers_.end()) {
    YB_ASSIGN(ContainerReader reader, store_.OpenFile(want.sha));
    readers_.push_front({want.sha, std::move(reader)});
    if (readers_.size() > kMostReaders) readers_.pop_back();
  } else {
    readers_.splice(readers_.begin(), readers_, open);
  }
  ContainerReader& reader = readers_.front().reader;
  FileChunk chunk{want.sha, reader.size(), want.offset, {}};
  const std::uint64_t length = std::min(want.length, kMostChunk);
  while (chunk.bytes.size() < length) {
    YB_ASSIGN(const base::Bytes part,
              reader.Read(want.offset + chunk.bytes.size(), static_cast<std::size_t>(length - chunk.bytes.size())));
    if (part.empty()) break;
    chunk.bytes.insert(chunk.bytes.end(), part.begin(), part.end());
  }
  if (chunk.bytes.empty() && (chunk.size != 0 || want.offset != 0)) {
    return Fail(ErrorCode::kNotFound, "the file has nothing there");
  }
  return chunk;
}

// ---- taking in ----

void FileLink::TakeChunk(const base::SiteId& site, Peer& peer, FileChunk chunk) {
  const base::Digest sha = chunk.sha;
  const base::Monotonic now = clock_.Steady();
  if (chunk.size > store_.options().largest) {
    kLog.Warn("a file is larger than may be kept", {{"site", site.text()}, {"file", HexOf(sha)}});
    peer.fetcher.OnAbsent(sha, now);
    return;
  }
  const auto step = peer.fetcher.OnChunk(std::move(chunk), now);
  if (!step) return;
  const auto kept = StoreChunks(site, peer, *step);
  if (kept) {
    if (*kept) Kept(**kept);
    return;
  }
  counters_.With([&](FileCounters& counters) {
    ++counters.store_failures;
    if (step->complete && kept.error().code == ErrorCode::kCorrupt) ++counters.mismatches;
  });
  kLog.Error("a file is not stored, it is tried again",
             {{"site", site.text()}, {"file", HexOf(sha)}, {"why", kept.error().Describe()}});
  peer.incoming.erase(sha);
  peer.fetcher.OnStoreFailed(sha, store_.Progress(site, sha).value_or(0), now);
}

Result<std::optional<KeptFile>> FileLink::StoreChunks(const base::SiteId& site, Peer& peer,
                                                      const FileFetcher::Store& step) {
  std::unique_ptr<FileStore::Incoming>& incoming = peer.incoming[step.sha];
  if (!incoming) {
    auto begun = store_.Receive(site, step.sha, step.size);
    if (!begun && begun.error().code == ErrorCode::kAlreadyExists) return store_.Find(step.sha);
    if (!begun) return Fail(begun.error());
    incoming = std::move(*begun);
  }
  if (incoming->have() != step.offset) return Fail(ErrorCode::kNotFound, "what had come before is not there any more");
  for (const base::Bytes& bytes : step.chunks) {
    YB_TRY(incoming->Append(bytes));
    counters_.With([&](FileCounters& counters) { counters.bytes_received += bytes.size(); });
  }
  if (!step.complete) return std::nullopt;
  YB_ASSIGN(const KeptFile kept, incoming->Finish());
  counters_.With([](FileCounters& counters) { ++counters.kept; });
  return kept;
}

void FileLink::Send(const base::SiteId& site, const FileMessage& message) {
  (void)options_.publish(site, sync::Lane::kFile, EncodeMessage(message));  // one that is lost is asked for again
}

}  // namespace yb::files
