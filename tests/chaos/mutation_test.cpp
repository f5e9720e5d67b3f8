// Chaos on programs that break one promise each: it has to turn red. The same plans are green with the real programs,
// so that red means the promise and not the plan.
#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "tests/support/process.hpp"

namespace yb::test {
namespace {

struct Outcome {
  int status = 0;
  nlohmann::json result;
};

Outcome RunChaos(const std::string& plan, const std::string& seed, const std::string& program = "") {
  const std::string chaos = YB_CHAOS_DIR;
  const std::string more =
      program.empty() ? "" : " --" + program.substr(0, program.find('-')) + " " + chaos + "/" + program;
  Outcome run;
  const std::string output =
      RunToEnd(chaos + "/yb_chaos --programs " YB_BIN_DIR " --project " YB_SOURCE_DIR " --plan " + plan + " --seed " +
                   seed + more,
               run.status);
  const std::size_t last = output.rfind("{\"seed\"");
  run.result = nlohmann::json::parse(last == std::string::npos ? "{}" : output.substr(last), nullptr, false);
  return run;
}

class ChaosMutation : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* program : {"mosquitto", "faketime"}) {
      if (std::system(("command -v " + std::string(program) + " >/dev/null 2>&1").c_str()) != 0) {
        GTEST_SKIP() << program << " is not installed";
      }
    }
  }
  static void ExpectGreen(const Outcome& run) {
    EXPECT_EQ(run.status, 0) << run.result;
    EXPECT_EQ(run.result.value("lost", -1), 0);
    EXPECT_EQ(run.result.value("duplicated", -1), 0);
    EXPECT_GT(run.result.value("files_compared", 0), 0);
  }
};

// The box is set back and central is killed at the same moment, with the uplink up until then.
constexpr const char* kSetBack = "edge_restore,edge_restore,edge_restore";
constexpr const char* kSetBackSeed = "13";

TEST_F(ChaosMutation, SeesAnAcknowledgementBeforeTheCommit) {
  const Outcome run = RunChaos(kSetBack, kSetBackSeed, "central-acknowledges-before-commit");
  EXPECT_NE(run.status, 0);
  EXPECT_GT(run.result.value("lost", 0), 0) << run.result;
}

TEST_F(ChaosMutation, SeesABoxThatWasSetBackAndKeepsItsEpoch) {
  const Outcome run = RunChaos(kSetBack, kSetBackSeed, "edge-keeps-its-epoch");
  EXPECT_NE(run.status, 0);
  EXPECT_GT(run.result.value("lost", 0), 0) << run.result;
}

TEST_F(ChaosMutation, SeesACentralThatTakesRecordsTwice) {
  const Outcome run = RunChaos("central_kill,broker_kill", "1", "central-takes-records-twice");
  EXPECT_NE(run.status, 0);
  EXPECT_GT(run.result.value("duplicated", 0), 0) << run.result;
}

// The box is set back behind files that nobody else has: the uplink was cut.
constexpr const char* kSetBackAlone = "edge_restore,edge_restore";
constexpr const char* kSetBackAloneSeed = "4";

TEST_F(ChaosMutation, SeesABoxThatWasSetBackAndForgetsFilesThatItHasOnItsDisk) {
  const Outcome run = RunChaos(kSetBackAlone, kSetBackAloneSeed, "edge-forgets-what-its-disk-holds");
  EXPECT_NE(run.status, 0);
  EXPECT_GT(run.result.value("files_lost", 0), 0) << run.result;
}

constexpr const char* kKilledAmidUploads = "edge_kill,edge_kill,edge_kill";
constexpr const char* kKilledAmidUploadsSeed = "4";

TEST_F(ChaosMutation, SeesABoxThatForgetsWhatItHasOfAnUpload) {
  const Outcome run = RunChaos(kKilledAmidUploads, kKilledAmidUploadsSeed, "edge-forgets-uploads");
  EXPECT_NE(run.status, 0);
  EXPECT_GT(run.result.value("files_lost", 0), 0) << run.result;
}

TEST_F(ChaosMutation, SeesNothingInTheRealPrograms) {
  ExpectGreen(RunChaos(std::string(kSetBack) + ",central_kill,broker_kill", kSetBackSeed));
  ExpectGreen(RunChaos(kSetBackAlone, kSetBackAloneSeed));
  ExpectGreen(RunChaos(kKilledAmidUploads, kKilledAmidUploadsSeed));
}

}  // namespace
}  // namespace yb::test
