#include "edge/field/commission/profile_fit.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include "edge/field/protocols.hpp"

namespace yb::field::commission {
namespace {

// What a meter on a line can show; by the beginning of the quantity's name.
struct Range {
  std::string_view quantity;
  base::Decimal least, most;
};
const std::array<Range, 5>& Ranges() {
  static const std::array<Range, 5> ranges{{
      {"voltage", base::Decimal(40, 0), base::Decimal(500, 0)},  // 57.7 V behind a transformer to 380 V and more
      {"frequency", base::Decimal(45, 0), base::Decimal(65, 0)},
      {"power_factor", base::Decimal(-1, 0), base::Decimal(1, 0)},
      {"supply_temp", base::Decimal(-40, 0), base::Decimal(200, 0)},
      {"return_temp", base::Decimal(-40, 0), base::Decimal(200, 0)},
  }};
  return ranges;
}

std::string OptionOf(const MeterProfile& profile, std::string_view name, std::string_view otherwise) {
  const auto found = std::ranges::find(profile.options, name, &ProtocolOption::name);
  return found == profile.options.end() ? std::string(otherwise) : found->value;
}

bool CountsJoules(std::string_view unit) {
  return unit.ends_with('J');
}

// Whether the profile says of a CJ/T 188 meter what the meter showed by itself.
bool FitsTraits(const MeterProfile& profile, const Cjt188Traits& traits) {
  const std::string type = OptionOf(profile, "type", "10");
  const std::string own = base::ToHex(base::Bytes{traits.type});
  if (type.empty() || type.front() != own.front()) return false;
  if (OptionOf(profile, "di-order", "901f") != (traits.di_order == cjt188::DiOrder::k901F ? "901f" : "1f90")) {
    // Heat and gas have one profile for both orders: the answer is accepted either way.
    if (own.front() == '1') return false;
  }
  const bool before = traits.unit_place == cjt188::UnitPlace::kBeforeValue;
  if ((OptionOf(profile, "unit-place", "after") == "before") != before) return false;
  // Whether 29H counts hundredths of a litre or whole ones is for the person at the dial to say.
  return OptionOf(profile, "litres", "hundredths") == "hundredths";
}

struct Trial {
  const MeterProfile* profile = nullptr;
  std::vector<SampleValue> sample = {};
  int good = 0;
  int implausible = 0;
  bool same_family_of_units = true;  // no conversion between joules and watt-hours

  [[nodiscard]] bool IsWhole() const { return implausible == 0 && good == static_cast<int>(sample.size()); }
  [[nodiscard]] auto Rank() const { return std::tuple(implausible == 0, IsWhole(), good, same_family_of_units); }
};

base::Result<std::optional<Trial>> Try(LineProbe& probe, const FoundMeter& meter, const MeterProfile& profile) {
  MeterSettings settings = SettingsFor(profile, meter.address);
  if (meter.cjt188) {
    const auto type = std::ranges::find(settings.options, "type", &ProtocolOption::name);
    if (type != settings.options.end()) type->value = base::ToHex(base::Bytes{meter.cjt188->type});
  }
  YB_ASSIGN(const std::unique_ptr<FieldDriver> driver, MakeDriver(meter.protocol, settings));
  YB_ASSIGN(OnceRead read, probe.Read(*driver));
  if (!read.answered) return std::nullopt;
  Trial trial{.profile = &profile};
  for (std::size_t point = 0; point < settings.points.size(); ++point) {
    const PointRule& rule = settings.points[point];
    const PointValue& value = read.values[point];
    trial.sample.push_back({rule.quantity, rule.unit, value});
    if (!value.value) continue;
    ++(IsPlausible(rule.quantity, rule.unit, *value.value) ? trial.good : trial.implausible);
    if (meter.cjt188 && rule.source == "current_heat") {
      trial.same_family_of_units = CountsJoules(rule.unit) == CountsJoules(meter.cjt188->unit);
    }
  }
  return trial;
}

base::Words CountOf(const Trial& trial) {
  const std::string good = std::to_string(trial.good), all = std::to_string(trial.sample.size());
  base::Words count{good + " of " + all + " points good", all + " 个点位中 " + good + " 个有好的读数"};
  if (trial.implausible == 0) return count;
  const std::string implausible = std::to_string(trial.implausible);
  return {count.en + ", " + implausible + " answered and implausible",
          count.zh + "，" + implausible + " 个的读数不合理"};
}

base::Words CountOf(const std::string& profile, const Trial& trial) {
  const base::Words count = CountOf(trial);
  return {profile + ": " + count.en, profile + "：" + count.zh};
}

Proposal Explain(const FoundMeter& meter, Trial best, const std::vector<base::Words>& others) {
  Proposal proposal{.profile = best.profile->name, .reasons = {CountOf(best)}, .sample = {}};
  proposal.reasons.insert(proposal.reasons.end(), others.begin(), others.end());
  if (meter.cjt188) {
    const std::string type = OptionOf(*best.profile, "type", "10");
    const std::string own = base::ToHex(base::Bytes{meter.cjt188->type});
    if (type != own) {
      proposal.reasons.push_back(
          {"the profile asks type " + type + ", this meter is of type " + own + ": copy the profile with type = \"" +
               own + "\"",
           "表型按类型 " + type + " 询问，这块表是类型 " + own + "：复制一份表型，写 type = \"" + own + "\""});
    }
    if (meter.cjt188->unit == "L") {
      proposal.reasons.push_back(
          {"it counts litres (29H): compare with the dial, makers that count whole litres need litres = \"whole\"",
           "它以升计（29H）：和表盘比对，按整升计的厂家要写 litres = \"whole\""});
    }
  }
  proposal.sample = std::move(best.sample);
  return proposal;
}

}  // namespace

MeterSettings SettingsFor(const MeterProfile& profile, const std::string& address) {
  MeterSettings settings{.address = address, .points = {}, .blocks = profile.blocks, .options = profile.options};
  for (const ProfilePoint& point : profile.points) settings.points.push_back(point.rule);
  return settings;
}

bool IsPlausible(std::string_view quantity, std::string_view unit, const base::Decimal& value) {
  if (unit == "%") return value >= base::Decimal(0, 0);
  for (const Range& range : Ranges()) {
    if (quantity.starts_with(range.quantity)) return value >= range.least && value <= range.most;
  }
  return true;
}

base::Result<std::optional<Proposal>> ProposeProfile(LineProbe& probe, const FoundMeter& meter,
                                                     const MeterProfiles& profiles) {
  std::optional<Trial> best;
  std::vector<base::Words> others;
  for (const auto& [name, profile] : profiles) {
    if (SourceKey(profile.protocol) != SourceKey(meter.protocol)) continue;
    if (profile.protocol != meter.protocol && SourceKey(meter.protocol) != "register") continue;
    if (meter.cjt188 && !FitsTraits(profile, *meter.cjt188)) continue;
    YB_ASSIGN(std::optional<Trial> trial, Try(probe, meter, profile));
    if (!trial) continue;
    if (best && trial->Rank() <= best->Rank()) {
      others.push_back(CountOf(name, *trial));
      continue;
    }
    if (best) others.push_back(CountOf(best->profile->name, *best));
    best = std::move(trial);
  }
  if (!best || best->good == 0) return std::nullopt;
  return Explain(meter, std::move(*best), others);
}

}  // namespace yb::field::commission
