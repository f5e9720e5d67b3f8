// `yuanbanctl config check`: the files of the project are good, and a wrong one is told by file, line and key.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_folder.hpp"
#include "tools/ctl/run.hpp"

namespace yb::ctl {
namespace {

constexpr const char* kProfiles = "firmware-config/profiles";

class ConfigCheck : public ::testing::Test {
 protected:
  void Run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"config", "check"});
    status_ = ctl::Run(arguments, out_, err_, clock_);
  }
  std::string Write(const std::string& name, const std::string& text) {
    const std::filesystem::path file = folder_.path() / name;
    std::ofstream(file) << text;
    return file.string();
  }

  test::TempFolder folder_;
  test::ManualClock clock_{base::UtcTime{0}};
  std::ostringstream out_, err_;
  int status_ = -1;
};

const std::string kField =
    "[[line]]\nkey = \"line-1\"\nkind = \"tcp\"\nhost = \"10.0.3.7\"\nport = 4001\n"
    "[[line.meter]]\nkey = \"pump-1\"\nname = \"1号泵房\"\nprofile = \"cjt188-water\"\naddress = \"51327643\"\n";
const std::string kCentral =
    "city = \"150200\"\ndata_dir = \"data\"\n[broker]\naddress = \"mqtts://b:8883\"\nroots = \"r\"\ncertificate = "
    "\"c\"\n"
    "key = \"k\"\n[web]\ncertificate = \"w\"\n";

TEST_F(ConfigCheck, FindsEveryProfileOfTheProjectGood) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(kProfiles)) files.push_back(entry.path().string());
  ASSERT_GE(files.size(), 15U);
  Run(files);
  EXPECT_EQ(status_, 0) << err_.str();
}

TEST_F(ConfigCheck, RecognisesWhatAFileConfigures) {
  Write("field.toml", kField);
  const std::string profiles = std::filesystem::absolute(kProfiles).string();
  const std::string edge =
      Write("box.toml",
            "city = \"150200\"\nsite = \"lvye-01\"\ndata_dir = \"data\"\n[field]\nconfig = \"field.toml\"\n"
            "profiles = \"" +
                profiles + "\"\n[web]\n");
  Run({edge, Write("lines.toml", kField), Write("city.toml", kCentral), "--profiles", profiles});
  EXPECT_EQ(status_, 0) << err_.str();
  EXPECT_NE(out_.str().find("box.toml: good, the box lvye-01 with 1 line, 1 meter, "), std::string::npos) << out_.str();
  EXPECT_NE(out_.str().find("lines.toml: good, 1 line, 1 meter, "), std::string::npos) << out_.str();
  EXPECT_NE(out_.str().find("city.toml: good, central of city 150200"), std::string::npos) << out_.str();
}

TEST_F(ConfigCheck, TellsFileLineKeyAndWhatWasExpectedOfEachWrongFile) {
  std::string baud = kField;
  baud.insert(baud.find("[[line.meter]]"), "reply_timeout_ms = 5\n");
  const std::string unknown = kCentral + "prot = 8443\n";
  Run({Write("a.toml", baud), Write("b.toml", unknown), Write("c.toml", kCentral), "--profiles", kProfiles});
  EXPECT_EQ(status_, 1);
  EXPECT_NE(err_.str().find("a.toml:6: line 'line-1': reply_timeout_ms: found the number 5"), std::string::npos)
      << err_.str();
  EXPECT_NE(err_.str().find("20 to 60000"), std::string::npos) << err_.str();
  EXPECT_NE(err_.str().find("b.toml:10: web: prot: is no known key"), std::string::npos) << err_.str();
  EXPECT_NE(err_.str().find("port"), std::string::npos) << err_.str();
  EXPECT_NE(out_.str().find("c.toml: good"), std::string::npos) << "one wrong file hides no other";
}

TEST_F(ConfigCheck, AnEdgeConfigurationIsAsGoodAsTheFieldConfigurationItNames) {
  std::string field = kField;
  field.replace(field.find("cjt188-water"), 12, "cjt188-wader");
  Write("field.toml", field);
  Run({Write(
      "edge.toml",
      "city = \"150200\"\nsite = \"lvye-01\"\ndata_dir = \"data\"\n[field]\nconfig = \"field.toml\"\nprofiles = \"" +
          std::filesystem::absolute(kProfiles).string() + "\"\n[web]\n")});
  EXPECT_EQ(status_, 1);
  EXPECT_NE(err_.str().find("field.toml:9: meter 'pump-1': profile: "), std::string::npos) << err_.str();
  EXPECT_NE(err_.str().find("did you mean \"cjt188-water\"?"), std::string::npos) << err_.str();
}

TEST_F(ConfigCheck, AsksForTheKindWhereItCannotBeTold) {
  const std::string file = Write("x.toml", "city = \"150200\"\n");
  Run({file});
  EXPECT_EQ(status_, 1);
  EXPECT_NE(err_.str().find("--kind"), std::string::npos) << err_.str();
  Run({file, "--kind", "edge"});
  EXPECT_NE(err_.str().find("x.toml:1: site: "), std::string::npos) << err_.str();
  Run({file, "--kind", "box"});
  EXPECT_EQ(status_, 64);
  Run({});
  EXPECT_EQ(status_, 64);
}

}  // namespace
}  // namespace yb::ctl
