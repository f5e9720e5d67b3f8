// FrameScanner finds frames in a byte stream that also carries preambles, echoes, noise, envelopes of radio modules and
// glued or cut frames. It never splits on byte values: the protocol's `Examine` judges each possible start by length,
// end and checksum, and after a false start the search goes on one byte later.
//
// Owned by one poll (or one decode run); one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "core/base/bytes.hpp"

namespace yb::field {

/// What the bytes from one possible start on are.
enum class Verdict : std::uint8_t {
  kNoStart,      // no frame begins here
  kNeedMore,     // may be a frame whose rest has not come yet
  kTooLong,      // announces more data than the protocol allows
  kBadEnd,       // complete by its length, but the end byte is wrong
  kBadChecksum,  // complete, but the checksum is wrong
  kFrame,
};

struct Candidate {
  Verdict verdict = Verdict::kNoStart;
  std::size_t length = 0;            // of the whole frame, for kBadEnd, kBadChecksum and kFrame
  std::uint32_t stated_check = 0;    // the checksum in the frame
  std::uint32_t computed_check = 0;  // the checksum of its bytes
};

/// Judges the bytes from `view[0]` on; never reads past `view`, and names a length within it.
using Examine = std::function<Candidate(base::ByteView view)>;

class FrameScanner {
 public:
  explicit FrameScanner(Examine examine) : examine_(std::move(examine)) {}

  /// Appends received bytes. Beyond 4096 waiting bytes the oldest are dropped.
  void Push(base::ByteView bytes);

  /// The next whole frame, from its first to its last byte; nullopt until more bytes come. A whole frame behind an
  /// unfinished start is taken: the start was false.
  [[nodiscard]] std::optional<base::Bytes> Next();

  /// Forgets the waiting bytes; the count stays.
  void Clear() { waiting_.clear(); }

  /// Complete frames dropped for a wrong checksum so far.
  [[nodiscard]] std::uint64_t bad_checksums() const { return bad_checksums_; }

 private:
  Examine examine_;
  base::Bytes waiting_;
  std::uint64_t bad_checksums_ = 0;
};

/// Why `bytes` hold no frame: the most telling candidate, a wrong checksum before a wrong end before an unfinished
/// frame; kNoStart when no frame even begins.
[[nodiscard]] Candidate WhyNoFrame(const Examine& examine, base::ByteView bytes);

// What DL/T 645 and CJ/T 188 frames have in common: 68H …, L, L bytes of data, the sum of all before, 16H.
constexpr std::uint8_t kSumFrameStart = 0x68;
constexpr std::size_t kSumFrameTrailer = 2;  // sum and end

/// Judges a frame whose `header` ends with L; more than `most_data` bytes of data are kTooLong.
[[nodiscard]] Candidate ExamineSumFrame(base::ByteView view, std::size_t header, std::size_t most_data);

/// Puts the sum of `frame` from `start` on and the end behind it.
void FinishSumFrame(base::Bytes& frame, std::size_t start);

/// Sum of the bytes modulo 256.
[[nodiscard]] std::uint8_t ByteSum(base::ByteView bytes);

}  // namespace yb::field
