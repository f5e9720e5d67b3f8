#include "tools/metersim/meter_config.hpp"

#include <algorithm>

#include "core/base/decimal.hpp"
#include "tools/metersim/sim_values.hpp"

namespace yb::metersim {
namespace {

using base::Result;
using base::Status;
using config::TomlTable;

constexpr std::int64_t kMostMetersPerEntry = 1000;
constexpr std::int64_t kMostRegistersOfAll = 125;

struct ProtocolTraits {
  Protocol protocol;
  std::string_view name;
  std::size_t address_digits;
  std::int64_t default_preamble;
  std::vector<Medium> media;
};

const std::vector<ProtocolTraits>& Protocols() {
  static const std::vector<ProtocolTraits> traits{
      {Protocol::kDlt645In2007, "DLT645-2007", 12, 4, {Medium::kElectricity}},
      {Protocol::kDlt645In1997, "DLT645-1997", 12, 4, {Medium::kElectricity}},
      {Protocol::kCjt188, "CJT188", 14, 2, {Medium::kWater, Medium::kGas, Medium::kHeat}},
      {Protocol::kModbusRtu, "MODBUS-RTU", 3, 0, {Medium::kElectricity}},
      {Protocol::kModbusTcp, "MODBUS-TCP", 3, 0, {Medium::kElectricity}},
  };
  return traits;
}

bool IsModbus(Protocol protocol) {
  return protocol == Protocol::kModbusRtu || protocol == Protocol::kModbusTcp;
}

Result<std::string> ReadAddress(TomlTable& section, const ProtocolTraits& traits) {
  YB_ASSIGN(const std::string text, section.Text("address"));
  const bool digits = !text.empty() && text.size() <= traits.address_digits &&
                      std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!digits) {
    return Refuse(section, "address", "\"" + text + "\"", "1 to " + std::to_string(traits.address_digits) + " digits");
  }
  if (IsModbus(traits.protocol) && (std::stoi(text) < 1 || std::stoi(text) > 247)) {
    return Refuse(section, "address", "\"" + text + "\"", "a Modbus unit from 1 to 247");
  }
  return std::string(traits.address_digits - text.size(), '0') + text;
}

Status ReadSource(TomlTable& meter, const ProtocolTraits& traits, const ProfileCatalogue& profiles,
                  MeterConfig& config) {
  YB_ASSIGN(config.profile, meter.TextOr("profile", ""));
  YB_ASSIGN(config.csv, meter.TextOr("csv", ""));
  YB_ASSIGN(config.csv_meter, meter.TextOr("csv_meter", ""));
  config.medium = traits.media.front();
  std::string names;
  for (const Medium medium : traits.media) names += (names.empty() ? "" : ", ") + profiles.Names(medium);
  if (config.profile.empty() == config.csv.empty()) {
    return Refuse(meter, "profile", config.csv.empty() ? "neither profile nor csv" : "both profile and csv",
                  "profile, one of " + names + ", or csv, a file of the replay folder");
  }
  if (!config.csv.empty()) {
    const bool electric = config.medium == Medium::kElectricity;
    if (electric != config.csv_meter.empty()) {
      return Refuse(
          meter, "csv_meter", config.csv_meter.empty() ? "nothing" : "\"" + config.csv_meter + "\"",
          electric ? "no csv_meter, as a feeder's file holds one meter" : "the meter's name in the column 'meter'");
    }
    return {};
  }
  const Profile* profile = profiles.Find(config.profile);
  if (profile == nullptr ||
      std::find(traits.media.begin(), traits.media.end(), profile->medium) == traits.media.end()) {
    return Refuse(meter, "profile", "\"" + config.profile + "\"",
                  "a profile of " + std::string(traits.name) + ": " + names);
  }
  config.medium = profile->medium;
  return {};
}

/// A number of bytes in hex, such as "0400".
template <std::size_t kCount>
Result<std::array<std::uint8_t, kCount>> ReadHex(TomlTable& section, std::string_view key, std::string fallback) {
  YB_ASSIGN(const std::string text, section.TextOr(key, std::move(fallback)));
  const Result<base::Bytes> bytes = base::FromHex(text);
  std::array<std::uint8_t, kCount> value{};
  if (!bytes || bytes->size() != kCount) {
    return Refuse(section, key, "\"" + text + "\"", std::to_string(2 * kCount) + " hex digits");
  }
  std::copy(bytes->begin(), bytes->end(), value.begin());
  return value;
}

Status ReadElectricOptions(TomlTable& meter, MeterConfig& config) {
  if (meter.Has("ct_ratio")) {
    YB_ASSIGN(config.ct_ratio, meter.Whole("ct_ratio", 1, 10'000));
  }
  if (IsModbus(config.protocol)) {
    YB_ASSIGN(const std::size_t map, ReadChoice(meter, "map", {"acrel-dtsd1352", "chint-dtsu666"}));
    config.map = map == 0 ? ModbusMap::kAcrelDtsd1352 : ModbusMap::kChintDtsu666;
    YB_ASSIGN(const std::int64_t most, meter.WholeOr("most_registers", 1, kMostRegistersOfAll, 60));
    config.most_registers = static_cast<int>(most);
    if (config.map == ModbusMap::kChintDtsu666) {
      YB_ASSIGN(const std::size_t scaling, ReadChoice(meter, "scaling", {"raw", "plain"}, 0));
      config.scaling = scaling == 0 ? ChintScaling::kRaw : ChintScaling::kPlain;
      YB_ASSIGN(const std::size_t energy, ReadChoice(meter, "energy_registers", {"1000", "4000"}, 0));
      config.energy_registers = energy == 0 ? 0x1000 : 0x4000;
    }
    return {};
  }
  YB_ASSIGN(const std::int64_t tariffs, meter.WholeOr("tariffs", 0, kTariffs, kTariffs));
  config.tariffs = static_cast<int>(tariffs);
  if (config.protocol == Protocol::kDlt645In2007) {
    YB_ASSIGN(const std::int64_t longest,
              meter.WholeOr("longest_data", 16, kDlt645LongestAnswer, kDlt645LongestAnswer));
    config.longest_data = static_cast<std::size_t>(longest);
    return {};
  }
  YB_ASSIGN(config.answers_broadcast, meter.FlagOr("answers_broadcast", true));
  YB_ASSIGN(config.echoes_wildcard, meter.FlagOr("echoes_wildcard", false));
  YB_ASSIGN(config.ends_block_with_aa, meter.FlagOr("ends_block_with_aa", false));
  return {};
}

Status ReadCjt188Options(TomlTable& meter, MeterConfig& config) {
  const char* type = config.medium == Medium::kHeat ? "20" : config.medium == Medium::kGas ? "30" : "10";
  YB_ASSIGN(const auto type_byte, ReadHex<1>(meter, "type", type));
  config.type = type_byte[0];
  YB_ASSIGN(config.status, ReadHex<2>(meter, "status", "0000"));
  YB_ASSIGN(const std::size_t order, ReadChoice(meter, "di_order", {"901F", "1F90"}, 0));
  config.di_order = order == 0 ? DiOrder::k901F : DiOrder::k1F90;
  if (config.medium == Medium::kHeat) {
    YB_ASSIGN(const std::size_t layout, ReadChoice(meter, "layout", {"value-unit", "unit-value"}, 0));
    config.heat_layout = layout == 0 ? HeatLayout::kValueUnit : HeatLayout::kUnitValue;
  }
  return {};
}

Result<std::int64_t> ReadStart(TomlTable& event) {
  YB_ASSIGN(const std::string text, event.TextOr("start", "0.00"));
  const Result<base::Decimal> value = base::Decimal::Parse(text);
  if (!value || value->scale() != 2 || value->mantissa() < 0 || value->mantissa() >= 100'000'000) {
    return Refuse(event, "start", "\"" + text + "\"", "a register with two decimals, such as \"12.34\"");
  }
  return value->mantissa();
}

Status ReadEvents(TomlTable& meter, const ProtocolTraits& traits, base::UtcTime start, MeterConfig& config) {
  YB_ASSIGN(std::vector<TomlTable> events, meter.Tables("event"));
  for (TomlTable& event : events) {
    YB_ASSIGN(const std::size_t kind, ReadChoice(event, "kind", {"reset", "rollover", "replacement"}));
    YB_ASSIGN(const base::UtcTime at, ReadTime(event, "at", start));
    if (kind == 1) {
      config.events.push_back({RegisterEventKind::kRollover, at, 0});
    } else {
      YB_ASSIGN(const std::int64_t shown, ReadStart(event));
      if (kind == 0) {
        config.events.push_back({RegisterEventKind::kReset, at, shown});
      } else {
        Replacement replacement{.at = at, .start = shown};
        YB_ASSIGN(const std::int64_t gap, event.WholeOr("gap_s", 0, 86'400, 0));
        replacement.gap = std::chrono::seconds(gap);
        if (event.Has("address")) {
          YB_ASSIGN(replacement.address, ReadAddress(event, traits));
          if (config.count != 1)
            return Refuse(event, "address", "an address for several meters", "a meter without count");
        }
        config.replacements.push_back(std::move(replacement));
      }
    }
    YB_TRY(event.RefuseUnknownKeys());
  }
  std::stable_sort(config.replacements.begin(), config.replacements.end(),
                   [](const Replacement& a, const Replacement& b) { return a.at < b.at; });
  return {};
}

}  // namespace

Result<std::string> AddressAfter(const std::string& address, int index) {
  std::string next = address;
  std::int64_t carry = index;
  for (auto digit = next.rbegin(); digit != next.rend() && carry != 0; ++digit) {
    carry += *digit - '0';
    *digit = static_cast<char>('0' + carry % 10);
    carry /= 10;
  }
  if (carry != 0) return base::Fail(base::ErrorCode::kInvalidArgument, "no address follows " + address);
  return next;
}

Result<MeterConfig> ReadMeterConfig(TomlTable& meter, const ProfileCatalogue& profiles, base::UtcTime start) {
  std::vector<std::string_view> names;
  for (const ProtocolTraits& traits : Protocols()) names.push_back(traits.name);
  YB_ASSIGN(const std::size_t choice, ReadChoice(meter, "protocol", names));
  const ProtocolTraits& traits = Protocols()[choice];
  MeterConfig config;
  config.where = meter.Place();
  config.protocol = traits.protocol;
  YB_ASSIGN(config.address, ReadAddress(meter, traits));
  YB_ASSIGN(const std::int64_t count, meter.WholeOr("count", 1, kMostMetersPerEntry, 1));
  config.count = static_cast<int>(count);
  const Result<std::string> last = AddressAfter(config.address, config.count - 1);
  if (!last || (IsModbus(config.protocol) && std::stoi(*last) > 247)) {
    return Refuse(meter, "count", std::to_string(count), "no more meters than addresses follow");
  }
  YB_TRY(ReadSource(meter, traits, profiles, config));
  if (IsModbus(config.protocol)) {
    YB_TRY(ReadElectricOptions(meter, config));
  } else {
    YB_ASSIGN(const std::int64_t preamble, meter.WholeOr("preamble", 0, 20, traits.default_preamble));
    config.preamble = static_cast<int>(preamble);
    YB_ASSIGN(const std::int64_t clock_error, meter.WholeOr("clock_error_s", -100'000'000, 100'000'000, 0));
    config.clock_error = std::chrono::seconds(clock_error);
    YB_TRY(config.protocol == Protocol::kCjt188 ? ReadCjt188Options(meter, config)
                                                : ReadElectricOptions(meter, config));
  }
  YB_ASSIGN(config.faults, ReadFaultConfig(meter, start));
  YB_TRY(ReadEvents(meter, traits, start, config));
  YB_TRY(meter.RefuseUnknownKeys());
  return config;
}

}  // namespace yb::metersim
