// Which requests go into the record of acts (操作记录) by themselves: what a person does, not what a page does while
// they type.
#include "core/api/identity_routes.hpp"
#include "tests/unit/identity/identity_fixture.hpp"

namespace yb::identity {
namespace {

class RecordOfActs : public IdentityFixture {};

TEST_F(RecordOfActs, HoldsADraftThatIsThrownAwayAndNotEachThatIsSaved) {
  Add("lisi", http::kSeparateRoles);
  Start();
  http::Router router;
  api::AddIdentity(router, *service_, clock_, [] {});
  const auto done = [](const http::Request&) { return http::Response{}; };
  router.Add("PUT", "/api/v1/drafts/{draft}", http::kSignedIn, done);
  router.Add("DELETE", "/api/v1/drafts/{draft}", http::kSignedIn, done);
  http::Request request = With(LogIn("lisi"));
  request.headers["sec-fetch-site"] = "same-origin";
  request.path = "/api/v1/drafts/0195a000-0000-7000-8000-000000000001";
  for (const char* method : {"PUT", "DELETE"}) {
    request.method = method;
    ASSERT_EQ(router.Handle(request).status, 200) << method;
  }
  std::vector<std::string> acts;
  const auto lines = store_->Audit({});
  for (const AuditLine& line : *lines) {
    if (line.what.find("/drafts") != std::string::npos) acts.push_back(line.what);
  }
  EXPECT_EQ(acts, std::vector<std::string>{"DELETE /api/v1/drafts/{draft}"});
}

}  // namespace
}  // namespace yb::identity
