// A case from the window to its delivery, through the routes of a box and of central, with the way between them cut and
// mended. Days are counted by hand: 2026-03-02 is a Monday, and March has no holiday.
#include "tests/support/folder_bytes.hpp"
#include "tests/unit/casework/case_city.hpp"

namespace yb::test {
namespace {

using nlohmann::json;

TEST_F(CaseCity, TakesACaseFromAnOfflineWindowThroughBothDepartmentsToDelivery) {
  Cut(true);
  const std::string id = Accepted();
  const Said here = box_.Get(kClerk, PathOf(id));
  const json& accepted = here.body["case"];
  EXPECT_TRUE(accepted["receipt_no"].get<std::string>().starts_with("JY03-")) << accepted["receipt_no"];
  EXPECT_EQ(accepted["phase"], "accepted");
  EXPECT_EQ(accepted["clocks"]["promised"]["deadline"], "2026-03-09") << "5 working days: 3, 4, 5, 6, 9 March";
  EXPECT_EQ(accepted["clocks"]["statutory"]["deadline"], "2026-03-30") << "20 working days: four weeks from the 2nd";
  EXPECT_EQ(accepted["history"][0]["other_knows"], false);
  EXPECT_EQ(accepted["steps"][2]["step"], "review");
  EXPECT_EQ(accepted["steps"][2]["state"], "skipped") << "the park may decide it itself";
  ASSERT_EQ(Act(box_, kClerk, id, {{"act", "hand_over"}}).status, 200);
  EXPECT_EQ(central_.Get(kPlanner, PathOf(id)).status, 404) << "nothing has come yet";

  Cut(false);
  ASSERT_TRUE(Reaches(central_, kPlanner, id, "in_review"));
  ASSERT_TRUE(WaitUntil([&] {
    const json seen = central_.Get(kPlanner, PathOf(id)).body["case"];
    return seen["person_state"] == "here" && seen["files_here"] == 5;
  })) << central_.Get(kPlanner, PathOf(id)).text;
  const json at_central = central_.Get(kPlanner, PathOf(id)).body["case"];
  EXPECT_EQ(at_central["applicant"], "王**");
  const std::string file = at_central["materials"][0]["file"]["file"];
  EXPECT_EQ(central_.Get(kPlanner, PathOf(id) + "/files/" + file).text, Pdf("1"));

  EXPECT_EQ(Act(central_, kWater, id, {{"act", "sign"}, {"agrees", true}}).status, 403) << "has no part in it";
  ASSERT_EQ(Act(central_, kHousing, id, {{"act", "sign"}, {"agrees", true}, {"text", "同意"}}).status, 200);
  EXPECT_EQ(Act(central_, kPlanner, id, {{"act", "decide"}, {"granted", true}}).status, 409) << "not signed yet";
  ASSERT_EQ(Act(central_, kPlanner, id, {{"act", "sign"}, {"agrees", true}}).status, 200);
  EXPECT_EQ(Act(central_, kPlanner, id, {{"act", "return"}}).status, 400) << "a step back needs one";
  ASSERT_EQ(Act(central_, kPlanner, id, {{"act", "decide"}, {"granted", true}, {"text", "准予"}}).status, 200);
  ASSERT_EQ(Act(central_, kPlanner, id, {{"act", "return"}}).status, 200) << "the next step needs no reason";

  ASSERT_TRUE(Reaches(box_, kClerk, id, "preparing"));
  const std::string certificate = box_.Upload(kClerk, "证.pdf", Pdf("certificate"));
  ASSERT_EQ(
      Act(box_, kClerk, id, {{"act", "certify"}, {"number", "建字第150207202600001号"}, {"file", certificate}}).status,
      200);
  ASSERT_EQ(Act(box_, kClerk, id,
                {{"act", "correct_certificate"}, {"number", "建字第150207202600002号"}, {"text", "录入笔误"}})
                .status,
            200);
  ASSERT_EQ(Act(box_, kClerk, id, {{"act", "dispatch"}, {"courier", "EMS"}, {"waybill", "1234567890"}}).status, 200);
  const std::string receipt = box_.Upload(kClerk, "回证.pdf", Pdf("signed receipt"));
  const auto deliver = [&](const char* day) {
    return Act(
        box_, kClerk, id,
        {{"act", "deliver"}, {"receiver", "李四甲乙"}, {"relation", "代收"}, {"signed_on", day}, {"file", receipt}});
  };
  EXPECT_EQ(deliver("2026-03-03").status, 409) << "tomorrow";
  EXPECT_EQ(deliver("2026-03-01").status, 409) << "before the decision";
  ASSERT_EQ(deliver("2026-03-02").status, 200);
  ASSERT_TRUE(Reaches(central_, kPlanner, id, "delivered"));
  const json over = central_.Get(kPlanner, PathOf(id)).body["case"];
  EXPECT_EQ(over["decision"]["certificate_no"], "建字第150207202600002号");
  ASSERT_EQ(over["scans"].size(), 2);
  EXPECT_EQ(over["scans"][0]["paper"], "certificate");
  EXPECT_EQ(over["scans"][0]["file"], certificate) << "the scan stays with another number";
  EXPECT_EQ(over["scans"][1]["paper"], "delivery");
  EXPECT_EQ(over["scans"][1]["file"], receipt);
  EXPECT_EQ(over["steps"].back()["state"], "done");
  const auto arrived = [&] { return central_.Get(kPlanner, PathOf(id)).body["case"]["scans"]; };
  ASSERT_TRUE(WaitUntil([&] { return arrived()[0]["bytes"].is_number() && arrived()[1]["bytes"].is_number(); }));
  EXPECT_EQ(arrived()[1]["bytes"], Pdf("signed receipt").size());
  EXPECT_EQ(central_.Get(kPlanner, PathOf(id) + "/files/" + receipt).status, 200);
  EXPECT_EQ(central_.Get(kPlanner, PathOf(id) + "/files/" + certificate).status, 200);
  EXPECT_EQ(over["received_by"], "张窗口");
  EXPECT_EQ(over["finished"], nullptr);
  ASSERT_EQ(Act(box_, kClerk, id, {{"act", "close"}}).status, 200);
  EXPECT_EQ(box_.Get(kClerk, "/api/v1/cases?tab=done").body["rows"][0]["finished"], "2026-03-02");
  EXPECT_EQ(over["decision"]["receiver"], "李***") << "who signed for it is personal";
  EXPECT_EQ(over["decision"]["relation"], "代收");
  for (const char* side : {"box", "central"}) {
    const std::string on_disk = BytesUnder(folder_.path() / side);
    EXPECT_EQ(on_disk.find("李四甲乙"), std::string::npos) << side;
    EXPECT_EQ(on_disk.find("design-scheme.pdf"), std::string::npos) << side << ": the name of a file";
    EXPECT_NE(on_disk.find("张窗口"), std::string::npos) << "the same look finds what is in the clear";
  }
  EXPECT_EQ(over["history"].size(), 16U) << "receive, 5 materials, accept, hand over, 2 signatures, decide, return, "
                                            "certify, correct, dispatch, deliver";
  EXPECT_EQ(over["materials"][2]["file"]["name"], "design-scheme.pdf");
  EXPECT_EQ(over["history"][2]["name"], "更正证件");
  EXPECT_EQ(over["history"][2]["details"], "建字第150207202600002号 · 录入笔误");
  EXPECT_EQ(over["history"][4]["name"], "转园区制证") << "not 退回: it was decided";
  EXPECT_EQ(over["form"], json::parse(R"([
    {"key": "project_name", "name": "建设项目名称", "text": "年产5万吨铝合金圆铸锭项目一期厂房"},
    {"key": "building_site", "name": "建设位置", "text": "九原工业园区创业路8号，经三路以西"}])"));
}

TEST_F(CaseCity, KeepsARequestOpenUntilTheHolderAnswers) {
  const std::string id = Accepted();
  ASSERT_EQ(Act(box_, kClerk, id, {{"act", "hand_over"}}).status, 200);
  EXPECT_EQ(Act(box_, kClerk, id, {{"act", "withdraw"}, {"text", "不办了"}}).status, 409) << "the departments hold it";
  const Said asked = Act(box_, kClerk, id, {{"act", "request"}, {"kind", "withdrawal"}, {"text", "申请人撤回"}});
  ASSERT_EQ(asked.status, 200) << asked.text;
  EXPECT_EQ(asked.body["case"]["open_requests"][0]["mine"], true);
  ASSERT_TRUE(WaitUntil([&] {
    const Said seen = central_.Get(kPlanner, PathOf(id));
    return seen.status == 200 && seen.body["case"]["open_requests"].size() == 1;
  }));
  const json request = central_.Get(kPlanner, PathOf(id)).body["case"]["open_requests"][0];
  EXPECT_EQ(request["mine"], false);
  EXPECT_EQ(request["by"], "张窗口");
  for (const Person& who : {kPlanner, kHousing}) {
    EXPECT_EQ(central_.Get(who, "/api/v1/cases?tab=todo").body["rows"].size(), 1U) << who.department;
  }
  ASSERT_EQ(Act(central_, kPlanner, id,
                {{"act", "answer"}, {"event", request["event"]}, {"confirmed", false}, {"text", "已会签"}})
                .status,
            200);
  const Said too_late = Act(central_, kHousing, id,
                            {{"act", "answer"}, {"event", request["event"]}, {"confirmed", true}, {"text", "同意"}});
  EXPECT_EQ(too_late.status, 409);
  EXPECT_EQ(too_late.body["error"]["code"], "conflict");
  EXPECT_EQ(too_late.body["error"]["before"]["act"], "答复申请");
  EXPECT_EQ(too_late.body["error"]["before"]["who"], "李审批");
  EXPECT_EQ(too_late.body["error"]["before"]["department"], "市自然资源局");
  EXPECT_EQ(too_late.body["error"]["before"]["time_us"],
            central_.Get(kHousing, PathOf(id)).body["case"]["history"][0]["time_us"]);
  const Said never = Act(central_, kPlanner, id, {{"act", "decide"}, {"granted", true}, {"text", "准予"}});
  EXPECT_EQ(never.status, 409) << "not signed yet";
  EXPECT_FALSE(never.body["error"].contains("before")) << "nobody came before";
  ASSERT_TRUE(WaitUntil([&] { return box_.Get(kClerk, PathOf(id)).body["case"]["open_requests"].empty(); }));
  EXPECT_EQ(box_.Get(kClerk, PathOf(id)).body["case"]["phase"], "in_review");
}

TEST_F(CaseCity, SaysThatTheApplicantIsAwaitedAndByWhomAndUntilWhen) {
  const std::string id = Accepted();
  ASSERT_EQ(Act(box_, kClerk, id, {{"act", "hand_over"}}).status, 200);
  ASSERT_TRUE(Reaches(central_, kHousing, id, "in_review"));
  json notice = {{"act", "correction_notice"}, {"materials", {"survey"}}, {"text", "缺少坐标系说明"}};
  const Said without = Act(central_, kHousing, id, notice);
  EXPECT_EQ(without.status, 400) << "the applicant has to know by when";
  EXPECT_NE(without.text.find("\"until\""), std::string::npos) << without.text;
  notice["until"] = "2026-03-13";
  const Said told = Act(central_, kHousing, id, notice);
  ASSERT_EQ(told.status, 200) << told.text;
  const json expected = {{"department", "市住房和城乡建设局"},
                         {"told", "2026-03-02"},
                         {"until", "2026-03-13"},
                         {"text", "缺少坐标系说明"},
                         {"hand_out", true}};
  EXPECT_EQ(told.body["case"]["correction"], expected);
  ASSERT_TRUE(WaitUntil([&] { return box_.Get(kClerk, PathOf(id)).body["case"]["correction"] == expected; }));
  EXPECT_EQ(box_.Get(kClerk, "/api/v1/cases?tab=suspended").body["rows"][0]["correction"], expected);
  const auto todo = [&] { return box_.Get(kClerk, "/api/v1/cases?tab=todo").body["rows"].size(); };
  EXPECT_EQ(todo(), 1U) << "the notice has to reach the applicant";
  ASSERT_TRUE(
      box_.store->Act(kSite, id, {"1", "张窗口", ""}, cases::Print{std::string(cases::kCorrectionPaper), false}));
  EXPECT_EQ(box_.Get(kClerk, PathOf(id)).body["case"]["correction"]["hand_out"], false);
  EXPECT_EQ(todo(), 0U);
  const json supplement = {{"act", "request"}, {"kind", "supplement"}, {"text", "已补交"}};
  const Said early = Act(box_, kClerk, id, supplement);
  EXPECT_EQ(early.status, 409);
  EXPECT_EQ(early.body["error"]["message"], "要求补正的材料还没有收到：现状地形图");
  EXPECT_FALSE(early.body["error"].contains("before"));
  const auto after = [](const Said& said) {
    std::set<std::string> keys;
    for (const json& material : said.body["case"]["materials"]) {
      if (material["file"].is_object() && material["file"]["after_correction"].get<bool>())
        keys.insert(material["key"]);
    }
    return keys;
  };
  EXPECT_EQ(after(box_.Get(kClerk, PathOf(id))), std::set<std::string>());
  const std::string file = box_.Upload(kClerk, "survey-2.pdf", Pdf("with coordinates"));
  const Said put = Act(box_, kClerk, id,
                       {{"act", "put_material"}, {"material", "survey"}, {"file", file}, {"name", "survey-2.pdf"}});
  EXPECT_EQ(after(put), std::set<std::string>{"survey"}) << put.text;
  ASSERT_TRUE(WaitUntil([&] { return after(central_.Get(kHousing, PathOf(id))) == std::set<std::string>{"survey"}; }));
  ASSERT_EQ(Act(box_, kClerk, id, supplement).status, 200);
  EXPECT_EQ(box_.Get(kClerk, PathOf(id)).body["case"]["correction"], nullptr) << "now the department has to look";
}

TEST_F(CaseCity, ErasesAPersonOnBothSidesWithWhatLeadsToThem) {
  const std::string id = Accepted();
  ASSERT_EQ(Act(box_, kClerk, id, {{"act", "decide"}, {"granted", false}, {"ground", "§40"}, {"text", "不符"}}).status,
            200);
  const std::string receipt = box_.Upload(kClerk, "回证.pdf", Pdf("signed by 李四甲乙"));
  ASSERT_EQ(Act(box_, kClerk, id, {{"act", "deliver"}, {"receiver", "李四甲乙"}, {"file", receipt}}).status, 200);
  EXPECT_EQ(box_.Get(kClerk, PathOf(id) + "/files/" + receipt).status, 200);
  EXPECT_EQ(box_.Get(kClerk, PathOf(id)).body["case"]["decision"]["receiver"], "李***");
  const std::string number = box_.Get(kClerk, PathOf(id)).body["case"]["receipt_no"];
  const std::string file = box_.Get(kClerk, PathOf(id)).body["case"]["materials"][0]["file"]["file"];
  const auto found = [&](CaseHalf& half, const Person& who, const std::string& text) {
    return half.Post(who, "/api/v1/cases/search", {{"text", text}}).body["rows"].size();
  };
  ASSERT_TRUE(WaitUntil([&] {
    return found(central_, kPlanner, "8000") == 1 &&
           central_.Get(kPlanner, PathOf(id) + "/files/" + file).status == 200;
  }));
  EXPECT_EQ(found(box_, kClerk, "150203189001010011"), 1U);
  EXPECT_EQ(found(box_, kClerk, "王小䶮"), 1U);
  EXPECT_EQ(found(box_, kClerk, number), 1U);
  EXPECT_EQ(found(box_, kClerk, "8001"), 0U);

  EXPECT_EQ(box_.Post(kClerk, PathOf(id) + "/erase", {{"reason", "申请"}}).status, 403);
  EXPECT_EQ(box_.Post(kSecurity, PathOf(id) + "/erase", json::object()).status, 400) << "why?";
  const Said erased = box_.Post(kSecurity, PathOf(id) + "/erase", {{"reason", "当事人申请删除"}});
  ASSERT_EQ(erased.status, 200) << erased.text;
  EXPECT_EQ(erased.body["case"]["person_state"], "erased");
  EXPECT_EQ(erased.body["case"]["applicant"], "");
  EXPECT_EQ(erased.body["case"]["decision"]["receiver"], "") << "and who signed";
  EXPECT_EQ(erased.body["case"]["form"], json::array()) << "what the applicant stated went with the key";
  EXPECT_EQ(found(box_, kClerk, "8000"), 0U);
  EXPECT_EQ(found(box_, kClerk, number), 1U) << "the case itself stays";
  const Said destroyed = box_.Get(kClerk, PathOf(id) + "/files/" + file);
  EXPECT_EQ(destroyed.status, 409);
  EXPECT_NE(destroyed.text.find("个人信息销毁"), std::string::npos) << destroyed.text;
  EXPECT_EQ(erased.body["case"]["files_all"], 0) << "none of them is awaited";
  EXPECT_EQ(box_.Get(kClerk, PathOf(id) + "/files/" + receipt).status, 409) << "the signed receipt";
  EXPECT_EQ(box_.Post(kClerk, PathOf(id) + "/unmask", {{"reason", "核对"}}).status, 409);
  ASSERT_TRUE(WaitUntil([&] {
    const json seen = central_.Get(kPlanner, PathOf(id)).body["case"];
    return seen["person_state"] == "erased" && seen["files_here"] == 0 && found(central_, kPlanner, "8000") == 0;
  }));
}

TEST_F(CaseCity, TakesAFileWithoutItsNameWhereThePersonsKeyIsGone) {
  const std::string id = Receive().body["case"]["case"];
  ASSERT_EQ(box_.Post(kSecurity, PathOf(id) + "/erase", {{"reason", "当事人申请删除"}}).status, 200);
  const std::string file = box_.Upload(kClerk, "王小䶮的申请表.pdf", Pdf("1"));
  const Said put =
      Act(box_, kClerk, id,
          {{"act", "put_material"}, {"material", "application"}, {"file", file}, {"name", "王小䶮的申请表.pdf"}});
  ASSERT_EQ(put.status, 200) << put.text;
  EXPECT_EQ(put.body["case"]["materials"][0]["file"]["file"], file);
  EXPECT_EQ(put.body["case"]["materials"][0]["file"]["name"], "");
}

TEST_F(CaseCity, EndsTheCaseOfAnErasedPerson) {
  const std::string id = Accepted();
  ASSERT_EQ(Act(box_, kClerk, id, {{"act", "decide"}, {"granted", false}, {"ground", "§40"}, {"text", "不符"}}).status,
            200);
  ASSERT_EQ(box_.Post(kSecurity, PathOf(id) + "/erase", {{"reason", "当事人申请删除"}}).status, 200);
  const Said delivered = Act(box_, kClerk, id, {{"act", "deliver"}, {"receiver", "李四甲乙"}});
  ASSERT_EQ(delivered.status, 200) << delivered.text;
  EXPECT_EQ(delivered.body["case"]["decision"]["receiver"], "");
  EXPECT_EQ(Act(box_, kClerk, id, {{"act", "close"}}).status, 200);
}

TEST_F(CaseCity, ShowsACaseToAnApproverOfItsSitesOnly) {
  const std::string id = Accepted();
  ASSERT_TRUE(Reaches(central_, kPlanner, id, "accepted"));
  Person elsewhere = kPlanner;
  elsewhere.sites = {*base::SiteId::Parse("lvye-01")};
  EXPECT_EQ(central_.Get(elsewhere, PathOf(id)).status, 404);
  EXPECT_EQ(central_.Get(elsewhere, "/api/v1/cases?tab=doing").body["rows"].size(), 0U);
  EXPECT_EQ(central_.Get(elsewhere, "/api/v1/cases?tab=doing").body["total"], 0);
  const std::string number = box_.Get(kClerk, PathOf(id)).body["case"]["receipt_no"];
  EXPECT_EQ(central_.Post(elsewhere, "/api/v1/cases/search", {{"text", number}}).body["rows"].size(), 0U);
  EXPECT_EQ(central_.Get(elsewhere, "/api/v1/ledger").body["streams"].size(), 0U);
  EXPECT_EQ(central_.Get(kPlanner, "/api/v1/cases?tab=doing").body["rows"].size(), 1U);
  EXPECT_EQ(central_.Get(kPlanner, "/api/v1/ledger").body["streams"].size(), 2U);
}

TEST_F(CaseCity, CallsTheDepartmentWhoseTurnItIs) {
  const std::string id = Accepted();
  const auto todo = [&](const Person& who) { return central_.Get(who, "/api/v1/cases?tab=todo").body["rows"].size(); };
  EXPECT_EQ(box_.Get(kClerk, "/api/v1/cases?tab=todo").body["rows"].size(), 1U);
  ASSERT_EQ(Act(box_, kClerk, id, {{"act", "hand_over"}}).status, 200);
  EXPECT_EQ(box_.Get(kClerk, "/api/v1/cases?tab=todo").body["rows"].size(), 0U);
  ASSERT_TRUE(WaitUntil([&] { return todo(kHousing) == 1 && todo(kPlanner) == 1; }));
  EXPECT_EQ(todo(kSupervisor), 1U) << "supervisors see all";
  ASSERT_EQ(Act(central_, kHousing, id, {{"act", "sign"}, {"agrees", true}}).status, 200);
  EXPECT_EQ(todo(kHousing), 0U);
  EXPECT_EQ(todo(kPlanner), 1U);
  EXPECT_EQ(Act(central_, kSupervisor, id, {{"act", "sign"}, {"agrees", true}}).status, 403);
  ASSERT_EQ(Act(central_, kSupervisor, id, {{"act", "supervise"}, {"text", "请尽快"}}).status, 200);
  EXPECT_EQ(central_.Get(kSupervisor, "/api/v1/cases?tab=supervised").body["rows"].size(), 1U);
}

TEST_F(CaseCity, BringsADepartmentsDocumentToTheParkThatMayHaveIt) {
  const std::string id = Accepted();
  ASSERT_EQ(Act(box_, kClerk, id, {{"act", "hand_over"}}).status, 200);
  ASSERT_TRUE(Reaches(central_, kPlanner, id, "in_review"));
  const std::string file = central_.Upload(kPlanner, "专家意见.pdf", Pdf("opinion"));
  ASSERT_EQ(Act(central_, kPlanner, id,
                {{"act", "put_material"}, {"material", "expert"}, {"file", file}, {"name", "专家意见.pdf"}})
                .status,
            200);
  ASSERT_TRUE(WaitUntil([&] { return box_.Get(kClerk, PathOf(id) + "/files/" + file).text == Pdf("opinion"); }));
}

TEST_F(CaseCity, BringsFilesAgainToABoxThatLostThemFromACentralThatForgotWhoMayHaveThem) {
  const std::string id = Accepted();
  ASSERT_EQ(Act(box_, kClerk, id, {{"act", "hand_over"}}).status, 200);
  ASSERT_TRUE(Reaches(central_, kPlanner, id, "in_review"));
  const std::string file = central_.Upload(kPlanner, "专家意见.pdf", Pdf("opinion"));
  ASSERT_EQ(Act(central_, kPlanner, id,
                {{"act", "put_material"}, {"material", "expert"}, {"file", file}, {"name", "专家意见.pdf"}})
                .status,
            200);
  const auto at_box = [&] { return box_.Get(kClerk, PathOf(id) + "/files/" + file).text; };
  ASSERT_TRUE(WaitUntil([&] { return at_box() == Pdf("opinion"); }));

  Stop(box_);
  Stop(central_);
  for (const char* name : {"box/files", "box/files.db", "box/files.db-wal", "box/files.db-shm", "central/files.db",
                           "central/files.db-wal", "central/files.db-shm"}) {
    std::filesystem::remove_all(folder_.path() / name);
  }
  Restart(central_);
  Restart(box_);
  EXPECT_TRUE(WaitUntil([&] { return at_box() == Pdf("opinion"); }));
}

}  // namespace
}  // namespace yb::test
