#include "central/central_config.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "tests/support/temp_folder.hpp"

namespace yb::central {
namespace {

constexpr std::string_view kGood = R"(city = "150200"
data_dir = "data"

[broker]
address = "mqtts://127.0.0.1:8883"
roots = "../pki/roots.pem"
certificate = "../pki/central.pem"
key = "../pki/central.key"

[web]
certificate = "../pki/web.pem"
)";

class CentralConfigTest : public ::testing::Test {
 protected:
  base::Result<CentralConfig> Load(std::string_view from = "", std::string_view to = "") {
    std::string text(kGood);
    text.replace(text.find(from), from.size(), to);
    std::ofstream(file_) << text;
    return LoadCentralConfig(file_);
  }
  /// The complaint, without the folder.
  std::string Complaint(std::string_view from, std::string_view to) {
    const base::Result<CentralConfig> config = Load(from, to);
    if (config) return "none";
    const std::string text = config.error().Describe();
    EXPECT_TRUE(text.starts_with(file_.string())) << text;
    return text.substr(text.find("central.toml"));
  }

  test::TempFolder folder_;
  std::filesystem::path file_ = folder_.path() / "central.toml";
};

TEST_F(CentralConfigTest, TakesPathsFromTheFolderOfTheFile) {
  const base::Result<CentralConfig> config = Load();
  ASSERT_TRUE(config) << config.error().Describe();
  EXPECT_EQ(config->data_dir, folder_.path() / "data");
  EXPECT_EQ(config->broker.roots, folder_.path().parent_path() / "pki" / "roots.pem");
  EXPECT_EQ(config->web.port, 8443);
  EXPECT_TRUE(config->pki_dir.empty());
  EXPECT_EQ(config->files.free_mib, 256);
  EXPECT_EQ(Load("[web]\n", "[files]\nfree_mib = 16\n[web]\n")->files.free_mib, 16);
}

TEST_F(CentralConfigTest, NamesFileLineKeyFoundAndExpected) {
  EXPECT_EQ(Complaint("mqtts:", "mqtt:"),
            "central.toml:5: broker: address: found \"mqtt://127.0.0.1:8883\" (expected \"mqtts://host:port\")");
  EXPECT_EQ(Complaint("[web]\n", "[web]\nport = 65536\n"),
            "central.toml:11: web: port: found the number 65536 (expected a whole number from 0 to 65535)");
  EXPECT_EQ(Complaint("[web]\n", "[files]\nfree_mib = 0\n[web]\n"),
            "central.toml:11: files: free_mib: found the number 0 (expected a whole number from 1 to 1048576)");
  EXPECT_EQ(Complaint("[web]\ncertificate = \"../pki/web.pem\"\n", ""),
            "central.toml:1: web: is missing (expected a table written as [web])");
  EXPECT_EQ(Complaint("roots =", "root ="), "central.toml:4: broker: roots: is missing (expected a text in quotes)");
  EXPECT_EQ(Complaint("data_dir", "pki_dirs = \"\"\ndata_dir"),
            "central.toml:2: pki_dirs: is no known key (did you mean 'pki_dir'?)");
}

}  // namespace
}  // namespace yb::central
