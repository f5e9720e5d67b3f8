#include "core/api/case_words.hpp"

#include <algorithm>
#include <array>

#include "core/casework/paper_of_case.hpp"

namespace yb::api {
namespace {

using base::Words;

/// By ActKind.
const std::vector<std::string_view> kActs = {"receive",
                                             "put_material",
                                             "accept",
                                             "decline",
                                             "correction_notice",
                                             "supplement",
                                             "hand_over",
                                             "return",
                                             "assign",
                                             "change_signers",
                                             "sign",
                                             "pause",
                                             "resume",
                                             "extend",
                                             "decide",
                                             "correct_decision",
                                             "certify",
                                             "dispatch",
                                             "deliver",
                                             "close",
                                             "rate",
                                             "archive",
                                             "withdraw",
                                             "request",
                                             "answer",
                                             "remind",
                                             "supervise",
                                             "bind_number",
                                             "merge",
                                             "unmask",
                                             "print",
                                             "settle",
                                             "correct_certificate",
                                             "unknown"};
/// By PauseGround, which begins at 1.
const std::vector<std::string_view> kGrounds = {"correction", "hearing",    "tender",    "auction",       "inspection",
                                                "testing",    "quarantine", "appraisal", "expert_review", "applicant"};
/// By Request::Kind, which begins at 1.
const std::vector<std::string_view> kRequests = {"withdrawal", "supplement", "correction"};

std::string Joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : "、") + text;
  return all;
}

Words Same(const std::string& text) {
  return {text, text};
}

/// "a · b" of what is not empty.
Words Dotted(const Words& a, const Words& b) {
  if (a.en.empty()) return b;
  if (b.en.empty()) return a;
  return {a.en + " · " + b.en, a.zh + " · " + b.zh};
}

struct Describe {
  Words operator()(const cases::Receive& act) const { return Same(act.receipt_no); }
  Words operator()(const cases::PutMaterial& act) const { return Same(act.material); }  // the file's name is personal
  Words operator()(const cases::Accept& act) const {
    if (act.following.empty()) return {};
    const std::string until = act.until ? calendar::ToString(*act.until) : "";
    return {"follow until " + until + ": " + Joined(act.following), "容缺至 " + until + "：" + Joined(act.following)};
  }
  Words operator()(const cases::DeclineToAccept& act) const { return Same(act.ground); }
  Words operator()(const cases::CorrectionNotice& act) const {
    Words told = Dotted(Same(Joined(act.materials)), Same(act.text));
    if (!act.until) return told;
    const std::string until = calendar::ToString(*act.until);
    return Dotted(told, {"by " + until, "至 " + until});
  }
  Words operator()(const cases::Supplement&) const { return {}; }
  Words operator()(const cases::HandOver&) const { return {}; }
  Words operator()(const cases::Return& act) const { return Same(act.reason); }
  Words operator()(const cases::Assign& act) const { return Same(act.name); }
  Words operator()(const cases::ChangeSigners& act) const {
    const Words add = act.add.empty() ? Words{} : Words{"added " + Joined(act.add), "加签 " + Joined(act.add)};
    const Words remove =
        act.remove.empty() ? Words{} : Words{"taken out " + Joined(act.remove), "减签 " + Joined(act.remove)};
    return Dotted(add, remove);
  }
  Words operator()(const cases::Sign& act) const {
    return Dotted(act.agrees ? Words{"agrees", "同意"} : Words{"does not agree", "不同意"}, Same(act.opinion));
  }
  Words operator()(const cases::Pause& act) const { return Same(act.document); }
  Words operator()(const cases::Resume&) const { return {}; }
  Words operator()(const cases::Extend& act) const {
    const std::string days = std::to_string(act.days);
    return Dotted({days + " working days", days + " 个工作日"}, Same(act.reason));
  }
  Words operator()(const cases::Decide& act) const {
    Words line = Dotted(act.granted ? Words{"granted", "准予"} : Words{"not granted", "不予许可"},
                        Dotted(Same(act.text), Same(act.ground)));
    if (act.delegation) line = Dotted(line, Same(act.delegation->instrument));
    return line;
  }
  Words operator()(const cases::CorrectDecision& act) const { return Same(act.text); }
  Words operator()(const cases::Certify& act) const { return Same(act.number); }
  Words operator()(const cases::CorrectCertificate& act) const { return Dotted(Same(act.number), Same(act.reason)); }
  Words operator()(const cases::Dispatch& act) const { return Same(act.courier + " " + act.waybill); }
  Words operator()(const cases::Deliver&) const { return {}; }  // who received it is personal
  Words operator()(const cases::Close&) const { return {}; }
  Words operator()(const cases::Rate& act) const {
    const std::string stars = std::to_string(act.stars);
    return Dotted({stars + " stars", stars + " 星"}, Same(act.text));
  }
  Words operator()(const cases::Archive&) const { return {}; }
  Words operator()(const cases::Withdraw& act) const { return Same(act.reason); }
  Words operator()(const cases::Request& act) const {
    const std::array<Words, 3> kinds = {Words{"withdrawal", "撤回"}, Words{"supplement", "补正材料已交"},
                                        Words{"correction", "更正"}};
    return Dotted(kinds.at(static_cast<std::size_t>(act.kind) - 1), Same(act.text));
  }
  Words operator()(const cases::Answer& act) const {
    return Dotted(act.confirmed ? Words{"confirmed", "同意"} : Words{"declined", "不同意"}, Same(act.text));
  }
  Words operator()(const cases::Remind& act) const { return Same(act.text); }
  Words operator()(const cases::Supervise& act) const { return Same(act.text); }
  Words operator()(const cases::BindNumber& act) const { return Same(act.number); }
  Words operator()(const cases::Merge& act) const { return Same(act.into); }
  Words operator()(const cases::Unmask& act) const { return Same(act.reason); }
  Words operator()(const cases::Print& act) const {
    const auto paper = casework::ParsePaper(act.paper);
    const Words title = {act.paper, paper ? std::string(papers::TitleOf(*paper)) : act.paper};
    return Dotted(title, act.again ? Words{"again", "重打"} : Words{});
  }
  Words operator()(const cases::Settle& act) const { return Same(act.text); }
  Words operator()(const cases::UnknownAct&) const { return {}; }
};

template <class Kind>
std::optional<Kind> ParseFromOne(const std::vector<std::string_view>& words, std::string_view text) {
  const auto found = std::ranges::find(words, text);
  if (found == words.end()) return std::nullopt;
  return static_cast<Kind>(found - words.begin() + 1);
}

}  // namespace

std::string_view ToString(cases::ActKind act) {
  return kActs.at(static_cast<std::size_t>(act));
}
std::optional<cases::ActKind> ParseActKind(std::string_view text) {
  const auto found = std::ranges::find(kActs, text);
  if (found == kActs.end()) return std::nullopt;
  return static_cast<cases::ActKind>(found - kActs.begin());
}
const std::vector<std::string_view>& ActWords() {
  return kActs;
}

std::string_view ToString(cases::PauseGround ground) {
  return kGrounds.at(static_cast<std::size_t>(ground) - 1);
}
const std::vector<std::string_view>& PauseGroundWords() {
  return kGrounds;
}
std::optional<cases::PauseGround> ParsePauseGround(std::string_view text) {
  return ParseFromOne<cases::PauseGround>(kGrounds, text);
}

std::string_view ToString(cases::Request::Kind kind) {
  return kRequests.at(static_cast<std::size_t>(kind) - 1);
}
const std::vector<std::string_view>& RequestWords() {
  return kRequests;
}
std::optional<cases::Request::Kind> ParseRequestKind(std::string_view text) {
  return ParseFromOne<cases::Request::Kind>(kRequests, text);
}

std::string_view ToString(cases::Side side) {
  return side == cases::Side::kPark ? "park" : "city";
}

std::string_view ToString(cases::Lamp lamp) {
  constexpr std::array<std::string_view, 5> kLamps = {"normal", "warning", "overdue", "paused", "stopped"};
  return kLamps.at(static_cast<std::size_t>(lamp));
}

std::string_view ToString(cases::ClockLine::What what) {
  constexpr std::array<std::string_view, 10> kLines = {"accepted", "extended", "counted", "working_weekend",
                                                       "holiday",  "paused",   "resumed", "if_resumed",
                                                       "due",      "decided"};
  return kLines.at(static_cast<std::size_t>(what));
}

Words DetailsOf(const cases::Act& act) {
  return std::visit(Describe{}, act);
}

}  // namespace yb::api
