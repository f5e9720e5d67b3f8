#include "edge/field/field_config.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>

#include "core/config/fault_words.hpp"
#include "core/config/toml_table.hpp"
#include "edge/field/protocols.hpp"
#include "edge/field/register_rules.hpp"

namespace yb::field {
namespace {

using base::Fail;
using base::Words;
using config::Expected;
using config::ExpectedTexts;
using config::Found;
using config::FoundText;
using config::TomlNode;
using config::TomlTable;

bool IsKey(std::string_view text) {
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; };
  return !text.empty() && text.size() <= 48 && std::all_of(text.begin(), text.end(), allowed);
}

base::Result<std::string> ReadKey(TomlTable& table) {
  YB_ASSIGN(std::string key, table.Text("key"));
  if (!IsKey(key)) {
    return Fail(table.Fault(
        "key", FoundText(key),
        Expected({"up to 48 characters of a-z, 0-9, '-' and '_'", "不超过 48 个字符，限 a-z、0-9、- 和 _"})));
  }
  return key;
}

// Names that must not come twice, and where they came first.
class Unique {
 public:
  [[nodiscard]] base::Status Add(const TomlTable& table, std::string_view key, const std::string& value) {
    const auto [entry, is_new] = lines_.emplace(value, table.LineOf(key));
    if (is_new) return {};
    return Fail(table.Fault(key, config::IsThereTwice(value), config::UsedInLine(entry->second)));
  }

 private:
  std::map<std::string, int> lines_;
};

base::Result<base::Decimal> RatioOf(Ratio ratio, const MeterConfig& meter) {
  switch (ratio) {
    case Ratio::kNone: return base::Decimal(1, 0);
    case Ratio::kCurrent: return meter.ct;
    case Ratio::kVoltage: return meter.pt;
    case Ratio::kBoth: return meter.pt.Times(meter.ct);
  }
  return base::Decimal(1, 0);
}

base::Status AddPoints(const MeterProfile& profile, const std::string& line, MeterConfig& meter) {
  for (const ProfilePoint& point : profile.points) {
    YB_ASSIGN(const base::Decimal ratio, RatioOf(point.ratio, meter));
    PointRule rule = point.rule;
    YB_ASSIGN(rule.factor, point.rule.factor.Times(ratio));
    YB_ASSIGN(metering::RegisterRules rules, RulesOf(meter, profile.utility, point, ratio));
    meter.rules.push_back(rules);
    meter.points.push_back({.no = 0,
                            .key = meter.key + "/" + rule.quantity,
                            .meter = meter.key,
                            .meter_name = meter.name,
                            .quantity = rule.quantity,
                            .unit = rule.unit,
                            .utility = profile.utility,
                            .kind = point.kind,
                            .line = line});
    meter.settings.points.push_back(std::move(rule));
  }
  return {};
}

base::Result<base::Decimal> ReadRatio(TomlTable& table, std::string_view key) {
  YB_ASSIGN(const base::Decimal ratio, table.DecimalOr(key, base::Decimal(1, 0)));
  if (ratio <= base::Decimal(0, 0)) {
    return Fail(table.Fault(key, Found(ratio.ToString()),
                            Expected({"a ratio above 0, such as 40 for 200/5", "大于 0 的变比，如 200/5 写 40"})));
  }
  return ratio;
}

base::Result<std::optional<base::Decimal>> ReadRated(TomlTable& table) {
  YB_ASSIGN(const std::optional<base::Decimal> rated, table.DecimalIfAny("rated"));
  if (rated && *rated <= base::Decimal(0, 0)) {
    return Fail(table.Fault("rated", Found(rated->ToString()),
                            Expected({"the most there can be, in kW or, of water and gas, in m3/h",
                                      "最大可能值，单位 kW，水和燃气为 m3/h"})));
  }
  return rated;
}

base::Result<const MeterProfile*> FindProfile(TomlTable& table, const std::string& name,
                                              const MeterProfiles& profiles) {
  const auto found = profiles.find(name);
  if (found != profiles.end()) return &found->second;
  std::vector<std::string> known;
  for (const auto& [profile, unused] : profiles) known.push_back(profile);
  return Fail(table.Fault("profile", {"there is no profile \"" + name + "\"", "没有表型“" + name + "”"},
                          config::NearestOf(name, known)));
}

// A register map is the same whichever Modbus carries it; other protocols do not change their clothes.
bool IsOneRegisterMap(std::string_view protocol, std::string_view profile_protocol) {
  if (protocol == profile_protocol) return true;
  return SourceKey(protocol) == "register" && SourceKey(profile_protocol) == "register";
}

base::Result<MeterConfig> ReadMeter(TomlTable& table, const std::string& line, const MeterProfiles& profiles,
                                    Unique& keys, Unique& addresses) {
  MeterConfig meter;
  YB_ASSIGN(meter.key, ReadKey(table));
  table.Rename("meter '" + meter.key + "'");
  YB_TRY(keys.Add(table, "key", meter.key));
  YB_ASSIGN(meter.name, table.Text("name"));
  YB_ASSIGN(meter.profile, table.Text("profile"));
  YB_ASSIGN(const MeterProfile* profile, FindProfile(table, meter.profile, profiles));
  YB_ASSIGN(meter.protocol, table.TextOr("protocol", profile->protocol));
  if (!IsOneRegisterMap(meter.protocol, profile->protocol)) {
    return Fail(table.Fault(
        "protocol", FoundText(meter.protocol),
        Expected({"\"" + profile->protocol + "\", as the profile says", "“" + profile->protocol + "”，与表型一致"})));
  }
  YB_ASSIGN(meter.settings.address, table.Text("address"));
  YB_TRY(addresses.Add(table, "address", meter.protocol + " " + meter.settings.address));
  YB_ASSIGN(const std::int64_t interval, table.WholeOr("interval_s", 1, 86'400, 60));
  YB_ASSIGN(const std::int64_t phase, table.WholeOr("phase_s", 0, interval - 1, 0));
  meter.interval = std::chrono::seconds(interval);
  meter.phase = std::chrono::seconds(phase);
  YB_ASSIGN(meter.ct, ReadRatio(table, "ct"));
  YB_ASSIGN(meter.pt, ReadRatio(table, "pt"));
  YB_ASSIGN(meter.rated, ReadRated(table));
  YB_ASSIGN(const std::int64_t clock_limit, table.WholeOr("clock_limit_s", 1, 86'400, 300));
  meter.clock_limit = std::chrono::seconds(clock_limit);
  YB_TRY(table.RefuseUnknownKeys());
  meter.settings.blocks = profile->blocks;
  meter.settings.options = profile->options;
  const base::Status added = AddPoints(*profile, line, meter);
  if (!added) {
    return Fail(table.Fault("ct", {added.error().message, added.error().message_zh},
                            Expected({"smaller ratios", "更小的变比"})));
  }
  const auto driver = MakeDriver(meter.protocol, meter.settings);
  if (!driver) return Fail(table.Fault("address", driver.error()));
  return meter;
}

base::Status ReadTiming(TomlTable& table, line::LineTiming& timing) {
  const auto milliseconds = [&](std::string_view key, std::int64_t least, base::Duration& into) -> base::Status {
    const auto otherwise = std::chrono::duration_cast<std::chrono::milliseconds>(into).count();
    YB_ASSIGN(const std::int64_t read, table.WholeOr(key, least, 60'000, otherwise));
    into = std::chrono::milliseconds(read);
    return {};
  };
  YB_TRY(milliseconds("reply_timeout_ms", 20, timing.reply_timeout));
  YB_TRY(milliseconds("idle_timeout_ms", 5, timing.idle_timeout));
  YB_TRY(milliseconds("pause_ms", 0, timing.pause));
  YB_TRY(milliseconds("late_window_ms", 0, timing.late_window));
  YB_ASSIGN(const std::int64_t tries, table.WholeOr("extra_tries", 0, 5, timing.extra_tries));
  timing.extra_tries = static_cast<int>(tries);
  YB_ASSIGN(const std::int64_t silences,
            table.WholeOr("reconnect_after_silences", 1, 1000, timing.reconnect_after_silences));
  timing.reconnect_after_silences = static_cast<int>(silences);
  return {};
}

base::Result<std::uint16_t> ReadPort(TomlTable& table) {
  YB_ASSIGN(const std::int64_t port, table.Whole("port", 1, 65'535));
  return static_cast<std::uint16_t>(port);
}

base::Status ReadSerial(TomlTable& table, line::SerialSettings& serial) {
  YB_ASSIGN(serial.device, table.Text("device"));
  YB_ASSIGN(const std::int64_t baud, table.WholeOr("baud", 600, 115'200, serial.baud));
  serial.baud = static_cast<int>(baud);
  if (!line::IsBaudRate(serial.baud)) {
    return Fail(table.Fault("baud", {"found the number " + std::to_string(baud), "写的是数字 " + std::to_string(baud)},
                            Expected({"600, 1200, 2400, 4800, 9600, 19200, 38400, 57600 or 115200",
                                      " 600、1200、2400、4800、9600、19200、38400、57600 或 115200"})));
  }
  YB_ASSIGN(const std::string parity, table.TextOr("parity", "even"));
  if (parity != "none" && parity != "even" && parity != "odd") {
    return Fail(table.Fault("parity", FoundText(parity), ExpectedTexts({"none", "even", "odd"})));
  }
  serial.parity = parity == "none" ? line::Parity::kNone : parity == "odd" ? line::Parity::kOdd : line::Parity::kEven;
  YB_ASSIGN(const std::int64_t data_bits, table.WholeOr("data_bits", 7, 8, serial.data_bits));
  YB_ASSIGN(const std::int64_t stop_bits, table.WholeOr("stop_bits", 1, 2, serial.stop_bits));
  serial.data_bits = static_cast<int>(data_bits);
  serial.stop_bits = static_cast<int>(stop_bits);
  return {};
}

base::Status ReadDialIn(TomlTable& table, line::DialInSettings& dial_in) {
  YB_ASSIGN(dial_in.host, table.TextOr("host", dial_in.host));
  YB_ASSIGN(dial_in.port, ReadPort(table));
  YB_ASSIGN(const std::string text, table.TextOr("registration", ""));
  YB_ASSIGN(const std::string hex, table.TextOr("registration_hex", ""));
  if (!text.empty() && !hex.empty()) {
    return Fail(table.Fault("registration_hex", {"stands beside registration", "与 registration 同时出现"},
                            Expected({"one of the two", "两者之一"})));
  }
  const base::ByteView bytes = base::AsBytes(text);
  dial_in.registration.assign(bytes.begin(), bytes.end());
  if (hex.empty()) return {};
  base::Result<base::Bytes> parsed = base::FromHex(hex);
  if (!parsed) {
    return Fail(table.Fault("registration_hex", {parsed.error().message, parsed.error().message_zh},
                            Expected({"hex such as \"AA01\"", "十六进制，如“AA01”"})));
  }
  dial_in.registration = std::move(*parsed);
  return {};
}

base::Status ReadKind(TomlTable& table, LineConfig& line) {
  YB_ASSIGN(const std::string kind, table.Text("kind"));
  if (kind == "tcp") {
    line.kind = LineKind::kTcp;
    YB_ASSIGN(line.host, table.Text("host"));
    YB_ASSIGN(line.port, ReadPort(table));
    return {};
  }
  if (kind == "tcp-listen") {
    line.kind = LineKind::kTcpListen;
    return ReadDialIn(table, line.dial_in);
  }
  if (kind == "serial") {
    line.kind = LineKind::kSerial;
    return ReadSerial(table, line.serial);
  }
  return Fail(table.Fault("kind", FoundText(kind), ExpectedTexts({"tcp", "tcp-listen", "serial"})));
}

// What two lines cannot both have: a port that is listened on, a serial port.
base::Status RefuseSharedWay(const TomlTable& table, const LineConfig& line, Unique& ways) {
  if (line.kind == LineKind::kSerial) return ways.Add(table, "device", line.serial.device);
  if (line.kind == LineKind::kTcpListen) return ways.Add(table, "port", std::to_string(line.dial_in.port));
  return ways.Add(table, "port", line.host + ":" + std::to_string(line.port));
}

base::Result<LineConfig> ReadLine(TomlTable& table, const MeterProfiles& profiles, Unique& line_keys,
                                  Unique& meter_keys, Unique& ways) {
  LineConfig line;
  YB_ASSIGN(line.key, ReadKey(table));
  table.Rename("line '" + line.key + "'");
  YB_TRY(line_keys.Add(table, "key", line.key));
  YB_TRY(ReadKind(table, line));
  YB_TRY(RefuseSharedWay(table, line, ways));
  YB_TRY(ReadTiming(table, line.timing));
  YB_ASSIGN(std::vector<TomlTable> meters, table.Tables("meter"));
  YB_TRY(table.RefuseUnknownKeys());
  Unique addresses;
  for (TomlTable& meter_table : meters) {
    YB_ASSIGN(MeterConfig meter, ReadMeter(meter_table, line.key, profiles, meter_keys, addresses));
    line.meters.push_back(std::move(meter));
  }
  return line;
}

base::Result<FieldConfig> ReadFieldConfig(TomlTable top, const MeterProfiles& profiles) {
  YB_ASSIGN(std::vector<TomlTable> lines, top.Tables("line"));
  YB_TRY(top.RefuseUnknownKeys());
  FieldConfig result;
  Unique line_keys;
  Unique meter_keys;
  Unique ways;
  for (TomlTable& table : lines) {
    YB_ASSIGN(LineConfig line, ReadLine(table, profiles, line_keys, meter_keys, ways));
    for (const MeterConfig& meter : line.meters) {
      result.profile_digests.emplace(meter.profile, profiles.at(meter.profile).digest);
    }
    result.lines.push_back(std::move(line));
  }
  return result;
}

}  // namespace

std::vector<metering::Point> FieldConfig::Points() const {
  std::vector<metering::Point> points;
  for (const LineConfig& line : lines) {
    for (const MeterConfig& meter : line.meters) {
      points.insert(points.end(), meter.points.begin(), meter.points.end());
    }
  }
  return points;
}

base::Result<FieldConfig> ParseFieldConfig(std::string_view text, const std::string& file,
                                           const MeterProfiles& profiles) {
  YB_ASSIGN(const TomlNode root, config::ParseToml(text, file));
  return ReadFieldConfig(TomlTable(root, file), profiles);
}

base::Result<FieldConfig> LoadFieldConfig(const std::filesystem::path& file,
                                          const std::filesystem::path& profiles_folder) {
  YB_ASSIGN(const MeterProfiles profiles, LoadProfiles(profiles_folder));
  YB_ASSIGN(const TomlNode root, config::LoadToml(file));
  return ReadFieldConfig(TomlTable(root, file.string()), profiles);
}

}  // namespace yb::field
