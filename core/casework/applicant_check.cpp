#include "core/casework/applicant_check.hpp"

#include <algorithm>
#include <string_view>

#include "core/persons/search_terms.hpp"

namespace yb::casework {
namespace {

/// 10,000 km²: more than any park has.
constexpr std::int64_t kMostArea = 10'000'000'000;

bool IsDigits(std::string_view text, std::size_t least, std::size_t most) {
  return text.size() >= least && text.size() <= most &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// 1 and ten digits, dashes between them or not.
bool IsMobile(std::string_view phone) {
  std::string digits(phone);
  std::erase(digits, '-');
  return IsDigits(digits, 11, 11) && digits[0] == '1' && digits[1] >= '3';
}

/// Area code (0 and two or three digits) and number, a dash between them or not; an extension behind another dash.
bool IsLandline(std::string_view phone) {
  if (!phone.starts_with('0')) return false;
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at <= phone.size();) {
    const std::size_t dash = std::min(phone.find('-', at), phone.size());
    parts.push_back(phone.substr(at, dash - at));
    at = dash + 1;
  }
  const bool apart = IsDigits(parts[0], 3, 4) && parts.size() > 1 && IsDigits(parts[1], 7, 8);
  const std::size_t number = apart ? 2 : 1;
  if (!apart && !IsDigits(parts[0], 10, 12)) return false;
  return parts.size() == number || (parts.size() == number + 1 && IsDigits(parts[number], 1, 6));
}

/// Half width, no spaces, no code of the country.
std::string PlainPhone(const std::string& typed) {
  std::string plain = persons::HalfWidth(typed);
  std::erase(plain, ' ');
  for (const std::string_view country : {"+86-", "+86"}) {
    if (plain.starts_with(country)) return plain.substr(country.size());
  }
  return plain;
}

}  // namespace

void CheckApplicant(ledger::Applicant& applicant, calendar::CivilDate today, std::vector<base::FieldFault>& faults,
                    std::vector<base::Words>& warnings) {
  applicant.code = persons::Normalised(applicant.code);
  const bool company = applicant.kind == ledger::Applicant::Kind::kCompany;
  const codes::Finding finding =
      company ? codes::CheckCreditCode(applicant.code) : codes::CheckIdentityNumber(applicant.code, today);
  if (finding.verdict == codes::Verdict::kWrong) faults.push_back({"applicant.code", finding.why});
  if (finding.verdict == codes::Verdict::kWarning) warnings.push_back(finding.why);
  applicant.phone = PlainPhone(applicant.phone);
  if (!applicant.phone.empty() && !IsMobile(applicant.phone) && !IsLandline(applicant.phone)) {
    faults.push_back({"applicant.phone",
                      {"is neither a mobile number of 11 digits nor area code and number, such as 0472-5123456",
                       "应为 11 位手机号，或区号加号码，例如 0472-5123456"}});
  }
}

void CheckArea(const Item& item, const std::optional<base::Decimal>& area_m2, std::vector<base::FieldFault>& faults) {
  const FormField* field = item.FindField(kAreaField);
  if (!area_m2) {
    if (field != nullptr && field->required) faults.push_back({"area_m2", {"is missing", "必填"}});
    return;
  }
  if (field == nullptr) {
    faults.push_back({"area_m2", {"is not asked for by this item", "此事项不填写面积"}});
  } else if (*area_m2 <= base::Decimal(0, 0) || base::Decimal(kMostArea, 0) < *area_m2) {
    faults.push_back(
        {"area_m2", {"has to be more than 0 and at most 10,000,000,000 m²", "应大于 0，且不超过 10,000,000,000 m²"}});
  }
}

void CheckForm(const Item& item, std::map<std::string, std::string, std::less<>>& form,
               std::vector<base::FieldFault>& faults) {
  std::erase_if(form, [](const auto& answer) { return answer.second.empty(); });
  for (const FormField& field : item.fields) {
    if (field.key == kAreaField || !field.required || form.contains(field.key)) continue;
    faults.push_back({"form." + field.key, {"is missing", "必填"}});
  }
  for (const auto& [key, text] : form) {
    if (key == kAreaField || item.FindField(key) == nullptr) {
      faults.push_back({"form." + key, {"is not asked for by this item", "此事项不填写这一项"}});
    }
  }
}

}  // namespace yb::casework
