#include "core/papers/paper_codec.hpp"

#include <nlohmann/json.hpp>

#include "core/papers/clock_words.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/unit/papers/paper_fixtures.hpp"

namespace yb::papers {
namespace {

using base::ErrorCode;
using nlohmann::json;

TEST(PaperCodec, ReadsWhatWasWrittenByHand) {
  const Paper paper = Fixture("delivery");
  EXPECT_EQ(paper.kind(), PaperKind::kDelivery);
  EXPECT_EQ(paper.organisation, "包头铝业园区政务服务工作站");
  EXPECT_EQ(paper.clerk, "𠅤秀英");
  EXPECT_EQ(paper.date, Day("2026-03-03"));
  const auto& receipt = std::get<DeliveryReceipt>(paper.body);
  const std::vector<DeliveryReceipt::Document> documents = {{"建设工程规划许可证", "建字第150207202600012号", 1},
                                                            {"准予行政许可决定书", "包铝园准字〔2026〕12号", 1}};
  EXPECT_EQ(receipt.documents, documents);
  EXPECT_EQ(receipt.receiver, "郑䶮");
  EXPECT_EQ(receipt.waybill, "1151234567890");
  EXPECT_EQ(receipt.delivered, Day("2026-03-03"));
}

TEST(PaperCodec, WritesWhatItReadOfEachKind) {
  for (const char* kind : kKindNames) {
    const Paper paper = Fixture(kind);
    const base::Result<std::string> text = Encode(paper);
    ASSERT_TRUE(text) << kind << ": " << text.error().Describe();
    EXPECT_EQ(json::parse(*text), json::parse(FixtureText(kind))) << kind;
    EXPECT_EQ(*Decode(*text), paper) << kind;
    EXPECT_EQ(ToString(paper.kind()), kind);
  }
}

struct Wrong {
  const char* what;
  std::function<void(json&)> spoil;
  const char* context;
  const char* message;
};

TEST(PaperCodec, RefusesEachWrongPaperAndNamesThePlace) {
  const std::vector<Wrong> all = {
      {"a missing name", [](json& p) { p.erase("clerk"); }, "clerk", "is missing"},
      {"an unknown name", [](json& p) { p["colour"] = "red"; }, "colour", "is not known"},
      {"an unknown name inside", [](json& p) { p["body"]["materials"][1]["x"] = 1; }, "body.materials[1].x",
       "is not known"},
      {"an unknown kind", [](json& p) { p["kind"] = "licence"; }, "kind", "is no kind of paper"},
      {"another kind's body", [](json& p) { p["kind"] = "decline"; }, "body.ground", "is missing"},
      {"a number for a text", [](json& p) { p["item"] = 7; }, "item", "is no text"},
      {"a text for a number", [](json& p) { p["body"]["materials"][0]["copies"] = "1"; }, "body.materials[0].copies",
       "is no whole number in 1 – 999"},
      {"no copies", [](json& p) { p["body"]["materials"][0]["copies"] = 0; }, "body.materials[0].copies",
       "is no whole number in 1 – 999"},
      {"half a copy", [](json& p) { p["body"]["materials"][0]["copies"] = 0.5; }, "body.materials[0].copies",
       "is no whole number in 1 – 999"},
      {"copies past every integer", [](json& p) { p["body"]["materials"][0]["copies"] = 18446744073709551615ull; },
       "body.materials[0].copies", "is no whole number in 1 – 999"},
      {"a day that does not exist", [](json& p) { p["date"] = "2026-02-30"; }, "date", "is no date such as 2026-03-02"},
      {"a day nobody set", [](json& p) { p["body"]["received"] = "1970-01-01"; }, "body.received",
       "is no day from 2000 to 2199: 1970-01-01"},
      {"no list", [](json& p) { p["body"]["why"] = "because"; }, "body.why", "is no list"},
      {"too long a list", [](json& p) { p["body"]["why"] = std::vector<std::string>(101, "x"); }, "body.why",
       "has more than 100 entries"},
      {"no body", [](json& p) { p["body"] = nullptr; }, "body", "is no object"},
      {"a flag that is none", [](json& p) { p["body"]["promised"]["provisional"] = 1; }, "body.promised.provisional",
       "is neither true nor false"},
      {"an empty name", [](json& p) { p["applicant"] = ""; }, "applicant", "is empty"},
      {"a blank name", [](json& p) { p["applicant"] = "　 "; }, "applicant", "is empty"},
      {"too long a name", [](json& p) { p["applicant"] = std::string(201, 'x'); }, "applicant",
       "has 201 characters; 200 are the most"},
      {"a number that is not 43 long", [](json& p) { p["number"] = "12345"; }, "number",
       "has 5 characters in place of 43"},
      {"a line break", [](json& p) { p["clerk"] = "王\n秀英"; }, "clerk",
       "has a character that cannot be printed: U+000A"},
      {"text turned round", [](json& p) { p["clerk"] = "王\u202E秀英"; }, "clerk",
       "has a character that cannot be printed: U+202E"},
      {"a sign of loss", [](json& p) { p["clerk"] = "王\uFFFD"; }, "clerk",
       "has a character that cannot be printed: U+FFFD"},
      {"䶮 as GBK once had it", [](json& p) { p["clerk"] = "王\uE863"; }, "clerk",
       "has a character of a private code, U+E863; type it by its Unicode one"},
  };
  for (const Wrong& wrong : all) {
    json paper = json::parse(FixtureText("acceptance"));
    wrong.spoil(paper);
    const base::Result<Paper> decoded = Decode(paper.dump());
    ASSERT_FALSE(decoded) << wrong.what;
    EXPECT_EQ(decoded.error().code, ErrorCode::kInvalidArgument) << wrong.what;
    EXPECT_EQ(decoded.error().context, wrong.context) << wrong.what;
    EXPECT_EQ(decoded.error().message, wrong.message) << wrong.what;
    EXPECT_NE(decoded.error().message_zh, "") << wrong.what;
  }
}

TEST(PaperCodec, RefusesWhatIsNoPaperAtAll) {
  const std::string whole = FixtureText("decline");
  EXPECT_EQ(Decode("").error().message, "the paper is no JSON");
  EXPECT_EQ(Decode(whole.substr(0, whole.size() / 2)).error().message, "the paper is no JSON");
  EXPECT_EQ(Decode(whole + "x").error().message, "the paper is no JSON");
  EXPECT_EQ(Decode("\"\xFF\"").error().message, "the paper is no JSON");
  EXPECT_EQ(Decode("[]").error().message, "the paper is no JSON object");
  EXPECT_EQ(Decode("{}").error().message, "the paper has no version");
  EXPECT_EQ(Decode(R"({"version":1,"version":1})").error().message, "the paper has a name twice");
  EXPECT_EQ(Decode(std::string(100, '[') + std::string(100, ']')).error().message, "the paper is nested too deeply");
  EXPECT_EQ(Decode(std::string(kMostPaperBytes + 1, ' ')).error().message, "the paper is longer than 1 MiB");
  const base::Result<Paper> later = Decode(R"({"version":2,"sheet":"x"})");
  EXPECT_EQ(later.error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(later.error().message, "the paper is of version 2; version 1 is understood");
}

TEST(PaperCodec, WritesNoPaperThatCannotBePrinted) {
  Paper paper = Fixture("correction");
  std::get<CorrectionNotice>(paper.body).missing.clear();
  EXPECT_EQ(Encode(paper).error().context, "body.missing");
  paper = Fixture("decline");
  paper.applicant = "\xC0\x80";  // not UTF-8
  EXPECT_EQ(Encode(paper).error().message, "is not UTF-8");
  paper.applicant = "\xED\xA0\x80";  // half a surrogate pair
  EXPECT_EQ(Encode(paper).error().message, "is not UTF-8");
  paper.applicant = "䶮";
  paper.date = {};
  EXPECT_EQ(Encode(paper).error().context, "date");
}

TEST(PaperCodec, CheckTextIsTheDigestThatSha256sumGives) {
  const test::TempFolder folder;
  for (const char* kind : kKindNames) {
    const Paper paper = Fixture(kind);
    const std::string file = (folder.path() / kind).string();
    std::ofstream(file) << *Encode(paper);
    int status = 0;
    std::string hex = test::RunToEnd("sha256sum " + file, status).substr(0, 16);
    std::transform(hex.begin(), hex.end(), hex.begin(), [](unsigned char c) { return std::toupper(c); });
    EXPECT_EQ(*CheckText(paper), "YB1 JY03-1-2026-000418 " + std::string(kind) + " " + hex);
  }
}

TEST(PaperCodec, FieldsThatCameLaterLeaveOlderPapersAsTheyWere) {
  json text = json::parse(FixtureText("correction"));
  ASSERT_FALSE(text["body"].contains("department"));
  text["body"]["department"] = "市住房和城乡建设局";
  text["body"]["accepted"] = "2026-02-24";
  const base::Result<Paper> paper = Decode(text.dump());
  ASSERT_TRUE(paper) << paper.error().Describe();
  const auto& notice = std::get<CorrectionNotice>(paper->body);
  EXPECT_EQ(notice.department, "市住房和城乡建设局");
  EXPECT_EQ(notice.accepted, Day("2026-02-24"));
  EXPECT_EQ(json::parse(*Encode(*paper)), text);
  EXPECT_NE(*CheckText(*paper), *CheckText(Fixture("correction")));
  text["body"]["department"] = 7;
  EXPECT_EQ(Decode(text.dump()).error().context, "body.department");
  text["body"]["department"] = std::string(61, 'x');
  EXPECT_EQ(Decode(text.dump()).error().message, "has 61 characters; 60 are the most");
}

TEST(PaperCodec, AnyOtherFieldIsAnotherCheckText) {
  const Paper paper = Fixture("acceptance");
  Paper other = paper;
  std::get<AcceptanceNotice>(other.body).promised.date += std::chrono::days(1);
  EXPECT_NE(*CheckText(paper), *CheckText(other));
}

TEST(PaperWords, GroupTheNumberAndNameTheWeekday) {
  EXPECT_EQ(GroupedNumber("11150200011644057X2000116103000202602130418"),
            "11150200011644057X2000116103000 20260213 0418");
  EXPECT_EQ(GroupedNumber("short"), "short");
  EXPECT_EQ(DayInWords(Day("2026-03-02")), "2026年3月2日（星期一）");
  EXPECT_EQ(DayInWords(Day("2026-03-01")), "2026年3月1日（星期日）");
  EXPECT_EQ(DateInWords(Day("2025-12-31")), "2025年12月31日");
}

// The example of the guide to the screens: accepted on 2026-02-13, five days, two of them taken by experts.
TEST(PaperWords, SayWhyADateIsTheDate) {
  cases::CaseState state;
  state.received = state.accepted = Day("2026-02-13");
  state.terms.promised_days = 5;
  state.pauses = {{cases::PauseGround::kExpertReview, "", Day("2026-02-25"), Day("2026-02-26")}};
  const calendar::WorkingCalendar calendar(calendar::PublishedNotices());
  const auto clocks = cases::ReadClocks(state, calendar, Day("2026-02-27"));
  ASSERT_TRUE(clocks);
  EXPECT_EQ(WhyInWords(clocks->promised), std::get<AcceptanceNotice>(Fixture("acceptance").body).why);
}

TEST(PaperWords, SayThatADateMovesWhileAPauseGoesOn) {
  cases::CaseState state;
  state.received = state.accepted = Day("2026-03-02");
  state.terms.promised_days = 2;
  state.pauses = {{cases::PauseGround::kCorrection, "", Day("2026-03-03"), std::nullopt}};
  const calendar::WorkingCalendar calendar(calendar::PublishedNotices());
  const std::vector<std::string> expected = {
      "2026年3月2日（星期一）受理，自下一个工作日起算", "3月3日至3月4日补正材料，所需时间不计",
      "至2026年3月4日（星期三）尚未恢复，已停2个工作日，期限随之顺延；如当日恢复，自下一个工作日接续计算",
      "3月5日至3月6日为第1至第2个工作日", "2026年3月6日（星期五）到期，当日仍在期限之内"};
  EXPECT_EQ(WhyInWords(cases::ReadClocks(state, calendar, Day("2026-03-04"))->promised), expected);
}

TEST(PaperWords, NameTheYearWhereItChanges) {
  cases::ClockReading clock;
  const auto none = cases::PauseGround::kApplicant;
  using What = cases::ClockLine::What;
  clock.why = {{What::kAccepted, Day("2025-12-29"), Day("2025-12-29"), 0, 0, none},
               {What::kCounted, Day("2025-12-30"), Day("2025-12-31"), 1, 2, none},
               {What::kHoliday, Day("2026-01-01"), Day("2026-01-03"), 0, 0, none},
               {What::kCounted, Day("2026-01-08"), Day("2026-01-12"), 4, 6, none},
               {What::kPaused, Day("2026-01-13"), Day("2026-01-13"), 0, 0, none}};
  const std::vector<std::string> expected = {"2025年12月29日（星期一）受理，自下一个工作日起算",
                                             "12月30日至12月31日为第1至第2个工作日", "2026年1月1日至1月3日放假，不计",
                                             "2026年1月8日至1月12日为第4至第6个工作日，其间周末不计",
                                             "2026年1月13日因申请人原因暂停，不计"};
  EXPECT_EQ(WhyInWords(clock), expected);
}

}  // namespace
}  // namespace yb::papers
