#include "core/ledger/event_codec.hpp"

#include "core/contract/ledger.pb.h"
#include "core/contract/message_bytes.hpp"
#include "core/ledger/act_codec.hpp"
#include "core/ledger/proto_values.hpp"

namespace yb::ledger {
namespace {

using base::ErrorCode;
using base::Fail;
using contract::LedgerEvent;

/// What events of cases and of the site have in common.
template <class Event>
LedgerEvent Envelope(const Event& event, const std::string& uid) {
  LedgerEvent out;
  out.set_uid(uid);
  out.set_lamport(event.lamport);
  if (event.seen != cases::StreamPosition{}) {
    out.mutable_seen()->set_epoch(event.seen.epoch);
    out.mutable_seen()->set_seq(event.seen.seq);
  }
  out.set_time_us(event.time.micros);
  out.set_day(DayNumber(event.day));
  Put(event.actor, *out.mutable_actor());
  return out;
}

template <class Event>
base::Result<Event> TakeEnvelope(const cases::EventId& id, const LedgerEvent& in) {
  Event event;
  event.id = id;
  event.lamport = in.lamport();
  event.seen = {in.seen().epoch(), in.seen().seq()};
  event.time = {in.time_us()};
  YB_ASSIGN(event.day, ToDay(in.day()));
  event.actor = Take(in.actor());
  return event;
}

base::Result<SiteAct> TakeSiteAct(const LedgerEvent& in) {
  switch (in.act_case()) {
    case LedgerEvent::kExtendLogIn: {
      YB_ASSIGN(const base::UtcTime until, ToTime(in.extend_log_in().until_us()));
      return ExtendLogIn{until};
    }
    case LedgerEvent::ACT_NOT_SET: return UnknownSiteAct{!in.ignorable()};
    default: return Fail(ErrorCode::kCorrupt, "an event names no case");
  }
}

base::Result<SiteEvent> TakeSiteEvent(const cases::EventId& id, const LedgerEvent& in) {
  if (in.uid().empty()) return Fail(ErrorCode::kCorrupt, "an event of the site has no identity");
  YB_ASSIGN(SiteEvent event, TakeEnvelope<SiteEvent>(id, in));
  event.uid = in.uid();
  YB_ASSIGN(event.act, TakeSiteAct(in));
  return event;
}

base::Result<cases::CaseEvent> TakeCaseEvent(const cases::EventId& id, const LedgerEvent& in) {
  YB_ASSIGN(cases::CaseEvent event, TakeEnvelope<cases::CaseEvent>(id, in));
  event.case_id = in.case_id();
  YB_ASSIGN(event.act, TakeAct(in));
  return event;
}

}  // namespace

base::Bytes EncodeEvent(const cases::CaseEvent& event, const std::string& uid) {
  LedgerEvent out = Envelope(event, uid);
  out.set_case_id(event.case_id);
  PutAct(event.act, out);
  return ToBytes(out);
}

base::Bytes EncodeEvent(const SiteEvent& event) {
  LedgerEvent out = Envelope(event, event.uid);
  if (const auto* extend = std::get_if<ExtendLogIn>(&event.act)) {
    out.mutable_extend_log_in()->set_until_us(extend->until.micros);
    out.set_ignorable(true);
  } else {
    out.set_ignorable(!std::get<UnknownSiteAct>(event.act).critical);
  }
  return ToBytes(out);
}

base::Result<AnyEvent> DecodeAnyEvent(const cases::EventId& id, base::ByteView body) {
  LedgerEvent in;
  if (!in.ParseFromArray(body.data(), static_cast<int>(body.size()))) {
    return Fail(ErrorCode::kCorrupt, "a record of the ledger is no event");
  }
  if (in.lamport() == 0) return Fail(ErrorCode::kCorrupt, "an event has no place in the order");
  if (in.case_id().empty()) return TakeSiteEvent(id, in);
  return TakeCaseEvent(id, in);
}

base::Result<cases::CaseEvent> DecodeEvent(const cases::EventId& id, base::ByteView body) {
  YB_ASSIGN(AnyEvent event, DecodeAnyEvent(id, body));
  if (auto* of_case = std::get_if<cases::CaseEvent>(&event)) return std::move(*of_case);
  return Fail(ErrorCode::kCorrupt, "an event names no case");
}

std::string EncodeApplicant(const Applicant& applicant) {
  contract::Applicant out;
  out.set_kind(static_cast<std::uint32_t>(applicant.kind));
  out.set_name(applicant.name);
  out.set_code(applicant.code);
  out.set_agent(applicant.agent);
  out.set_phone(applicant.phone);
  out.set_address(applicant.address);
  for (const auto& [key, text] : applicant.form) {
    contract::FormAnswer& answer = *out.add_form();
    answer.set_key(key);
    answer.set_text(text);
  }
  return out.SerializeAsString();
}

base::Result<Applicant> DecodeApplicant(std::string_view bytes) {
  contract::Applicant in;
  if (!in.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) || in.kind() < 1 || in.kind() > 2) {
    return Fail(ErrorCode::kCorrupt, "the applicant's fields cannot be read");
  }
  Applicant out{
      static_cast<Applicant::Kind>(in.kind()), in.name(), in.code(), in.agent(), in.phone(), in.address(), {}};
  for (const contract::FormAnswer& answer : in.form()) out.form.insert_or_assign(answer.key(), answer.text());
  return out;
}

base::Bytes EncodeReceiver(const Receiver& receiver) {
  contract::Receiver out;
  out.set_name(receiver.name);
  out.set_relation(receiver.relation);
  const std::string bytes = out.SerializeAsString();
  return {bytes.begin(), bytes.end()};
}

base::Result<Receiver> DecodeReceiver(base::ByteView bytes) {
  contract::Receiver in;
  if (!in.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Fail(ErrorCode::kCorrupt, "who signed for a delivery cannot be read");
  }
  return Receiver{in.name(), in.relation()};
}

}  // namespace yb::ledger
