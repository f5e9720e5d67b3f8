#include "tools/metersim/sim_config.hpp"

#include <algorithm>
#include <charconv>
#include <set>

#include "tools/metersim/sim_values.hpp"

namespace yb::metersim {
namespace {

using base::Result;
using base::Status;
using config::TomlTable;

Result<std::optional<HostPort>> ReadHostPort(TomlTable& line, std::string_view key) {
  if (!line.Has(key)) return std::optional<HostPort>();
  YB_ASSIGN(const std::string text, line.Text(key));
  const auto refuse = [&] {
    return Refuse(line, key, "\"" + text + "\"", "an IPv4 address and a port, such as \"127.0.0.1:4001\"");
  };
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return refuse();
  HostPort address{text.substr(0, colon), 0};
  const char* end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data() + colon + 1, end, address.port);
  if (code != std::errc() || stop != end) return refuse();
  return std::optional(address);
}

/// Where the line is found: exactly one of listen, dial and pty.
Status ReadEndpoint(TomlTable& line, LineConfig& config) {
  YB_ASSIGN(config.listen, ReadHostPort(line, "listen"));
  YB_ASSIGN(config.dial, ReadHostPort(line, "dial"));
  if (line.Has("pty")) {
    YB_ASSIGN(config.terminal, line.Text("pty"));
  }
  const int ends = (config.listen ? 1 : 0) + (config.dial ? 1 : 0) + (config.terminal ? 1 : 0);
  if (ends != 1) return Refuse(line, "listen", std::to_string(ends) + " of listen, dial and pty", "one of them");
  return {};
}

Status ReadDtuBytes(TomlTable& line, LineConfig& config) {
  const auto hex = [&line](std::string_view key) -> Result<base::Bytes> {
    YB_ASSIGN(const std::string text, line.TextOr(key, ""));
    Result<base::Bytes> bytes = base::FromHex(text);
    if (!bytes) return Refuse(line, key, "\"" + text + "\"", "bytes in hex, such as \"FE\"");
    return bytes;
  };
  YB_ASSIGN(const std::string registration, line.TextOr("registration", ""));
  YB_ASSIGN(config.registration, hex("registration_hex"));
  config.registration.insert(config.registration.begin(), registration.begin(), registration.end());
  YB_ASSIGN(config.heartbeat, hex("heartbeat_hex"));
  YB_ASSIGN(const std::int64_t every, line.WholeOr("heartbeat_every_ms", 1, 86'400'000, 60'000));
  if (!config.heartbeat.empty()) config.heartbeat_every = std::chrono::milliseconds(every);
  return {};
}

Status CheckProtocols(TomlTable& line, const LineConfig& config) {
  const auto is_tcp = [](const MeterConfig& meter) { return meter.protocol == Protocol::kModbusTcp; };
  const auto count = std::count_if(config.meters.begin(), config.meters.end(), is_tcp);
  if (count != 0 && count != static_cast<std::ptrdiff_t>(config.meters.size())) {
    return Refuse(line, "meter", "MODBUS-TCP beside protocols of a bus", "lines of MODBUS-TCP meters alone");
  }
  const auto spoils = [](const FaultConfig& faults) {
    return std::any_of(faults.rules.begin(), faults.rules.end(),
                       [](const FaultRule& rule) { return rule.kind == FaultKind::kWrongChecksum; });
  };
  const bool spoilt = spoils(config.faults) || std::any_of(config.meters.begin(), config.meters.end(),
                                                           [&](const MeterConfig& m) { return spoils(m.faults); });
  if (count != 0 && spoilt) {
    return Refuse(line, "fault", "wrong_checksum on MODBUS-TCP", "a fault of a protocol with a checksum");
  }
  return {};
}

Result<LineConfig> ReadLine(TomlTable& line, const ProfileCatalogue& profiles, base::UtcTime start) {
  LineConfig config;
  YB_ASSIGN(config.key, line.Text("key"));
  if (config.key.empty() || config.key.find_first_of(" \t\r\n") != std::string::npos) {
    return Refuse(line, "key", "\"" + config.key + "\"", "a name without spaces");
  }
  YB_TRY(ReadEndpoint(line, config));
  YB_ASSIGN(const std::int64_t baud, line.WholeOr("baud", 0, 115'200, 0));
  config.baud = static_cast<int>(baud);
  YB_ASSIGN(const std::int64_t delay, line.WholeOr("reply_delay_ms", 0, 60'000, baud == 0 ? 0 : 50));
  config.reply_delay = std::chrono::milliseconds(delay);
  YB_ASSIGN(config.collisions, line.FlagOr("collisions", true));
  YB_TRY(ReadDtuBytes(line, config));
  YB_ASSIGN(config.faults, ReadFaultConfig(line, start));
  YB_ASSIGN(std::vector<TomlTable> meters, line.Tables("meter"));
  if (meters.empty()) return Refuse(line, "meter", "none", "at least one [[line.meter]]");
  for (TomlTable& meter : meters) {
    YB_ASSIGN(MeterConfig read, ReadMeterConfig(meter, profiles, start));
    config.meters.push_back(std::move(read));
  }
  YB_TRY(CheckProtocols(line, config));
  YB_TRY(line.RefuseUnknownKeys());
  return config;
}

Result<SimConfig> ReadSimConfig(TomlTable root, const ProfileCatalogue& profiles, base::UtcTime start) {
  SimConfig config;
  YB_ASSIGN(config.replay_loop, root.FlagOr("replay_loop", false));
  YB_ASSIGN(std::vector<TomlTable> lines, root.Tables("line"));
  if (lines.empty()) return Refuse(root, "line", "none", "at least one [[line]]");
  std::set<std::string> keys;
  for (TomlTable& line : lines) {
    YB_ASSIGN(LineConfig read, ReadLine(line, profiles, start));
    if (!keys.insert(read.key).second) return Refuse(line, "key", "\"" + read.key + "\" twice", "a key per line");
    config.lines.push_back(std::move(read));
  }
  YB_TRY(root.RefuseUnknownKeys());
  return config;
}

}  // namespace

Result<SimConfig> ParseSimConfig(std::string_view text, const std::string& name, const ProfileCatalogue& profiles,
                                 base::UtcTime start) {
  YB_ASSIGN(const config::TomlNode root, config::ParseToml(text, name));
  return ReadSimConfig(TomlTable(root, name), profiles, start);
}

Result<SimConfig> LoadSimConfig(const std::filesystem::path& file, const ProfileCatalogue& profiles,
                                base::UtcTime start) {
  Result<config::TomlNode> root = config::LoadToml(file);
  if (!root && root.error().code == base::ErrorCode::kNotFound) {
    root.error().hint = "name it with --config FILE; docs/metersim.md has examples";
  }
  if (!root) return base::Fail(root.error());
  return ReadSimConfig(TomlTable(*root, file.string()), profiles, start);
}

}  // namespace yb::metersim
