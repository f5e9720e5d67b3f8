#include "core/identity/user_store.hpp"

#include "tests/unit/identity/identity_fixture.hpp"

namespace yb::identity {
namespace {

using http::Role;

const base::SiteId kLvye = *base::SiteId::Parse("lvye-01");

class UserStoreTest : public IdentityFixture {
 protected:
  base::Result<User> Change(std::int64_t id, const UserChange& change) {
    return ChangeUser(*store_, hasher_, id, change, {"test", "192.0.2.1", clock_.Now()});
  }
};

TEST_F(UserStoreTest, KeepsUsersAsTheyWereAdded) {
  EXPECT_TRUE(store_->IsEmpty().value());
  Add("zhangsan", {Role::kParkIt, Role::kLeader}, {kLvye});
  EXPECT_FALSE(store_->IsEmpty().value());
  const User found = store_->Find("zhangsan").value();
  EXPECT_EQ(found.display_name, "zhangsan");
  EXPECT_EQ(ToText(found.roles), "park_it,leader");
  EXPECT_EQ(found.sites, std::vector{kLvye});
  EXPECT_FALSE(found.last_login);
  EXPECT_EQ(store_->Find("lisi").error().code, base::ErrorCode::kNotFound);
}

TEST_F(UserStoreTest, RefusesWhatIsNoUser) {
  const auto code = [&](const NewUser& wish) {
    const auto added = AddUser(*store_, hasher_, wish, {"test", "", clock_.Now()});
    return added ? "none" : std::string(base::ToString(added.error().code));
  };
  Add("zhangsan", {Role::kLeader});
  EXPECT_EQ(code({"zhangsan", "", kPassword, {Role::kLeader}, {}}), "already_exists");
  for (const char* name : {"", "z", "Zhangsan", "1zhang", "zhang san", "zhang/san", "张三"}) {
    EXPECT_EQ(code({name, "", kPassword, {Role::kLeader}, {}}), "invalid_argument") << name;
  }
  EXPECT_EQ(code({"lisi", "", "short", {Role::kLeader}, {}}), "invalid_argument");
  EXPECT_EQ(code({"lisi", "", kPassword, {}, {}}), "invalid_argument") << "no role";
  EXPECT_EQ(code({"lisi", "", kPassword, {Role::kAdministrator}, {kLvye}}), "invalid_argument")
      << "an administrator of one site could make one of all";
}

TEST_F(UserStoreTest, KeepsOneAdministratorWhoMayLogIn) {
  const std::int64_t first = Add("zhangsan", {Role::kAdministrator}).id;
  const std::int64_t second = Add("lisi", {Role::kAdministrator}).id;
  UserChange disable, demote;
  disable.disabled = true;
  demote.roles = http::RoleSet{Role::kLeader};
  EXPECT_TRUE(Change(first, disable));
  EXPECT_EQ(Change(second, disable).error().code, base::ErrorCode::kRefused);
  EXPECT_EQ(Change(second, demote).error().code, base::ErrorCode::kRefused);
  EXPECT_EQ(ToText(store_->Find(second).value().roles), "administrator") << "nothing of it was kept";
}

TEST_F(UserStoreTest, LetsNobodyButTheFirstHoldTwoOfTheSeparateRoles) {
  const auto refused = [](const base::Result<User>& done) {
    return !done && done.error().code == base::ErrorCode::kInvalidArgument;
  };
  const User first = Add("first", http::kSeparateRoles);
  EXPECT_TRUE(refused(AddUser(*store_, hasher_, {"second", "", kPassword, {Role::kAdministrator, Role::kAuditor}, {}},
                              {"test", "", clock_.Now()})));
  const std::int64_t security = Add("second", {Role::kSecurityAdministrator, Role::kLeader}).id;
  UserChange more, less;
  more.roles = http::RoleSet{Role::kSecurityAdministrator, Role::kAuditor};
  EXPECT_TRUE(refused(Change(security, more)));
  less.roles = http::RoleSet{Role::kAdministrator, Role::kAuditor};
  const auto changed = Change(first.id, less);
  ASSERT_TRUE(changed) << changed.error().Describe();
  EXPECT_TRUE(refused(Change(first.id, more))) << "what was taken away does not come back beside another";
  less.roles = http::RoleSet{Role::kAdministrator};
  EXPECT_TRUE(Change(first.id, less));
}

TEST_F(UserStoreTest, SaysThatSeparateRolesAreToBeTakenAwayOnceOthersHoldThem) {
  const User first = Add("first", http::kSeparateRoles);
  EXPECT_NE(NoticeOf(first, store_->Users().value()).en.find("make users"), std::string::npos);
  Add("second", {Role::kAuditor});
  const base::Words notice = NoticeOf(first, store_->Users().value());
  EXPECT_NE(notice.en.find("auditor"), std::string::npos) << notice.en;
  EXPECT_EQ(notice.en.find("security"), std::string::npos) << notice.en;
  EXPECT_NE(notice.zh.find("审计管理员"), std::string::npos);
  EXPECT_TRUE(NoticeOf(store_->Find("second").value(), store_->Users().value()).en.empty());
}

TEST_F(UserStoreTest, KeepsOneSecurityAdministratorWhoMayLogIn) {
  Add("first", {Role::kAdministrator});
  const std::int64_t only = Add("second", {Role::kSecurityAdministrator}).id;
  UserChange disable;
  disable.disabled = true;
  EXPECT_EQ(Change(only, disable).error().code, base::ErrorCode::kRefused);
}

TEST_F(UserStoreTest, GivesApproversAndNobodyElseADepartment) {
  const auto code = [&](NewUser wish) {
    const auto done = AddUser(*store_, hasher_, wish, {"test", "", clock_.Now()});
    return done ? std::string("ok") : std::string(base::ToString(done.error().code));
  };
  EXPECT_EQ(code({"wangwu", "", kPassword, {Role::kApprover}, {}}), "invalid_argument");
  EXPECT_EQ(code({"wangwu", "", kPassword, {Role::kLeader}, {}, "市自然资源局"}), "invalid_argument");
  EXPECT_EQ(code({"wangwu", "", kPassword, {Role::kApprover}, {}, std::string(129, 'x')}), "invalid_argument");
  EXPECT_EQ(code({"wangwu", "", kPassword, {Role::kApprover}, {kLvye}, "市自然资源局"}), "ok");
  EXPECT_EQ(store_->Find("wangwu")->department, "市自然资源局");
  UserChange change;
  change.roles = http::RoleSet{Role::kLeader};
  ASSERT_TRUE(Change(store_->Find("wangwu")->id, change));
  EXPECT_EQ(store_->Find("wangwu")->department, "");
}

TEST_F(UserStoreTest, GivesAnAdministratorOfAnOlderStoreAllThreeRoles) {
  // As version 0.2 made the file, with an administrator and a leader in it.
  const auto opener = storage::MakeSqliteOpener({.file = folder_.path() / "old.db"});
  {
    const auto old = opener->Open().value();
    ASSERT_TRUE(old->Execute(
        "CREATE TABLE user (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, display_name TEXT NOT NULL, password "
        "TEXT"
        " NOT NULL, roles TEXT NOT NULL, disabled INTEGER NOT NULL, created INTEGER NOT NULL, last_login INTEGER)"
        " STRICT;"
        "CREATE TABLE user_site (user INTEGER NOT NULL REFERENCES user (id), site TEXT NOT NULL, PRIMARY KEY (user,"
        " site)) STRICT, WITHOUT ROWID;"
        "CREATE TABLE session (id INTEGER PRIMARY KEY AUTOINCREMENT, token_hash BLOB NOT NULL UNIQUE, user INTEGER NOT"
        " NULL REFERENCES user (id), created INTEGER NOT NULL, used INTEGER NOT NULL, remote TEXT NOT NULL, agent TEXT"
        " NOT NULL) STRICT;"
        "CREATE TABLE audit (id INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, who TEXT NOT NULL, what TEXT"
        " NOT NULL, subject TEXT NOT NULL, detail TEXT NOT NULL, remote TEXT NOT NULL) STRICT;"
        "INSERT INTO user (name, display_name, password, roles, disabled, created) VALUES ('zhangsan', '张三', 'x',"
        " 'administrator,park_it', 0, 1), ('lisi', '李四', 'x', 'leader', 0, 1);"
        "PRAGMA user_version = 1;"));
  }
  const auto store = UserStore::Open(*opener).value();
  const http::RoleSet all = {Role::kAdministrator, Role::kSecurityAdministrator, Role::kAuditor, Role::kParkIt};
  EXPECT_EQ(ToText(store->Find("zhangsan")->roles), ToText(all));
  EXPECT_EQ(ToText(store->Find("lisi")->roles), "leader");
  EXPECT_EQ(store->Find("lisi")->department, "");
}

TEST_F(UserStoreTest, EndsSessionsOfWhoIsDisabledOrGetsAPassword) {
  const std::int64_t user = Add("zhangsan", {Role::kLeader}).id;
  const auto begin = [&](std::uint8_t token) {
    return store_->BeginSession({token}, {0, user, "", clock_.Now(), clock_.Now(), "", ""}, {}).value();
  };
  begin(1);
  UserChange password, disable;
  password.password = "another good sentence";
  ASSERT_TRUE(Change(user, password));
  EXPECT_TRUE(store_->Sessions(user).value().empty());
  begin(2);
  disable.disabled = true;
  ASSERT_TRUE(Change(user, disable));
  EXPECT_TRUE(store_->Sessions(user).value().empty());
}

TEST_F(UserStoreTest, RecordsEveryActAndForgetsNone) {
  const std::int64_t user = Add("zhangsan", {Role::kLeader}).id;
  UserChange change;
  change.roles = http::RoleSet{Role::kParkIt};
  change.password = "another good sentence";
  ASSERT_TRUE(Change(user, change));
  const std::vector<AuditLine> lines = store_->Audit({}).value();
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].what, "user.change");
  EXPECT_EQ(lines[0].who, "test");
  EXPECT_EQ(lines[0].subject, "zhangsan");
  EXPECT_EQ(lines[0].detail, "roles leader, sites * → roles park_it, sites *, new password");
  EXPECT_EQ(lines[0].remote, "192.0.2.1");
  EXPECT_EQ(lines[0].time, clock_.Now());
  EXPECT_EQ(lines[1].what, "user.add");
  EXPECT_EQ(store_->Audit({.before = lines[0].id}).value().size(), 1U) << "a page that goes on below";

  const auto database = storage::OpenSqlite({.file = folder_.path() / "users.db"}).value();
  EXPECT_FALSE(database->Execute("UPDATE audit SET who = 'x'"));
  EXPECT_FALSE(database->Execute("DELETE FROM audit"));
  EXPECT_EQ(store_->Audit({}).value().size(), 2U);
}

TEST_F(UserStoreTest, FindsActsByWhoWhatAndWhen) {
  const auto at = [](int second) { return base::UtcTime{1'772'431'680'000'000 + second * 1'000'000LL}; };
  const auto record = [&](int second, const char* who, const char* what, const char* subject) {
    ASSERT_TRUE(store_->Record({0, at(second), who, what, subject, "", ""}));
  };
  record(0, "lisi", "session.begin", "lisi");
  record(10, "zhangsan", "POST /api/v1/configuration/apply", "/api/v1/configuration/apply");
  record(20, "lisi", "POST /api/v1/sites/{site}/alarms/{alarm}/acts", "/api/v1/sites/lvye-01/alarms/A1/acts");
  record(30, "lis", "session.end", "50%");
  const auto times = [&](const AuditQuery& query) {
    std::vector<std::int64_t> seconds;
    const std::vector<AuditLine> lines = store_->Audit(query).value();
    for (const AuditLine& line : lines) seconds.push_back((line.time - at(0)).count() / 1'000'000);
    return seconds;
  };
  using Seconds = std::vector<std::int64_t>;
  EXPECT_EQ(times({}), (Seconds{30, 20, 10, 0}));
  EXPECT_EQ(times({.who = "lisi"}), (Seconds{20, 0})) << "the whole name";
  EXPECT_EQ(times({.what = "session."}), (Seconds{30, 0}));
  EXPECT_EQ(times({.what = "/lvye-01/alarms/"}), (Seconds{20})) << "in the subject";
  EXPECT_EQ(times({.what = "%"}), (Seconds{30})) << "no pattern";
  EXPECT_EQ(times({.from = at(10), .to = at(30)}), (Seconds{20, 10})) << "the end is exclusive";
  EXPECT_EQ(times({.most = 1, .who = "lisi", .to = at(20)}), (Seconds{0}));
  EXPECT_EQ(times({.who = "wangwu"}), Seconds{});
}

TEST_F(UserStoreTest, SeesAtOnceWhatAnotherProcessChanged) {
  const std::int64_t user = Add("zhangsan", {Role::kLeader}).id;
  const auto opener = storage::MakeSqliteOpener({.file = folder_.path() / "users.db"});
  const auto other = UserStore::Open(*opener).value();
  UserChange disable;
  disable.disabled = true;
  ASSERT_TRUE(ChangeUser(*other, hasher_, user, disable, {"yuanbanctl", "", clock_.Now()}));
  EXPECT_TRUE(store_->Find(user).value().disabled);
}

}  // namespace
}  // namespace yb::identity
