#include "tools/ctl/config_file.hpp"

#include <algorithm>
#include <array>

#include "central/central_config.hpp"
#include "core/casework/reference.hpp"
#include "core/config/toml_document.hpp"
#include "edge/alarms/alarm_rules_file.hpp"
#include "edge/edge_config.hpp"
#include "edge/field/field_config.hpp"
#include "tools/ctl/command.hpp"

namespace yb::ctl {
namespace {

struct KindRow {
  ConfigKind kind;
  std::string_view name;
  std::string_view mark;  // a key that no other kind has at its top
};

constexpr std::array<KindRow, 8> kKinds{{{ConfigKind::kEdge, "edge", "field"},
                                         {ConfigKind::kField, "field", "line"},
                                         {ConfigKind::kProfile, "profile", "point"},
                                         {ConfigKind::kAlarms, "alarms", "rule"},
                                         {ConfigKind::kCentral, "central", "broker"},
                                         {ConfigKind::kCatalogue, "catalogue", "item"},
                                         {ConfigKind::kDelegations, "delegations", "delegation"},
                                         {ConfigKind::kCalendar, "calendar", "year"}}};

base::Result<std::string> CheckField(const std::filesystem::path& file, const std::filesystem::path& profiles) {
  YB_ASSIGN(const field::FieldConfig config, field::LoadFieldConfig(file, profiles));
  std::size_t meters = 0;
  for (const field::LineConfig& line : config.lines) meters += line.meters.size();
  return Counted(config.lines.size(), "line") + ", " + Counted(meters, "meter") + ", " +
         Counted(config.Points().size(), "point");
}

base::Result<std::string> CheckAlarms(const std::filesystem::path& file) {
  YB_ASSIGN(const auto rules, edge::LoadAlarmRules(file));
  return Counted(rules.size(), "alarm rule");
}

/// ", 1 item, 2 delegations"; nothing where none is named.
base::Result<std::string> CheckReference(const casework::ReferenceFiles& files) {
  YB_ASSIGN(const casework::ReferenceData data, casework::LoadReference(files));
  YB_TRY(casework::LoadCalendar(files.calendar));
  if (files.catalogue.empty()) return std::string();
  return ", " + Counted(data.catalogue.items.size(), "item") + ", " +
         Counted(data.delegations.rules.size(), "delegation");
}

base::Result<std::string> CheckEdge(const std::filesystem::path& file) {
  YB_ASSIGN(const edge::EdgeConfig config, edge::LoadEdgeConfig(file));
  YB_ASSIGN(std::string text, CheckField(config.field.config, config.field.profiles));
  if (!config.field.alarms.empty()) {
    YB_ASSIGN(const std::string rules, CheckAlarms(config.field.alarms));
    text += ", " + rules;
  }
  YB_ASSIGN(const std::string items,
            CheckReference({config.station.catalogue, config.station.delegations, config.station.calendar}));
  return "the box " + config.site.text() + " with " + text + items;
}

}  // namespace

const std::vector<std::string>& ConfigKindNames() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    all.reserve(std::size(kKinds));
    for (const KindRow& row : kKinds) all.emplace_back(row.name);
    return all;
  }();
  return names;
}

std::optional<ConfigKind> ConfigKindNamed(std::string_view name) {
  const auto* row = std::ranges::find(kKinds, name, &KindRow::name);
  return row == kKinds.end() ? std::nullopt : std::optional(row->kind);
}

base::Result<ConfigKind> RecogniseConfig(const std::filesystem::path& file) {
  YB_ASSIGN(const config::TomlNode root, config::LoadToml(file));
  for (const KindRow& row : kKinds) {
    if (std::ranges::find(root.entries, row.mark, &config::TomlEntry::key) != root.entries.end()) return row.kind;
  }
  return base::Fail(
      base::Error{base::ErrorCode::kInvalidArgument, "it cannot be told what this file configures", file.string(),
                  "say it with --kind edge, field, profile, alarms, central, catalogue, delegations or calendar"});
}

base::Result<std::string> CheckConfig(const std::filesystem::path& file, ConfigKind kind,
                                      const std::filesystem::path& profiles) {
  switch (kind) {
    case ConfigKind::kEdge: return CheckEdge(file);
    case ConfigKind::kField: return CheckField(file, profiles);
    case ConfigKind::kProfile: {
      YB_ASSIGN(const field::MeterProfile profile, field::LoadProfile(file));
      return profile.title + ": " + profile.protocol + ", " + Counted(profile.points.size(), "point");
    }
    case ConfigKind::kAlarms: return CheckAlarms(file);
    case ConfigKind::kCatalogue: {
      YB_ASSIGN(const casework::Catalogue catalogue, casework::LoadCatalogue(file));
      return "version " + std::to_string(catalogue.version) + ", " + Counted(catalogue.items.size(), "item");
    }
    case ConfigKind::kDelegations: {
      YB_ASSIGN(const casework::Delegations delegations, casework::LoadDelegations(file));
      return "version " + std::to_string(delegations.version) + ", " + Counted(delegations.rules.size(), "delegation");
    }
    case ConfigKind::kCalendar: {
      YB_ASSIGN(const auto notices, casework::LoadNotices(file));
      return Counted(notices.size(), "year");
    }
    case ConfigKind::kCentral: break;
  }
  YB_ASSIGN(const central::CentralConfig config, central::LoadCentralConfig(file));
  YB_ASSIGN(const std::string items,
            CheckReference({config.cases.catalogue, config.cases.delegations, config.cases.calendar}));
  return "central of city " + config.city.text() + items;
}

}  // namespace yb::ctl
