// CaseEvent (办件事件): what somebody decided or did about one case. Two sides write: the park's station and the city
// with its departments, each in a stream of its own; a case is what both say, folded in one order (case_fold.hpp).
// Values.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/decimal.hpp"
#include "core/base/time.hpp"
#include "core/domain/calendar/civil_date.hpp"

namespace yb::cases {

/// Who writes, and who may decide. The numbers are stored.
enum class Side : std::uint8_t {
  kPark = 1,  // (园区) the station and its committee
  kCity = 2,  // (市级) the departments
};
[[nodiscard]] constexpr Side Other(Side side) {
  return side == Side::kPark ? Side::kCity : Side::kPark;
}

/// Place in a side's stream.
struct StreamPosition {
  std::uint64_t epoch = 0;
  std::uint64_t seq = 0;
  friend auto operator<=>(const StreamPosition&, const StreamPosition&) = default;
};

struct EventId {
  Side writer = Side::kPark;
  StreamPosition at;
  friend auto operator<=>(const EventId&, const EventId&) = default;
};

struct Actor {
  std::string user;        // number or name in its side's directory
  std::string name;        // as shown: 张三
  std::string department;  // (部门) of the city side; empty at the park
  friend bool operator==(const Actor&, const Actor&) = default;
};

/// Grounds on which a clock stands still (行政许可法 §32, §45). The numbers are stored.
enum class PauseGround : std::uint8_t {
  kCorrection = 1,    // 补正告知
  kHearing = 2,       // 听证
  kTender = 3,        // 招标
  kAuction = 4,       // 拍卖
  kInspection = 5,    // 检验
  kTesting = 6,       // 检测
  kQuarantine = 7,    // 检疫
  kAppraisal = 8,     // 鉴定
  kExpertReview = 9,  // 专家评审
  kApplicant = 10,    // 申请人原因
};

/// How a decision may be made at the park (赋权, R13). The numbers are stored.
enum class DelegationMode : std::uint8_t {
  kEntrusted = 1,          // 委托: the park decides
  kReceiveAndHandle = 2,   // 代收代办
  kReceiveAndForward = 3,  // 代收转办
};

/// The instrument that lets a park decide, copied into the decision that rests on it.
struct Delegation {
  std::string instrument;  // number of the document
  DelegationMode mode = DelegationMode::kReceiveAndForward;
  std::optional<base::Decimal> most_area_m2;  // scope; none: any
  calendar::CivilDate valid_from{};
  calendar::CivilDate valid_to{};  // inclusive
  friend bool operator==(const Delegation&, const Delegation&) = default;
};

/// Limits of an item, copied from the catalogue at intake, so that a later catalogue changes no case.
struct ItemTerms {
  std::string item;                    // 实施编码 or the shipped item's key
  std::string name;                    // 建设工程规划许可证
  std::uint32_t version = 0;           // of the catalogue
  std::int64_t statutory_days = 20;    // 法定, 行政许可法 §42
  std::int64_t promised_days = 20;     // 承诺
  std::int64_t extension_days = 10;    // most that one extension adds
  std::vector<std::string> signers;    // departments that all sign (会签); the first one decides
  std::vector<std::string> materials;  // keys of those that are required
  friend bool operator==(const ItemTerms&, const ItemTerms&) = default;
};

// ---- Acts. One struct each; what is the same for all is in CaseEvent. ----

/// 收件: the case begins.
struct Receive {
  std::string receipt_no;  // 收件号: JY03-1-2026-000418, carries the epoch
  ItemTerms terms;
  std::string person;                   // whose personal fields `applicant` are
  std::vector<std::uint8_t> applicant;  // those fields, sealed under the person's key (core/persons)
  std::optional<base::Decimal> area_m2;
  bool urgent = false;
};
/// 收材料: a material, or a newer copy of it.
struct PutMaterial {
  std::string material;            // key in the item's list, or a name of its own
  std::string file;                // SHA-256 of its content, in hex
  std::vector<std::uint8_t> name;  // of the file (张三身份证.pdf), sealed under the key of the applicant's person
  std::uint64_t bytes = 0;
};
/// 受理; with materials that follow until a day it is 容缺受理.
struct Accept {
  std::vector<std::string> following;  // keys of materials
  std::optional<calendar::CivilDate> until;
};
/// 不予受理
struct DeclineToAccept {
  std::string ground;
};
/// 一次性补正告知: everything that is missing, told once (§32).
struct CorrectionNotice {
  std::vector<std::string> materials;
  std::string text;
  std::optional<calendar::CivilDate> until;  // by when the applicant is asked for it; none: not told
};
/// 补正: what the notice asked for is here.
struct Supplement {};
/// 移交: from here on the departments decide.
struct HandOver {};
/// 退回, or 转园区制证 after a decision: the park has it again.
struct Return {
  std::string reason;
};
/// 委派
struct Assign {
  std::string user;
  std::string name;
};
/// 加签 and 减签: the departments that sign.
struct ChangeSigners {
  std::vector<std::string> add;
  std::vector<std::string> remove;
};
/// 会签: one department's opinion.
struct Sign {
  bool agrees = false;
  std::string opinion;
};
/// 挂起, 特别程序: the clocks stand still from the event's day on.
struct Pause {
  PauseGround ground = PauseGround::kApplicant;
  std::string document;  // by which the applicant was told
};
/// 恢复
struct Resume {};
/// 延期 (§42): once.
struct Extend {
  std::int64_t days = 0;
  std::string reason;
};
/// 准予 or 不予许可
struct Decide {
  bool granted = false;
  std::string ground;  // clauses it rests on
  std::string text;
  std::optional<Delegation> delegation;  // where the park decides
};
/// 更正 of a decision: its text, never its sense.
struct CorrectDecision {
  std::string text;
};
/// 制证: the document with its number.
struct Certify {
  std::string number;
  std::string file;  // SHA-256 in hex
};
/// 更正证件: before it is delivered, another number, or the scan of the sealed sheet.
struct CorrectCertificate {
  std::string number;
  std::string file;  // SHA-256 in hex; empty: the one before stays
  std::string reason;
};
/// 寄出: given to the courier.
struct Dispatch {
  std::string courier;
  std::string waybill;
};
/// 送达, with its receipt (送达回证).
struct Deliver {
  std::vector<std::uint8_t> receiver;  // ledger::Receiver, sealed under the key of the applicant's person
  std::string file;
  std::optional<calendar::CivilDate> signed_on;  // none: on the day of the act
};
/// 办结
struct Close {};
/// 评价 (好差评): 1 to 5 stars.
struct Rate {
  std::uint8_t stars = 0;
  std::string text;
};
/// 归档
struct Archive {};
/// 撤回 by who holds the case.
struct Withdraw {
  std::string reason;
};
/// What the side that does not hold the case asks of the one that does; shown as 待对方确认 until it answers.
struct Request {
  enum class Kind : std::uint8_t {
    kWithdrawal = 1,  // 撤回
    kSupplement = 2,  // 补正材料已交
    kCorrection = 3,  // 更正
  };
  Kind kind = Kind::kWithdrawal;
  std::string text;
};
/// The holder's answer to a request; a confirmed one takes effect with it.
struct Answer {
  EventId request;
  bool confirmed = false;
  std::string text;
};
/// 催办
struct Remind {
  std::string text;
};
/// 督办, by the city's supervisor.
struct Supervise {
  std::string text;
};
/// The 43-character number (办件编号) that the regional service gave.
struct BindNumber {
  std::string number;
};
/// 合并: this case was received twice; the other one goes on.
struct Merge {
  std::string into;  // case
};
/// 查看原文: somebody looked at the applicant's fields unmasked.
struct Unmask {
  std::string reason;
};
/// The paper of a correction notice (一次性补正告知书), as Print names it.
inline constexpr std::string_view kCorrectionPaper = "correction";
/// 打印, 重打: a paper was made.
struct Print {
  std::string paper;  // "acceptance", kCorrectionPaper, "delivery"
  bool again = false;
};
/// A person has dealt with an event that had no effect (未生效).
struct Settle {
  EventId event;
  std::string text;
};
/// Of a later version. A critical one freezes the case as 需升级.
struct UnknownAct {
  bool critical = true;
};

/// The order is that of ActKind.
using Act = std::variant<Receive, PutMaterial, Accept, DeclineToAccept, CorrectionNotice, Supplement, HandOver, Return,
                         Assign, ChangeSigners, Sign, Pause, Resume, Extend, Decide, CorrectDecision, Certify, Dispatch,
                         Deliver, Close, Rate, Archive, Withdraw, Request, Answer, Remind, Supervise, BindNumber, Merge,
                         Unmask, Print, Settle, CorrectCertificate, UnknownAct>;

enum class ActKind : std::uint8_t {
  kReceive,
  kPutMaterial,
  kAccept,
  kDeclineToAccept,
  kCorrectionNotice,
  kSupplement,
  kHandOver,
  kReturn,
  kAssign,
  kChangeSigners,
  kSign,
  kPause,
  kResume,
  kExtend,
  kDecide,
  kCorrectDecision,
  kCertify,
  kDispatch,
  kDeliver,
  kClose,
  kRate,
  kArchive,
  kWithdraw,
  kRequest,
  kAnswer,
  kRemind,
  kSupervise,
  kBindNumber,
  kMerge,
  kUnmask,
  kPrint,
  kSettle,
  kCorrectCertificate,
  kUnknown,
};
[[nodiscard]] inline ActKind KindOf(const Act& act) {
  return static_cast<ActKind>(act.index());
}

struct CaseEvent {
  EventId id;
  std::string case_id;        // UUIDv7, made where the case was received
  std::uint64_t lamport = 0;  // greater than that of all its writer had seen
  StreamPosition seen;        // how far its writer had the other side's stream; {0, 0}: nothing of it
  base::UtcTime time{};       // wall time of the writer; never orders anything
  calendar::CivilDate day{};  // the site's civil day of `time`
  Actor actor;
  Act act;
};

/// The order of the fold: Lamport, then stream, then sequence.
[[nodiscard]] inline bool FoldsBefore(const CaseEvent& a, const CaseEvent& b) {
  return std::tie(a.lamport, a.id) < std::tie(b.lamport, b.id);
}

}  // namespace yb::cases
