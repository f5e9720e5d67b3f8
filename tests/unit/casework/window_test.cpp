// The window of a box through its routes: what it takes down, what it refuses and says, and what it may decide.
#include <fstream>

#include "tests/unit/casework/case_city.hpp"

namespace yb::test {
namespace {

using nlohmann::json;

std::set<std::string> FieldsOf(const Said& said) {
  std::set<std::string> fields;
  if (!said.body.contains("error")) return fields;
  for (const json& fault : said.body["error"].value("fields", json::array())) fields.insert(fault["field"]);
  return fields;
}

TEST_F(CaseCity, RefusesWhatCannotBeAtTheWindowAndNamesEachField) {
  struct Row {
    const char* what;
    json change;  // of the body
    std::set<std::string> fields;
  };
  const json person = Applicant();
  const auto with = [&](const char* key, const json& value) {
    json applicant = person;
    applicant[key] = value;
    return json{{"applicant", applicant}};
  };
  const Row rows[] = {
      {"a wrong check digit", with("code", "150203189001011011"), {"applicant.code"}},
      {"a code that is none", with("code", "1234"), {"applicant.code"}},
      {"no name", with("name", "  "), {"applicant.name"}},
      {"a name of another kind", with("name", 7), {"applicant.name"}},
      {"a name that turns the text round", with("name", "王\u202E明"), {"applicant.name"}},
      {"a telephone of letters", with("phone", "call me"), {"applicant.phone"}},
      {"a telephone of five digits", with("phone", "12345"), {"applicant.phone"}},
      {"a mobile number with a digit too many", with("phone", "138123480001"), {"applicant.phone"}},
      {"a number without its area code", with("phone", "5123456"), {"applicant.phone"}},
      {"an area code alone", with("phone", "0472-"), {"applicant.phone"}},
      {"a field that nobody knows", with("age", 30), {"applicant.age"}},
      {"a kind that nobody knows", with("kind", "robot"), {"applicant.kind"}},
      {"an item that is not there", {{"item", "moon-permit"}}, {"item"}},
      {"an area that is a number", {{"area_m2", 3200.5}}, {"area_m2"}},
      {"an area of nothing", {{"area_m2", "0"}}, {"area_m2"}},
      {"an area that no park has", {{"area_m2", "10000000000.5"}}, {"area_m2"}},
      {"an area below nothing", {{"area_m2", "-5"}}, {"area_m2"}},
      {"an area left out", {{"area_m2", nullptr}}, {"area_m2"}},
      {"a form left out", {{"form", nullptr}}, {"form.project_name", "form.building_site"}},
      {"half a form", {{"form", {{"project_name", "厂房"}, {"building_site", " "}}}}, {"form.building_site"}},
      {"a form that is none", {{"form", "厂房"}}, {"form"}},
      {"a number in the form", {{"form", {{"project_name", 7}, {"building_site", "路"}}}}, {"form.project_name"}},
      {"a field that the item has not",
       {{"form", {{"project_name", "厂房"}, {"building_site", "路"}, {"colour", "红"}}}},
       {"form.colour"}},
      {"an area among the texts",
       {{"form", {{"project_name", "厂房"}, {"building_site", "路"}, {"area_m2", "5"}}}},
       {"form.area_m2"}},
      {"more than a paper bears",
       {{"form", {{"project_name", std::string(601, 'x')}, {"building_site", "路"}}}},
       {"form.project_name"}},
      {"a flag that is none", {{"urgent", "yes"}}, {"urgent"}},
      {"something else", {{"colour", "red"}}, {"colour"}},
  };
  for (const Row& row : rows) {
    const Said said = Receive(row.change);
    EXPECT_EQ(said.status, 400) << row.what << " " << said.text;
    EXPECT_EQ(FieldsOf(said), row.fields) << row.what << " " << said.text;
  }
  json wordy = person;
  wordy["name"] = std::string(201, 'x');
  EXPECT_NE(Receive({{"applicant", wordy}}).text.find("最多 66 个汉字或 200 个英文字符"), std::string::npos);
  for (const char* body : {"", "[]", "{", "null", "\"text\"", "{\"item\": \"\\ud800\"}"}) {
    EXPECT_EQ(box_.Ask(kClerk, "POST", "/api/v1/cases", body).status, 400) << body;
  }
  EXPECT_EQ(box_.Get(kClerk, "/api/v1/cases?tab=todo").body["total"], 0) << "nothing of it was taken down";
}

TEST_F(CaseCity, TakesTelephonesAsPeopleTypeThemAndKeepsThemInOneForm) {
  const std::pair<const char*, const char*> rows[] = {
      {"１３８１２３４８０００", "13812348000"}, {"138 1234 8000", "13812348000"},
      {"+8613812348000", "13812348000"},         {"138-1234-8000", "138-1234-8000"},
      {"0472-5123456", "0472-5123456"},          {"04725123456", "04725123456"},
      {"010-12345678-801", "010-12345678-801"},  {"０４７２－５１２３４５６", "0472-5123456"},
  };
  for (const auto& [typed, kept] : rows) {
    json person = Applicant();
    person["phone"] = typed;
    const Said said = Receive({{"applicant", person}});
    ASSERT_EQ(said.status, 200) << typed << " " << said.text;
    const std::string id = said.body["case"]["case"];
    const Said shown = box_.Post(kClerk, PathOf(id) + "/unmask", {{"reason", "核对"}});
    EXPECT_EQ(shown.body["applicant"]["phone"], kept) << typed;
  }
}

TEST_F(CaseCity, AsksForTheAuthorityOfAnAgent) {
  json person = Applicant();
  person["agent"] = "李四";
  const auto required = [](const Said& said) {
    for (const json& material : said.body["case"]["materials"]) {
      if (material["key"] == "power-of-attorney") return material["required"].get<bool>();
    }
    return false;
  };
  EXPECT_FALSE(required(Receive()));
  const Said received = Receive({{"applicant", person}});
  EXPECT_TRUE(required(received));
  const std::string id = received.body["case"]["case"];
  for (const char* material : {"application", "land-use", "design-scheme", "approval", "survey"}) {
    const std::string file = box_.Upload(kClerk, std::string(material) + ".pdf", Pdf(material));
    Act(box_, kClerk, id, {{"act", "put_material"}, {"material", material}, {"file", file}, {"name", "a.pdf"}});
  }
  EXPECT_EQ(Act(box_, kClerk, id, {{"act", "accept"}}).status, 409) << "the authority is missing";
  const std::string file = box_.Upload(kClerk, "委托书.pdf", Pdf("authority"));
  Act(box_, kClerk, id,
      {{"act", "put_material"}, {"material", "power-of-attorney"}, {"file", file}, {"name", "委托书.pdf"}});
  EXPECT_EQ(Act(box_, kClerk, id, {{"act", "accept"}}).status, 200);
}

TEST_F(CaseCity, TakesAnOddCreditCodeDownWithAWarning) {
  json company = {{"kind", "company"}, {"name", "包头某公司"}, {"code", "91350100M0001TGQXM"}};
  const Said odd = Receive({{"applicant", company}});
  ASSERT_EQ(odd.status, 200) << odd.text;
  EXPECT_EQ(odd.body["warnings"].size(), 1U) << "in use, and fails its check";
  company["code"] = "91350200776049653A";
  const Said good = Receive({{"applicant", company}});
  ASSERT_EQ(good.status, 200) << good.text;
  EXPECT_TRUE(good.body["warnings"].empty());
  EXPECT_EQ(good.body["case"]["applicant"], "包头某公司") << "an enterprise is no person";
}

TEST_F(CaseCity, ReceivesOnceWhatIsAskedForTwiceAndAfterARestartToo) {
  const Said first = Receive({{"idempotency_key", "k1"}});
  ASSERT_EQ(first.status, 200);
  const std::string id = first.body["case"]["case"];
  EXPECT_EQ(Receive({{"idempotency_key", "k1"}}).body["case"]["case"], id);
  EXPECT_EQ(Receive({{"idempotency_key", "k1"}, {"urgent", true}}).status, 409) << "the key is another wish's";
  Restart(box_);
  EXPECT_EQ(Receive({{"idempotency_key", "k1"}}).body["case"]["case"], id);
  EXPECT_EQ(box_.Get(kClerk, "/api/v1/cases?tab=todo").body["total"], 1);
  const json remind = {{"act", "remind"}, {"text", "请补材料"}, {"idempotency_key", "k2"}};
  EXPECT_EQ(Act(box_, kClerk, id, remind).body["case"]["reminders"], 1);
  EXPECT_EQ(Act(box_, kClerk, id, remind).body["case"]["reminders"], 1);
  Person other = kClerk;
  other.id = 77;
  EXPECT_EQ(Act(box_, other, id, remind).body["case"]["reminders"], 2) << "another user's key is another key";
}

TEST_F(CaseCity, MasksAndWritesDownWhoLookedBehindTheMask) {
  json person = Applicant();
  person["agent"] = "李四";
  const std::string id = Receive({{"applicant", person}}).body["case"]["case"];
  const json masked = box_.Get(kClerk, PathOf(id)).body["case"]["applicant_fields"];
  EXPECT_EQ(masked["name"], "王**");
  EXPECT_EQ(masked["code"], "150***********0011");
  EXPECT_EQ(masked["phone"], "138****8000");
  EXPECT_EQ(masked["agent"], "李*");
  EXPECT_EQ(masked["address"], "包头市****");
  EXPECT_EQ(box_.Post(kClerk, PathOf(id) + "/unmask", {{"reason", " "}}).status, 400);
  EXPECT_EQ(box_.Post(kSupervisor, PathOf(id) + "/unmask", {{"reason", "看看"}}).status, 403);
  const Said shown = box_.Post(kClerk, PathOf(id) + "/unmask", {{"reason", "核对身份证"}});
  ASSERT_EQ(shown.status, 200) << shown.text;
  EXPECT_EQ(shown.body["applicant"], person);
  const json last = box_.Get(kClerk, PathOf(id)).body["case"]["history"][0];
  EXPECT_EQ(last["act"], "unmask");
  EXPECT_EQ(last["details"], "核对身份证");
  EXPECT_EQ(last["actor"]["name"], "张窗口");
}

TEST_F(CaseCity, PointsAtAnotherOpenCaseOfTheSameApplicantAndMergesIt) {
  const std::string first = Receive().body["case"]["case"];
  const Said second = Receive();
  ASSERT_EQ(second.body["case"]["duplicates"].size(), 1U);
  EXPECT_EQ(second.body["case"]["duplicates"][0]["case"], first);
  const std::string id = second.body["case"]["case"];
  EXPECT_EQ(Act(box_, kClerk, id, {{"act", "merge"}, {"into", id}}).status, 409);
  EXPECT_EQ(FieldsOf(Act(box_, kClerk, id, {{"act", "merge"}, {"into", "019ed5c0-0000-7000-8000-000000000000"}})),
            std::set<std::string>{"into"});
  const auto told = [&](const char* item, const std::string& code) {
    return box_.Post(kClerk, "/api/v1/cases/duplicates", {{"item", item}, {"code", code}}).body["rows"].size();
  };
  EXPECT_EQ(told("planning-permit", " 150203 1890 0101 0011"), 2U) << "told before a third one is received";
  EXPECT_EQ(told("planning-permit", "91150207MA0N00024Q"), 0U);
  EXPECT_EQ(told("another-item", "150203189001010011"), 0U);
  EXPECT_EQ(box_.Post(kClerk, "/api/v1/cases/duplicates", {{"item", "planning-permit"}}).status, 400);
  EXPECT_EQ(box_.Post(kSupervisor, "/api/v1/cases/duplicates", {{"item", "a"}, {"code", "b"}}).status, 403);
  ASSERT_EQ(Act(box_, kClerk, id, {{"act", "merge"}, {"into", first}}).status, 200);
  EXPECT_EQ(told("planning-permit", "150203189001010011"), 1U);
  EXPECT_EQ(box_.Get(kClerk, PathOf(id)).body["case"]["merged_into"], first);
  EXPECT_TRUE(box_.Get(kClerk, PathOf(first)).body["case"]["duplicates"].empty());
}

TEST_F(CaseCity, DecidesWithinItsDelegationAndNotBeyond) {
  const std::string id = Accepted();  // 3,200.5 m² of 5,000
  const json before = box_.Get(kClerk, PathOf(id)).body["case"];
  EXPECT_EQ(before["park_decides"], true);
  EXPECT_EQ(before["steps"][2]["state"], "skipped") << "no department reviews it";
  EXPECT_EQ(before["steps"][2]["note"], "");
  EXPECT_EQ(before["steps"][3]["state"], "current");
  const Said decided = Act(box_, kClerk, id, {{"act", "decide"}, {"granted", true}});
  ASSERT_EQ(decided.status, 200) << decided.text;
  EXPECT_EQ(decided.body["case"]["decision"]["side"], "park");
  EXPECT_EQ(decided.body["case"]["park_decides"], true);
  EXPECT_NE(decided.body["case"]["history"][0]["details"].get<std::string>().find("包自然资委〔2025〕第 7 号"),
            std::string::npos);

  const std::string large = Receive({{"area_m2", "5000.1"}}).body["case"]["case"];
  const std::string file = box_.Upload(kClerk, "a.pdf", Pdf("a"));
  for (const char* material : {"application", "land-use", "design-scheme", "approval", "survey"}) {
    (void)Act(box_, kClerk, large,
              {{"act", "put_material"}, {"material", material}, {"file", file}, {"name", "a.pdf"}});
  }
  ASSERT_EQ(Act(box_, kClerk, large, {{"act", "accept"}}).status, 200);
  const Said beyond = Act(box_, kClerk, large, {{"act", "decide"}, {"granted", true}});
  EXPECT_EQ(beyond.status, 409);
  EXPECT_NE(beyond.text.find("此件超出委托范围（限 5000 m² 以下）"), std::string::npos) << beyond.text;
  const json seen = box_.Get(kClerk, PathOf(large)).body["case"];
  EXPECT_EQ(seen["park_decides"], false);
  EXPECT_EQ(seen["steps"][2]["state"], "todo") << "nobody reviews what was not handed over";
  EXPECT_EQ(seen["steps"][2]["note"], "尚未移交");
  for (const json& may : seen["may"]) {
    if (may["act"] == "decide") {
      EXPECT_EQ(may["allowed"], false);
      EXPECT_EQ(may["why_not"], "此件超出委托范围（限 5000 m² 以下）");
    }
    if (may["act"] == "hand_over") {
      EXPECT_EQ(may["allowed"], true);
    }
  }
}

TEST_F(CaseCity, AcceptsWithMaterialsThatMayFollowOnly) {
  const std::string id = Receive().body["case"]["case"];
  const std::string file = box_.Upload(kClerk, "a.pdf", Pdf("a"));
  for (const char* material : {"application", "land-use", "design-scheme"}) {
    ASSERT_EQ(
        Act(box_, kClerk, id, {{"act", "put_material"}, {"material", material}, {"file", file}, {"name", "a.pdf"}})
            .status,
        200);
  }
  EXPECT_EQ(Act(box_, kClerk, id, {{"act", "accept"}}).status, 409) << "two are missing";
  EXPECT_EQ(
      FieldsOf(Act(box_, kClerk, id, {{"act", "accept"}, {"materials", {"application"}}, {"until", "2026-03-06"}})),
      std::set<std::string>{"materials"});
  EXPECT_EQ(FieldsOf(Act(box_, kClerk, id, {{"act", "accept"}, {"materials", {"survey", "approval"}}})),
            std::set<std::string>{"until"});
  const Said accepted =
      Act(box_, kClerk, id, {{"act", "accept"}, {"materials", {"survey", "approval"}}, {"until", "2026-03-06"}});
  ASSERT_EQ(accepted.status, 200) << accepted.text;
  EXPECT_EQ(accepted.body["case"]["following_until"], "2026-03-06");
}

TEST_F(CaseCity, RefusesActsThatAreNotFilledInAsTheyHaveToBe) {
  const std::string id = Receive().body["case"]["case"];
  struct Row {
    json act;
    std::set<std::string> fields;
  };
  const json event = {{"writer", "park"}, {"epoch", 1}, {"seq", 1}};
  const Row rows[] = {
      {json::object(), {"act"}},
      {{{"act", "dance"}}, {"act"}},
      {{{"act", "receive"}}, {"act"}},
      {{{"act", "unmask"}}, {"act"}},
      {{{"act", "put_material"}}, {"material", "file", "name"}},
      {{{"act", "put_material"}, {"material", "m"}, {"name", "n"}, {"file", "xyz"}}, {"file"}},
      {{{"act", "put_material"}, {"material", "m"}, {"name", "n"}, {"file", std::string(64, 'a')}}, {"file"}},
      {{{"act", "decline"}}, {"text"}},
      {{{"act", "correction_notice"}}, {"materials"}},
      {{{"act", "correction_notice"}, {"materials", "all"}}, {"materials"}},
      {{{"act", "correction_notice"}, {"materials", {"survey"}}, {"until", "soon"}}, {"until"}},
      {{{"act", "correction_notice"}, {"materials", {"survey"}}, {"until", "2026-03-02"}}, {"until"}},
      {{{"act", "correct_certificate"}}, {"number", "text"}},
      {{{"act", "correct_certificate"}, {"number", "1"}, {"text", "t"}, {"file", std::string(64, 'a')}}, {"file"}},
      {{{"act", "extend"}, {"days", 0}, {"text", "t"}}, {"days"}},
      {{{"act", "extend"}, {"days", 1.5}, {"text", "t"}}, {"days"}},
      {{{"act", "extend"}, {"days", 18446744073709551615ULL}, {"text", "t"}}, {"days"}},
      {{{"act", "pause"}, {"pause_ground", "lunch"}, {"document", "d"}}, {"pause_ground"}},
      {{{"act", "pause"}, {"pause_ground", "hearing"}}, {"document"}},
      {{{"act", "decide"}}, {"granted"}},
      {{{"act", "decide"}, {"granted", false}}, {"ground"}},
      {{{"act", "rate"}, {"stars", 6}}, {"stars"}},
      {{{"act", "bind_number"}, {"number", std::string(43, '0')}}, {"number"}},
      {{{"act", "merge"}, {"into", "other"}}, {"into"}},
      {{{"act", "answer"}, {"confirmed", true}}, {"event"}},
      {{{"act", "answer"}, {"confirmed", true}, {"event", {{"writer", "moon"}}}},
       {"event.writer", "event.epoch", "event.seq"}},
      {{{"act", "settle"}, {"event", event}}, {"text"}},
      {{{"act", "hand_over"}, {"text", "for nothing"}}, {"text"}},
      {{{"act", "accept"}, {"until", "2026-02-30"}}, {"until"}},
      {{{"act", "remind"}, {"text", std::string(5000, 'x')}}, {"text"}},
  };
  for (const Row& row : rows) {
    const Said said = Act(box_, kClerk, id, row.act);
    EXPECT_EQ(said.status, 400) << row.act << " " << said.text;
    std::set<std::string> fields = FieldsOf(said);
    for (const std::string& field : row.fields) EXPECT_TRUE(fields.contains(field)) << row.act << " " << said.text;
  }
  EXPECT_EQ(box_.Get(kClerk, PathOf(id)).body["case"]["history"].size(), 1U);
}

TEST_F(CaseCity, BindsANumberOf43CharactersAndFindsTheCaseByIt) {
  const std::string id = Receive().body["case"]["case"];
  const std::string number = "11150200MB1234567X4" + std::string(12, '0') + "20260302" + "0001";
  ASSERT_EQ(number.size(), 43U);
  ASSERT_EQ(Act(box_, kClerk, id, {{"act", "bind_number"}, {"number", number}}).status, 200);
  EXPECT_EQ(box_.Post(kClerk, "/api/v1/cases/search", {{"text", number}}).body["rows"][0]["case"], id);
}

TEST_F(CaseCity, TakesAFileUpInPiecesAndGoesOnWhereItBroke) {
  const std::string content = Pdf(std::string(3'000'000, 'q'));
  const Said begun = box_.Post(kClerk, "/api/v1/uploads", {{"name", "大图.pdf"}, {"bytes", content.size()}});
  ASSERT_EQ(begun.status, 200);
  const std::string path = "/api/v1/uploads/" + begun.body["upload"].get<std::string>();
  const std::size_t piece = 1U << 20;
  EXPECT_EQ(box_.Ask(kClerk, "PUT", path + "/0", content.substr(0, piece)).body["received"], piece);
  EXPECT_EQ(box_.Ask(kClerk, "PUT", path + "/0", content.substr(0, piece)).status, 409) << "it is there already";
  EXPECT_EQ(box_.Ask(kClerk, "PUT", path + "/5", content.substr(0, piece)).status, 409);
  EXPECT_EQ(box_.Ask(kClerk, "PUT", path + "/x", content.substr(0, piece)).status, 400);
  EXPECT_EQ(box_.Ask(kClerk, "PUT", path + "/" + std::to_string(piece), "").status, 400);
  Person other = kClerk;
  other.id = 99;
  EXPECT_EQ(box_.Get(other, path).status, 404) << "somebody else's";
  EXPECT_EQ(box_.Get(kClerk, path).body["received"], piece) << "a page that comes back goes on here";
  EXPECT_EQ(box_.Ask(kClerk, "PUT", path + "/" + std::to_string(piece), content.substr(piece, piece)).status, 200);
  EXPECT_EQ(box_.Ask(kClerk, "PUT", path + "/" + std::to_string(2 * piece), content.substr(0, piece)).status, 400)
      << "more than was announced";
  const Said last = box_.Ask(kClerk, "PUT", path + "/" + std::to_string(2 * piece), content.substr(2 * piece));
  ASSERT_EQ(last.status, 200) << last.text;
  const base::Digest digest = base::Sha256(base::AsBytes(content));
  EXPECT_EQ(last.body["file"], files::HexOf(digest));
  for (const json& body : {json{{"name", "x"}, {"bytes", 0}}, json{{"name", "x"}, {"bytes", 209715201}},
                           json{{"name", ""}, {"bytes", 5}}, json{{"bytes", 5}}, json{{"name", "x"}}}) {
    EXPECT_EQ(box_.Post(kClerk, "/api/v1/uploads", body).status, 400) << body;
  }
}

TEST_F(CaseCity, RefusesAProgramOrAWebPageWhateverItIsCalled) {
  for (const std::string& content : {std::string("MZ\x90 a program"), std::string("<html>")}) {
    const Said begun = box_.Post(kClerk, "/api/v1/uploads", {{"name", "申请表.pdf"}, {"bytes", content.size()}});
    const std::string path = "/api/v1/uploads/" + begun.body["upload"].get<std::string>();
    const Said put = box_.Ask(kClerk, "PUT", path + "/0", content);
    EXPECT_EQ(put.status, 400);
    EXPECT_NE(put.text.find("不能作为材料，改扩展名也不行"), std::string::npos) << put.text;
    EXPECT_EQ(box_.Get(kClerk, path).status, 404) << "it is over";
  }
}

TEST_F(CaseCity, WarnsOfOneFileForTwoMaterials) {
  const std::string id = Receive().body["case"]["case"];
  const std::string file = box_.Upload(kClerk, "b.pdf", Pdf("b"));
  for (const char* material : {"application", "land-use"}) {
    (void)Act(box_, kClerk, id, {{"act", "put_material"}, {"material", material}, {"file", file}, {"name", "b.pdf"}});
  }
  const json seen = box_.Get(kClerk, PathOf(id)).body["case"];
  EXPECT_EQ(seen["materials"][0]["same_as"], json{seen["materials"][1]["name"]});
  EXPECT_EQ(seen["materials"][1]["same_as"], json{seen["materials"][0]["name"]});
  EXPECT_EQ(seen["materials"][2]["same_as"], json::array());
  EXPECT_EQ(seen["files_all"], 2) << "two materials are there";
}

TEST_F(CaseCity, FindsACaseByAPartOfItsReceiptNumber) {
  const json received = Receive().body["case"];
  const std::string number = received["receipt_no"];
  const auto found = [&](const std::string& text) {
    const json rows = box_.Post(kClerk, "/api/v1/cases/search", {{"text", text}}).body["rows"];
    return rows.size() == 1 && rows[0]["case"] == received["case"];
  };
  EXPECT_TRUE(found(number.substr(number.size() - 6)));
  EXPECT_TRUE(found("jy03-1-20"));
  EXPECT_FALSE(found("001")) << "three characters are too few";
  EXPECT_FALSE(found("JY03%"));
  EXPECT_FALSE(found("000002"));
}

TEST_F(CaseCity, GivesAFileOfTheCaseOnlyUnderItsCase) {
  const std::string id = Receive().body["case"]["case"];
  const std::string file = box_.Upload(kClerk, "不相干.pdf", Pdf("other"));
  EXPECT_EQ(box_.Get(kClerk, PathOf(id) + "/files/" + file).status, 404) << "no case names it";
  EXPECT_EQ(box_.Get(kClerk, PathOf(id) + "/files/" + std::string(64, 'f')).status, 404);
}

TEST_F(CaseCity, SaysWhatTheCatalogueCodesAndTheCalendarSay) {
  const json catalogue = box_.Get(kClerk, "/api/v1/catalogue").body;
  ASSERT_EQ(catalogue["items"].size(), 1U);
  EXPECT_EQ(catalogue["items"][0]["promised_days"], 5);
  EXPECT_EQ(catalogue["items"][0]["delegation"]["most_area_m2"], "5000");
  EXPECT_EQ(central_.Get(kPlanner, "/api/v1/catalogue").body["items"][0]["delegation"], nullptr);
  const auto verdict = [&](const char* kind, const char* text) {
    return box_.Post(kClerk, "/api/v1/codes/check", {{"kind", kind}, {"text", text}}).body["verdict"];
  };
  EXPECT_EQ(verdict("credit_code", "91440101MA5CJQ4N59"), "good");
  EXPECT_EQ(verdict("credit_code", "91350100M0001TGQXM"), "warning");
  EXPECT_EQ(verdict("identity_number", "340524198001010013"), "wrong");
  http::Request request;
  request.method = "GET";
  request.path = "/api/v1/calendar/deadline";
  request.query = {{"from", "2025-09-26"}, {"working_days", "5"}};
  const json deadline = json::parse(box_.router->Handle(request).body);
  EXPECT_EQ(deadline["deadline"], "2025-10-10") << "National Day, and Sunday the 28th is worked";
  EXPECT_EQ(deadline["provisional"], false);
  bool holiday = false, weekend = false;
  for (const json& line : deadline["why"]) {
    holiday = holiday || line["what"] == "holiday";
    weekend = weekend || line["what"] == "working_weekend";
  }
  EXPECT_TRUE(holiday && weekend) << deadline;
}

TEST_F(CaseCity, ReceivesNothingAtCentral) {
  EXPECT_EQ(central_.Post(kClerk, "/api/v1/cases", {{"item", "planning-permit"}}).status, 403);
}

}  // namespace
}  // namespace yb::test
