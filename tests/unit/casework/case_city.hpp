// A box and central with everything that they have for cases, in this process: ledgers, vaults, files, links and
// routes, and a way between them that can be cut. Everybody is who the request says.
#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/base/write_file.hpp"
#include "core/case_app/case_app.hpp"
#include "core/ledger/ledger_link.hpp"
#include "core/storage/sqlite/sqlite_database.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/wait_until.hpp"

namespace yb::test {

inline const base::CityId kCity = *base::CityId::Parse("150200");
inline const base::SiteId kSite = *base::SiteId::Parse("jiuyuan-01");

/// Monday 2026-03-02, 10:00 in Baotou, going on from there.
class MarchClock final : public base::Clock {
 public:
  [[nodiscard]] base::UtcTime Now() const override {
    return base::UtcTime{1'772'416'800'000'000} + shift_ + (system_.Steady() - begun_);
  }
  [[nodiscard]] base::Monotonic Steady() const override { return system_.Steady(); }
  void Advance(base::Duration by) { shift_ += by; }

 private:
  base::SystemClock system_;
  base::Monotonic begun_ = system_.Steady();
  base::Duration shift_{0};
};

struct Said {
  int status = 0;
  nlohmann::json body;
  std::string text;
};

/// Who asks: a role, and at central a department.
struct Person {
  std::int64_t id = 0;
  std::string name;
  http::RoleSet roles;
  std::string department = {};
  std::vector<base::SiteId> sites = {};
};
inline const Person kClerk{1, "张窗口", {http::Role::kClerk}};
inline const Person kPlanner{2, "李审批", {http::Role::kApprover}, "市自然资源局"};
inline const Person kHousing{3, "王会签", {http::Role::kApprover}, "市住房和城乡建设局"};
inline const Person kSupervisor{4, "赵督办", {http::Role::kSupervisor}};
inline const Person kSecurity{5, "孙安全", {http::Role::kSecurityAdministrator}};
inline const Person kWater{6, "周水务", {http::Role::kApprover}, "市水务局"};

/// A file as it comes from a scanner, with something in it.
inline std::string Pdf(const std::string& text) {
  return "%PDF-1.7\n" + text;
}

/// One program's half.
class CaseHalf {
 public:
  CaseHalf(cases::Side side, std::filesystem::path folder, const base::Clock& clock)
      : side_(side), folder_(std::move(folder)), clock_(clock) {}

  /// `reference`: where catalogue.toml and delegations.toml lie.
  void Start(const std::filesystem::path& reference, std::function<base::Status(sync::Lane, base::ByteView)> publish) {
    ASSERT_TRUE(base::MakeFolder(folder_));
    const auto opener = storage::MakeSqliteOpener({.file = folder_ / "ledger.db"});
    auto opened = ledger::LedgerStore::Open(*opener, {side_}, casework::LoadCalendar({}).value(), clock_);
    ASSERT_TRUE(opened) << opened.error().Describe();
    store = std::move(*opened);
    const auto send = [publish](const base::SiteId&, sync::Lane lane, base::ByteView bytes) {
      return publish(lane, bytes);
    };
    ledger::LedgerLinkOptions options;
    options.city = kCity;
    options.publish = send;
    options.on_changed = [this](const base::SiteId& site, const std::vector<std::string>& case_ids) {
      app->OnCasesChanged(site, case_ids);
    };
    link = std::make_unique<ledger::LedgerLink>(std::move(options), *store, clock_);
    case_app::CaseAppOptions app_options;
    app_options.data_dir = folder_;
    app_options.key_dir = folder_ / "keys";
    if (side_ == cases::Side::kPark) app_options.own_site = kSite;
    app_options.receipt_prefix = "JY03";
    app_options.reference = {reference / "catalogue.toml", reference / "delegations.toml", {}};
    app_options.letterhead = {"九原工业园区政务服务工作站", "", "包头市人民政府", "有管辖权的人民法院"};
    app_options.publish = send;
    app_options.name_of = [](const base::SiteId&) { return std::string("九原工业园区"); };
    app_options.session_of = [this](const base::SiteId& site) { return link->sessions()[site]; };
    auto made = case_app::CaseApp::Open(std::move(app_options), *store, clock_);
    ASSERT_TRUE(made) << made.error().Describe();
    app = std::move(*made);
    router = std::make_unique<http::Router>();
    app->AddRoutes(*router, nullptr);
    router->SetAuthenticator([this](const http::Request&) -> tl::expected<http::Principal, http::ErrorText> {
      return http::Principal{who_.id,        "user" + std::to_string(who_.id), who_.roles, who_.sites, who_.name,
                             who_.department};
    });
    link->Start({kSite});
    app->Start({kSite});
    link->OnConnected();
    app->OnLink(true);
  }
  void Stop() {
    if (link) link->Stop();
    if (app) app->Stop();
    router.reset();
    link.reset();
    app.reset();
    store.reset();
  }

  void OnMessage(sync::Lane lane, base::ByteView bytes) {
    const bool of_ledger = lane == sync::Lane::kLedger || lane == sync::Lane::kDecision;
    of_ledger ? link->OnMessage(kSite, lane, bytes) : app->OnOther(kSite, lane, bytes);
  }

  Said Ask(const Person& who, const std::string& method, const std::string& path, const std::string& body = {}) {
    who_ = who;
    http::Request request;
    request.method = method;
    const std::size_t query = path.find('?');
    request.path = path.substr(0, query);
    if (query != std::string::npos) {
      const std::string rest = path.substr(query + 1);
      request.query[rest.substr(0, rest.find('='))] = rest.substr(rest.find('=') + 1);
    }
    request.body = body;
    request.headers["accept-language"] = "zh-CN";
    http::Response answer = router->Handle(request);
    Said said{answer.status, {}, answer.body};
    while (answer.stream) {
      const auto piece = answer.stream();
      if (!piece || piece->empty()) break;
      said.text += *piece;
    }
    said.body = nlohmann::json::parse(said.text, nullptr, false);
    return said;
  }
  Said Post(const Person& who, const std::string& path, const nlohmann::json& body) {
    return Ask(who, "POST", path, body.dump());
  }
  Said Get(const Person& who, const std::string& path) { return Ask(who, "GET", path); }

  /// A stored file: what it is called.
  std::string Upload(const Person& who, const std::string& name, const std::string& content) {
    const Said begun = Post(who, "/api/v1/uploads", {{"name", name}, {"bytes", content.size()}});
    EXPECT_EQ(begun.status, 200) << begun.text;
    const std::string path = "/api/v1/uploads/" + begun.body.value("upload", "") + "/";
    std::string file;
    for (std::size_t at = 0; at < content.size(); at += 1U << 20) {
      const Said put = Ask(who, "PUT", path + std::to_string(at), content.substr(at, 1U << 20));
      EXPECT_EQ(put.status, 200) << put.text;
      if (put.body.contains("file") && put.body["file"].is_string()) file = put.body["file"];
    }
    return file;
  }

  std::unique_ptr<ledger::LedgerStore> store;
  std::unique_ptr<ledger::LedgerLink> link;
  std::unique_ptr<case_app::CaseApp> app;
  std::unique_ptr<http::Router> router;

 private:
  const cases::Side side_;
  const std::filesystem::path folder_;
  const base::Clock& clock_;
  Person who_;
};

class CaseCity : public testing::Test {
 protected:
  void SetUp() override {
    reference_ = folder_.path() / "reference";
    ASSERT_TRUE(base::MakeFolder(reference_));
    std::filesystem::copy_file(std::filesystem::path(YB_SOURCE_DIR) / "firmware-config/cases/catalogue.toml",
                               reference_ / "catalogue.toml");
    ASSERT_TRUE(base::WriteFile(reference_ / "delegations.toml",
                                "version = 1\n[[delegation]]\ninstrument = \"包自然资委〔2025〕第 7 号\"\n"
                                "grantor = \"市自然资源局\"\nsite = \"jiuyuan-01\"\nitem = \"planning-permit\"\n"
                                "mode = \"entrusted\"\nmost_area_m2 = 5000\nvalid_from = \"2025-01-01\"\n"
                                "valid_to = \"2027-12-31\"\n"));
    StartBox();
    StartCentral();
  }
  void TearDown() override {
    Stop(box_);
    Stop(central_);
  }
  void StartBox() {
    box_.Start(reference_, [this](sync::Lane lane, base::ByteView bytes) { return Pass(central_, lane, bytes); });
  }
  void StartCentral() {
    central_.Start(reference_, [this](sync::Lane lane, base::ByteView bytes) { return Pass(box_, lane, bytes); });
  }
  void Stop(CaseHalf& half) {
    {
      const std::scoped_lock lock(way_);
      gone_.insert(&half);
    }
    half.Stop();
  }
  void Restart(CaseHalf& half) {
    Stop(half);
    {
      const std::scoped_lock lock(way_);
      gone_.erase(&half);
    }
    &half == &box_ ? StartBox() : StartCentral();
  }
  /// As broker clients see it: both are told, and greet anew once the way is back.
  void Cut(bool cut) {
    {
      const std::scoped_lock lock(way_);
      cut_ = cut;
    }
    for (CaseHalf* half : {&box_, &central_}) {
      cut ? half->link->OnDisconnected() : half->link->OnConnected();
      half->app->OnLink(!cut);
    }
  }
  base::Status Pass(CaseHalf& to, sync::Lane lane, base::ByteView bytes) {
    const std::scoped_lock lock(way_);
    if (!cut_ && !gone_.contains(&to) && to.app && to.link) to.OnMessage(lane, bytes);
    return {};
  }

  /// What the window takes down, and the answer's case.
  static nlohmann::json Applicant() {
    return {{"kind", "person"},
            {"name", "王小䶮"},
            {"code", "150203189001010011"},
            {"phone", "13812348000"},
            {"address", "包头市九原区建设路1号"}};
  }
  static nlohmann::json Form() {
    return {{"project_name", "年产5万吨铝合金圆铸锭项目一期厂房"},
            {"building_site", "九原工业园区创业路8号，经三路以西"}};
  }
  Said Receive(const nlohmann::json& more = {}) {
    nlohmann::json body = {
        {"item", "planning-permit"}, {"applicant", Applicant()}, {"form", Form()}, {"area_m2", "3200.5"}};
    if (more.is_object()) body.update(more);
    return box_.Post(kClerk, "/api/v1/cases", body);
  }
  static std::string PathOf(const std::string& case_id) { return "/api/v1/sites/jiuyuan-01/cases/" + case_id; }
  Said Act(CaseHalf& half, const Person& who, const std::string& case_id, nlohmann::json act) {
    return half.Post(who, PathOf(case_id) + "/acts", act);
  }
  /// A case that was accepted with all of its materials.
  std::string Accepted() {
    const Said received = Receive();
    EXPECT_EQ(received.status, 200) << received.text;
    const std::string case_id = received.body["case"]["case"];
    int number = 0;
    for (const char* material : {"application", "land-use", "design-scheme", "approval", "survey"}) {
      const std::string file = box_.Upload(kClerk, std::string(material) + ".pdf", Pdf(std::to_string(++number)));
      const Said put = Act(
          box_, kClerk, case_id,
          {{"act", "put_material"}, {"material", material}, {"file", file}, {"name", std::string(material) + ".pdf"}});
      EXPECT_EQ(put.status, 200) << put.text;
    }
    const Said accepted = Act(box_, kClerk, case_id, {{"act", "accept"}});
    EXPECT_EQ(accepted.status, 200) << accepted.text;
    return case_id;
  }
  /// Whether the case at `half` comes to `phase`.
  bool Reaches(CaseHalf& half, const Person& who, const std::string& case_id, const std::string& phase) {
    return WaitUntil([&] {
      const Said said = half.Get(who, PathOf(case_id));
      return said.status == 200 && said.body["case"]["phase"] == phase;
    });
  }

  TempFolder folder_;
  std::filesystem::path reference_;
  MarchClock clock_;
  std::mutex way_;
  bool cut_ = false;          // under way_
  std::set<CaseHalf*> gone_;  // under way_
  CaseHalf box_{cases::Side::kPark, folder_.path() / "box", clock_};
  CaseHalf central_{cases::Side::kCity, folder_.path() / "central", clock_};
};

}  // namespace yb::test
