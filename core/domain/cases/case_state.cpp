#include "core/domain/cases/case_state.hpp"

#include <algorithm>
#include <array>

namespace yb::cases {
namespace {

struct Named {
  std::string_view key, en, zh;
};

/// By Phase.
constexpr std::array<Named, 14> kPhases = {{{"none", "not received", "未收件"},
                                            {"received", "received", "已收件"},
                                            {"awaiting_correction", "awaiting correction", "待补正"},
                                            {"accepted", "accepted", "已受理"},
                                            {"in_review", "in review", "审查中"},
                                            {"decided", "decided", "已决定"},
                                            {"preparing", "preparing certificate", "制证中"},
                                            {"awaiting_delivery", "awaiting delivery", "待送达"},
                                            {"delivered", "delivered", "已送达"},
                                            {"closed", "closed", "已办结"},
                                            {"archived", "archived", "已归档"},
                                            {"declined", "declined to accept", "不予受理"},
                                            {"withdrawn", "withdrawn", "已撤回"},
                                            {"merged", "merged", "已合并"}}};

const Named& Of(Phase phase) {
  return kPhases.at(static_cast<std::size_t>(phase));
}

}  // namespace

std::string_view ToString(Phase phase) {
  return Of(phase).key;
}
base::Words InWords(Phase phase) {
  return {std::string(Of(phase).en), std::string(Of(phase).zh)};
}

bool CaseState::awaits_applicant() const {
  if (phase == Phase::kAwaitingCorrection) return true;
  const bool told = !finished() && paused() && pauses.back().ground == PauseGround::kCorrection;
  return told && std::ranges::find(requests, Request::Kind::kSupplement, &OpenRequest::kind) == requests.end();
}

}  // namespace yb::cases
