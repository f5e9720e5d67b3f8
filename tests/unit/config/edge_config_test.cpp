#include "edge/edge_config.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "tests/support/temp_folder.hpp"

namespace yb::edge {
namespace {

constexpr std::string_view kGood = R"(city = "150200"
site = "jiuyuan-01"
data_dir = "data"

[field]
config = "field.toml"
profiles = "/usr/share/profiles"

[web]
port = 8444
)";

class EdgeConfigTest : public ::testing::Test {
 protected:
  base::Result<EdgeConfig> Load(std::string_view from = "", std::string_view to = "") {
    std::string text(kGood);
    text.replace(text.find(from), from.size(), to);
    std::ofstream(file_) << text;
    return LoadEdgeConfig(file_);
  }
  /// The complaint, without the folder.
  std::string Complaint(std::string_view from, std::string_view to) {
    const base::Result<EdgeConfig> config = Load(from, to);
    if (config) return "none";
    const std::string text = config.error().Describe();
    EXPECT_TRUE(text.starts_with(file_.string())) << text;
    return text.substr(text.find("edge.toml"));
  }

  test::TempFolder folder_;
  std::filesystem::path file_ = folder_.path() / "edge.toml";
};

TEST_F(EdgeConfigTest, TakesPathsFromTheFolderOfTheFile) {
  const base::Result<EdgeConfig> config = Load();
  ASSERT_TRUE(config) << config.error().Describe();
  EXPECT_EQ(config->data_dir, folder_.path() / "data");
  EXPECT_EQ(config->identity_dir, folder_.path() / "data" / "identity");
  EXPECT_EQ(config->field.config, folder_.path() / "field.toml");
  EXPECT_EQ(config->field.profiles, "/usr/share/profiles");
  EXPECT_EQ(config->site_name, "jiuyuan-01");
  EXPECT_TRUE(config->web.pages.empty());
  EXPECT_EQ(config->files.free_mib, 256);
  EXPECT_EQ(Load("[web]\n", "[files]\nfree_mib = 16\n[web]\n")->files.free_mib, 16);
}

TEST_F(EdgeConfigTest, NamesFileLineKeyFoundAndExpected) {
  EXPECT_EQ(Complaint("8444", "\"8444\""),
            "edge.toml:10: web: port: found the text \"8444\" (expected a whole number from 0 to 65535)");
  EXPECT_EQ(Complaint("[web]\nport = 8444\n", ""), "edge.toml:1: web: is missing (expected a table written as [web])");
  EXPECT_EQ(Complaint("profiles", "profile"), "edge.toml:5: field: profiles: is missing (expected a text in quotes)");
  EXPECT_EQ(Complaint("port = 8444", "prot = 8444"), "edge.toml:10: web: prot: is no known key (did you mean 'port'?)");
  EXPECT_EQ(Complaint("[web]\n", "[files]\nfree_mib = 0\n[web]\n"),
            "edge.toml:10: files: free_mib: found the number 0 (expected a whole number from 1 to 1048576)");
  EXPECT_TRUE(Complaint("150200", "15020").starts_with("edge.toml:1: city: ")) << Complaint("150200", "15020");
}

TEST(EdgeConfig, SaysThatTheFileIsMissing) {
  EXPECT_EQ(LoadEdgeConfig("/nowhere/edge.toml").error().code, base::ErrorCode::kNotFound);
}

}  // namespace
}  // namespace yb::edge
