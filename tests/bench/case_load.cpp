#include "tests/bench/case_load.hpp"

#include <random>

#include "core/base/uuid.hpp"
#include "core/ledger/event_codec.hpp"
#include "tests/support/case_acts.hpp"

namespace yb::bench {
namespace {

using namespace cases;

constexpr std::uint64_t kEpoch = 1'772'000'000;
constexpr int kCasesOfAFrame = 500;  // when much is filled in
const std::string kFile(64, 'a');

/// As ciphertext is: no two alike, and nothing to compress.
base::Bytes Sealed(std::uint64_t no) {
  std::mt19937_64 random(no);
  base::Bytes bytes(160);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}

}  // namespace

std::string CaseLoad::CaseId(std::uint64_t no) {
  return base::MakeUuid7({1'772'431'680'000'000 + static_cast<std::int64_t>(no) * 60'000'000}, no * 0x9E3779B97F4A7C15,
                         no);
}

std::string CaseLoad::Accept(ledger::LedgerStore& store, const base::SiteId& site, const Actor& actor) {
  ledger::NewCase made;
  made.terms = test::PlanningTerms();
  made.person = "0199c2aa-0000-7000-8000-0000000000aa";
  made.applicant = Sealed(0);
  made.receipt_prefix = "JY03";
  made.keys = {base::Bytes(16, 1), base::Bytes(16, 2)};
  const auto received = store.Receive(site, actor, made);
  YB_CHECK(received.has_value(), "a case is received");
  std::string id = received->state.case_id;
  for (const char* material : {"application", "site-plan"}) {
    YB_CHECK(store.Act(site, id, actor, PutMaterial{material, kFile, test::AsSealed("总平面图.pdf"), 86'000'000})
                 .has_value(),
             "");
  }
  YB_CHECK(store.Act(site, id, actor, cases::Accept{}).has_value(), "it is accepted");
  return id;
}

base::Bytes CaseLoad::Next(const std::string& case_id, Act act) {
  CaseEvent event;
  event.case_id = case_id;
  event.lamport = ++seq_;
  event.time = {1'772'431'680'000'000 + static_cast<std::int64_t>(seq_) * 1'000'000};
  event.day = *calendar::ParseDate("2026-03-02") + std::chrono::days(seq_ % 20);
  event.actor = {"2", "李四", writer_ == Side::kCity ? test::kPlanning : ""};
  event.act = std::move(act);
  return ledger::EncodeEvent(event, base::MakeUuid7(event.time, seq_, ~seq_));
}

std::uint64_t CaseLoad::FillCases(ledger::LedgerStore& store, const base::SiteId& site, int cases, bool finished) {
  const std::uint64_t first = seq_ + 1;
  std::vector<base::Bytes> bodies;
  for (int i = 0; i < cases; ++i) {
    const std::string id = CaseId(++cases_);
    Receive receive{
        "JY03-1-2026-" + std::to_string(100'000 + cases_), test::PlanningTerms(), "p", Sealed(cases_), {}, false};
    receive.terms.promised_days = 3 + static_cast<std::int64_t>(cases_ % 17);
    bodies.push_back(Next(id, receive));
    bodies.push_back(Next(id, PutMaterial{"application", kFile, test::AsSealed("申请表.pdf"), 100'000}));
    bodies.push_back(Next(id, PutMaterial{"site-plan", kFile, test::AsSealed("总平面图.pdf"), 86'000'000}));
    bodies.push_back(Next(id, cases::Accept{}));
    if (finished) {
      bodies.push_back(Next(id, Withdraw{"不办了"}));
      continue;
    }
    if (cases_ % 10 == 7) bodies.push_back(Next(id, Pause{PauseGround::kApplicant, "告知书"}));
    if (cases_ % 10 == 8) bodies.push_back(Next(id, Withdraw{"不办了"}));
    if (cases_ % 10 < 7) bodies.push_back(Next(id, HandOver{}));
  }
  YB_CHECK(store.Store(site, kEpoch, first, bodies).has_value(), "a frame is taken in");
  return bodies.size();
}

void CaseLoad::Fill(ledger::LedgerStore& store, const base::SiteId& site, std::uint64_t events) {
  while (seq_ < events) FillCases(store, site, kCasesOfAFrame);
}

}  // namespace yb::bench
