// Paper (文书): what a case hands to a person on paper, as the words and dates that stand on it. Whoever prints fills
// one in; nothing on a paper comes from anywhere else, the day included, so that the same paper is always the same PDF.
// Values; any thread.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/base/result.hpp"
#include "core/domain/calendar/civil_date.hpp"

namespace yb::papers {

using calendar::CivilDate;

/// Clauses that papers rest on, as they are cited.
inline constexpr const char* kAcceptanceClause = "《中华人民共和国行政许可法》第三十二条第一款第（五）项";
inline constexpr const char* kCorrectionClause = "《中华人民共和国行政许可法》第三十二条第一款第（四）项";
inline constexpr const char* kReviewClause = "《中华人民共和国行政许可法》第三十四条第一款";
inline constexpr const char* kNotNeededClause = "《中华人民共和国行政许可法》第三十二条第一款第（一）项";
inline constexpr const char* kNotOursClause = "《中华人民共和国行政许可法》第三十二条第一款第（二）项";

/// Material (材料) that was received.
struct PaperMaterial {
  std::string name;
  int copies = 1;
  std::string form;                        // 原件, 复印件, 电子件; may be empty
  std::optional<CivilDate> follows_until;  // 容缺: it is still to come, until then
  friend bool operator==(const PaperMaterial&, const PaperMaterial&) = default;
};

/// A limit in working days, and the day it ends.
struct PaperDeadline {
  int working_days = 0;
  CivilDate date{};
  bool provisional = false;  // 暂定
  friend bool operator==(const PaperDeadline&, const PaperDeadline&) = default;
};

/// 受理通知书
struct AcceptanceNotice {
  CivilDate received{};
  std::vector<PaperMaterial> materials;
  PaperDeadline promised;   // 承诺
  PaperDeadline statutory;  // 法定
  /// 为什么是这一天: the promised limit, pauses with their ground included, one stretch each (WhyInWords).
  std::vector<std::string> why;
  std::string clause = kAcceptanceClause;
  std::vector<std::string> next_steps;  // 请您…
  friend bool operator==(const AcceptanceNotice&, const AcceptanceNotice&) = default;
};

/// 一次性补正告知书: all that is missing, told once: by the window before acceptance, or by a department that reviews.
struct CorrectionNotice {
  struct Missing {
    std::string name;
    std::string what;  // what is missing or has to be mended
    friend bool operator==(const Missing&, const Missing&) = default;
  };
  CivilDate received{};
  std::vector<Missing> missing;
  std::optional<CivilDate> until;  // by when they are asked for
  std::string clause = kCorrectionClause;
  std::vector<std::string> next_steps;
  std::string department;             // that asks, after acceptance; empty: the window, before it
  std::optional<CivilDate> accepted;  // with a department: the limits stand still from the paper's day on
  friend bool operator==(const CorrectionNotice&, const CorrectionNotice&) = default;
};

/// 不予受理通知书
struct DeclineNotice {
  CivilDate received{};
  std::string ground;
  std::string clause = kNotOursClause;
  std::string review_authority;  // 行政复议机关
  std::string court;             // 人民法院, with its name
  std::vector<std::string> next_steps;
  friend bool operator==(const DeclineNotice&, const DeclineNotice&) = default;
};

/// 送达回证
struct DeliveryReceipt {
  struct Document {
    std::string name;
    std::string number;  // may be empty
    int copies = 1;
    friend bool operator==(const Document&, const Document&) = default;
  };
  std::vector<Document> documents;
  std::string method;    // 直接送达, 邮寄送达
  std::string place;     // where it was, or is sent to
  std::string receiver;  // who took it; empty: to be signed by hand
  std::string relation;  // of the receiver to the applicant; may be empty
  std::string courier;   // may be empty
  std::string waybill;   // may be empty
  std::optional<CivilDate> delivered;
  std::string note;
  friend bool operator==(const DeliveryReceipt&, const DeliveryReceipt&) = default;
};

/// 建设工程规划许可证, on a form that says that it is a demonstration (演示样式).
struct PlanningPermit {
  std::string number;                    // 证号, with 建字第 … 号 around it or without
  std::string project;                   // 建设项目名称
  std::string place;                     // 建设位置
  std::string scale;                     // 建设规模
  std::vector<std::string> attachments;  // 附图及附件名称
  std::string issuer;                    // 发证机关
  std::string instrument;                // 委托文书, where the park issues by delegation; may be empty
  friend bool operator==(const PlanningPermit&, const PlanningPermit&) = default;
};

/// The order is that of PaperKind.
using PaperBody = std::variant<AcceptanceNotice, CorrectionNotice, DeclineNotice, DeliveryReceipt, PlanningPermit>;

enum class PaperKind : std::uint8_t { kAcceptance, kCorrection, kDecline, kDelivery, kPlanningPermit };
/// "acceptance", "correction", "decline", "delivery", "planning_permit": also the spelling of a case's print event.
[[nodiscard]] std::string_view ToString(PaperKind kind);
/// "受理通知书", …
[[nodiscard]] std::string_view TitleOf(PaperKind kind);

struct Paper {
  std::string organisation;    // 铝业园区政务服务工作站
  std::string receipt_no;      // 收件号
  std::string number;          // 办件编号, 43 characters; empty until it is bound
  std::string applicant;       // 申请人
  std::string applicant_code;  // as it shall be read, masked where it has to be; may be empty
  std::string item;            // 事项名称
  std::string clerk;           // 经办人 at the window
  std::string contact;         // 咨询: place, hours and telephone; may be empty
  CivilDate date{};            // of the paper
  PaperBody body;
  friend bool operator==(const Paper&, const Paper&) = default;

  [[nodiscard]] PaperKind kind() const { return static_cast<PaperKind>(body.index()); }
};

/// Whether a paper can be printed: what has to be there is, nothing is longer than a paper bears, no character that
/// cannot be seen or turns the direction of text. kInvalidArgument names the field.
[[nodiscard]] base::Status Check(const Paper& paper);

/// The 43 characters in groups of 31, 8 and 4; another text as it is.
[[nodiscard]] std::string GroupedNumber(std::string_view number);
/// "2026年3月2日".
[[nodiscard]] std::string DateInWords(CivilDate date);
/// "2026年3月2日（星期一）".
[[nodiscard]] std::string DayInWords(CivilDate date);

}  // namespace yb::papers
