// `yuanbanctl reading import` from the file to the box's store.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "core/storage/sqlite/sqlite_database.hpp"
#include "edge/telemetry/import_spool.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_folder.hpp"
#include "tools/ctl/run.hpp"

namespace yb::ctl {
namespace {

namespace fs = std::filesystem;

struct Said {
  int status = 0;
  std::string out;
  std::string err;
};

class ReadingImport : public testing::Test {
 protected:
  ReadingImport() {
    Write("edge.toml",
          "city = \"150200\"\nsite = \"lvye-01\"\ndata_dir = \"data\"\n"
          "[field]\nconfig = \"field.toml\"\nprofiles = \"" +
              fs::absolute("firmware-config/profiles").string() + "\"\n[web]\n");
    Write("field.toml",
          "[[line]]\nkey = \"line-1\"\nkind = \"tcp\"\nhost = \"127.0.0.1\"\nport = 1\n"
          "[[line.meter]]\nkey = \"water-1\"\nname = \"水表\"\nprofile = \"cjt188-water\"\naddress = "
          "\"11223344556677\"\n");
  }

  std::string Write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_.path() / name) << text;
    return (folder_.path() / name).string();
  }

  Said Import(const std::string& file, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments = {
        "reading", "import",      file,       "--zone", "Europe/Madrid", "--edge-config", Path("edge.toml"),
        "--map",   "W01=water-1", "--wait-s", "0"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    std::ostringstream out;
    std::ostringstream err;
    const int status = ctl::Run(arguments, out, err, clock_);
    return {status, out.str(), err.str()};
  }

  std::string Path(const char* name) const { return (folder_.path() / name).string(); }
  std::size_t Waiting() const {
    std::error_code missing;
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(Path("data/import"), missing)) {
      if (entry.path().extension() == ".readings") ++count;
    }
    return count;
  }

  /// The box looks into its spool once.
  std::string TakeUp() {
    const auto opener = storage::MakeSqliteOpener({.file = Path("data/telemetry.db")});
    edge::EdgeStoreOptions options;
    options.site = *base::SiteId::Parse("lvye-01");
    const auto store = edge::EdgeStore::Open(*opener, options, clock_);
    EXPECT_TRUE(store) << store.error().Describe();
    telemetry::PointDefinition definition;
    definition.point.key = "water-1/current_volume";
    definition.point.meter = "water-1";
    definition.point.kind = metering::PointKind::kRegister;
    EXPECT_TRUE((*store)->DefinePoints({definition}));
    edge::ImportSpool::TakeUp(Path("data/import"), **store);
    std::string results;
    for (const auto& entry : fs::directory_iterator(Path("data/import"))) {
      std::ifstream stream(entry.path());
      results.append(std::istreambuf_iterator<char>(stream), {});
    }
    return results;
  }

  test::TempFolder folder_;
  test::ManualClock clock_;
};

constexpr const char* kGood =
    "time,meter,volume_l\n2016-03-27T01:30:00,W01,1000\n2016-03-27T03:30:00,W01,1012\n2016-03-27T04:30:00,W01,1010\n";

TEST_F(ReadingImport, ReachesTheBoxOnceHoweverOftenItIsGiven) {
  const std::string file = Write("water.csv", kGood);
  const Said said = Import(file);
  EXPECT_EQ(said.status, 0) << said.err;
  EXPECT_EQ(said.out.substr(0, said.out.find('\n')),
            "3 rows, 3 readings from 2016-03-27 08:30 +08:00 to 2016-03-27 10:30 +08:00");
  EXPECT_NE(said.out.find("as soon as it runs"), std::string::npos);
  EXPECT_EQ(Waiting(), 1U);
  EXPECT_EQ(edge::ImportSpool::Waiting(Path("data/import")).size(), 1U);
  EXPECT_EQ(TakeUp(), "added 3\nknown 0\ndiffering 0\nevents 1\n") << "a step backwards, and no gap";
  EXPECT_EQ(Waiting(), 0U);
  EXPECT_TRUE(edge::ImportSpool::Waiting(Path("data/import")).empty()) << "results are no files to import";
  EXPECT_EQ(Import(file).status, 0);
  EXPECT_EQ(TakeUp(), "added 0\nknown 3\ndiffering 0\nevents 0\n");
  EXPECT_EQ(Import(Write("other.csv", "time,meter,volume_l\n2016-03-27T01:30:00,W01,999\n")).status, 0);
  EXPECT_NE(TakeUp().find("added 0\nknown 0\ndiffering 1\n"), std::string::npos);
}

TEST_F(ReadingImport, NamesEachWrongRowAndImportsNothing) {
  const std::string file = Write("bad.csv",
                                 "time,meter,volume_l\n2016-03-27T01:30:00,W01,1000\n2016-03-27T02:30:00,W01,1001\n"
                                 "2016-03-27T03:30:00,W01,12a\n2016-03-27T03:30:00,W02,5\nyesterday,W01,5\n"
                                 "2016-03-27T03:30:00,W01\n2016-03-27T01:30:00,W01,1001\n");
  const Said said = Import(file);
  EXPECT_EQ(said.status, 1);
  const std::string expected[] = {
      ":3:1: there is no 2016-03-27T02:30:00 in this zone: clocks skip that hour\n",
      ":4:25: volume_l: '12a' is no decimal number: 'a' is no digit\n",
      ":5:25: the box has no point w02/current_volume\n",
      ":6:1: 'yesterday' is no local time, expected such as 2026-03-02T14:08:00\n",
      ":7:1: the row has 2 fields, expected 3\n",
      ":8:1: 2016-03-27T01:30:00 is not later than the row before of the same meter\n",
  };
  for (const std::string& line : expected) {
    EXPECT_NE(said.err.find(file + line), std::string::npos) << line << " is not in\n" << said.err;
  }
  EXPECT_NE(said.err.find("6 of 7 rows are wrong; nothing was imported"), std::string::npos) << said.err;
  EXPECT_EQ(Waiting(), 0U);
  EXPECT_EQ(Import(file, {"--skip-bad"}).status, 0);
  EXPECT_EQ(Waiting(), 1U);
}

TEST_F(ReadingImport, TellsARepeatedHourApartByTheOrderOfRows) {
  const std::string file = Write("autumn.csv",
                                 "time,meter,volume_l\n2016-10-30T01:30:00,W01,1\n2016-10-30T02:30:00,W01,2\n"
                                 "2016-10-30T02:30:00,W01,3\n2016-10-30T03:30:00,W01,4\n");
  const Said said = Import(file, {"--dry-run"});
  EXPECT_EQ(said.status, 0) << said.err;
  EXPECT_NE(said.out.find("4 readings from 2016-10-30 07:30 +08:00 to 2016-10-30 10:30 +08:00"), std::string::npos)
      << said.out;
  EXPECT_EQ(Waiting(), 0U);
}

TEST_F(ReadingImport, SaysWhatItCannotUnderstand) {
  const std::string no_meter = Write("one.csv", "time,volume_l\n2016-03-27T01:30:00,1000\n");
  EXPECT_NE(Import(no_meter).err.find("--meter KEY"), std::string::npos);
  EXPECT_EQ(Import(no_meter, {"--meter", "water-1"}).status, 0);
  const std::string unknown = Write("unknown.csv", "time,meter,reading\n2016-03-27T01:30:00,W01,1.5\n");
  EXPECT_NE(Import(unknown).err.find("--column"), std::string::npos);
  EXPECT_EQ(Import(unknown, {"--column", "reading=current_volume:m3"}).status, 0);
  EXPECT_NE(Import(Path("none.csv")).err.find("none.csv"), std::string::npos);
}

TEST_F(ReadingImport, RefusesASpoolFileThatIsNoImport) {
  fs::create_directories(Path("data/import"));
  Write("data/import/odd.readings", "yuanban-import 1\nwater-1/current_volume,soon,1\n");
  EXPECT_EQ(TakeUp(), "refused line 2 is no reading\n");
  EXPECT_EQ(Waiting(), 0U);
}

}  // namespace
}  // namespace yb::ctl
