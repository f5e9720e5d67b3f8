// What a snapshot stores of a case comes back as it was.
#include <gtest/gtest.h>

#include <random>

#include "core/ledger/snapshot.hpp"
#include "tests/support/case_acts.hpp"

namespace yb::ledger {
namespace {

using namespace cases;

const calendar::CivilDate kDay = *calendar::ParseDate("2026-03-02");

/// Every field another value than a new state has.
CaseState EveryField() {
  CaseState state;
  state.case_id = "0198aaaa-0000-7000-8000-000000000001";
  state.phase = Phase::kMerged;
  state.holder = Side::kCity;
  state.receipt_no = "JY03-1-2026-000418";
  state.number = std::string(43, '7');
  state.terms = test::PlanningTerms();
  state.terms.version = 3;
  state.person = "person-1";
  state.applicant = {0, 255, 3};
  state.area_m2 = *base::Decimal::Parse("86.50");
  state.urgent = true;
  state.received = kDay;
  state.accepted = kDay + std::chrono::days(1);
  state.decided = kDay + std::chrono::days(2);
  state.ended = kDay + std::chrono::days(3);
  state.delivered = kDay + std::chrono::days(3);
  state.corrected_once = kDay + std::chrono::days(4);
  state.pauses = {{PauseGround::kHearing, "告知书 3", kDay, kDay}, {PauseGround::kApplicant, "", kDay, std::nullopt}};
  state.extended_days = 10;
  state.materials = {{"site-plan", {"ab12", test::AsSealed("总平面图.pdf"), 86'000'000}}, {"", {"", {}, 0}}};
  state.following = {"land"};
  state.following_until = kDay + std::chrono::days(5);
  state.missing = {"a", "b"};
  state.signers = {"市自然资源局"};
  state.signatures = {{"市住建局", {true, "同意", {"2", "李四", "市住建局"}, {Side::kCity, {9, 8}}}}};
  state.handler = "王五";
  state.granted = false;
  state.decided_by = Side::kPark;
  state.decision_text = "不予许可";
  state.decision_ground = "第40条";
  state.certificate_no = "建字第1号";
  state.waybill = "EMS 123";
  state.stars = 5;
  state.merged_into = "0198aaaa-0000-7000-8000-000000000002";
  state.reminders = 2;
  state.supervisions = 3;
  state.requests = {{{Side::kPark, {1, 2}}, Request::Kind::kCorrection, "更正"}};
  state.ineffective = {{{Side::kCity, {3, 4}}, "why", "原因", true}};
  state.needs_upgrade = true;
  state.notice_unprinted = true;
  return state;
}

CaseRecord Record(CaseState state) {
  CaseRecord record;
  record.case_id = state.case_id;
  record.events = {{1, {Side::kPark, {100, 1}}}, {7, {Side::kCity, {90, 2}}}};
  record.files = {"ab12", "cd34"};
  record.updated = {1'772'431'680'000'000};
  record.state = std::move(state);
  return record;
}

TEST(SnapshotCodec, BringsBackEveryFieldOfACase) {
  const CaseRecord record = Record(EveryField());
  const auto back = DecodeCaseRecord(EncodeCaseRecord(record));
  ASSERT_TRUE(back) << back.error().Describe();
  EXPECT_EQ(back->case_id, record.case_id);
  EXPECT_EQ(back->events, record.events);
  EXPECT_EQ(back->files, record.files);
  EXPECT_EQ(back->updated, record.updated);
  EXPECT_EQ(back->state, record.state);
}

TEST(SnapshotCodec, BringsBackACaseOfWhichNothingIsKnown) {
  CaseState state;
  state.case_id = "c";
  const auto back = DecodeCaseRecord(EncodeCaseRecord(Record(state)));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->state, state);
}

TEST(SnapshotCodec, BringsBackAHeader) {
  LedgerSnapshot snapshot;
  snapshot.site = "lvye-01";
  snapshot.no = 7;
  snapshot.time = {1'772'431'680'000'000};
  snapshot.lamport = 42;
  snapshot.events = 12;
  snapshot.cases = 3;
  snapshot.records[5] = 9;
  StreamHead head;
  head.epoch = 100;
  head.last = 12;
  head.chain[3] = 1;
  snapshot.streams[Side::kPark] = {{100, 12}, {head}};
  snapshot.streams[Side::kCity] = {};
  const base::Bytes bytes = EncodeSnapshot(snapshot);
  const auto back = DecodeSnapshot(bytes);
  ASSERT_TRUE(back);
  EXPECT_EQ(EncodeSnapshot(*back), bytes);
  EXPECT_EQ(back->streams.at(Side::kPark).passed, (StreamPosition{100, 12}));
  EXPECT_EQ(back->streams.at(Side::kPark).heads.at(0).chain, head.chain);
  EXPECT_EQ(back->records, snapshot.records);
  EXPECT_EQ(back->format, kSnapshotFormat);
}

TEST(SnapshotCodec, RefusesWhatIsNoRecord) {
  const base::Bytes good = EncodeCaseRecord(Record(EveryField()));
  EXPECT_FALSE(DecodeCaseRecord({}));
  EXPECT_FALSE(DecodeSnapshot({}));
  EXPECT_FALSE(DecodeCaseRecord(base::ByteView(good).first(good.size() - 1)));
  std::mt19937 random(1);
  for (int i = 0; i < 3000; ++i) {  // whatever comes is read or refused
    base::Bytes bytes = good;
    for (std::uint64_t flips = 1 + random() % 4; flips > 0; --flips) {
      bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random());
    }
    (void)DecodeCaseRecord(bytes);
    (void)DecodeSnapshot(bytes);
  }
}

}  // namespace
}  // namespace yb::ledger
