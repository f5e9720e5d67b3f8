// What stands on papers of cases, those included that were received before the form asked for project and place.
#include "core/casework/paper_of_case.hpp"

#include <gtest/gtest.h>

#include "core/domain/cases/case_fold.hpp"
#include "tests/support/case_acts.hpp"

namespace yb::casework {
namespace {

using namespace cases;

const calendar::CivilDate kDay = *calendar::ParseDate("2026-03-02");

class PaperOfCase : public testing::Test {
 protected:
  void Write(Side writer, Act act, const std::string& department = {}, int day = 0) {
    CaseEvent event;
    event.id = {writer, {1, ++last_}};
    event.case_id = "0198-case";
    event.lamport = last_;
    event.day = kDay + std::chrono::days(day);
    event.actor.department = department;
    event.act = std::move(act);
    file_.events.push_back(std::move(event));
    file_.state = Fold(file_.events);
  }
  void HandOverToCity() {
    Write(Side::kPark, Receive{"JY03-1-2026-000418", test::PlanningTerms(), "p", {}, {}, false});
    Write(Side::kPark, Accept{{"application", "site-plan"}, kDay + std::chrono::days(7)}, {}, 1);
    Write(Side::kPark, HandOver{}, {}, 1);
  }
  void Certified() {
    HandOverToCity();
    Write(Side::kCity, Sign{true, ""}, test::kPlanning, 2);
    Write(Side::kCity, Sign{true, ""}, test::kHousing, 2);
    Write(Side::kCity, Decide{true, "", "准予", {}}, test::kPlanning, 2);
    Write(Side::kCity, Return{"制证"}, test::kPlanning, 2);
    Write(Side::kPark, Certify{"150207202600012", ""}, {}, 3);
  }
  papers::Paper Paper(papers::PaperKind kind) {
    const calendar::WorkingCalendar calendar(calendar::PublishedNotices());
    auto paper = PaperOf({kind, file_, applicant_, receiver_, letterhead_, catalogue_, calendar, "张窗口", kDay});
    EXPECT_TRUE(paper) << paper.error().Describe();
    return paper.value_or(papers::Paper{});
  }
  papers::PlanningPermit Permit() {
    return std::get<papers::PlanningPermit>(Paper(papers::PaperKind::kPlanningPermit).body);
  }
  papers::CorrectionNotice Notice() {
    return std::get<papers::CorrectionNotice>(Paper(papers::PaperKind::kCorrection).body);
  }

  std::uint64_t last_ = 0;
  ledger::CaseFile file_;
  ledger::Applicant applicant_{
      ledger::Applicant::Kind::kCompany, "某某新材料", "91150207MA0N00024Q", "", "", "昆区邮局转", {}};
  std::optional<ledger::Receiver> receiver_;
  Letterhead letterhead_{"铝业园区政务服务工作站", "", "包头市人民政府", "人民法院"};
  Catalogue catalogue_;
};

TEST_F(PaperOfCase, TheReceiptNamesWhoSignedAndOnWhichDay) {
  Certified();
  auto receipt = [&] { return std::get<papers::DeliveryReceipt>(Paper(papers::PaperKind::kDelivery).body); };
  EXPECT_EQ(receipt().receiver, "") << "to be signed by hand";
  EXPECT_EQ(receipt().delivered, std::nullopt);
  Write(Side::kPark, Deliver{{}, "", kDay + std::chrono::days(4)}, {}, 7);
  receiver_ = {"李四", "代收"};
  EXPECT_EQ(receipt().receiver, "李四");
  EXPECT_EQ(receipt().relation, "代收");
  EXPECT_EQ(receipt().delivered, kDay + std::chrono::days(4)) << "not the day on which it was noted";
}

TEST_F(PaperOfCase, TheAcceptanceListsMaterialsAsTheWindowDoes) {
  Item item;
  item.key = test::PlanningTerms().item;
  for (const auto& [key, name] : {std::pair{"site-plan", "总平面图"}, {"deed", "土地证"}, {"application", "申请表"}}) {
    MaterialRule rule;
    rule.key = key;
    rule.name = name;
    item.materials.push_back(rule);
  }
  catalogue_.items.push_back(item);
  Write(Side::kPark, Receive{"JY03-1-2026-000418", test::PlanningTerms(), "p", {}, {}, false});
  Write(Side::kPark, PutMaterial{"application", std::string(64, 'a'), test::AsSealed("a.pdf"), 1});
  Write(Side::kPark, Accept{{"site-plan"}, kDay + std::chrono::days(7)}, {}, 1);
  std::vector<std::string> names;
  const auto notice = std::get<papers::AcceptanceNotice>(Paper(papers::PaperKind::kAcceptance).body);
  for (const auto& one : notice.materials) names.push_back(one.name);
  EXPECT_EQ(notice.next_steps, std::vector<std::string>{"请在约定日期前补齐容缺材料。"});
  EXPECT_EQ(names, (std::vector<std::string>{"总平面图", "申请表"})) << "what follows stands in its place";
}

TEST_F(PaperOfCase, ThePermitNamesProjectAndPlaceOfTheForm) {
  Certified();
  applicant_.form = {{"project_name", "一期厂房"}, {"building_site", "创业路8号"}};
  EXPECT_EQ(Permit().project, "一期厂房");
  EXPECT_EQ(Permit().place, "创业路8号");
}

TEST_F(PaperOfCase, ThePermitOfACaseWithoutAFormNamesNoPostalAddress) {
  Certified();
  EXPECT_EQ(Permit().project, "某某新材料建设项目");
  EXPECT_EQ(Permit().place, "详见附图");
}

TEST_F(PaperOfCase, ThePermitBearsTheCorrectedNumber) {
  Certified();
  Write(Side::kPark, CorrectCertificate{"150207202600021", "", "录入笔误"}, {}, 4);
  EXPECT_EQ(Permit().number, "150207202600021");
  EXPECT_EQ(Paper(papers::PaperKind::kPlanningPermit).date, kDay + std::chrono::days(3)) << "issued when it was";
}

TEST_F(PaperOfCase, ANoticeBeforeAcceptanceIsTheWindows) {
  Write(Side::kPark, Receive{"JY03-1-2026-000418", test::PlanningTerms(), "p", {}, {}, false});
  Write(Side::kPark, CorrectionNotice{{"site-plan"}, "补盖章", std::nullopt});
  EXPECT_EQ(Notice().department, "");
  EXPECT_EQ(Notice().clause, papers::kCorrectionClause);
  EXPECT_EQ(Notice().until, std::nullopt);
}

TEST_F(PaperOfCase, ANoticeAfterAcceptanceIsTheDepartmentsThatAsks) {
  HandOverToCity();
  Write(Side::kCity, CorrectionNotice{{"site-plan"}, "补盖章", kDay + std::chrono::days(11)}, test::kHousing, 2);
  const papers::CorrectionNotice notice = Notice();
  EXPECT_EQ(notice.department, test::kHousing);
  EXPECT_EQ(notice.accepted, kDay + std::chrono::days(1));
  EXPECT_EQ(notice.until, kDay + std::chrono::days(11));
  EXPECT_EQ(notice.clause, papers::kReviewClause);
  EXPECT_EQ(Paper(papers::PaperKind::kCorrection).date, kDay + std::chrono::days(2));
}

}  // namespace
}  // namespace yb::casework
