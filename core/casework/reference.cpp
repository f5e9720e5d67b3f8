#include "core/casework/reference.hpp"

namespace yb::casework {

base::Result<ReferenceData> LoadReference(const ReferenceFiles& files) {
  ReferenceData data;
  YB_ASSIGN(data.catalogue, LoadCatalogue(files.catalogue));
  YB_ASSIGN(data.delegations, LoadDelegations(files.delegations));
  for (const DelegationRule& rule : data.delegations.rules) {
    if (data.catalogue.Find(rule.item) != nullptr) continue;
    return base::Fail(
        base::Error{base::ErrorCode::kInvalidArgument,
                    rule.delegation.instrument + " delegates '" + rule.item + "', which is no item of the catalogue",
                    files.delegations.string(), "expected a key of " + files.catalogue.string()});
  }
  return data;
}

base::Result<calendar::WorkingCalendar> LoadCalendar(const std::filesystem::path& file) {
  const auto published = calendar::PublishedNotices();
  std::vector<calendar::YearNotice> notices(published.begin(), published.end());
  YB_ASSIGN(std::vector<calendar::YearNotice> more, LoadNotices(file));
  notices.insert(notices.end(), more.begin(), more.end());
  return calendar::WorkingCalendar(notices);
}

}  // namespace yb::casework
