#include "tools/metersim/truth_log.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/unit/metersim/frames.hpp"
#include "tests/unit/metersim/scratch_folder.hpp"

namespace yb::metersim {
namespace {

TruthEntry Entry() {
  return {"line-1",
          "000000000161",
          "DLT645-2007",
          {Hex("6816"), "00010000", {{"fwd_active_energy", base::Decimal(184236, 2), "kWh"}, {"x", std::nullopt, ""}}},
          ""};
}

std::string Content(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

constexpr std::string_view kLine =
    R"({"t_us":1793851200000001,"line":"line-1","address":"000000000161","protocol":"DLT645-2007","di":"00010000",)"
    R"("values":[{"quantity":"fwd_active_energy","value":"1842.36","unit":"kWh"},)"
    R"({"quantity":"x","value":null,"unit":""}],"frame_hex":"6816"})"
    "\n";

TEST(TruthLog, WritesALinePerAnswer) {
  const ScratchFolder folder;
  base::Result<TruthLog> log = TruthLog::Open(folder.path() / "truth.jsonl");
  ASSERT_TRUE(log);
  ASSERT_TRUE(log->Append(Entry(), {1'793'851'200'000'001}));
  EXPECT_EQ(Content(folder.path() / "truth.jsonl"), kLine);
}

TEST(TruthLog, NamesTheFaultThatWasAtWork) {
  TruthEntry entry = Entry();
  entry.fault = "late";
  EXPECT_NE(ToJsonLine(entry, {}).find(R"("fault":"late"})"), std::string::npos);
}

TEST(TruthLog, BeginsANewLineBehindATornOne) {
  const ScratchFolder folder;
  const std::filesystem::path file = folder.path() / "truth.jsonl";
  std::ofstream(file) << R"({"t_us":17)";
  base::Result<TruthLog> log = TruthLog::Open(file);
  ASSERT_TRUE(log);
  ASSERT_TRUE(log->Append(Entry(), {1'793'851'200'000'001}));
  EXPECT_EQ(Content(file), "{\"t_us\":17\n" + std::string(kLine));
}

}  // namespace
}  // namespace yb::metersim
