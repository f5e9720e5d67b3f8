#include "edge/edge_config.hpp"

#include <algorithm>

#include "core/config/fault_words.hpp"
#include "core/config/toml_table.hpp"

namespace yb::edge {
namespace {

/// An identity under `key`: a SiteId or a CityId.
template <class Id>
base::Result<Id> ReadId(config::TomlTable& table, std::string_view key) {
  YB_ASSIGN(const std::string text, table.Text(key));
  base::Result<Id> id = Id::Parse(text);
  if (!id) return base::Fail(table.Fault(key, id.error()));
  return id;
}

base::Status ReadKeep(config::TomlTable& table, EdgeConfig::Keep& keep) {
  constexpr std::int64_t kMost = 1 << 20;  // a tebibyte
  YB_ASSIGN(keep.history_mib, table.WholeOr("history_mib", 1, kMost, keep.history_mib));
  YB_ASSIGN(keep.free_mib, table.WholeOr("free_mib", 1, kMost, keep.free_mib));
  return table.RefuseUnknownKeys();
}

/// "JY03-" stands before each receipt number.
bool IsPrefix(const std::string& text) {
  return !text.empty() && text.size() <= 16 &&
         std::ranges::all_of(text, [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

std::string PrefixOf(const base::SiteId& site) {
  std::string prefix;
  for (const char c : site.text()) {
    if (c != '-') prefix += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return prefix.substr(0, 16);
}

base::Status ReadStation(config::TomlTable& table, EdgeConfig::Station& station) {
  YB_ASSIGN(station.organisation, table.TextOr("organisation", station.organisation));
  YB_ASSIGN(station.receipt_prefix, table.TextOr("receipt_prefix", station.receipt_prefix));
  if (!IsPrefix(station.receipt_prefix)) {
    return base::Fail(table.Fault(
        "receipt_prefix", config::FoundText(station.receipt_prefix),
        config::Expected({"1 to 16 of A-Z and 0-9, such as \"JY03\"", "1 至 16 个大写字母或数字，如 JY03"})));
  }
  YB_ASSIGN(station.contact, table.TextOr("contact", ""));
  YB_ASSIGN(station.review_authority, table.TextOr("review_authority", station.review_authority));
  YB_ASSIGN(station.court, table.TextOr("court", station.court));
  YB_ASSIGN(station.catalogue, table.PathOr("catalogue", {}));
  YB_ASSIGN(station.delegations, table.PathOr("delegations", {}));
  YB_ASSIGN(station.calendar, table.PathOr("calendar", {}));
  YB_ASSIGN(station.scans, table.PathOr("scans", {}));
  YB_ASSIGN(station.print_command, table.TextsOr("print_command"));
  if (!station.print_command.empty() && station.print_command.front().empty()) {
    return base::Fail(
        table.Fault("print_command", {"its program has no name", "没有写程序名"},
                    config::Expected({"such as [\"lp\", \"-d\", \"hall\"]", "例如 [\"lp\", \"-d\", \"hall\"]"})));
  }
  YB_ASSIGN(station.key_dir, table.PathOr("key_dir", station.key_dir));
  return table.RefuseUnknownKeys();
}

/// alarms.toml beside field.toml, where there is one.
std::filesystem::path AlarmsBeside(const std::filesystem::path& field) {
  const std::filesystem::path file = field.parent_path() / "alarms.toml";
  std::error_code none;
  return std::filesystem::exists(file, none) ? file : std::filesystem::path();
}

}  // namespace

base::Result<EdgeConfig> LoadEdgeConfig(const std::filesystem::path& file) {
  YB_ASSIGN(const config::TomlNode root, config::LoadToml(file));
  config::TomlTable top(root, file.string());
  EdgeConfig out;
  YB_ASSIGN(out.city, ReadId<base::CityId>(top, "city"));
  YB_ASSIGN(out.site, ReadId<base::SiteId>(top, "site"));
  YB_ASSIGN(out.site_name, top.TextOr("name", out.site.text()));
  YB_ASSIGN(out.data_dir, top.Path("data_dir"));
  YB_ASSIGN(const std::int64_t interval, top.WholeOr("commit_interval_ms", 50, 60'000, 1000));
  out.commit_interval = std::chrono::milliseconds(interval);
  YB_ASSIGN(const std::int64_t live, top.WholeOr("live_interval_ms", 20, 60'000, 100));
  out.live_interval = std::chrono::milliseconds(live);
  YB_ASSIGN(const std::int64_t endurance, top.WholeOr("flash_endurance_tb", 1, 100'000, out.flash_endurance_tb));
  out.flash_endurance_tb = static_cast<int>(endurance);
  YB_ASSIGN(out.identity_dir, top.PathOr("identity_dir", out.data_dir / "identity"));

  YB_ASSIGN(config::TomlTable field, top.Table("field"));
  YB_ASSIGN(out.field.config, field.Path("config"));
  YB_ASSIGN(out.field.profiles, field.Path("profiles"));
  YB_ASSIGN(out.field.alarms, field.PathOr("alarms", AlarmsBeside(out.field.config)));
  YB_TRY(field.RefuseUnknownKeys());

  YB_ASSIGN(config::TomlTable web, top.Table("web"));
  YB_ASSIGN(const std::int64_t port, web.WholeOr("port", 0, 65535, 8444));
  out.web.port = static_cast<std::uint16_t>(port);
  YB_ASSIGN(out.web.access, config::ReadWebAccess(web));
  YB_ASSIGN(out.web.pages, web.PathOr("pages", {}));
  YB_ASSIGN(out.web.port_file, web.PathOr("port_file", {}));
  YB_TRY(web.RefuseUnknownKeys());
  YB_ASSIGN(std::optional<config::TomlTable> keep, top.TableIfAny("keep"));
  if (keep) YB_TRY(ReadKeep(*keep, out.keep));
  out.station.organisation = out.site_name;
  out.station.receipt_prefix = PrefixOf(out.site);
  out.station.key_dir = out.data_dir / "keys";
  YB_ASSIGN(std::optional<config::TomlTable> station, top.TableIfAny("station"));
  if (station) YB_TRY(ReadStation(*station, out.station));
  YB_ASSIGN(out.files, config::ReadFileRoom(top));
  YB_TRY(top.RefuseUnknownKeys());
  return out;
}

}  // namespace yb::edge
