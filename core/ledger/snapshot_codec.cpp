#include <algorithm>

#include "core/contract/ledger.pb.h"
#include "core/contract/message_bytes.hpp"
#include "core/ledger/proto_values.hpp"
#include "core/ledger/snapshot.hpp"
#include "core/ledger/stream_rows.hpp"

namespace yb::ledger {
namespace {

using base::ErrorCode;
using base::Fail;
using cases::CaseState;
using cases::Side;
using contract::CaseStateRecord;
using ledger::Put;
using ledger::Take;

constexpr std::uint32_t kLastPhase = static_cast<std::uint32_t>(cases::Phase::kMerged);

/// Days that may be missing: how each is had from the state, and is there, read and written in the message.
struct DayField {
  std::optional<calendar::CivilDate> CaseState::*of;
  bool (CaseStateRecord::*has)() const;
  std::int32_t (CaseStateRecord::*get)() const;
  void (CaseStateRecord::*set)(std::int32_t);
};
constexpr std::array kDays = {
    DayField{&CaseState::received, &CaseStateRecord::has_received_day, &CaseStateRecord::received_day,
             &CaseStateRecord::set_received_day},
    DayField{&CaseState::accepted, &CaseStateRecord::has_accepted_day, &CaseStateRecord::accepted_day,
             &CaseStateRecord::set_accepted_day},
    DayField{&CaseState::decided, &CaseStateRecord::has_decided_day, &CaseStateRecord::decided_day,
             &CaseStateRecord::set_decided_day},
    DayField{&CaseState::ended, &CaseStateRecord::has_ended_day, &CaseStateRecord::ended_day,
             &CaseStateRecord::set_ended_day},
    DayField{&CaseState::delivered, &CaseStateRecord::has_delivered_day, &CaseStateRecord::delivered_day,
             &CaseStateRecord::set_delivered_day},
    DayField{&CaseState::corrected_once, &CaseStateRecord::has_corrected_once_day, &CaseStateRecord::corrected_once_day,
             &CaseStateRecord::set_corrected_once_day},
    DayField{&CaseState::following_until, &CaseStateRecord::has_following_until_day,
             &CaseStateRecord::following_until_day, &CaseStateRecord::set_following_until_day},
};

void PutLists(const CaseState& state, CaseStateRecord& out) {
  for (const cases::PauseSpan& pause : state.pauses) {
    contract::PauseSpanRecord& one = *out.add_pause();
    one.set_ground(static_cast<std::uint32_t>(pause.ground));
    one.set_document(pause.document);
    one.set_from_day(DayNumber(pause.from));
    if (pause.to) one.set_to_day(DayNumber(*pause.to));
  }
  for (const auto& [key, material] : state.materials) {
    contract::MaterialRecord& one = *out.add_material();
    one.set_key(key);
    one.set_file(material.file);
    one.set_name(material.name.data(), material.name.size());
    one.set_bytes(material.bytes);
  }
  for (const auto& [department, signature] : state.signatures) {
    contract::SignatureRecord& one = *out.add_signature();
    one.set_department(department);
    one.set_agrees(signature.agrees);
    one.set_opinion(signature.opinion);
    Put(signature.by, *one.mutable_by());
    Put(signature.event, *one.mutable_event());
  }
  for (const cases::OpenRequest& request : state.requests) {
    contract::OpenRequestRecord& one = *out.add_request();
    Put(request.event, *one.mutable_event());
    one.set_kind(static_cast<std::uint32_t>(request.kind));
    one.set_text(request.text);
  }
  for (const cases::Ineffective& ineffective : state.ineffective) {
    contract::IneffectiveRecord& one = *out.add_ineffective();
    Put(ineffective.event, *one.mutable_event());
    one.set_reason_en(ineffective.reason_en);
    one.set_reason_zh(ineffective.reason_zh);
    one.set_settled(ineffective.settled);
  }
}

void PutState(const CaseState& state, CaseStateRecord& out) {
  out.set_phase(static_cast<std::uint32_t>(state.phase));
  out.set_holder(static_cast<std::uint32_t>(state.holder));
  out.set_receipt_no(state.receipt_no);
  out.set_number(state.number);
  Put(state.terms, *out.mutable_terms());
  out.set_person(state.person);
  out.set_applicant(state.applicant.data(), state.applicant.size());
  out.set_area_m2(ToText(state.area_m2));
  out.set_urgent(state.urgent);
  for (const DayField& day : kDays) {
    if (state.*day.of) (out.*day.set)(DayNumber(*(state.*day.of)));
  }
  out.set_extended_days(state.extended_days);
  Put(state.following, *out.mutable_following());
  Put(state.missing, *out.mutable_missing());
  Put(state.signers, *out.mutable_signer());
  out.set_handler(state.handler);
  if (state.granted) out.set_granted(*state.granted);
  if (state.decided_by) out.set_decided_by(static_cast<std::uint32_t>(*state.decided_by));
  out.set_decision_text(state.decision_text);
  out.set_decision_ground(state.decision_ground);
  out.set_certificate_no(state.certificate_no);
  out.set_waybill(state.waybill);
  out.set_stars(state.stars);
  out.set_merged_into(state.merged_into);
  out.set_reminders(state.reminders);
  out.set_supervisions(state.supervisions);
  out.set_needs_upgrade(state.needs_upgrade);
  out.set_notice_unprinted(state.notice_unprinted);
  PutLists(state, out);
}

base::Status TakeLists(const CaseStateRecord& in, CaseState& state) {
  for (const contract::PauseSpanRecord& one : in.pause()) {
    if (one.ground() < 1 || one.ground() > 10) return Fail(ErrorCode::kCorrupt, "a pause has no known ground");
    cases::PauseSpan pause{static_cast<cases::PauseGround>(one.ground()), one.document(), {}, {}};
    YB_ASSIGN(pause.from, ToDay(one.from_day()));
    if (one.has_to_day()) {
      YB_ASSIGN(pause.to, ToDay(one.to_day()));
    }
    state.pauses.push_back(std::move(pause));
  }
  for (const contract::MaterialRecord& one : in.material()) {
    state.materials[one.key()] = {one.file(), {one.name().begin(), one.name().end()}, one.bytes()};
  }
  for (const contract::SignatureRecord& one : in.signature()) {
    YB_ASSIGN(const cases::EventId event, Take(one.event()));
    state.signatures[one.department()] = {one.agrees(), one.opinion(), Take(one.by()), event};
  }
  for (const contract::OpenRequestRecord& one : in.request()) {
    YB_ASSIGN(const cases::EventId event, Take(one.event()));
    if (one.kind() < 1 || one.kind() > 3) return Fail(ErrorCode::kCorrupt, "a request of no known kind");
    state.requests.push_back({event, static_cast<cases::Request::Kind>(one.kind()), one.text()});
  }
  for (const contract::IneffectiveRecord& one : in.ineffective()) {
    YB_ASSIGN(const cases::EventId event, Take(one.event()));
    state.ineffective.push_back({event, one.reason_en(), one.reason_zh(), one.settled()});
  }
  return {};
}

base::Result<CaseState> TakeState(const CaseStateRecord& in) {
  CaseState state;
  if (in.phase() > kLastPhase) return Fail(ErrorCode::kCorrupt, "a snapshot names no phase");
  state.phase = static_cast<cases::Phase>(in.phase());
  YB_ASSIGN(state.holder, ToSide(in.holder()));
  state.receipt_no = in.receipt_no();
  state.number = in.number();
  state.terms = Take(in.terms());
  state.person = in.person();
  state.applicant.assign(in.applicant().begin(), in.applicant().end());
  YB_ASSIGN(state.area_m2, ToDecimal(in.area_m2()));
  state.urgent = in.urgent();
  for (const DayField& day : kDays) {
    if (!(in.*day.has)()) continue;
    YB_ASSIGN(state.*day.of, ToDay((in.*day.get)()));
  }
  state.extended_days = in.extended_days();
  state.following = Take(in.following());
  state.missing = Take(in.missing());
  state.signers = Take(in.signer());
  state.handler = in.handler();
  if (in.has_granted()) state.granted = in.granted();
  if (in.decided_by() != 0) {
    YB_ASSIGN(state.decided_by, ToSide(in.decided_by()));
  }
  state.decision_text = in.decision_text();
  state.decision_ground = in.decision_ground();
  state.certificate_no = in.certificate_no();
  state.waybill = in.waybill();
  state.stars = static_cast<std::uint8_t>(in.stars());
  state.merged_into = in.merged_into();
  state.reminders = in.reminders();
  state.supervisions = in.supervisions();
  state.needs_upgrade = in.needs_upgrade();
  state.notice_unprinted = in.notice_unprinted();
  YB_TRY(TakeLists(in, state));
  return state;
}

}  // namespace

cases::Passed LedgerSnapshot::Passed() const {
  cases::Passed passed;
  for (const auto& [side, stream] : streams) passed.of(side) = stream.passed;
  return passed;
}

base::Bytes EncodeSnapshot(const LedgerSnapshot& snapshot) {
  contract::LedgerSnapshot out;
  out.set_format(snapshot.format);
  out.set_site(snapshot.site);
  out.set_no(snapshot.no);
  out.set_time_us(snapshot.time.micros);
  out.set_lamport(snapshot.lamport);
  out.set_events(snapshot.events);
  out.set_cases(snapshot.cases);
  out.set_records(snapshot.records.data(), snapshot.records.size());
  for (const auto& [side, stream] : snapshot.streams) {
    contract::SnapshotStream& one = *out.add_stream();
    one.set_writer(static_cast<std::uint32_t>(side));
    one.mutable_passed()->set_epoch(stream.passed.epoch);
    one.mutable_passed()->set_seq(stream.passed.seq);
    for (const StreamHead& head : stream.heads) {
      contract::SnapshotHead& epoch = *one.add_head();
      epoch.set_epoch(head.epoch);
      epoch.set_last(head.last);
      epoch.set_chain(head.chain.data(), head.chain.size());
    }
  }
  return ToBytes(out);
}

base::Result<LedgerSnapshot> DecodeSnapshot(base::ByteView bytes) {
  contract::LedgerSnapshot in;
  LedgerSnapshot snapshot;
  if (!in.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) ||
      in.records().size() != snapshot.records.size()) {
    return Fail(ErrorCode::kCorrupt, "a snapshot cannot be read");
  }
  snapshot.format = in.format();
  snapshot.site = in.site();
  snapshot.no = in.no();
  snapshot.time = {in.time_us()};
  snapshot.lamport = in.lamport();
  snapshot.events = in.events();
  snapshot.cases = in.cases();
  std::ranges::copy(in.records(), snapshot.records.begin());
  for (const contract::SnapshotStream& one : in.stream()) {
    YB_ASSIGN(const Side side, ToSide(one.writer()));
    SnapshotStream& stream = snapshot.streams[side];
    stream.passed = {one.passed().epoch(), one.passed().seq()};
    for (const contract::SnapshotHead& epoch : one.head()) {
      StreamHead head;
      head.epoch = epoch.epoch();
      head.last = epoch.last();
      head.chain = ToChain(base::AsBytes(epoch.chain()));
      stream.heads.push_back(head);
    }
  }
  return snapshot;
}

base::Bytes EncodeCaseRecord(const CaseRecord& record) {
  contract::SnapshotCase out;
  out.set_format(kSnapshotFormat);
  out.set_case_id(record.case_id);
  for (const FoldPlace& place : record.events) {
    out.add_lamport(place.lamport);
    out.add_writer(static_cast<std::uint32_t>(place.id.writer));
    out.add_epoch(place.id.at.epoch);
    out.add_seq(place.id.at.seq);
  }
  Put(record.files, *out.mutable_file());
  out.set_updated_us(record.updated.micros);
  if (record.state) {
    PutState(*record.state, *out.mutable_state());
    if (out.state().ByteSizeLong() > kMostStateBytes) out.clear_state();
  }
  return ToBytes(out);
}

base::Result<CaseRecord> DecodeCaseRecord(base::ByteView bytes) {
  contract::SnapshotCase in;
  if (!in.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Fail(ErrorCode::kCorrupt, "the record of a case cannot be read");
  }
  if (in.format() != kSnapshotFormat) return Fail(ErrorCode::kUnsupported, "the record is of another format");
  if (in.lamport_size() == 0 || in.writer_size() != in.lamport_size() || in.epoch_size() != in.lamport_size() ||
      in.seq_size() != in.lamport_size()) {
    return Fail(ErrorCode::kCorrupt, "the record of a case does not place its events");
  }
  CaseRecord record;
  record.case_id = in.case_id();
  for (int i = 0; i < in.lamport_size(); ++i) {
    YB_ASSIGN(const Side writer, ToSide(in.writer(i)));
    record.events.push_back({in.lamport(i), {writer, {in.epoch(i), in.seq(i)}}});
  }
  record.files = Take(in.file());
  record.updated = {in.updated_us()};
  if (in.has_state()) {
    YB_ASSIGN(record.state, TakeState(in.state()));
    record.state->case_id = record.case_id;
  }
  return record;
}

}  // namespace yb::ledger
