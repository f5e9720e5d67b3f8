#include "core/casework/applicant_check.hpp"

#include <algorithm>

#include "core/persons/search_terms.hpp"

namespace yb::casework {
namespace {

constexpr std::size_t kShortestPhone = 7, kLongestPhone = 20;
/// 10,000 km²: more than any park has.
constexpr std::int64_t kMostArea = 10'000'000'000;

bool IsPhone(const std::string& phone) {
  const auto digits = std::ranges::count_if(phone, [](char c) { return c >= '0' && c <= '9'; });
  const bool plain =
      std::ranges::all_of(phone, [](char c) { return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == ' '; });
  return plain && digits >= static_cast<std::ptrdiff_t>(kShortestPhone) && phone.size() <= kLongestPhone;
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
  if (!applicant.phone.empty() && !IsPhone(applicant.phone)) {
    faults.push_back({"applicant.phone", {"is no telephone number", "不是电话号码"}});
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
    faults.push_back({"area_m2", {"has to be more than 0 and at most 10^10", "须大于 0 且不超过 10^10"}});
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
