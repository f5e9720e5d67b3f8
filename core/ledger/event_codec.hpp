// The bytes of events, of cases and of the site (core/contract/ledger.proto). What is stored and sent is the encoding
// made once, where the event was written; reading trusts nothing. Pure functions; any thread.
#pragma once

#include <map>

#include "core/base/bytes.hpp"
#include "core/ledger/site_event.hpp"

namespace yb::ledger {

/// Without the event's place, which is its record's. `uid` makes equal acts different.
[[nodiscard]] base::Bytes EncodeEvent(const cases::CaseEvent& event, const std::string& uid);
[[nodiscard]] base::Bytes EncodeEvent(const SiteEvent& event);

using AnyEvent = std::variant<cases::CaseEvent, SiteEvent>;
/// The event of a record at `id`. An act of a later version is an UnknownAct or UnknownSiteAct. kCorrupt for what is no
/// event: an act of a case without one, a day, time or decimal that cannot be, an enumeration's value that does not
/// exist.
[[nodiscard]] base::Result<AnyEvent> DecodeAnyEvent(const cases::EventId& id, base::ByteView body);
/// Of an event that is of a case; else kCorrupt.
[[nodiscard]] base::Result<cases::CaseEvent> DecodeEvent(const cases::EventId& id, base::ByteView body);

/// The applicant of a case (申请人), before it is sealed.
struct Applicant {
  enum class Kind : std::uint8_t { kCompany = 1, kPerson = 2 };
  Kind kind = Kind::kCompany;
  std::string name;
  std::string code;   // 统一社会信用代码 or 公民身份号码
  std::string agent;  // 委托代理人
  std::string phone;
  std::string address;  // 邮寄地址
  /// What the item's form asks in words (建设项目名称, 建设位置), by the field's key. The applicant's own words, and
  /// therefore under the same key.
  std::map<std::string, std::string, std::less<>> form;
  friend bool operator==(const Applicant&, const Applicant&) = default;
};
[[nodiscard]] std::string EncodeApplicant(const Applicant& applicant);
[[nodiscard]] base::Result<Applicant> DecodeApplicant(std::string_view bytes);

/// 签收人: who signed for what was delivered. Personal as the applicant is, and under the same key.
struct Receiver {
  std::string name;
  std::string relation;  // to the applicant (与受送达人关系): 本人, 代收; may be empty
  friend bool operator==(const Receiver&, const Receiver&) = default;
};
[[nodiscard]] base::Bytes EncodeReceiver(const Receiver& receiver);
[[nodiscard]] base::Result<Receiver> DecodeReceiver(base::ByteView bytes);

}  // namespace yb::ledger
