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

constexpr std::int64_t kMostMetersPerEntry = 1000;

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
      {Protocol::kCjt188, "CJT188", 14, 2, {Medium::kWater}},
  };
  return traits;
}

bool AllDigits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Result<ListenAddress> ReadListen(TomlSection& line) {
  YB_ASSIGN(const std::string text, line.Text("listen"));
  const auto refuse = [&] {
    return line.Refuse("listen", "\"" + text + "\"", "an IPv4 address and a port, such as \"127.0.0.1:4001\"");
  };
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return refuse();
  ListenAddress address{text.substr(0, colon), 0};
  const char* end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data() + colon + 1, end, address.port);
  if (code != std::errc() || stop != end) return refuse();
  return address;
}

Result<std::string> ReadAddress(TomlSection& meter, const ProtocolTraits& traits) {
  YB_ASSIGN(const std::string text, meter.Text("address"));
  if (!AllDigits(text) || text.size() > traits.address_digits) {
    return meter.Refuse("address", "\"" + text + "\"", "1 to " + std::to_string(traits.address_digits) + " digits");
  }
  return std::string(traits.address_digits - text.size(), '0') + text;
}

Status ReadSource(TomlSection& meter, const ProtocolTraits& traits, const ProfileCatalogue& profiles,
                  MeterConfig& config) {
  YB_ASSIGN(config.profile, meter.Text("profile", ""));
  YB_ASSIGN(config.csv, meter.Text("csv", ""));
  YB_ASSIGN(config.csv_meter, meter.Text("csv_meter", ""));
  std::string names;
  for (const Medium medium : traits.media) names += (names.empty() ? "" : ", ") + profiles.Names(medium);
  if (config.profile.empty() == config.csv.empty()) {
    return meter.Refuse("profile", config.csv.empty() ? "neither profile nor csv" : "both profile and csv",
                        "profile, one of " + names + ", or csv, a file of the replay folder");
  }
  if (!config.csv.empty()) {
    const bool electric = traits.media.front() == Medium::kElectricity;
    if (electric != config.csv_meter.empty()) {
      return meter.Refuse(
          "csv_meter", config.csv_meter.empty() ? "nothing" : "\"" + config.csv_meter + "\"",
          electric ? "no csv_meter, as a feeder's file holds one meter" : "the meter's name in the column 'meter'");
    }
    return {};
  }
  const Profile* profile = profiles.Find(config.profile);
  if (profile == nullptr ||
      std::find(traits.media.begin(), traits.media.end(), profile->medium) == traits.media.end()) {
    return meter.Refuse("profile", "\"" + config.profile + "\"",
                        "a profile of " + std::string(traits.name) + ": " + names);
  }
  return {};
}

Result<MeterConfig> ReadMeter(TomlSection& meter, const ProfileCatalogue& profiles) {
  std::vector<std::string_view> names;
  for (const ProtocolTraits& traits : Protocols()) names.push_back(traits.name);
  YB_ASSIGN(const std::size_t choice, meter.Choice("protocol", names));
  const ProtocolTraits& traits = Protocols()[choice];
  MeterConfig config;
  config.where = meter.Where();
  config.protocol = traits.protocol;
  YB_ASSIGN(config.address, ReadAddress(meter, traits));
  YB_ASSIGN(const std::int64_t count, meter.Integer("count", 1, kMostMetersPerEntry, 1));
  config.count = static_cast<int>(count);
  if (!AddressAfter(config.address, config.count - 1)) {
    return meter.Refuse("count", std::to_string(count), "a count that the address has digits for");
  }
  YB_TRY(ReadSource(meter, traits, profiles, config));
  YB_ASSIGN(const std::int64_t preamble, meter.Integer("preamble", 0, 20, traits.default_preamble));
  config.preamble = static_cast<int>(preamble);
  if (traits.protocol == Protocol::kDlt645In2007) {
    if (meter.Has("ct_ratio")) {
      YB_ASSIGN(config.ct_ratio, meter.Integer("ct_ratio", 1, 10'000));
    }
    YB_ASSIGN(const std::int64_t tariffs, meter.Integer("tariffs", 0, kTariffs, kTariffs));
    config.tariffs = static_cast<int>(tariffs);
    YB_ASSIGN(const std::int64_t longest,
              meter.Integer("longest_data", 16, kDlt645LongestAnswer, kDlt645LongestAnswer));
    config.longest_data = static_cast<std::size_t>(longest);
  } else {
    YB_ASSIGN(const std::size_t order, meter.Choice("di_order", {"901F", "1F90"}, 0));
    config.di_order = order == 0 ? DiOrder::k901F : DiOrder::k1F90;
    YB_ASSIGN(const std::string status, meter.Text("status", "0000"));
    const Result<base::Bytes> bytes = base::FromHex(status);
    if (!bytes || bytes->size() != config.status.size()) {
      return meter.Refuse("status", "\"" + status + "\"", "the two bytes of ST in hex, such as \"0400\"");
    }
    std::copy(bytes->begin(), bytes->end(), config.status.begin());
  }
  YB_TRY(meter.RefuseOtherKeys());
  return config;
}

Result<LineConfig> ReadLine(TomlSection& line, const ProfileCatalogue& profiles) {
  LineConfig config;
  YB_ASSIGN(config.key, line.Text("key"));
  if (config.key.empty() || config.key.find_first_of(" \t\r\n") != std::string::npos) {
    return line.Refuse("key", "\"" + config.key + "\"", "a name without spaces");
  }
  YB_ASSIGN(config.listen, ReadListen(line));
  YB_ASSIGN(const std::int64_t baud, line.Integer("baud", 0, 115'200, 0));
  config.baud = static_cast<int>(baud);
  YB_ASSIGN(const std::int64_t delay, line.Integer("reply_delay_ms", 0, 60'000, baud == 0 ? 0 : 50));
  config.reply_delay = std::chrono::milliseconds(delay);
  YB_ASSIGN(config.collisions, line.Flag("collisions", true));
  YB_ASSIGN(std::vector<TomlSection> meters, line.Tables("meter"));
  if (meters.empty()) return line.Refuse("meter", "none", "at least one [[line.meter]]");
  for (TomlSection& meter : meters) {
    YB_ASSIGN(MeterConfig read, ReadMeter(meter, profiles));
    config.meters.push_back(std::move(read));
  }
  YB_TRY(line.RefuseOtherKeys());
  return config;
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

Result<SimConfig> ParseSimConfig(std::string_view text, std::string_view name, const ProfileCatalogue& profiles) {
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
    YB_ASSIGN(LineConfig read, ReadLine(line, profiles));
    if (!keys.insert(read.key).second) return line.Refuse("key", "\"" + read.key + "\" twice", "a key per line");
    config.lines.push_back(std::move(read));
  }
  YB_TRY(root.RefuseOtherKeys());
  return config;
}

Result<SimConfig> LoadSimConfig(const std::filesystem::path& file, const ProfileCatalogue& profiles) {
  std::ifstream in(file);
  if (!in) {
    return base::Fail(base::ErrorCode::kNotFound, "cannot open the configuration " + file.string(),
                      "name it with --config FILE; docs/metersim.md has examples");
  }
  std::ostringstream text;
  text << in.rdbuf();
  return ParseSimConfig(text.str(), file.string(), profiles);
}

}  // namespace yb::metersim
