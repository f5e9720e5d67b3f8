// Bodies that pages send about cases: whatever they hold is taken or refused, and an act that is taken can be stored as
// an event and read again as the same act.
#include <cstddef>
#include <cstdint>
#include <string>

#include "core/api/case_bodies.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace yb;
  const std::string body(reinterpret_cast<const char*>(data), size);
  static_cast<void>(api::ReadReason(body));
  const auto reception = api::ReadReceptionWish(body);
  if (reception) {
    const ledger::Applicant& applicant = reception->reception.applicant;
    const auto again = ledger::DecodeApplicant(ledger::EncodeApplicant(applicant));
    YB_CHECK(again && *again == applicant, "an applicant reads back");
  }
  auto wish = api::ReadActWish(body);
  if (!wish) return 0;
  cases::CaseEvent event;
  event.id = {cases::Side::kPark, {1, 1}};
  event.case_id = "019ed5c0-0000-7000-8000-000000000000";
  event.lamport = 1;
  event.act = std::move(wish->act);
  const auto again = ledger::DecodeEvent(event.id, ledger::EncodeEvent(event, "uid"));
  YB_CHECK(again && again->act.index() == event.act.index(), "an act reads back");
  return 0;
}
