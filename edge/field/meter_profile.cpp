#include "edge/field/meter_profile.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "core/config/fault_words.hpp"
#include "core/config/toml_table.hpp"
#include "edge/field/protocols.hpp"

namespace yb::field {
namespace {

using base::ErrorCode;
using base::Fail;
using config::TomlTable;

// One of a few words, as a value; `what` is the key.
template <class Value, std::size_t kCount>
base::Result<Value> OneOf(TomlTable& table, std::string_view key, const std::string& found,
                          const std::pair<std::string_view, Value> (&words)[kCount]) {
  std::vector<std::string> known;
  for (const auto& [word, value] : words) {
    if (word == found) return value;
    known.emplace_back(word);
  }
  return Fail(table.Fault(key, config::FoundText(found), config::NearestOf(found, known)));
}

constexpr std::pair<std::string_view, metering::Utility> kUtilities[] = {
    {"water", metering::Utility::kWater}, {"power", metering::Utility::kPower}, {"gas", metering::Utility::kGas},
    {"heat", metering::Utility::kHeat},   {"other", metering::Utility::kOther},
};
constexpr std::pair<std::string_view, metering::PointKind> kKinds[] = {
    {"register", metering::PointKind::kRegister},
    {"gauge", metering::PointKind::kGauge},
};
constexpr std::pair<std::string_view, Ratio> kRatios[] = {
    {"none", Ratio::kNone},
    {"ct", Ratio::kCurrent},
    {"pt", Ratio::kVoltage},
    {"pt*ct", Ratio::kBoth},
};

base::Result<ProfilePoint> ReadPoint(TomlTable& table, const MeterProfile& profile) {
  ProfilePoint point;
  YB_ASSIGN(point.rule.quantity, table.Text("quantity"));
  table.Rename("point '" + point.rule.quantity + "'");
  YB_ASSIGN(point.rule.unit, table.TextOr("unit", ""));
  YB_ASSIGN(const std::string kind, table.Text("kind"));
  YB_ASSIGN(point.kind, OneOf(table, "kind", kind, kKinds));
  YB_ASSIGN(const std::string ratio, table.TextOr("ratio", "none"));
  YB_ASSIGN(point.ratio, OneOf(table, "ratio", ratio, kRatios));
  const std::string_view source_key = SourceKey(profile.protocol);
  YB_ASSIGN(point.rule.source, table.Text(source_key));
  if (source_key == "register") {
    YB_ASSIGN(point.rule.encoding, table.Text("type"));
    YB_ASSIGN(point.rule.order, table.TextOr("order", ""));
  }
  YB_ASSIGN(point.rule.factor, table.DecimalOr("scale", base::Decimal(1, 0)));
  YB_ASSIGN(point.range, table.DecimalIfAny("range"));
  if (point.range && *point.range <= base::Decimal(0, 0)) {
    return Fail(table.Fault("range", config::Found(point.range->ToString()),
                            config::Expected({"where the register begins at 0 again", "寄存器回到 0 的数值"})));
  }
  YB_TRY(table.RefuseUnknownKeys());

  MeterSettings alone{.address = std::string(ExampleAddress(profile.protocol)),
                      .points = {point.rule},
                      .blocks = {},
                      .options = profile.options};
  const auto driver = MakeDriver(profile.protocol, alone);
  if (!driver) return Fail(table.Fault(source_key, driver.error()));
  return point;
}

base::Status ReadOptions(TomlTable& top, MeterProfile& profile) {
  YB_ASSIGN(std::optional<TomlTable> table, top.TableIfAny("options"));
  if (!table) return {};
  for (const std::string& name : table->Keys()) {
    YB_ASSIGN(std::string value, table->Text(name));
    profile.options.push_back({name, std::move(value)});
    const auto driver = MakeDriver(profile.protocol, {.address = std::string(ExampleAddress(profile.protocol)),
                                                      .points = {},
                                                      .blocks = {},
                                                      .options = profile.options});
    if (!driver) return Fail(table->Fault(name, driver.error()));
  }
  return {};
}

base::Status ReadPoints(TomlTable& top, MeterProfile& profile) {
  YB_ASSIGN(std::vector<TomlTable> points, top.Tables("point"));
  if (points.empty())
    return Fail(
        top.Fault("point", config::IsMissing(), config::Expected({"at least one [[point]]", "至少一个 [[point]]"})));
  std::set<std::string> seen;
  for (TomlTable& table : points) {
    YB_ASSIGN(ProfilePoint point, ReadPoint(table, profile));
    if (!seen.insert(point.rule.quantity).second) {
      return Fail(table.Fault("quantity", {"is there twice", "出现了两次"},
                              {"give each quantity of a profile its own name", "一个表型内每个量各用一个名称"}));
    }
    profile.points.push_back(std::move(point));
  }
  return {};
}

base::Result<MeterProfile> ReadProfile(TomlTable top, const std::string& name) {
  MeterProfile profile;
  profile.name = name;
  YB_ASSIGN(profile.title, top.Text("title"));
  YB_ASSIGN(profile.protocol, top.Text("protocol"));
  const std::vector<std::string> protocols = ProtocolNames();
  if (std::find(protocols.begin(), protocols.end(), profile.protocol) == protocols.end()) {
    return Fail(
        top.Fault("protocol", config::FoundText(profile.protocol), config::NearestOf(profile.protocol, protocols)));
  }
  YB_ASSIGN(const std::string utility, top.Text("utility"));
  YB_ASSIGN(profile.utility, OneOf(top, "utility", utility, kUtilities));
  YB_ASSIGN(profile.blocks, top.TextsOr("blocks"));
  YB_TRY(ReadOptions(top, profile));
  YB_TRY(ReadPoints(top, profile));
  YB_TRY(top.RefuseUnknownKeys());
  const auto driver = MakeDriver(profile.protocol, {.address = std::string(ExampleAddress(profile.protocol)),
                                                    .points = {},
                                                    .blocks = profile.blocks,
                                                    .options = profile.options});
  if (!driver) return Fail(top.Fault("blocks", driver.error()));
  return profile;
}

}  // namespace

base::Result<MeterProfile> ParseProfile(std::string_view text, const std::string& name, const std::string& file) {
  YB_ASSIGN(const config::TomlNode root, config::ParseToml(text, file));
  YB_ASSIGN(MeterProfile profile, ReadProfile(TomlTable(root, file), name));
  profile.digest = base::Sha256(base::AsBytes(text));
  return profile;
}

base::Result<MeterProfile> LoadProfile(const std::filesystem::path& file) {
  YB_ASSIGN(const std::string text, config::ReadTextFile(file));
  return ParseProfile(text, file.stem().string(), file.string());
}

base::Result<MeterProfiles> LoadProfiles(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::directory_iterator entries(folder, error);
  if (error) {
    return Fail(ErrorCode::kNotFound,
                base::Words{"the profile folder " + folder.string() + " cannot be read: " + error.message(),
                            "读不了表型文件夹 " + folder.string() + "：" + error.message()});
  }
  MeterProfiles profiles;
  for (const std::filesystem::directory_entry& entry : entries) {
    if (entry.path().extension() != ".toml") continue;
    YB_ASSIGN(MeterProfile profile, LoadProfile(entry.path()));
    profiles.emplace(profile.name, std::move(profile));
  }
  return profiles;
}

}  // namespace yb::field
