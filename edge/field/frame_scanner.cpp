#include "edge/field/frame_scanner.hpp"

#include <numeric>

namespace yb::field {
namespace {

constexpr std::size_t kMostWaiting = 4096;
constexpr std::uint8_t kSumFrameEnd = 0x16;

int Telling(Verdict verdict) {
  switch (verdict) {
    case Verdict::kBadChecksum: return 4;
    case Verdict::kBadEnd: return 3;
    case Verdict::kNeedMore: return 2;
    case Verdict::kTooLong: return 1;
    case Verdict::kNoStart:
    case Verdict::kFrame: return 0;
  }
  return 0;
}

}  // namespace

void FrameScanner::Push(base::ByteView bytes) {
  waiting_.insert(waiting_.end(), bytes.begin(), bytes.end());
  if (waiting_.size() > kMostWaiting) {
    waiting_.erase(waiting_.begin(), waiting_.end() - static_cast<std::ptrdiff_t>(kMostWaiting));
  }
}

std::optional<base::Bytes> FrameScanner::Next() {
  const base::ByteView view(waiting_);
  std::size_t keep_from = view.size();
  for (std::size_t at = 0; at < view.size(); ++at) {
    const Candidate candidate = examine_(view.subspan(at));
    if (candidate.verdict == Verdict::kFrame) {
      const auto first = waiting_.begin() + static_cast<std::ptrdiff_t>(at);
      const auto past = first + static_cast<std::ptrdiff_t>(candidate.length);
      base::Bytes frame(first, past);
      waiting_.erase(waiting_.begin(), past);
      return frame;
    }
    if (candidate.verdict == Verdict::kNeedMore && keep_from == view.size()) keep_from = at;
    // Counted only where the bytes are dropped below, so that no frame is counted twice.
    if (candidate.verdict == Verdict::kBadChecksum && at < keep_from) ++bad_checksums_;
  }
  waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(keep_from));
  return std::nullopt;
}

Candidate WhyNoFrame(const Examine& examine, base::ByteView bytes) {
  Candidate best;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    const Candidate candidate = examine(bytes.subspan(at));
    if (Telling(candidate.verdict) > Telling(best.verdict)) best = candidate;
  }
  return best;
}

Candidate ExamineSumFrame(base::ByteView view, std::size_t header, std::size_t most_data) {
  if (view.empty() || view[0] != kSumFrameStart) return {};
  if (view.size() < header) return {.verdict = Verdict::kNeedMore};
  const std::size_t length = view[header - 1];
  if (length > most_data) return {.verdict = Verdict::kTooLong};
  const std::size_t whole = header + length + kSumFrameTrailer;
  if (view.size() < whole) return {.verdict = Verdict::kNeedMore};
  Candidate candidate{.verdict = Verdict::kFrame,
                      .length = whole,
                      .stated_check = view[whole - 2],
                      .computed_check = ByteSum(view.first(whole - kSumFrameTrailer))};
  if (view[whole - 1] != kSumFrameEnd) {
    candidate.verdict = Verdict::kBadEnd;
  } else if (candidate.stated_check != candidate.computed_check) {
    candidate.verdict = Verdict::kBadChecksum;
  }
  return candidate;
}

void FinishSumFrame(base::Bytes& frame, std::size_t start) {
  frame.push_back(ByteSum(base::ByteView(frame).subspan(start)));
  frame.push_back(kSumFrameEnd);
}

std::uint8_t ByteSum(base::ByteView bytes) {
  return static_cast<std::uint8_t>(std::accumulate(bytes.begin(), bytes.end(), 0U));
}

}  // namespace yb::field
