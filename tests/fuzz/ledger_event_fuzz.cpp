// Events of the ledger, of cases and of the site: any bytes give an event or an error; an event that is read can be
// written and read again alike, and one of a case folds into any case without harm. The applicant's fields and what
// snapshots hold likewise.
#include "core/domain/cases/case_fold.hpp"
#include "core/ledger/event_codec.hpp"
#include "core/ledger/snapshot.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace yb;
  const base::ByteView bytes(data, size);
  const cases::EventId place{size % 2 == 0 ? cases::Side::kPark : cases::Side::kCity, {1, 2}};
  const auto any = ledger::DecodeAnyEvent(place, bytes);
  if (const auto* event = any ? std::get_if<ledger::SiteEvent>(&*any) : nullptr) {
    const base::Bytes again = ledger::EncodeEvent(*event);
    const auto same = ledger::DecodeAnyEvent(place, again);
    YB_CHECK(same && std::holds_alternative<ledger::SiteEvent>(*same), "an event of the site reads back");
    YB_CHECK(std::get<ledger::SiteEvent>(*same).act == event->act, "with its act");
    YB_CHECK(ledger::EncodeEvent(std::get<ledger::SiteEvent>(*same)) == again, "and is written the same");
  }
  if (const auto event = ledger::DecodeEvent(place, bytes)) {
    const base::Bytes again = ledger::EncodeEvent(*event, "u");
    const auto same = ledger::DecodeEvent(place, again);
    YB_CHECK(same && same->act.index() == event->act.index(), "an event reads back");
    YB_CHECK(ledger::EncodeEvent(*same, "u") == again, "and is written the same");
    cases::CaseEvent received;
    received.id = {cases::Side::kPark, {1, 1}};
    received.case_id = event->case_id;
    received.lamport = 1;
    received.act = cases::Receive{"JY03-1-2026-000001", {}, "p", {}, {}, false};
    (void)cases::Fold({received, *event});
    (void)cases::Fold({*event});
  }
  if (const auto applicant = ledger::DecodeApplicant(base::AsText(bytes))) {
    const auto same = ledger::DecodeApplicant(ledger::EncodeApplicant(*applicant));
    YB_CHECK(same && *same == *applicant, "an applicant reads back");
  }
  if (const auto record = ledger::DecodeCaseRecord(bytes)) {
    const auto same = ledger::DecodeCaseRecord(ledger::EncodeCaseRecord(*record));
    YB_CHECK(same && same->events == record->events && same->files == record->files, "a record reads back");
    YB_CHECK(!same->state || same->state == record->state, "with its state");
  }
  if (const auto snapshot = ledger::DecodeSnapshot(bytes)) {
    const base::Bytes again = ledger::EncodeSnapshot(*snapshot);
    const auto same = ledger::DecodeSnapshot(again);
    YB_CHECK(same && ledger::EncodeSnapshot(*same) == again, "a snapshot reads back");
  }
  return 0;
}
