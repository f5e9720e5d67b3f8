#include "tools/metersim/sim_config.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <set>
#include <sstream>

#include "tools/metersim/toml_section.hpp"

namespace yb::metersim {
namespace {

using base::Result;
using base::Status;

Result<std::optional<HostPort>> ReadHostPort(TomlSection& line, std::string_view key) {
  if (!line.Has(key)) return std::optional<HostPort>();
  YB_ASSIGN(const std::string text, line.Text(key));
  const auto refuse = [&] {
    return line.Refuse(key, "\"" + text + "\"", "an IPv4 address and a port, such as \"127.0.0.1:4001\"");
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
Status ReadEndpoint(TomlSection& line, LineConfig& config) {
  YB_ASSIGN(config.listen, ReadHostPort(line, "listen"));
  YB_ASSIGN(config.dial, ReadHostPort(line, "dial"));
  if (line.Has("pty")) {
    YB_ASSIGN(config.terminal, line.Text("pty"));
  }
  const int ends = (config.listen ? 1 : 0) + (config.dial ? 1 : 0) + (config.terminal ? 1 : 0);
  if (ends != 1) return line.Refuse("listen", std::to_string(ends) + " of listen, dial and pty", "one of them");
  return {};
}

Status ReadDtuBytes(TomlSection& line, LineConfig& config) {
  const auto hex = [&line](std::string_view key) -> Result<base::Bytes> {
    YB_ASSIGN(const std::string text, line.Text(key, ""));
    Result<base::Bytes> bytes = base::FromHex(text);
    if (!bytes) return line.Refuse(key, "\"" + text + "\"", "bytes in hex, such as \"FE\"");
    return bytes;
  };
  YB_ASSIGN(const std::string registration, line.Text("registration", ""));
  YB_ASSIGN(config.registration, hex("registration_hex"));
  config.registration.insert(config.registration.begin(), registration.begin(), registration.end());
  YB_ASSIGN(config.heartbeat, hex("heartbeat_hex"));
  YB_ASSIGN(const std::int64_t every, line.Integer("heartbeat_every_ms", 1, 86'400'000, 60'000));
  if (!config.heartbeat.empty()) config.heartbeat_every = std::chrono::milliseconds(every);
  return {};
}

Status CheckProtocols(TomlSection& line, const LineConfig& config) {
  const auto is_tcp = [](const MeterConfig& meter) { return meter.protocol == Protocol::kModbusTcp; };
  const auto count = std::count_if(config.meters.begin(), config.meters.end(), is_tcp);
  if (count != 0 && count != static_cast<std::ptrdiff_t>(config.meters.size())) {
    return line.Refuse("meter", "MODBUS-TCP beside protocols of a bus", "lines of MODBUS-TCP meters alone");
  }
  const auto spoils = [](const FaultConfig& faults) {
    return std::any_of(faults.rules.begin(), faults.rules.end(),
                       [](const FaultRule& rule) { return rule.kind == FaultKind::kWrongChecksum; });
  };
  const bool spoilt = spoils(config.faults) || std::any_of(config.meters.begin(), config.meters.end(),
                                                           [&](const MeterConfig& m) { return spoils(m.faults); });
  if (count != 0 && spoilt) {
    return line.Refuse("fault", "wrong_checksum on MODBUS-TCP", "a fault of a protocol with a checksum");
  }
  return {};
}

Result<LineConfig> ReadLine(TomlSection& line, const ProfileCatalogue& profiles, base::UtcTime start) {
  LineConfig config;
  YB_ASSIGN(config.key, line.Text("key"));
  if (config.key.empty() || config.key.find_first_of(" \t\r\n") != std::string::npos) {
    return line.Refuse("key", "\"" + config.key + "\"", "a name without spaces");
  }
  YB_TRY(ReadEndpoint(line, config));
  YB_ASSIGN(const std::int64_t baud, line.Integer("baud", 0, 115'200, 0));
  config.baud = static_cast<int>(baud);
  YB_ASSIGN(const std::int64_t delay, line.Integer("reply_delay_ms", 0, 60'000, baud == 0 ? 0 : 50));
  config.reply_delay = std::chrono::milliseconds(delay);
  YB_ASSIGN(config.collisions, line.Flag("collisions", true));
  YB_TRY(ReadDtuBytes(line, config));
  YB_ASSIGN(config.faults, ReadFaultConfig(line, start));
  YB_ASSIGN(std::vector<TomlSection> meters, line.Tables("meter"));
  if (meters.empty()) return line.Refuse("meter", "none", "at least one [[line.meter]]");
  for (TomlSection& meter : meters) {
    YB_ASSIGN(MeterConfig read, ReadMeterConfig(meter, profiles, start));
    config.meters.push_back(std::move(read));
  }
  YB_TRY(CheckProtocols(line, config));
  YB_TRY(line.RefuseOtherKeys());
  return config;
}

}  // namespace

Result<SimConfig> ParseSimConfig(std::string_view text, std::string_view name, const ProfileCatalogue& profiles,
                                 base::UtcTime start) {
  toml::table document;
  try {
    document = toml::parse(text);
  } catch (const toml::parse_error& error) {
    return base::Fail(base::Error{base::ErrorCode::kInvalidArgument,
                                  std::string(error.description()),
                                  std::string(name) + ":" + std::to_string(error.source().begin.line),
                                  {}});
  }
  TomlSection root(document, name, "");
  SimConfig config;
  YB_ASSIGN(config.replay_loop, root.Flag("replay_loop", false));
  YB_ASSIGN(std::vector<TomlSection> lines, root.Tables("line"));
  if (lines.empty()) return root.Refuse("line", "none", "at least one [[line]]");
  std::set<std::string> keys;
  for (TomlSection& line : lines) {
    YB_ASSIGN(LineConfig read, ReadLine(line, profiles, start));
    if (!keys.insert(read.key).second) return line.Refuse("key", "\"" + read.key + "\" twice", "a key per line");
    config.lines.push_back(std::move(read));
  }
  YB_TRY(root.RefuseOtherKeys());
  return config;
}

Result<SimConfig> LoadSimConfig(const std::filesystem::path& file, const ProfileCatalogue& profiles,
                                base::UtcTime start) {
  std::ifstream in(file);
  if (!in) {
    return base::Fail(base::ErrorCode::kNotFound, "cannot open the configuration " + file.string(),
                      "name it with --config FILE; docs/metersim.md has examples");
  }
  std::ostringstream text;
  text << in.rdbuf();
  return ParseSimConfig(text.str(), file.string(), profiles, start);
}

}  // namespace yb::metersim
