// What release 0.1 wrote is taken in by the programs of today: its store at a box and at central, its Hello and its
// frame (tests/fixtures/release/0.1).
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "central/store/sqlite/sqlite_central_store.hpp"
#include "core/storage/sqlite/sqlite_database.hpp"
#include "core/sync/frame_codec.hpp"
#include "edge/telemetry/edge_store.hpp"
#include "tests/support/temp_folder.hpp"

namespace yb {
namespace {

using sync::Lane;

constexpr std::uint64_t kEpoch = 1'772'431'680;
constexpr const char* kChain = "4fd6aa4865de2d72ba047d2528e3eee4";

std::string Fixture(const std::string& name) {
  std::ifstream in("tests/fixtures/release/0.1/" + name);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  EXPECT_FALSE(text.empty()) << name;
  return text;
}

class Release01 : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE((*opener_->Open())->Execute(Fixture("telemetry.sql"))); }
  static sync::Chain Chain() {
    sync::Chain chain{};
    const auto bytes = *base::FromHex(kChain);
    std::copy_n(bytes.begin(), chain.size(), chain.begin());
    return chain;
  }

  const base::SiteId site_ = *base::SiteId::Parse("lvye-01");
  test::TempFolder folder_;
  std::unique_ptr<storage::DatabaseOpener> opener_ =
      storage::MakeSqliteOpener({.file = folder_.path() / "telemetry.db"});
};

TEST_F(Release01, CentralGoesOnWithItsStoreAndTakesInItsFrames) {
  const auto opened = central::OpenCentralStore(*opener_);
  ASSERT_TRUE(opened) << opened.error().Describe();
  central::CentralStore& store = **opened;
  const auto hello = std::get<sync::Hello>(*sync::DecodeUp(*base::FromHex(Fixture("hello-two-epochs.hex"))));
  ASSERT_TRUE(store.OpenLane(*base::SiteId::Parse("other-01"), Lane::kHistory, hello, {1}));
  const sync::Hello present{7, {{kEpoch, 1, 42, {}}}};
  const auto opening = store.OpenLane(site_, Lane::kHistory, present, {1});
  ASSERT_TRUE(opening) << opening.error().Describe();
  ASSERT_EQ(opening->positions.size(), 1U);
  EXPECT_EQ(opening->positions[0].committed, 40U);
  EXPECT_EQ(opening->positions[0].chain, Chain());
  EXPECT_FALSE(opening->restored);
  EXPECT_TRUE(opening->newly_missing.empty());

  const auto frame = std::get<sync::Frame>(*sync::DecodeUp(*base::FromHex(Fixture("frame-two-records.hex"))));
  ASSERT_EQ(frame.epoch, kEpoch);
  const central::RecordRun run{site_, frame.lane, frame.epoch, frame.first_seq, frame.bodies};
  ASSERT_TRUE(store.Commit({&run, 1}));
  EXPECT_EQ(store.Positions(site_, Lane::kHistory)->at(0).committed, 42U);

  std::vector<std::string> values;
  ASSERT_TRUE(store.ForEachReading(site_, 1, {0}, {INT64_MAX / 2}, [&](const metering::Reading& reading) {
    values.push_back(reading.value->ToString());
  }));
  ASSERT_EQ(values.size(), 39U);
  EXPECT_EQ(values.front(), "2.5");
  EXPECT_EQ(values.back(), "40.5");
  const auto segment = store.SegmentFrom(site_, Lane::kHistory, kEpoch, 1);
  ASSERT_TRUE(segment && *segment);
  EXPECT_EQ(store.Verify(site_, Lane::kHistory, **segment).value(), 0U);
}

TEST_F(Release01, ABoxGoesOnInItsEpoch) {
  const base::SystemClock clock;
  edge::EdgeStoreOptions options;
  options.site = site_;
  const auto store = edge::EdgeStore::Open(*opener_, options, clock);
  ASSERT_TRUE(store) << store.error().Describe();
  const auto outbox = (*store)->Outbox(Lane::kHistory);
  ASSERT_EQ(outbox.size(), 1U);
  EXPECT_EQ(outbox[0].epoch, kEpoch);
  EXPECT_EQ(outbox[0].first, 1U);
  EXPECT_EQ(outbox[0].last, 40U);
  EXPECT_EQ(outbox[0].acked, 38U);
  EXPECT_EQ(outbox[0].chain, Chain());
  EXPECT_EQ((*store)->Outbox(Lane::kAlarm).size(), 1U);
}

}  // namespace
}  // namespace yb
