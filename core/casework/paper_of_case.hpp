// What stands on a paper (文书) of a case, from what the case's events say. Pure functions.
#pragma once

#include <array>
#include <string>

#include "core/casework/reference.hpp"
#include "core/domain/cases/case_state.hpp"
#include "core/ledger/event_codec.hpp"
#include "core/ledger/ledger_store.hpp"
#include "core/papers/paper.hpp"

namespace yb::casework {

/// As pages and the print events of a case spell them. The order is that of papers::PaperKind.
inline constexpr std::array<std::string_view, 5> kPaperNames = {"acceptance", "correction", "declining", "delivery",
                                                                "certificate"};
[[nodiscard]] std::optional<papers::PaperKind> ParsePaper(std::string_view name);
[[nodiscard]] std::string_view NameOf(papers::PaperKind kind);

/// What a park's papers say of the park.
struct Letterhead {
  std::string organisation;      // 铝业园区政务服务工作站
  std::string contact;           // place, hours and telephone; may be empty
  std::string review_authority;  // 行政复议机关
  std::string court;             // 人民法院
};

struct PaperRequest {
  papers::PaperKind kind = papers::PaperKind::kAcceptance;
  const ledger::CaseFile& file;
  const ledger::Applicant& applicant;               // in full: it is the applicant's paper
  const std::optional<ledger::Receiver>& receiver;  // of what was delivered
  const Letterhead& letterhead;
  const Catalogue& catalogue;
  const calendar::WorkingCalendar& calendar;
  std::string clerk;
  calendar::CivilDate today{};
};

/// kRefused where the case has not come to this paper.
[[nodiscard]] base::Result<papers::Paper> PaperOf(const PaperRequest& request);
/// The same without making it.
[[nodiscard]] base::Status HasPaper(papers::PaperKind kind, const ledger::CaseFile& file);
/// Whether the paper was printed before.
[[nodiscard]] bool WasPrinted(papers::PaperKind kind, const ledger::CaseFile& file);

}  // namespace yb::casework
