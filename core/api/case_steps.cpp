#include "core/api/case_steps.hpp"

#include <array>

namespace yb::api {
namespace {

using cases::CaseState;
using cases::Phase;

struct Named {
  std::string_view step;
  std::string_view en, zh;
};
constexpr std::array<Named, 6> kSteps = {{{"receive", "receive", "收件"},
                                          {"accept", "accept", "受理"},
                                          {"review", "review", "审查"},
                                          {"decide", "decide", "决定"},
                                          {"certify", "certificate", "制证"},
                                          {"deliver", "deliver", "送达"}}};

/// How many steps are done.
std::size_t DoneOf(const CaseState& state) {
  switch (state.phase) {
    case Phase::kNone: return 0;
    case Phase::kReceived:
    case Phase::kAwaitingCorrection: return 1;
    case Phase::kAccepted:
    case Phase::kInReview: return 2;
    case Phase::kDecided:
    case Phase::kPreparing: return 4;
    case Phase::kAwaitingDelivery: return 5;
    case Phase::kDelivered:
    case Phase::kClosed: return kSteps.size();
    case Phase::kArchived:
    case Phase::kDeclined:
    case Phase::kWithdrawn:
    case Phase::kMerged: break;  // wherever it ended
  }
  if (state.delivered) return kSteps.size();
  if (!state.certificate_no.empty()) return 5;
  if (state.decided) return 4;
  return state.accepted ? 2 : 1;
}

std::string SignersOf(const CaseState& state) {
  std::string note;
  for (const std::string& department : state.signers) {
    const auto signature = state.signatures.find(department);
    const char* mark = signature == state.signatures.end() ? " …" : signature->second.agrees ? " ✓" : " ✗";
    note += (note.empty() ? "" : " ") + department + mark;
  }
  return note;
}

}  // namespace

std::string_view ToString(CaseStep::State state) {
  switch (state) {
    case CaseStep::State::kDone: return "done";
    case CaseStep::State::kCurrent: return "current";
    case CaseStep::State::kTodo: return "todo";
    case CaseStep::State::kSkipped: return "skipped";
  }
  return "";
}

std::vector<CaseStep> StepsOf(const CaseState& state, bool park_decides) {
  const std::size_t done = DoneOf(state);
  const bool over = state.finished();
  std::vector<CaseStep> steps;
  for (std::size_t i = 0; i < kSteps.size(); ++i) {
    const Named& named = kSteps.at(i);
    CaseStep step{named.step, {std::string(named.en), std::string(named.zh)}, CaseStep::State::kTodo, {}};
    if (i < done) {
      step.state = CaseStep::State::kDone;
    } else if (over) {
      step.state = CaseStep::State::kSkipped;
    } else if (i == done) {
      step.state = CaseStep::State::kCurrent;
    }
    // What was refused has no certificate; what the park decides is reviewed by nobody else.
    if (named.step == "certify" && state.granted == false) step.state = CaseStep::State::kSkipped;
    if (named.step == "decide" && park_decides && state.phase == Phase::kAccepted) {
      step.state = CaseStep::State::kCurrent;
    }
    if (named.step == "review") {
      if (park_decides) step.state = CaseStep::State::kSkipped;
      if (step.state != CaseStep::State::kSkipped &&
          (state.holder == cases::Side::kCity || !state.signatures.empty())) {
        const std::string signers = SignersOf(state);
        step.note = {signers, signers};
      }
      if (state.phase == Phase::kAccepted && !park_decides) {
        step.state = CaseStep::State::kTodo;
        step.note = {"not handed over yet", "尚未移交"};
      }
    }
    steps.push_back(std::move(step));
  }
  // A refusal goes from the decision to its delivery.
  if (!over && state.granted == false && state.phase == Phase::kPreparing) {
    steps.back().state = CaseStep::State::kCurrent;
  }
  return steps;
}

}  // namespace yb::api
