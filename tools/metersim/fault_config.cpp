#include <algorithm>
#include <array>
#include <cmath>

#include "tools/metersim/meter_config.hpp"
#include "tools/metersim/sim_values.hpp"

namespace yb::metersim {
namespace {

using base::Result;
using config::TomlTable;

constexpr std::string_view kPowerOff = "power_off";

struct FaultName {
  FaultKind kind;
  std::int64_t default_delay_ms;
  std::int64_t default_bytes;
};

// In the order of FaultKind; what a rule does not say.
constexpr std::array<FaultName, 8> kFaults{{{FaultKind::kEcho, 0, 0},
                                            {FaultKind::kNoise, 0, 5},
                                            {FaultKind::kSplit, 40, 5},
                                            {FaultKind::kGlue, 0, 0},
                                            {FaultKind::kLate, 3000, 0},
                                            {FaultKind::kMissing, 0, 0},
                                            {FaultKind::kDuplicate, 0, 0},
                                            {FaultKind::kWrongChecksum, 0, 0}}};

Result<FaultRule> ReadRule(TomlTable& fault, const FaultName& name, base::UtcTime start) {
  FaultRule rule;
  rule.kind = name.kind;
  if (fault.Has("probability") && fault.Has("every")) {
    return Refuse(fault, "every", "both every and probability", "one of them, or none for each answer");
  }
  YB_ASSIGN(const double probability, fault.NumberOr("probability", 0.0, 1.0, 0.0));
  rule.per_million = static_cast<std::uint32_t>(std::lround(probability * 1e6));
  YB_ASSIGN(const std::int64_t every, fault.WholeOr("every", 1, 1'000'000, 1));
  rule.every = fault.Has("probability") ? 0 : static_cast<std::uint32_t>(every);
  YB_ASSIGN(rule.from, ReadTimeIfAny(fault, "from", start));
  YB_ASSIGN(rule.to, ReadTimeIfAny(fault, "to", start));
  YB_ASSIGN(const std::int64_t delay, fault.WholeOr("delay_ms", 0, 600'000, name.default_delay_ms));
  rule.delay = std::chrono::milliseconds(delay);
  YB_ASSIGN(const std::int64_t bytes, fault.WholeOr("bytes", 1, 200, std::max<std::int64_t>(1, name.default_bytes)));
  rule.bytes = static_cast<std::size_t>(bytes);
  return rule;
}

}  // namespace

Result<FaultConfig> ReadFaultConfig(TomlTable& section, base::UtcTime start) {
  std::vector<std::string_view> names;
  names.reserve(kFaults.size() + 1);
  for (const FaultName& name : kFaults) names.push_back(ToString(name.kind));
  names.push_back(kPowerOff);
  FaultConfig config;
  YB_ASSIGN(std::vector<TomlTable> faults, section.Tables("fault"));
  for (TomlTable& fault : faults) {
    YB_ASSIGN(const std::size_t choice, ReadChoice(fault, "kind", names));
    if (choice < kFaults.size()) {
      YB_ASSIGN(FaultRule rule, ReadRule(fault, kFaults[choice], start));
      config.rules.push_back(rule);
    } else {
      Absence absence;
      YB_ASSIGN(absence.from, ReadTime(fault, "from", start));
      YB_ASSIGN(absence.to, ReadTime(fault, "to", start));
      config.power_off.push_back(absence);
    }
    YB_TRY(fault.RefuseUnknownKeys());
  }
  return config;
}

}  // namespace yb::metersim
