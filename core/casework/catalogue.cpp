#include "core/casework/catalogue.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "core/config/fault_words.hpp"
#include "core/config/toml_table.hpp"

namespace yb::casework {
namespace {

using base::Fail;
using base::Result;
using base::Status;
using calendar::CivilDate;
using config::TomlTable;

constexpr std::int64_t kMostVersion = 1'000'000'000;
constexpr std::int64_t kMostDays = 1000;

struct NamedMode {
  cases::DelegationMode mode;
  std::string_view name;
};
constexpr std::array kModes = {NamedMode{cases::DelegationMode::kEntrusted, "entrusted"},
                               NamedMode{cases::DelegationMode::kReceiveAndHandle, "receive_and_handle"},
                               NamedMode{cases::DelegationMode::kReceiveAndForward, "receive_and_forward"}};

struct NamedKind {
  FormField::Kind kind;
  std::string_view name;
};
constexpr std::array kKinds = {NamedKind{FormField::Kind::kDecimal, "decimal"},
                               NamedKind{FormField::Kind::kText, "text"}, NamedKind{FormField::Kind::kFlag, "flag"}};

/// "planning-permit": a-z, 0-9, '-' and '_', at most 64.
bool IsKey(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

Result<std::string> ReadKey(TomlTable& table, std::set<std::string>& taken) {
  YB_ASSIGN(std::string key, table.Text("key"));
  if (!IsKey(key)) {
    return Fail(
        table.Fault("key", config::FoundText(key),
                    config::Expected({"up to 64 of a-z, 0-9, '-' and '_'", "不超过 64 个字符，限 a-z、0-9、- 和 _"})));
  }
  if (!taken.insert(key).second) {
    return Fail(table.Fault("key", config::IsThereTwice(key), config::Expected({"each key once", "每个键只出现一次"})));
  }
  return key;
}

Result<CivilDate> ReadDate(TomlTable& table, std::string_view key) {
  YB_ASSIGN(const std::string text, table.Text(key));
  const auto date = calendar::ParseDate(text);
  if (!date)
    return Fail(table.Fault(key, config::FoundText(text),
                            config::Expected({"a day such as \"2026-01-31\"", "日期，如 2026-01-31"})));
  return *date;
}

Result<MaterialRule> ReadMaterial(TomlTable& table, std::set<std::string>& taken) {
  MaterialRule material;
  YB_ASSIGN(material.key, ReadKey(table, taken));
  YB_ASSIGN(material.name, table.Text("name"));
  YB_ASSIGN(material.required, table.FlagOr("required", true));
  YB_ASSIGN(material.may_follow, table.FlagOr("may_follow", false));
  YB_ASSIGN(material.note, table.TextOr("note", ""));
  YB_TRY(table.RefuseUnknownKeys());
  return material;
}

Result<FormField> ReadField(TomlTable& table, std::set<std::string>& taken) {
  FormField field;
  YB_ASSIGN(field.key, ReadKey(table, taken));
  YB_ASSIGN(field.name, table.Text("name"));
  YB_ASSIGN(const std::string kind, table.TextOr("kind", "text"));
  const auto found = std::ranges::find(kKinds, kind, &NamedKind::name);
  if (found == kKinds.end())
    return Fail(table.Fault("kind", config::FoundText(kind), config::ExpectedTexts({"decimal", "text", "flag"})));
  field.kind = found->kind;
  const bool is_area = field.key == kAreaField;
  if (field.kind != (is_area ? FormField::Kind::kDecimal : FormField::Kind::kText)) {
    return Fail(table.Fault("kind", config::FoundText(kind), config::ExpectedTexts({is_area ? "decimal" : "text"})));
  }
  YB_ASSIGN(field.unit, table.TextOr("unit", ""));
  YB_ASSIGN(field.required, table.FlagOr("required", true));
  YB_ASSIGN(field.note, table.TextOr("note", ""));
  YB_TRY(table.RefuseUnknownKeys());
  return field;
}

Result<Item> ReadItem(TomlTable& table, std::set<std::string>& taken) {
  Item item;
  YB_ASSIGN(item.key, ReadKey(table, taken));
  YB_ASSIGN(item.name, table.Text("name"));
  YB_ASSIGN(item.statutory_days, table.Whole("statutory_days", 1, kMostDays));
  YB_ASSIGN(item.promised_days, table.Whole("promised_days", 1, item.statutory_days));
  YB_ASSIGN(item.extension_days, table.WholeOr("extension_days", 0, kMostDays, 0));
  YB_ASSIGN(item.signers, table.TextsOr("signers"));
  if (item.signers.empty() || std::ranges::find(item.signers, "") != item.signers.end()) {
    return Fail(table.Fault("signers", {"none, or one without a name", "没有部门，或有的部门没有名称"},
                            config::Expected({"departments, the deciding one first", "部门名称，第一个作出决定"})));
  }
  if (std::set<std::string>(item.signers.begin(), item.signers.end()).size() != item.signers.size()) {
    return Fail(table.Fault("signers", {"a department is there twice", "同一部门出现了两次"},
                            config::Expected({"each department once", "每个部门一次"})));
  }
  YB_ASSIGN(item.document, table.TextOr("document", item.name));
  std::set<std::string> materials, fields;
  YB_ASSIGN(std::vector<TomlTable> of_materials, table.Tables("material"));
  for (TomlTable& one : of_materials) {
    YB_ASSIGN(MaterialRule material, ReadMaterial(one, materials));
    item.materials.push_back(std::move(material));
  }
  YB_ASSIGN(std::vector<TomlTable> of_fields, table.Tables("field"));
  for (TomlTable& one : of_fields) {
    YB_ASSIGN(FormField field, ReadField(one, fields));
    item.fields.push_back(std::move(field));
  }
  YB_TRY(table.RefuseUnknownKeys());
  return item;
}

Result<DelegationRule> ReadDelegation(TomlTable& table) {
  DelegationRule rule;
  YB_ASSIGN(const std::string site, table.Text("site"));
  auto parsed = base::SiteId::Parse(site);
  if (!parsed) return Fail(table.Fault("site", parsed.error()));
  rule.site = std::move(*parsed);
  YB_ASSIGN(rule.item, table.Text("item"));
  YB_ASSIGN(rule.grantor, table.Text("grantor"));
  YB_ASSIGN(rule.delegation.instrument, table.Text("instrument"));
  YB_ASSIGN(const std::string mode, table.Text("mode"));
  const auto found = std::ranges::find(kModes, mode, &NamedMode::name);
  if (found == kModes.end()) {
    return Fail(table.Fault("mode", config::FoundText(mode),
                            config::ExpectedTexts({"entrusted", "receive_and_handle", "receive_and_forward"})));
  }
  rule.delegation.mode = found->mode;
  YB_ASSIGN(rule.delegation.most_area_m2, table.DecimalIfAny("most_area_m2"));
  YB_ASSIGN(rule.delegation.valid_from, ReadDate(table, "valid_from"));
  YB_ASSIGN(rule.delegation.valid_to, ReadDate(table, "valid_to"));
  if (rule.delegation.valid_to < rule.delegation.valid_from) {
    return Fail(table.Fault("valid_to", {"lies before valid_from", "早于 valid_from"},
                            config::Expected({"its last day", "最后一天"})));
  }
  YB_TRY(table.RefuseUnknownKeys());
  return rule;
}

Result<std::vector<CivilDate>> ReadDays(TomlTable& table, std::string_view key, int year) {
  YB_ASSIGN(const std::vector<std::string> texts, table.TextsOr(key));
  std::vector<CivilDate> days;
  for (const std::string& text : texts) {
    const auto day = calendar::ParseDate(text);
    if (!day || calendar::YearOf(*day) != year) {
      return Fail(
          table.Fault(key, config::FoundText(text),
                      config::Expected({"days of " + std::to_string(year), std::to_string(year) + " 年的日期"})));
    }
    days.push_back(*day);
  }
  return days;
}

}  // namespace

std::string_view ToString(FormField::Kind kind) {
  return std::ranges::find(kKinds, kind, &NamedKind::kind)->name;
}
std::string_view ToString(cases::DelegationMode mode) {
  return std::ranges::find(kModes, mode, &NamedMode::mode)->name;
}

const MaterialRule* Item::FindMaterial(std::string_view material) const {
  const auto found = std::ranges::find(materials, material, &MaterialRule::key);
  return found == materials.end() ? nullptr : &*found;
}
const FormField* Item::FindField(std::string_view field) const {
  const auto found = std::ranges::find(fields, field, &FormField::key);
  return found == fields.end() ? nullptr : &*found;
}
const Item* Catalogue::Find(std::string_view key) const {
  const auto found = std::ranges::find(items, key, &Item::key);
  return found == items.end() ? nullptr : &*found;
}

cases::ItemTerms TermsOf(const Item& item, std::uint32_t version) {
  cases::ItemTerms terms;
  terms.item = item.key;
  terms.name = item.name;
  terms.version = version;
  terms.statutory_days = item.statutory_days;
  terms.promised_days = item.promised_days;
  terms.extension_days = item.extension_days;
  terms.signers = item.signers;
  for (const MaterialRule& material : item.materials) {
    if (material.required) terms.materials.push_back(material.key);
  }
  return terms;
}

void RequireAuthority(const Item& item, cases::ItemTerms& terms) {
  const MaterialRule* authority = item.FindMaterial(kAuthorityMaterial);
  if (authority != nullptr && !authority->required) terms.materials.push_back(authority->key);
}

const DelegationRule* Delegations::Find(const base::SiteId& site, std::string_view item, CivilDate day) const {
  const DelegationRule* other = nullptr;
  for (const DelegationRule& rule : rules) {
    if (rule.site != site || rule.item != item) continue;
    if (day >= rule.delegation.valid_from && day <= rule.delegation.valid_to) return &rule;
    other = &rule;
  }
  return other;
}

Result<Catalogue> ParseCatalogue(std::string_view text, const std::string& file) {
  Catalogue out;
  YB_ASSIGN(const config::TomlNode root, config::ParseToml(text, file));
  TomlTable top(root, file);
  YB_ASSIGN(const std::int64_t version, top.Whole("version", 1, kMostVersion));
  out.version = static_cast<std::uint32_t>(version);
  YB_ASSIGN(std::vector<TomlTable> items, top.Tables("item"));
  std::set<std::string> taken;
  for (TomlTable& table : items) {
    YB_ASSIGN(Item item, ReadItem(table, taken));
    out.items.push_back(std::move(item));
  }
  YB_TRY(top.RefuseUnknownKeys());
  return out;
}

Result<Delegations> ParseDelegations(std::string_view text, const std::string& file) {
  Delegations out;
  YB_ASSIGN(const config::TomlNode root, config::ParseToml(text, file));
  TomlTable top(root, file);
  YB_ASSIGN(const std::int64_t version, top.Whole("version", 1, kMostVersion));
  out.version = static_cast<std::uint32_t>(version);
  YB_ASSIGN(std::vector<TomlTable> rules, top.Tables("delegation"));
  for (TomlTable& table : rules) {
    YB_ASSIGN(DelegationRule rule, ReadDelegation(table));
    out.rules.push_back(std::move(rule));
  }
  YB_TRY(top.RefuseUnknownKeys());
  return out;
}

Result<std::vector<calendar::YearNotice>> ParseNotices(std::string_view text, const std::string& file) {
  std::vector<calendar::YearNotice> out;
  YB_ASSIGN(const config::TomlNode root, config::ParseToml(text, file));
  TomlTable top(root, file);
  YB_ASSIGN(std::vector<TomlTable> years, top.Tables("year"));
  for (TomlTable& table : years) {
    calendar::YearNotice notice;
    YB_ASSIGN(const std::int64_t year, table.Whole("year", 1900, 9999));
    notice.year = static_cast<int>(year);
    YB_ASSIGN(notice.days_off, ReadDays(table, "days_off", notice.year));
    YB_ASSIGN(notice.working_weekends, ReadDays(table, "working_weekends", notice.year));
    YB_TRY(table.RefuseUnknownKeys());
    out.push_back(std::move(notice));
  }
  YB_TRY(top.RefuseUnknownKeys());
  return out;
}

Result<Catalogue> LoadCatalogue(const std::filesystem::path& file) {
  if (file.empty()) return Catalogue{};
  YB_ASSIGN(const std::string text, config::ReadTextFile(file));
  return ParseCatalogue(text, file.string());
}

Result<Delegations> LoadDelegations(const std::filesystem::path& file) {
  if (file.empty()) return Delegations{};
  YB_ASSIGN(const std::string text, config::ReadTextFile(file));
  return ParseDelegations(text, file.string());
}

Result<std::vector<calendar::YearNotice>> LoadNotices(const std::filesystem::path& file) {
  if (file.empty()) return std::vector<calendar::YearNotice>{};
  YB_ASSIGN(const std::string text, config::ReadTextFile(file));
  return ParseNotices(text, file.string());
}

}  // namespace yb::casework
