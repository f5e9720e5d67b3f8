// Catalogue (事项目录) and delegations (赋权清单): what a window may receive under which terms, and which instrument
// lets which park decide. Reference data: documents with a version, read strictly; a case copies what it is received
// under. Values; pure but for reading the files.
#pragma once

#include <filesystem>
#include <vector>

#include "core/base/ids.hpp"
#include "core/domain/calendar/working_calendar.hpp"
#include "core/domain/cases/case_event.hpp"

namespace yb::casework {

/// Material (材料) that an item asks for.
struct MaterialRule {
  std::string key;
  std::string name;
  bool required = true;
  bool may_follow = false;  // 容缺: it may come after acceptance
  std::string note;
};

/// What papers of a case take from its form, where the item asks for it.
inline constexpr std::string_view kAreaField = "area_m2";
inline constexpr std::string_view kProjectField = "project_name";  // 建设项目名称
inline constexpr std::string_view kPlaceField = "building_site";   // 建设位置

/// 授权委托书: no longer optional where an agent acts for the applicant.
inline constexpr std::string_view kAuthorityMaterial = "power-of-attorney";

/// What the form asks beside the applicant: area_m2 is a decimal, for delegations speak of it; every other is a text.
struct FormField {
  enum class Kind : std::uint8_t { kDecimal, kText, kFlag };
  std::string key;
  std::string name;
  Kind kind = Kind::kText;
  std::string unit;
  bool required = true;
  std::string note;
};
[[nodiscard]] std::string_view ToString(FormField::Kind kind);

/// Item (政务服务事项).
struct Item {
  std::string key;
  std::string name;
  std::int64_t promised_days = 0;
  std::int64_t statutory_days = 0;
  std::int64_t extension_days = 0;
  std::vector<std::string> signers;  // departments; the first one decides
  std::string document;              // what the decision is issued as
  std::vector<MaterialRule> materials;
  std::vector<FormField> fields;

  [[nodiscard]] const MaterialRule* FindMaterial(std::string_view material) const;
  [[nodiscard]] const FormField* FindField(std::string_view field) const;
};

struct Catalogue {
  std::uint32_t version = 0;  // 0: none is configured
  std::vector<Item> items;

  [[nodiscard]] const Item* Find(std::string_view key) const;
};
/// What a case received today keeps.
[[nodiscard]] cases::ItemTerms TermsOf(const Item& item, std::uint32_t version);
/// Of a case with an agent: the authority becomes a material that is required, where the item lists one.
void RequireAuthority(const Item& item, cases::ItemTerms& terms);

struct DelegationRule {
  base::SiteId site;
  std::string item;
  std::string grantor;  // 委托机关
  cases::Delegation delegation;
};
[[nodiscard]] std::string_view ToString(cases::DelegationMode mode);

struct Delegations {
  std::uint32_t version = 0;
  std::vector<DelegationRule> rules;

  /// The one that holds on `day`, else one that does not, else null.
  [[nodiscard]] const DelegationRule* Find(const base::SiteId& site, std::string_view item,
                                           calendar::CivilDate day) const;
};

/// Errors name file, line, key, what was found and what was expected; `file` is for them.
[[nodiscard]] base::Result<Catalogue> ParseCatalogue(std::string_view text, const std::string& file);
[[nodiscard]] base::Result<Delegations> ParseDelegations(std::string_view text, const std::string& file);
[[nodiscard]] base::Result<std::vector<calendar::YearNotice>> ParseNotices(std::string_view text,
                                                                           const std::string& file);
/// The same of a file. An empty path is an empty document.
[[nodiscard]] base::Result<Catalogue> LoadCatalogue(const std::filesystem::path& file);
[[nodiscard]] base::Result<Delegations> LoadDelegations(const std::filesystem::path& file);
/// Notices beyond those that are published with this version, each a `[[year]]`.
[[nodiscard]] base::Result<std::vector<calendar::YearNotice>> LoadNotices(const std::filesystem::path& file);

}  // namespace yb::casework
