#include "edge/field/register_rules.hpp"

#include <string_view>
#include <utility>

namespace yb::field {
namespace {

using base::Decimal;
using metering::Utility;

/// Eight digits, two of them behind the point: DL/T 645 (XXXXXX.XX kWh) and CJ/T 188 (XXXXXX.XX of its unit).
constexpr Decimal kBcdRange(1'000'000, 0);
/// The highest power that a meter of DL/T 645 can say is 79.9999 kW at its terminals.
constexpr Decimal kMostTerminalPower(80, 0);

/// How many of a unit's are in one kWh or one m3.
constexpr std::pair<std::string_view, Decimal> kEnergyUnits[] = {
    {"kWh", {1, 0}}, {"kvarh", {1, 0}}, {"kVAh", {1, 0}}, {"MWh", {1, 3}}, {"GJ", {36, 4}}};
constexpr std::pair<std::string_view, Decimal> kVolumeUnits[] = {{"m3", {1, 0}}, {"L", {1000, 0}}};

template <std::size_t kCount>
std::optional<Decimal> Find(const std::pair<std::string_view, Decimal> (&units)[kCount], std::string_view unit) {
  for (const auto& [name, part] : units) {
    if (name == unit) return part;
  }
  return std::nullopt;
}

bool IsDlt645(std::string_view protocol) {
  return protocol.starts_with("dlt645");
}

/// As the protocol has it, in the meter's own terms: before scale and ratio.
std::optional<Decimal> WireRange(std::string_view protocol, const PointRule& rule) {
  if (IsDlt645(protocol) || protocol == "cjt188") return kBcdRange;
  if (rule.encoding == "u16") return Decimal(std::int64_t{1} << 16, 0);
  if (rule.encoding == "u32") return Decimal(std::int64_t{1} << 32, 0);
  return std::nullopt;
}

base::Result<std::optional<Decimal>> RangeOf(const MeterConfig& meter, const ProfilePoint& point, Decimal ratio) {
  std::optional<Decimal> range = point.range;
  if (!range) {
    range = WireRange(meter.protocol, point.rule);
    if (!range) return std::nullopt;
    YB_ASSIGN(range, range->Times(point.rule.factor));
  }
  YB_ASSIGN(range, range->Times(ratio));
  return range;
}

base::Result<std::optional<Decimal>> MostPerHour(const MeterConfig& meter, Utility utility, const PointRule& rule) {
  const bool energy = utility == Utility::kPower || utility == Utility::kHeat;
  const std::optional<Decimal> part = energy ? Find(kEnergyUnits, rule.unit) : Find(kVolumeUnits, rule.unit);
  if (!part || utility == Utility::kOther) return std::nullopt;
  std::optional<Decimal> rated = meter.rated;
  if (!rated && IsDlt645(meter.protocol)) {
    YB_ASSIGN(const Decimal ratio, meter.pt.Times(meter.ct));
    YB_ASSIGN(rated, kMostTerminalPower.Times(ratio));
  }
  if (!rated) return std::nullopt;
  YB_ASSIGN(rated, rated->Times(*part));
  return rated;
}

}  // namespace

base::Result<metering::RegisterRules> RulesOf(const MeterConfig& meter, Utility utility, const ProfilePoint& point,
                                              Decimal ratio) {
  metering::RegisterRules rules;
  rules.interval = meter.interval;
  if (point.kind != metering::PointKind::kRegister) return rules;
  YB_ASSIGN(rules.range, RangeOf(meter, point, ratio));
  YB_ASSIGN(rules.most_per_hour, MostPerHour(meter, utility, point.rule));
  return rules;
}

}  // namespace yb::field
