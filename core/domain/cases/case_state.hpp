// CaseState (办件): one case as its events make it. Values; see case_fold.hpp for how.
#pragma once

#include <map>
#include <set>

#include "core/base/result.hpp"
#include "core/domain/cases/case_event.hpp"

namespace yb::cases {

/// Where a case stands. The clocks standing still (挂起) and open requests (待对方确认) are beside it.
enum class Phase : std::uint8_t {
  kNone,                // not received yet
  kReceived,            // 已收件
  kAwaitingCorrection,  // 待补正
  kAccepted,            // 已受理
  kInReview,            // 审查中
  kDecided,             // 已决定
  kPreparing,           // 制证中
  kAwaitingDelivery,    // 待送达
  kDelivered,           // 已送达
  kClosed,              // 已办结
  kArchived,            // 已归档
  kDeclined,            // 不予受理
  kWithdrawn,           // 已撤回
  kMerged,              // 已合并
};
/// "received", "awaiting_correction", …: the spelling of the API.
[[nodiscard]] std::string_view ToString(Phase phase);
[[nodiscard]] base::Words InWords(Phase phase);

/// A stretch during which the clocks stand still.
struct PauseSpan {
  PauseGround ground = PauseGround::kApplicant;
  std::string document;
  calendar::CivilDate from{};
  std::optional<calendar::CivilDate> to;  // none: it goes on
  friend bool operator==(const PauseSpan&, const PauseSpan&) = default;
};

struct Signature {
  bool agrees = false;
  std::string opinion;
  Actor by;
  EventId event;
  friend bool operator==(const Signature&, const Signature&) = default;
};

struct OpenRequest {
  EventId event;
  Request::Kind kind = Request::Kind::kWithdrawal;
  std::string text;
  friend bool operator==(const OpenRequest&, const OpenRequest&) = default;
};

/// An event whose guard failed (未生效). It stays in the history, and a person has to look at it.
struct Ineffective {
  EventId event;
  std::string reason_en;
  std::string reason_zh;
  bool settled = false;  // a person has dealt with it
  friend bool operator==(const Ineffective&, const Ineffective&) = default;
};

struct Material {
  std::string file;
  std::vector<std::uint8_t> name;  // sealed
  std::uint64_t bytes = 0;
  friend bool operator==(const Material&, const Material&) = default;
};

struct CaseState {
  std::string case_id;
  Phase phase = Phase::kNone;
  Side holder = Side::kPark;  // who alone decides now
  std::string receipt_no;
  std::string number;  // 43 characters, once bound
  ItemTerms terms;
  std::string person;
  std::vector<std::uint8_t> applicant;  // sealed
  std::optional<base::Decimal> area_m2;
  bool urgent = false;

  std::optional<calendar::CivilDate> received;
  std::optional<calendar::CivilDate> accepted;  // the clocks count from the next working day
  std::optional<calendar::CivilDate> decided;
  std::optional<calendar::CivilDate> ended;  // without a decision: withdrawn, declined or merged
  std::optional<calendar::CivilDate> delivered;
  std::optional<calendar::CivilDate> corrected_once;  // the one notice before acceptance was given
  std::vector<PauseSpan> pauses;                      // ascending; the last may go on
  std::int64_t extended_days = 0;

  std::map<std::string, Material> materials;  // by key
  std::vector<std::string> following;         // 容缺
  std::optional<calendar::CivilDate> following_until;
  std::vector<std::string> missing;  // of the last correction notice
  bool notice_unprinted = false;     // a department's correction notice, which the window has not printed yet
  std::vector<std::string> signers;
  std::map<std::string, Signature> signatures;  // by department
  std::string handler;                          // 经办人, by name
  std::optional<bool> granted;
  std::optional<Side> decided_by;
  std::string decision_text;
  std::string decision_ground;
  std::string certificate_no;
  std::string waybill;
  std::uint8_t stars = 0;
  std::string merged_into;
  std::uint32_t reminders = 0;
  std::uint32_t supervisions = 0;

  std::vector<OpenRequest> requests;     // unanswered
  std::vector<Ineffective> ineffective;  // in fold order
  bool needs_upgrade = false;            // 需升级: a critical event of a later version; nothing after it is applied
  friend bool operator==(const CaseState&, const CaseState&) = default;

  [[nodiscard]] bool paused() const { return !pauses.empty() && !pauses.back().to; }
  /// 待补正: it waits for what the applicant was asked for, and nobody on either side has anything to do with it.
  [[nodiscard]] bool awaits_applicant() const;
  /// A department told what is missing, and the applicant does not know yet: the window prints the notice (告知书) and
  /// hands it out.
  [[nodiscard]] bool awaits_hand_out() const { return notice_unprinted && awaits_applicant(); }
  [[nodiscard]] bool finished() const {
    return phase == Phase::kClosed || phase == Phase::kArchived || phase == Phase::kDeclined ||
           phase == Phase::kWithdrawn || phase == Phase::kMerged;
  }
};

}  // namespace yb::cases
