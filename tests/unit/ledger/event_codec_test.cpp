#include "core/ledger/event_codec.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "core/contract/ledger.pb.h"
#include "tests/support/case_acts.hpp"

namespace yb::ledger {
namespace {

using namespace cases;

constexpr EventId kPlace{Side::kPark, {1'772'000'000, 7}};
const calendar::CivilDate kDay = *calendar::ParseDate("2026-03-02");

CaseEvent Event(Act act) {
  CaseEvent event;
  event.id = kPlace;
  event.case_id = "0198aaaa-0000-7000-8000-000000000001";
  event.lamport = 42;
  event.seen = {1'772'000'001, 3};
  event.time = {1'772'431'680'000'000};
  event.day = kDay;
  event.actor = {"7", "张三", "市住建局"};
  event.act = std::move(act);
  return event;
}

/// One of each act with all its fields filled.
std::vector<Act> EachAct() {
  const Delegation delegation{"包审改委托〔2023〕2号", DelegationMode::kEntrusted, *base::Decimal::Parse("5000.0"),
                              kDay, kDay + std::chrono::days(300)};
  return {
      Receive{"JY03-1-2026-000418", test::PlanningTerms(), "person-1", {1, 2, 3}, *base::Decimal::Parse("86.50"), true},
      PutMaterial{"site-plan", "ab12", test::AsSealed("总平面图.pdf"), 86'000'000},
      Accept{{"land"}, kDay},
      DeclineToAccept{"不属于本机关职权"},
      CorrectionNotice{{"land", "site-plan"}, "补盖章", kDay + std::chrono::days(9)},
      Supplement{},
      HandOver{},
      Return{"材料不符"},
      Assign{"9", "李四"},
      ChangeSigners{{"a"}, {"b"}},
      Sign{true, "同意"},
      Pause{PauseGround::kExpertReview, "告知书 3"},
      Resume{},
      Extend{10, "情况复杂"},
      Decide{true, "第40条", "准予", delegation},
      CorrectDecision{"更正"},
      Certify{"建字第150203202600001号", "cd34"},
      Dispatch{"EMS", "1234567890"},
      Deliver{{1, 2, 3}, "ef56", kDay},
      Close{},
      Rate{5, "好"},
      Archive{},
      Withdraw{"不办了"},
      Request{Request::Kind::kCorrection, "更正名称"},
      Answer{{Side::kCity, {9, 8}}, true, "同意"},
      Remind{"催"},
      Supervise{"督"},
      BindNumber{std::string(43, '1')},
      Merge{"0198aaaa-0000-7000-8000-000000000002"},
      Unmask{"核对电话"},
      Print{"acceptance", true},
      Settle{{Side::kPark, {1, 2}}, "已联系"},
      CorrectCertificate{"建字第150203202600002号", "ab34", "录入笔误"},
      UnknownAct{true}};
}

TEST(EventCodec, BringsBackEveryAct) {
  const std::vector<Act> acts = EachAct();
  ASSERT_EQ(acts.size(), std::variant_size_v<Act>);
  for (std::size_t i = 0; i < acts.size(); ++i) {
    ASSERT_EQ(acts[i].index(), i) << "one of each, in the order of the variant";
    const CaseEvent event = Event(acts[i]);
    const base::Bytes bytes = EncodeEvent(event, "uid-1");
    const auto back = DecodeEvent(kPlace, bytes);
    ASSERT_TRUE(back) << i << " " << back.error().Describe();
    EXPECT_EQ(back->act.index(), i);
    EXPECT_EQ(back->case_id, event.case_id);
    EXPECT_EQ(back->lamport, 42U);
    EXPECT_EQ(back->seen, event.seen);
    EXPECT_EQ(back->time, event.time);
    EXPECT_EQ(back->day, event.day);
    EXPECT_EQ(back->actor, event.actor);
    EXPECT_EQ(back->id, kPlace);
    // The second source for the fields: protobuf's own reading of the bytes, which gives the same bytes again.
    contract::LedgerEvent message;
    ASSERT_TRUE(message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
    EXPECT_EQ(message.uid(), "uid-1");
    EXPECT_EQ(EncodeEvent(*back, "uid-1"), bytes) << "act " << i << " loses a field";
  }
}

base::Bytes Golden(const std::string& name) {
  std::ifstream in("core/contract/vectors/" + name);
  const std::string hex{std::istreambuf_iterator<char>(in), {}};
  const auto bytes = base::FromHex(hex);
  EXPECT_TRUE(bytes && !bytes->empty()) << name;
  return bytes.value_or(base::Bytes{});
}

/// Made by protoc (core/contract/vectors/README.md).
TEST(EventCodec, ReadsGoldenEventsAndWritesThemTheSame) {
  const base::Bytes received = Golden("event-receive.hex");
  const auto receive = DecodeEvent(kPlace, received);
  ASSERT_TRUE(receive) << receive.error().Describe();
  const auto& act = std::get<Receive>(receive->act);
  EXPECT_EQ(act.receipt_no, "JY03-1-2026-000418");
  EXPECT_EQ(act.terms.signers, (std::vector<std::string>{"市自然资源局", "市住建局"}));
  EXPECT_EQ(act.terms.promised_days, 5);
  EXPECT_EQ(act.applicant, (base::Bytes{1, 2, 3}));
  EXPECT_EQ(act.area_m2->ToString(), "86.50");
  EXPECT_EQ(calendar::ToString(receive->day), "2026-03-02");
  EXPECT_EQ(receive->actor.name, "张三");
  EXPECT_EQ(receive->seen, (StreamPosition{0, 0}));
  EXPECT_EQ(EncodeEvent(*receive, "0199c2aa-0000-7000-8000-000000000001"), received);

  const base::Bytes decided = Golden("event-decide.hex");
  const auto decide = DecodeEvent(kPlace, decided);
  ASSERT_TRUE(decide) << decide.error().Describe();
  EXPECT_EQ(std::get<Decide>(decide->act).delegation->mode, DelegationMode::kEntrusted);
  EXPECT_EQ(decide->seen, (StreamPosition{1'772'431'000, 6}));
  EXPECT_EQ(EncodeEvent(*decide, "0199c2aa-0000-7000-8000-000000000009"), decided);

  const base::Bytes answered = Golden("event-answer.hex");
  const auto answer = DecodeEvent(kPlace, answered);
  ASSERT_TRUE(answer) << answer.error().Describe();
  EXPECT_EQ(std::get<Answer>(answer->act).request, (EventId{Side::kPark, {1'772'431'000, 7}}));
  EXPECT_FALSE(std::get<Answer>(answer->act).confirmed);
  EXPECT_EQ(EncodeEvent(*answer, "0199c2aa-0000-7000-8000-00000000000a"), answered);

  const auto critical = DecodeEvent(kPlace, Golden("event-later-critical.hex"));
  ASSERT_TRUE(critical);
  EXPECT_TRUE(std::get<UnknownAct>(critical->act).critical);
  const auto ignorable = DecodeEvent(kPlace, Golden("event-later-ignorable.hex"));
  ASSERT_TRUE(ignorable);
  EXPECT_FALSE(std::get<UnknownAct>(ignorable->act).critical);
}

/// Made by protoc as well.
TEST(EventCodec, ReadsGoldenEventsOfTheSiteAndWritesThemTheSame) {
  const base::Bytes extended = Golden("event-log-in-extended.hex");
  const auto any = DecodeAnyEvent(kPlace, extended);
  ASSERT_TRUE(any) << any.error().Describe();
  const auto& event = std::get<SiteEvent>(*any);
  EXPECT_EQ(event.id, kPlace);
  EXPECT_EQ(event.uid, "0199c2aa-0000-7000-8000-00000000000d");
  EXPECT_EQ(event.lamport, 22U);
  EXPECT_EQ(event.seen, (StreamPosition{1'772'431'000, 6}));
  EXPECT_EQ(base::ToIso(event.time), "2026-03-02T06:08:00.000000Z");
  EXPECT_EQ(calendar::ToString(event.day), "2026-03-02");
  EXPECT_EQ(event.actor, (Actor{"admin", "赵六", ""}));
  EXPECT_EQ(base::ToIso(std::get<ExtendLogIn>(event.act).until), "2026-04-01T06:08:00.000000Z");
  EXPECT_EQ(EncodeEvent(event), extended);

  const auto later = DecodeAnyEvent(kPlace, Golden("event-site-later.hex"));
  ASSERT_TRUE(later) << later.error().Describe();
  EXPECT_EQ(std::get<SiteEvent>(*later).act, SiteAct(UnknownSiteAct{false}));
}

TEST(EventCodec, TellsEventsOfTheSiteFromThoseOfCases) {
  const auto decode = [](const contract::LedgerEvent& message) {
    return DecodeAnyEvent(kPlace, base::AsBytes(message.SerializeAsString()));
  };
  contract::LedgerEvent extend;
  extend.set_uid("u");
  extend.set_lamport(1);
  extend.mutable_extend_log_in()->set_until_us(1);
  ASSERT_TRUE(decode(extend));
  EXPECT_TRUE(std::holds_alternative<SiteEvent>(*decode(extend)));
  EXPECT_FALSE(DecodeEvent(kPlace, base::AsBytes(extend.SerializeAsString()))) << "it is of no case";
  contract::LedgerEvent bad = extend;
  bad.set_case_id("c");
  EXPECT_FALSE(decode(bad)) << "an act of the site under a case";
  bad = extend;
  bad.clear_uid();
  EXPECT_FALSE(decode(bad)) << "one act could not be told from another";
  bad = extend;
  bad.mutable_extend_log_in()->set_until_us(INT64_MAX);
  EXPECT_FALSE(decode(bad)) << "a time that cannot be";
  bad = extend;
  bad.set_lamport(0);
  EXPECT_FALSE(decode(bad));
  bad = extend;
  bad.mutable_resume();
  EXPECT_FALSE(decode(bad)) << "an act of a case without one";
  contract::LedgerEvent later = extend;
  later.clear_extend_log_in();
  EXPECT_EQ(std::get<SiteEvent>(*decode(later)).act, SiteAct(UnknownSiteAct{true})) << "critical, since not told else";
  contract::LedgerEvent of_case = later;
  of_case.set_case_id("c");
  of_case.mutable_resume();
  EXPECT_TRUE(std::holds_alternative<CaseEvent>(*decode(of_case)));
}

TEST(EventCodec, KeepsThePlaceOfAnActOfALaterVersion) {
  contract::LedgerEvent later;
  later.set_case_id("c");
  later.set_lamport(1);
  std::string bytes = later.SerializeAsString();
  bytes += std::string("\xA2\x1F\x02\x08\x01", 5);  // field 500, a message: an act that this version does not know
  const auto critical = DecodeEvent(kPlace, base::AsBytes(bytes));
  ASSERT_TRUE(critical);
  EXPECT_TRUE(std::get<UnknownAct>(critical->act).critical);
  later.set_ignorable(true);
  const auto ignorable = DecodeEvent(kPlace, base::AsBytes(later.SerializeAsString()));
  ASSERT_TRUE(ignorable);
  EXPECT_FALSE(std::get<UnknownAct>(ignorable->act).critical);
}

TEST(EventCodec, RefusesWhatCannotBe) {
  const auto refused = [](const contract::LedgerEvent& message) {
    const auto event = DecodeEvent(kPlace, base::AsBytes(message.SerializeAsString()));
    return !event && event.error().code == base::ErrorCode::kCorrupt;
  };
  contract::LedgerEvent good;
  good.set_case_id("c");
  good.set_lamport(1);
  good.mutable_resume();
  EXPECT_FALSE(refused(good));
  contract::LedgerEvent bad = good;
  bad.clear_case_id();
  EXPECT_TRUE(refused(bad));
  bad = good;
  bad.set_lamport(0);
  EXPECT_TRUE(refused(bad));
  bad = good;
  bad.set_day(3'000'000);
  EXPECT_TRUE(refused(bad));
  bad = good;
  bad.mutable_pause()->set_ground(11);
  EXPECT_TRUE(refused(bad));
  bad = good;
  bad.mutable_request()->set_kind(0);
  EXPECT_TRUE(refused(bad));
  bad = good;
  bad.mutable_rate()->set_stars(6);
  EXPECT_TRUE(refused(bad));
  bad = good;
  bad.mutable_decide()->mutable_delegation()->set_mode(4);
  EXPECT_TRUE(refused(bad));
  bad = good;
  bad.mutable_answer()->mutable_request()->set_writer(3);
  EXPECT_TRUE(refused(bad));
  EXPECT_FALSE(DecodeEvent(kPlace, base::AsBytes("\xFF\xFF\xFF")));
  // Areas are exact decimals.
  bad = good;
  bad.mutable_receive()->set_area_m2("12,5");
  EXPECT_FALSE(DecodeEvent(kPlace, base::AsBytes(bad.SerializeAsString())));
}

TEST(EventCodec, ReadsACorrectionNoticeThatNamesNoDay) {
  contract::LedgerEvent message;
  message.set_case_id("c");
  message.set_lamport(1);
  message.mutable_correction_notice()->add_material("survey");
  const auto event = DecodeEvent(kPlace, base::AsBytes(message.SerializeAsString()));
  ASSERT_TRUE(event) << event.error().Describe();
  EXPECT_EQ(std::get<CorrectionNotice>(event->act).until, std::nullopt);
  message.mutable_correction_notice()->set_until_day(3'000'000);
  EXPECT_FALSE(DecodeEvent(kPlace, base::AsBytes(message.SerializeAsString())));
}

TEST(EventCodec, BringsBackAnApplicant) {
  Applicant applicant{Applicant::Kind::kCompany,
                      "䶮𠅤新材料有限公司",
                      "91150203MA0N000164",
                      "王五",
                      "13800138000",
                      "包头市昆都仑区",
                      {}};
  const std::string before = EncodeApplicant(applicant);
  EXPECT_EQ(*DecodeApplicant(before), applicant) << "as it was sealed before there was a form";
  applicant.form = {{"building_site", "创业路8号"}, {"project_name", "一期厂房"}};
  const std::string with_form = EncodeApplicant(applicant);
  const auto back = DecodeApplicant(with_form);
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, applicant);
  EXPECT_TRUE(with_form.starts_with(before)) << "a program that does not know the form reads the rest";
  EXPECT_FALSE(DecodeApplicant("\xFF"));
}

TEST(EventCodec, BringsBackWhoSigned) {
  for (const Receiver& receiver : {Receiver{"𠅤某", "代收"}, Receiver{"王五", ""}}) {
    EXPECT_EQ(*DecodeReceiver(EncodeReceiver(receiver)), receiver);
  }
  EXPECT_FALSE(DecodeReceiver(base::Bytes{0xFF}));
}

}  // namespace
}  // namespace yb::ledger
