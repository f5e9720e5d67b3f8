// The city's users at a box: sent whole, not changed there, and let in for 30 days without the city.
#include "core/identity/directory.hpp"

#include "core/base/uuid.hpp"
#include "tests/unit/identity/identity_fixture.hpp"

namespace yb::identity {
namespace {

using http::Role;

const base::SiteId kOne = *base::SiteId::Parse("lvye-01");
const base::SiteId kTwo = *base::SiteId::Parse("jiuyuan-01");
constexpr base::Duration kDay = std::chrono::hours(24);

/// The fixture's store is the city's; `box_` is a box's.
class DirectoryTest : public IdentityFixture {
 protected:
  void SetUp() override {
    IdentityFixture::SetUp();
    const auto opener = storage::MakeSqliteOpener({.file = folder_.path() / "box.db"});
    box_ = UserStore::Open(*opener).value();
    std::filesystem::create_directory(folder_.path() / "box");
    IdentityOptions options;
    options.folder = folder_.path() / "box";
    options.program = "lvye-01";
    service_at_box_ = IdentityService::Start(options, *box_, clock_).value();
  }
  void Synchronise() {
    const auto made = MakeDirectories(*store_, {});
    ASSERT_TRUE(made) << made.error().Describe();
    const auto applied = ApplyDirectory(*box_, made->at(kOne), clock_.Now());
    ASSERT_TRUE(applied) << applied.error().Describe();
  }
  base::Status LogIn(const std::string& name) {
    const auto in = service_at_box_->LogIn(name, kPassword, From());
    if (!in) return base::Fail(in.error());
    token_ = in->token;
    return {};
  }
  bool IsIn() {
    http::Request request = From();
    const std::string cookie = service_at_box_->CookieOf(token_);
    request.headers["cookie"] = cookie.substr(0, cookie.find(';'));
    return service_at_box_->WhoIs(request).value().has_value();
  }
  void AddToBox(const std::string& name, http::RoleSet roles) {
    ASSERT_TRUE(AddUser(*box_, hasher_, {name, "", kPassword, roles, {}}, {"test", "", clock_.Now()}));
  }
  UserChange Disabling() {
    UserChange change;
    change.disabled = true;
    return change;
  }

  std::unique_ptr<UserStore> box_;
  std::unique_ptr<IdentityService> service_at_box_;
  std::string token_;
};

TEST_F(DirectoryTest, UsersOfASiteReachItsBoxWithTheirPasswordAndTheRolesThatExistThere) {
  Add("zhangsan", {Role::kParkIt, Role::kSupervisor}, {kOne, kTwo});
  Add("lisi", {Role::kCoordinator}, {kTwo});
  Add("wangwu", {Role::kLeader});
  Add("zhaoliu", {Role::kSupervisor}, {kOne});
  Synchronise();
  const auto users = box_->Users().value();
  ASSERT_EQ(users.size(), 1U) << "of another site, of all sites, with a role of central only: none of them";
  EXPECT_EQ(users[0].name, "zhangsan");
  EXPECT_EQ(users[0].roles, http::RoleSet{Role::kParkIt});
  EXPECT_TRUE(users[0].from_city);
  EXPECT_TRUE(LogIn("zhangsan"));
  EXPECT_TRUE(box_->IsEmpty().value()) << "a box still makes its first administrator";
  EXPECT_TRUE(service_at_box_->NeedsSetup().value());
}

TEST_F(DirectoryTest, ChangesAtCentralArriveAndEndSessions) {
  const User user = Add("zhangsan", {Role::kParkIt}, {kOne});
  Synchronise();
  ASSERT_TRUE(LogIn("zhangsan"));
  Synchronise();
  EXPECT_TRUE(IsIn()) << "what is the same disturbs nobody";
  UserChange change;
  change.password = "another horse battery";
  ASSERT_TRUE(ChangeUser(*store_, hasher_, user.id, change, {"test", "", clock_.Now()}));
  Synchronise();
  EXPECT_FALSE(IsIn());
  EXPECT_FALSE(LogIn("zhangsan"));
  EXPECT_TRUE(service_at_box_->LogIn("zhangsan", "another horse battery", From()));
  ASSERT_TRUE(ChangeUser(*store_, hasher_, user.id, Disabling(), {"test", "", clock_.Now()}));
  Synchronise();
  EXPECT_FALSE(service_at_box_->LogIn("zhangsan", "another horse battery", From()));
}

TEST_F(DirectoryTest, WhoIsNoLongerOfTheSiteIsDisabledThereAndComesBack) {
  const User user = Add("zhangsan", {Role::kParkIt}, {kOne});
  Synchronise();
  ASSERT_TRUE(LogIn("zhangsan"));
  UserChange change;
  change.sites = std::vector<base::SiteId>{kTwo};
  ASSERT_TRUE(ChangeUser(*store_, hasher_, user.id, change, {"test", "", clock_.Now()}));
  const auto made = MakeDirectories(*store_, {kOne}).value();
  ASSERT_TRUE(made.contains(kOne)) << "the site's last user is gone: it gets an empty directory";
  ASSERT_TRUE(ApplyDirectory(*box_, made.at(kOne), clock_.Now()));
  EXPECT_TRUE(box_->Find("zhangsan")->disabled);
  EXPECT_FALSE(IsIn());
  change.sites = std::vector<base::SiteId>{kOne};
  ASSERT_TRUE(ChangeUser(*store_, hasher_, user.id, change, {"test", "", clock_.Now()}));
  Synchronise();
  EXPECT_TRUE(LogIn("zhangsan"));
}

TEST_F(DirectoryTest, AUserOfTheBoxKeepsTheName) {
  AddToBox("zhangsan", http::kSeparateRoles);
  Add("zhangsan", {Role::kLeader}, {kOne});
  Synchronise();
  const User user = *box_->Find("zhangsan");
  EXPECT_FALSE(user.from_city);
  EXPECT_EQ(user.roles, http::kSeparateRoles);
  const auto lines = box_->Audit({}).value();
  EXPECT_EQ(lines.at(0).what, "directory.apply");
  EXPECT_NE(lines.at(0).detail.find("left out for users of the box: zhangsan"), std::string::npos) << lines[0].detail;
}

TEST_F(DirectoryTest, AUserOfTheCityIsChangedAtCentralOnly) {
  Add("zhangsan", {Role::kParkIt}, {kOne});
  Synchronise();
  const User user = *box_->Find("zhangsan");
  const auto changed = ChangeUser(*box_, hasher_, user.id, Disabling(), {"test", "", clock_.Now()});
  ASSERT_FALSE(changed);
  EXPECT_EQ(changed.error().code, base::ErrorCode::kRefused);
  EXPECT_NE(changed.error().message_zh.find("市级平台"), std::string::npos);
  EXPECT_FALSE(box_->Find("zhangsan")->disabled);
}

TEST_F(DirectoryTest, LogInLastsThirtyDaysFromTheLastWordOfTheCityAndThenNeedsAnExtension) {
  AddToBox("admin", http::kSeparateRoles);
  EXPECT_EQ(box_->ExtendDirectory("uid", {}).error().code, base::ErrorCode::kNotFound);
  Add("zhangsan", {Role::kParkIt}, {kOne});
  Synchronise();
  clock_.Advance(10 * kDay);
  ASSERT_TRUE(box_->NoteDirectory(clock_.Now()));  // still the newest
  clock_.Advance(30 * kDay - std::chrono::seconds(1));
  EXPECT_TRUE(LogIn("zhangsan"));
  clock_.Advance(std::chrono::seconds(1));
  const auto refused = LogIn("zhangsan");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::ErrorCode::kRefused);
  EXPECT_NE(refused.error().message.find("30 days"), std::string::npos);
  EXPECT_NE(refused.error().message_zh.find("30 天"), std::string::npos);
  EXPECT_TRUE(LogIn("admin")) << "users of the box are not concerned";
  ASSERT_TRUE(ExtendDirectory(*box_, {"admin", "192.0.2.7", clock_.Now()}));
  EXPECT_EQ(box_->Audit({}).value().at(0).what, "directory.extend");
  EXPECT_TRUE(LogIn("zhangsan"));
  clock_.Advance(30 * kDay);
  EXPECT_FALSE(LogIn("zhangsan")) << "one extension is 30 days";
  ASSERT_TRUE(box_->NoteDirectory(clock_.Now()));
  EXPECT_TRUE(LogIn("zhangsan")) << "the city is back";
}

TEST_F(DirectoryTest, EachExtensionIsKeptWithAnIdentityOfItsOwnAndWhoMadeIt) {
  AddToBox("admin", http::kSeparateRoles);
  ASSERT_TRUE(box_->NoteDirectory(clock_.Now()));
  EXPECT_TRUE(box_->Extensions()->empty());
  const base::UtcTime first = clock_.Now();
  ASSERT_TRUE(ExtendDirectory(*box_, {"admin", "192.0.2.7", first}));
  UserChange named;
  named.display_name = "赵六";
  ASSERT_TRUE(ChangeUser(*box_, hasher_, box_->Find("admin")->id, named, {"admin", "", clock_.Now()}));
  clock_.Advance(-10 * kDay);  // somebody sets the clock back
  ASSERT_TRUE(ExtendDirectory(*box_, {"yuanbanctl", "", clock_.Now()}));
  const auto all = box_->Extensions();
  ASSERT_TRUE(all) << all.error().Describe();
  ASSERT_EQ(all->size(), 2U);
  EXPECT_EQ((*all)[0].who, "admin");
  EXPECT_EQ((*all)[0].name, "赵六");
  EXPECT_EQ((*all)[0].time, first);
  EXPECT_EQ((*all)[0].until(), first + 30 * kDay);
  EXPECT_EQ((*all)[1].name, "yuanbanctl") << "no user of the box";
  EXPECT_TRUE(base::IsUuid((*all)[0].uid));
  EXPECT_NE((*all)[0].uid, (*all)[1].uid);
}

/// As an older program left it: lines among the acts, and nothing else.
TEST_F(DirectoryTest, ExtensionsFromBeforeTheLedgerHadThemAreKeptToo) {
  for (const char* what : {"directory.extend", "user.add", "directory.extend"}) {
    ASSERT_TRUE(box_->Record({0, clock_.Now(), "admin", what, "", "30 days", ""}));
    clock_.Advance(kDay);
  }
  service_at_box_.reset();
  box_.reset();
  const auto opener = storage::MakeSqliteOpener({.file = folder_.path() / "box.db"});
  ASSERT_TRUE((*opener->Open())->Execute("DROP TABLE extension; PRAGMA user_version = 3"));
  box_ = UserStore::Open(*opener).value();
  const auto all = box_->Extensions().value();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[1].time, all[0].time + 2 * kDay);
  for (const DirectoryExtension& one : all) {
    EXPECT_TRUE(base::IsUuid(one.uid)) << one.uid;
    // The random bits aside it is the identity that the program would have drawn then.
    const std::string drawn = base::MakeUuid7(one.time, 0, 0);
    EXPECT_EQ(one.uid.substr(0, 15), drawn.substr(0, 15));
    EXPECT_NE(std::string("89ab").find(one.uid[19]), std::string::npos) << one.uid;
  }
}

TEST_F(DirectoryTest, OfAWrongPasswordNobodyLearnsThatTheTermIsOver) {
  Add("zhangsan", {Role::kParkIt}, {kOne});
  Synchronise();
  clock_.Advance(31 * kDay);
  const auto refused = service_at_box_->LogIn("zhangsan", "wrong horse battery", From());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "name or password is wrong");
}

TEST(DirectoryText, IsReadAsItWasWritten) {
  const std::vector<DirectoryUser> users = {
      {"lisi", "李\"四\"", {Role::kClerk, Role::kLeader}, "$argon2id$v=19$x", true},
      {"zhangsan", "张三", {Role::kParkIt}, "$argon2id$v=19$y", false}};
  const auto read = ParseDirectory(WriteDirectory({users[1], users[0]}));
  ASSERT_TRUE(read) << read.error().Describe();
  EXPECT_EQ(*read, users);
  EXPECT_TRUE(ParseDirectory(WriteDirectory({})).value().empty());
}

TEST(DirectoryText, WhatIsWrongIsRefusedAndNamed) {
  const std::string user = "format = 1\n[[user]]\nname = \"lisi\"\ndisplay_name = \"李四\"\nroles = [\"clerk\"]\n";
  const std::string hash = "password_hash = \"$argon2id$x\"\n";
  ASSERT_TRUE(ParseDirectory(user + hash));
  const std::pair<std::string, const char*> wrong[] = {
      {"[[user]]\n", "format"},
      {"format = 2\n", "format"},
      {user, "password_hash"},
      {user + "password_hash = \"plain\"\n", "password_hash"},
      {user + hash + "admin = true\n", "admin"},
      {user + hash + "[[user]]\nname = \"lisi\"\ndisplay_name = \"x\"\nroles = [\"clerk\"]\n" + hash, "lisi"},
      {"format = 1\n[[user]]\nname = \"lisi\"\ndisplay_name = \"x\"\nroles = [\"administrator\"]\n" + hash,
       "administrator"},
      {"format = 1\n[[user]]\nname = \"Li Si\"\ndisplay_name = \"x\"\nroles = [\"clerk\"]\n" + hash, "Li Si"},
  };
  for (const auto& [text, named] : wrong) {
    const auto read = ParseDirectory(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, base::ErrorCode::kInvalidArgument);
    EXPECT_NE(read.error().Describe().find(named), std::string::npos) << read.error().Describe();
  }
}

}  // namespace
}  // namespace yb::identity
