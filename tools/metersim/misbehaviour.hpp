// Misbehaviour: what goes wrong between a meter and the box on real lines. A rule says what, how often and when; Draw
// decides for one answer which rules strike, Misbehave turns the answer into what really goes onto the wire.
//
// Chance is seeded: the same seed and the same sequence of answers meet the same faults.
// One owner, one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/base/time.hpp"
#include "tools/metersim/truth_log.hpp"

namespace yb::metersim {

enum class FaultKind : std::uint8_t {
  kEcho,           // 回波: the request comes back before the answer, as from a half-duplex adapter
  kNoise,          // `bytes` random bytes before the answer
  kSplit,          // the answer in segments of `bytes` bytes, `delay` apart
  kGlue,           // the answer is held back and leaves in one segment with the line's next one
  kLate,           // the answer comes after `delay`, when the bus may be about something else
  kMissing,        // no answer
  kDuplicate,      // the answer twice, the second after `delay`
  kWrongChecksum,  // the checksum is one off
};

[[nodiscard]] std::string_view ToString(FaultKind kind);

struct FaultRule {
  FaultKind kind = FaultKind::kMissing;
  std::uint32_t per_million = 0;          // chance of each answer, or
  std::uint32_t every = 0;                // every so-many-th answer, from the first `every`-th on
  std::optional<base::UtcTime> from, to;  // strikes within [from, to) only
  base::Duration delay{0};
  std::size_t bytes = 0;
};

/// The rules of one meter or line with their counts.
class FaultDice {
 public:
  FaultDice(const std::vector<FaultRule>& rules, std::uint64_t seed);

  /// The rules that strike the next answer, at `now`.
  [[nodiscard]] std::vector<FaultRule> Draw(base::UtcTime now);

 private:
  struct Counted {
    FaultRule rule;
    std::uint64_t answers = 0;
  };
  std::vector<Counted> rules_;
  std::uint64_t seed_;
};

/// Bytes to be put onto the wire, one after the other.
struct Utterance {
  base::Bytes bytes;
  std::vector<TruthEntry> truths = {};  // to be logged when the bytes have left
  base::Duration after{0};              // further delay
  bool off_bus = false;                 // late: does not make the bus wait
  bool at_once = false;                 // without the meter's reply delay
  bool held = false;                    // glue: waits for the next utterance
  std::size_t segment = 0;              // bytes per segment, 0 is as the line has it
  base::Duration gap{0};                // between segments
};

/// What becomes of `entry`'s frame under `faults`. `request` is what an echo repeats; `random` feeds the noise.
[[nodiscard]] std::vector<Utterance> Misbehave(TruthEntry entry, const std::vector<FaultRule>& faults,
                                               base::ByteView request, std::uint64_t random);

}  // namespace yb::metersim
