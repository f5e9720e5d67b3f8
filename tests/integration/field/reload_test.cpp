// The box takes a new field.toml while it runs: against the meter simulator, with the real store.
#include <gtest/gtest.h>

#include <signal.h>

#include <algorithm>
#include <fstream>

#include "core/storage/sqlite/sqlite_database.hpp"
#include "edge/field_setup.hpp"
#include "tests/support/metersim_process.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/wait_until.hpp"

namespace yb::edge {
namespace {

constexpr const char* kSim = R"(
[[line]]
key = "kept"
listen = "127.0.0.1:0"
[[line.meter]]
protocol = "DLT645-2007"
address = "260305510020"
profile = "office-building"
[[line]]
key = "other"
listen = "127.0.0.1:0"
[[line.meter]]
protocol = "CJT188"
address = "78330011223344"
profile = "office-water"
)";

class Reload : public ::testing::Test {
 protected:
  void SetUp() override {
    EdgeStoreOptions options;
    options.site = *base::SiteId::Parse("lvye-01");
    options.commit_interval = std::chrono::milliseconds(20);
    auto store = EdgeStore::Open(*opener_, options, clock_);
    ASSERT_TRUE(store) << store.error().Describe();
    store_ = std::move(*store);
    side_ = std::make_unique<field::FieldSide>(clock_, *store_);
    desk_ = std::make_unique<AlarmDesk>(AlarmDeskOptions{}, *store_, *telemetry::RecordLog::Open(*opener_), clock_);
    setup_ = std::make_unique<FieldSetup>(
        EdgeConfig::Field{folder_.path() / "field.toml", "firmware-config/profiles", folder_.path() / "alarms.toml"},
        *store_, *side_, *desk_);
    std::ofstream(folder_.path() / "alarms.toml") << "";
  }

  std::string Line(const std::string& key, const std::string& meter, const std::string& rest) const {
    return "[[line]]\nkey = \"" + key +
           "\"\nkind = \"tcp\"\nhost = \"127.0.0.1\"\nport = " + std::to_string(sim_.port(key)) +
           "\n[[line.meter]]\nkey = \"" + meter + "\"\nname = \"m\"\ninterval_s = 1\n" + rest;
  }
  std::string Kept() const {
    return Line("kept", "feeder", "profile = \"dlt645-2007-basic\"\naddress = \"260305510020\"\n");
  }
  std::string Other(const std::string& meter) const {
    return Line("other", meter, "profile = \"cjt188-water\"\naddress = \"78330011223344\"\n");
  }
  base::Result<field::LineChanges> Read(const std::string& text) {
    std::ofstream(folder_.path() / "field.toml") << text;
    return setup_->Reload();
  }

  std::optional<telemetry::PointDefinition> Definition(const std::string& key) const {
    return store_->state().With([&](const telemetry::SiteState& state) -> std::optional<telemetry::PointDefinition> {
      for (const auto& [no, definition] : state.points) {
        if (definition.point.key == key) return definition;
      }
      return std::nullopt;
    });
  }
  bool WaitForAnswers(const std::string& line, std::uint64_t answers) const {
    return test::WaitUntil([&] {
      const auto lines = side_->Snapshot();
      const auto found = std::ranges::find(lines, line, &field::LineSnapshot::key);
      return found != lines.end() && found->status.counters.answers >= answers;
    });
  }

  const base::SystemClock clock_;
  test::TempFolder folder_;
  test::MetersimProcess sim_{YB_METERSIM, folder_.path(), kSim};
  std::unique_ptr<storage::DatabaseOpener> opener_ =
      storage::MakeSqliteOpener({.file = folder_.path() / "telemetry.db"});
  std::unique_ptr<EdgeStore> store_;
  std::unique_ptr<field::FieldSide> side_;
  std::unique_ptr<AlarmDesk> desk_;
  std::unique_ptr<FieldSetup> setup_;
};

TEST_F(Reload, AddsChangesAndRemovesLinesWhileTheOthersMissNothing) {
  ASSERT_TRUE(Read(Kept()));
  ASSERT_TRUE(WaitForAnswers("kept", 2));
  EXPECT_FALSE(Definition("pump/current_volume"));

  auto changes = Read(Kept() + Other("pump"));
  ASSERT_TRUE(changes) << changes.error().Describe();
  EXPECT_EQ(changes->kept, 1U);
  EXPECT_EQ(changes->started, 1U);
  ASSERT_TRUE(WaitForAnswers("other", 1));
  ASSERT_TRUE(Definition("pump/current_volume"));

  changes = Read(Kept() + Other("pump-2"));
  ASSERT_TRUE(changes);
  EXPECT_EQ(changes->restarted, 1U);
  ASSERT_TRUE(WaitForAnswers("other", 1));
  EXPECT_TRUE(Definition("pump/current_volume")->retired);
  EXPECT_FALSE(Definition("pump-2/current_volume")->retired);

  changes = Read(Kept());
  ASSERT_TRUE(changes);
  EXPECT_EQ(changes->stopped, 1U);
  ASSERT_TRUE(WaitForAnswers("kept", side_->Snapshot()[0].status.counters.answers + 10));
  side_->Stop();

  const field::LineSnapshot kept = side_->Snapshot()[0];
  EXPECT_EQ(kept.status.connects, 1U);
  EXPECT_EQ(kept.status.counters.overruns, 0U) << "no poll was skipped";
  EXPECT_EQ(kept.status.counters.requests, kept.status.counters.answers) << "and none had to be asked again";
  EXPECT_EQ(sim_.Answers("kept"), kept.status.counters.answers) << "the simulator counted as many";
}

TEST_F(Reload, RefusesAWrongFileAndGoesOn) {
  ASSERT_TRUE(Read(Kept()));
  ASSERT_TRUE(WaitForAnswers("kept", 1));
  const auto refused = Read(Kept() + Other("feeder"));
  ASSERT_FALSE(refused);
  const std::string why = refused.error().Describe();
  EXPECT_NE(why.find("field.toml:18: meter 'feeder': key: "), std::string::npos) << why;
  ASSERT_TRUE(setup_->refusal());
  EXPECT_EQ(setup_->refusal()->en, why);
  EXPECT_NE(setup_->refusal()->zh.find("field.toml:18: meter 'feeder': key：“feeder”出现了两次（第 7 行已经用过）"),
            std::string::npos)
      << setup_->refusal()->zh;
  EXPECT_EQ(setup_->counters().refused, 1U);
  EXPECT_FALSE(setup_->counters().files_are_in_force);
  ASSERT_TRUE(WaitForAnswers("kept", side_->Snapshot()[0].status.counters.answers + 2));
  EXPECT_EQ(side_->Snapshot()[0].status.connects, 1U);
  EXPECT_EQ(side_->Snapshot().size(), 1U);

  ASSERT_TRUE(Read(Kept() + Other("pump")));
  EXPECT_TRUE(setup_->counters().files_are_in_force);
  EXPECT_FALSE(setup_->refusal());
  EXPECT_TRUE(WaitForAnswers("other", 1));
}

// The program itself: SIGHUP reads the file again, and does not end it.
TEST(ReloadBySignal, IsAppliedOrRefusedByTheRunningProgram) {
  const test::TempFolder folder;
  const auto write = [&](const std::string& name, const std::string& text) {
    std::ofstream(folder.path() / name) << text;
  };
  const std::string log = (folder.path() / "edge.log").string();
  const auto said = [&](const std::string& words) {
    std::ifstream in(log);
    const std::string text((std::istreambuf_iterator<char>(in)), {});
    return text.find(words) != std::string::npos;
  };
  write("field.toml", "");
  write("edge.toml",
        "city = \"150200\"\nsite = \"lvye-01\"\ndata_dir = \"data\"\n[field]\nconfig = \"field.toml\"\nprofiles = \"" +
            std::filesystem::absolute("firmware-config/profiles").string() + "\"\n[web]\nport = 0\n");
  test::Process edge({YB_EDGE, "--config", (folder.path() / "edge.toml").string()}, log);
  ASSERT_TRUE(test::WaitUntil([&] { return said("serving"); }));
  write("field.toml", "[[line]]\nkey = \"line-1\"\nkind = \"tcq\"\n");
  ASSERT_EQ(::kill(edge.pid(), SIGHUP), 0);
  EXPECT_TRUE(test::WaitUntil([&] { return said("field.toml:3: line 'line-1': kind: found"); }));
  write("field.toml", "[[line]]\nkey = \"line-1\"\nkind = \"tcp\"\nhost = \"127.0.0.1\"\nport = 1\n");
  ASSERT_EQ(::kill(edge.pid(), SIGHUP), 0);
  EXPECT_TRUE(test::WaitUntil([&] { return said("configuration_applied kept=0 started=1"); }));
  EXPECT_TRUE(edge.Running());
  EXPECT_TRUE(edge.Terminate());
}

}  // namespace
}  // namespace yb::edge
