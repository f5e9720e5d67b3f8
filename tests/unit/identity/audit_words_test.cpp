// What lines of the record of acts say in both languages. The spellings are those that versions since 0.1.0 store.
#include "core/identity/audit_words.hpp"

#include <gtest/gtest.h>

namespace yb::identity {
namespace {

base::Words Said(const std::string& what, const std::string& detail) {
  return DetailOf({1, {}, "zhangsan", what, "", detail, ""});
}

TEST(AuditWords, SayHowAUserWasAndIs) {
  const base::Words words =
      Said("user.change",
           "roles leader,security_administrator, sites lvye-01,jiuyuan-01 → roles approver, sites *, "
           "department 市自然资源局, disabled, new password");
  EXPECT_EQ(words.zh,
            "角色 领导、安全管理员，站点 lvye-01、jiuyuan-01 → 角色 部门审批人员，全部站点，部门 "
            "市自然资源局，已停用，新密码");
  EXPECT_EQ(words.en,
            "roles leader, security administrator, sites lvye-01, jiuyuan-01 → roles approver, all sites, "
            "department 市自然资源局, disabled, new password");
  EXPECT_EQ(Said("user.add", "roles of_a_later_version, sites leader-park").zh,
            "角色 of_a_later_version，站点 leader-park")
      << "what is not known here stays as it is";
}

TEST(AuditWords, SayHowARequestWasAnswered) {
  const std::string what = "POST /api/v1/sites/{site}/cases/{case}/erase";
  EXPECT_EQ(Said(what, "status 204").zh, "成功");
  EXPECT_EQ(Said(what, "status 200, 申请人要求").zh, "成功：申请人要求");
  EXPECT_EQ(Said(what, "status 200, as asked").en, "done: as asked");
  EXPECT_EQ(Said(what, "status 403").zh, "被拒绝（403）");
  EXPECT_EQ(Said(what, "status 403").en, "refused (403)");
  EXPECT_EQ(Said(what, "status 503").zh, "没有成（503）");
  EXPECT_EQ(Said(what, "status 2000").zh, "status 2000");
  EXPECT_EQ(Said(what, "status quo").zh, "status quo");
}

TEST(AuditWords, SayWhatCameWithADirectoryOfTheCity) {
  EXPECT_EQ(Said("directory.apply", "3 users").zh, "用户 3 人");
  EXPECT_EQ(Said("directory.apply",
                 "4 users, changed: zhangsan, lisi (disabled), wangwu (no longer of this site), left out for users of "
                 "the box: admin")
                .zh,
            "用户 4 人，有变动：zhangsan、lisi（停用）、wangwu（不再属于本站点），因盒子上已有同名用户而未采用：admin");
  EXPECT_EQ(Said("directory.apply", "of a later version").zh, "of a later version");
  EXPECT_EQ(Said("directory.extend", "30 days").zh, "延期 30 天");
}

TEST(AuditWords, SayWhatABoxDidByItselfAndLeaveWhatOthersWrote) {
  EXPECT_EQ(Said("configuration.fall_back", "back to v11").zh, "回退到 v11");
  EXPECT_EQ(Said("session.begin", "Mozilla/5.0 (X11; Linux x86_64)").zh, "Mozilla/5.0 (X11; Linux x86_64)");
  EXPECT_EQ(Said("session.end", "").zh, "");
}

}  // namespace
}  // namespace yb::identity
