#include "tools/metersim/misbehaviour.hpp"

#include <algorithm>

#include "tools/metersim/seeded.hpp"

namespace yb::metersim {
namespace {

constexpr std::uint64_t kMillion = 1'000'000;

bool Strikes(const FaultRule& rule, std::uint64_t answer, std::uint64_t random, base::UtcTime now) {
  if ((rule.from && now < *rule.from) || (rule.to && now >= *rule.to)) return false;
  if (rule.every != 0) return answer % rule.every == 0;
  return random % kMillion < rule.per_million;
}

/// One more in the checksum's place: before the end byte 16, or the last byte of a Modbus CRC.
void SpoilChecksum(TruthEntry& entry) {
  base::Bytes& frame = entry.answer.frame;
  const bool rtu = entry.protocol == "MODBUS-RTU";
  ++frame[frame.size() - (rtu ? 1 : 2)];
  entry.answer.values.clear();
}

base::Bytes Noise(std::size_t count, std::uint64_t random) {
  base::Bytes noise;
  for (std::size_t i = 0; i < count; ++i) noise.push_back(static_cast<std::uint8_t>(Mix(random, i)));
  return noise;
}

}  // namespace

std::string_view ToString(FaultKind kind) {
  switch (kind) {
    case FaultKind::kEcho: return "echo";
    case FaultKind::kNoise: return "noise";
    case FaultKind::kSplit: return "split";
    case FaultKind::kGlue: return "glue";
    case FaultKind::kLate: return "late";
    case FaultKind::kMissing: return "missing";
    case FaultKind::kDuplicate: return "duplicate";
    case FaultKind::kWrongChecksum: return "wrong_checksum";
  }
  return "unknown";
}

FaultDice::FaultDice(const std::vector<FaultRule>& rules, std::uint64_t seed) : seed_(seed) {
  for (const FaultRule& rule : rules) rules_.push_back({rule, 0});
}

std::vector<FaultRule> FaultDice::Draw(base::UtcTime now) {
  std::vector<FaultRule> struck;
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    Counted& counted = rules_[i];
    ++counted.answers;
    if (Strikes(counted.rule, counted.answers, Mix(seed_ + i, counted.answers), now)) struck.push_back(counted.rule);
  }
  return struck;
}

std::vector<Utterance> Misbehave(TruthEntry entry, const std::vector<FaultRule>& faults, base::ByteView request,
                                 std::uint64_t random) {
  std::vector<Utterance> said;
  Utterance answer;
  std::optional<base::Duration> repeat_after;
  bool missing = false;
  base::Bytes noise;
  for (const FaultRule& fault : faults) {
    entry.fault += (entry.fault.empty() ? "" : "+") + std::string(ToString(fault.kind));
    switch (fault.kind) {
      case FaultKind::kEcho:
        said.push_back({.bytes = base::Bytes(request.begin(), request.end()), .at_once = true});
        break;
      case FaultKind::kNoise: noise = Noise(fault.bytes, random); break;
      case FaultKind::kSplit:
        answer.segment = fault.bytes;
        answer.gap = fault.delay;
        break;
      case FaultKind::kGlue: answer.held = true; break;
      case FaultKind::kLate:
        answer.after = fault.delay;
        answer.off_bus = true;
        break;
      case FaultKind::kMissing: missing = true; break;
      case FaultKind::kDuplicate: repeat_after = fault.delay; break;
      case FaultKind::kWrongChecksum: SpoilChecksum(entry); break;
    }
  }
  if (missing) return said;
  answer.bytes = noise;
  answer.bytes.insert(answer.bytes.end(), entry.answer.frame.begin(), entry.answer.frame.end());
  answer.truths.push_back(std::move(entry));
  said.push_back(answer);
  if (repeat_after) {
    Utterance again = answer;
    again.after = answer.after + *repeat_after;
    said.push_back(std::move(again));
  }
  return said;
}

}  // namespace yb::metersim
