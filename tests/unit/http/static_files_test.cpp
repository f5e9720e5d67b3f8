#include "core/http/static_files.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/temp_folder.hpp"

namespace yb::http {
namespace {

namespace fs = std::filesystem;

class StaticFilesTest : public ::testing::Test {
 protected:
  StaticFilesTest() {
    Write("secret.txt", "secret");
    Write("web/index.html", "<page>");
    Write("web/favicon.svg", "<svg/>");
    Write("web/.env", "hidden");
    Write("web/assets/app-3f9c.js", "script");
    Write("web/assets/app-3f9c.js.gz", "packed script");
    fs::create_symlink(root_ / "secret.txt", root_ / "web/leak.txt");
  }

  void Write(const std::string& name, const std::string& content) {
    fs::create_directories((root_ / name).parent_path());
    std::ofstream(root_ / name) << content;
  }
  [[nodiscard]] Response Get(const std::string& path, std::map<std::string, std::string> headers = {}) const {
    Request request;
    request.method = "GET";
    request.path = path;
    request.headers = std::move(headers);
    return StaticFiles(root_ / "web").Serve(request);
  }
  static std::string HeaderOf(const Response& response, const std::string& name) {
    for (const auto& [key, value] : response.headers) {
      if (key == name) return value;
    }
    return {};
  }

  test::TempFolder folder_;
  fs::path root_ = folder_.path();
};

TEST_F(StaticFilesTest, ServesFilesWithTheirType) {
  EXPECT_EQ(Get("/favicon.svg").body, "<svg/>");
  EXPECT_EQ(Get("/favicon.svg").content_type, "image/svg+xml");
  EXPECT_EQ(HeaderOf(Get("/favicon.svg"), "Cache-Control"), "no-cache");
}

TEST_F(StaticFilesTest, CachesHashedAssetsForGood) {
  const Response response = Get("/assets/app-3f9c.js");
  EXPECT_EQ(response.content_type, "text/javascript; charset=utf-8");
  EXPECT_EQ(HeaderOf(response, "Cache-Control"), "public,max-age=31536000,immutable");
}

TEST_F(StaticFilesTest, SendsThePackedSiblingToThoseWhoTakeIt) {
  const Response packed = Get("/assets/app-3f9c.js", {{"accept-encoding", "br, gzip;q=0.8"}});
  EXPECT_EQ(packed.body, "packed script");
  EXPECT_EQ(HeaderOf(packed, "Content-Encoding"), "gzip");
  EXPECT_EQ(HeaderOf(packed, "Vary"), "Accept-Encoding");
  for (const char* header : {"", "br", "gzip;q=0", "gzip; q=0.0"}) {
    const Response plain = Get("/assets/app-3f9c.js", {{"accept-encoding", header}});
    EXPECT_EQ(plain.body, "script") << header;
    EXPECT_EQ(HeaderOf(plain, "Content-Encoding"), "") << header;
    EXPECT_EQ(HeaderOf(plain, "Vary"), "Accept-Encoding") << header;
  }
}

TEST_F(StaticFilesTest, GivesTheIndexToAddressesOfPages) {
  for (const char* path : {"/", "/index.html", "/sites/lvye-01", "/sites/"}) {
    EXPECT_EQ(Get(path).body, "<page>") << path;
    EXPECT_EQ(HeaderOf(Get(path), "Cache-Control"), "no-cache") << path;
  }
  for (const char* path : {"/api", "/api/v1/nothing", "/missing.js", "/assets/missing", "/assets"}) {
    EXPECT_EQ(Get(path).status, path == std::string("/assets") ? 200 : 404) << path;
  }
}

TEST_F(StaticFilesTest, LeavesUnchangedFilesWithTheClient) {
  const std::string tag = HeaderOf(Get("/"), "ETag");
  EXPECT_EQ(Get("/", {{"if-none-match", tag}}).status, 304);
  Write("web/index.html", "<new page>");
  EXPECT_EQ(Get("/", {{"if-none-match", tag}}).body, "<new page>");
}

TEST_F(StaticFilesTest, ShowsNothingOutsideTheFolderAndNothingHidden) {
  for (const char* path : {"/../secret.txt", "/assets/../../secret.txt", "/leak.txt", "/.env", "/..\\secret.txt", "",
                           "secret.txt", "//etc/passwd", "/assets/./../../secret.txt"}) {
    const Response response = Get(path);
    EXPECT_TRUE(response.status == 404 || response.body == "<page>") << path;
    EXPECT_EQ(response.body.find("secret\n"), std::string::npos) << path;
  }
  EXPECT_EQ(Get("/leak.txt").status, 404);
  EXPECT_EQ(Get("//etc/passwd").body, "<page>");
}

TEST_F(StaticFilesTest, SaysThatThePagesAreNotInstalled) {
  Request request;
  request.path = "/";
  const Response response = StaticFiles(root_ / "nowhere").Serve(request);
  EXPECT_EQ(response.status, 404);
  EXPECT_NE(response.body.find("not installed"), std::string::npos);
}

}  // namespace
}  // namespace yb::http
