#include "core/casework/reference.hpp"

namespace yb::casework {

base::Result<ReferenceData> LoadReference(const ReferenceFiles& files) {
  ReferenceData data;
  YB_ASSIGN(data.catalogue, LoadCatalogue(files.catalogue));
  YB_ASSIGN(data.delegations, LoadDelegations(files.delegations));
  const base::Status fit = CheckFit(data);
  if (!fit) return base::Fail(fit.error().At(files.delegations.string()));
  return data;
}

base::Status CheckFit(const ReferenceData& data) {
  for (const DelegationRule& rule : data.delegations.rules) {
    if (data.catalogue.Find(rule.item) != nullptr) continue;
    return base::Fail(
        base::ErrorCode::kInvalidArgument,
        base::Words{rule.delegation.instrument + " delegates '" + rule.item + "', which is no item of the catalogue",
                    rule.delegation.instrument + " 赋权的“" + rule.item + "”不是事项目录中的事项"},
        base::Words{"expected a key of the catalogue", "应为事项目录中的事项"});
  }
  return {};
}

calendar::WorkingCalendar CalendarWith(const std::vector<calendar::YearNotice>& more) {
  const auto published = calendar::PublishedNotices();
  std::vector<calendar::YearNotice> notices(published.begin(), published.end());
  notices.insert(notices.end(), more.begin(), more.end());
  return calendar::WorkingCalendar(notices);
}

std::optional<int> MissingYear(const calendar::WorkingCalendar& calendar, calendar::CivilDate today) {
  const int next = calendar::YearOf(today) + 1;
  const bool december = calendar::YearOf(today + std::chrono::days(31)) == next;
  return december && !calendar.Knows(next) ? std::optional(next) : std::nullopt;
}

base::Result<calendar::WorkingCalendar> LoadCalendar(const std::filesystem::path& file) {
  YB_ASSIGN(const std::vector<calendar::YearNotice> more, LoadNotices(file));
  return CalendarWith(more);
}

}  // namespace yb::casework
