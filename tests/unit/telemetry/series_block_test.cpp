// Series blocks: the golden ones, made by another encoder, and exact round trips of whatever can be read.
#include "core/telemetry/series_block.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <random>

#include "core/telemetry/integer_column.hpp"
#include "core/telemetry/residual_coder.hpp"

namespace yb::telemetry {
namespace {

using base::Decimal;
using metering::Quality;

base::Bytes Golden(const std::string& name) {
  std::ifstream in("core/contract/vectors/" + name);
  const std::string hex{std::istreambuf_iterator<char>(in), {}};
  const auto bytes = base::FromHex(hex);
  EXPECT_TRUE(bytes && !bytes->empty()) << name;
  return bytes.value_or(base::Bytes{});
}

std::vector<SeriesReading> Decode(base::ByteView block) {
  std::vector<SeriesReading> readings;
  const base::Status status = DecodeSeriesBlock(block, [&](const SeriesReading& r) { readings.push_back(r); });
  EXPECT_TRUE(status) << status.error().Describe();
  return readings;
}

std::string Describe(const SeriesReading& r) {
  const metering::Reading& reading = r.reading;
  return std::to_string(reading.point) + " " + base::ToIso(reading.time) + " " +
         (reading.value ? reading.value->ToString() : "none") + " " + std::string(metering::ToString(reading.quality)) +
         " " + std::to_string(r.context);
}

std::vector<std::string> Describe(std::span<const SeriesReading> readings) {
  std::vector<std::string> lines;
  for (const SeriesReading& r : readings) lines.push_back(Describe(r));
  return lines;
}

class GoldenBlock : public testing::TestWithParam<std::string> {};

TEST_P(GoldenBlock, IsRead) {
  const base::Bytes block = Golden(GetParam());
  const std::vector<std::string> expected = {
      "7 2026-03-02T06:08:00.000000Z 1842.36 good 0", "7 2026-03-02T06:08:15.000000Z 1842.56 good 0",
      "7 2026-03-02T06:08:30.002000Z 1842.77 good 0", "7 2026-03-02T06:08:44.702000Z none unreachable 0",
      "7 2026-03-02T06:09:00.000000Z 1842.96 good 1", "9 2026-03-02T06:08:00.040000Z 220.0 good 0",
      "9 2026-03-02T06:08:15.040000Z 221.1 good 0",   "9 2026-03-02T06:08:30.043000Z 219.7 suspect 0",
      "9 2026-03-02T06:08:44.742000Z 220.0 good 0",   "9 2026-03-02T06:09:00.039000Z -220.0 good 0"};
  EXPECT_EQ(Describe(Decode(block)), expected);
  const auto info = ReadSeriesBlockInfo(block);
  ASSERT_TRUE(info);
  EXPECT_EQ(info->first_point, 7U);
  EXPECT_EQ(info->last_point, 9U);
  EXPECT_EQ(info->readings, 10U);
  EXPECT_EQ(base::ToIso(info->first), "2026-03-02T06:08:00.000000Z");
  EXPECT_EQ(base::ToIso(info->last), "2026-03-02T06:09:00.039000Z");
}

INSTANTIATE_TEST_SUITE_P(OfVersionOneAndTwo, GoldenBlock,
                         testing::Values("series-two-points.hex", "series-two-points-coded.hex"),
                         [](const auto& one) { return one.index == 0 ? "Planes" : "Coded"; });

TEST(SeriesBlock, ABlockForANewerReaderIsRefusedAsSuch) {
  const base::Bytes block = Golden("series-newer-reader.hex");
  EXPECT_EQ(ReadSeriesBlockInfo(block).error().code, base::ErrorCode::kUnsupported);
  EXPECT_EQ(DecodeSeriesBlock(block, [](const SeriesReading&) {}).error().code, base::ErrorCode::kUnsupported);
}

/// A point as meters are, or as they should not be: steady, noisy, stuck, jumping, silent, in any order of time.
std::vector<SeriesReading> Draw(std::mt19937_64& random, metering::PointNo point, std::size_t count) {
  const auto draw = [&](std::int64_t least, std::int64_t most) {
    return std::uniform_int_distribution<std::int64_t>(least, most)(random);
  };
  const std::int64_t unit = std::int64_t{1} << (10 * draw(0, 2));
  const std::int64_t noise = std::int64_t{1} << draw(0, 40);
  const bool wild = draw(0, 9) == 0;
  std::int64_t time = draw(0, 2'000'000'000'000'000);
  std::int64_t mantissa = draw(-1'000'000'000, 1'000'000'000);
  std::uint8_t scale = static_cast<std::uint8_t>(draw(0, Decimal::kMaxScale));
  std::vector<SeriesReading> readings;
  for (std::size_t i = 0; i < count; ++i) {
    time = wild ? draw(INT64_MIN, INT64_MAX) : time + unit * 15'000 + draw(-noise, noise);
    mantissa = wild ? draw(-Decimal::kMostMantissa, Decimal::kMostMantissa)
                    : std::clamp(mantissa + draw(0, noise), -Decimal::kMostMantissa, Decimal::kMostMantissa);
    if (draw(0, 99) == 0) scale = static_cast<std::uint8_t>(draw(0, Decimal::kMaxScale));
    SeriesReading r{{point, {time}, std::nullopt, static_cast<Quality>(draw(0, 60) == 0 ? draw(0, 255) : 0)},
                    static_cast<std::uint32_t>(i * 3 / count)};
    if (draw(0, 19) != 0) r.reading.value = Decimal(mantissa, scale);
    readings.push_back(r);
  }
  return readings;
}

TEST(SeriesBlock, GivesBackEveryReadingExactly) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    std::mt19937_64 random(seed);
    std::vector<SeriesReading> readings;
    metering::PointNo point = 0;
    for (std::uint64_t points = 1 + random() % 8; points > 0; --points) {
      point += 1 + static_cast<metering::PointNo>(random() % 1000);
      const std::vector<SeriesReading> more = Draw(random, point, 1 + random() % 200);
      readings.insert(readings.end(), more.begin(), more.end());
    }
    const std::vector<SeriesReading> back = Decode(EncodeSeriesBlock(readings));
    ASSERT_EQ(back.size(), readings.size()) << "seed " << seed;
    for (std::size_t i = 0; i < back.size(); ++i) {
      const metering::Reading& a = readings[i].reading;
      const metering::Reading& b = back[i].reading;
      ASSERT_TRUE(a.point == b.point && a.time == b.time && a.quality == b.quality &&
                  readings[i].context == back[i].context && a.value.has_value() == b.value.has_value() &&
                  (!a.value || a.value->SameDigits(*b.value)))
          << "seed " << seed << ": " << Describe(readings[i]) << " came back as " << Describe(back[i]);
    }
  }
}

constexpr std::size_t kHeadBytes = 20;  // up to the lengths of the streams

TEST(SeriesBlock, RefusesAFlippedBitOrACutInEveryPlace) {
  const base::Bytes good = Golden("series-two-points-coded.hex");
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    base::Bytes bad = good;
    bad[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    EXPECT_FALSE(DecodeSeriesBlock(bad, [](const SeriesReading&) {})) << "bit " << bit;
  }
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(DecodeSeriesBlock(base::ByteView(good).first(size), [](const SeriesReading&) {})) << size;
  }
}

TEST(SeriesBlock, OfVersionOneRefusesAFlippedBitOrACutInItsStreams) {
  const base::Bytes good = Golden("series-two-points.hex");
  const std::vector<std::string> truth = Describe(Decode(good));
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    base::Bytes bad = good;
    bad[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    std::vector<SeriesReading> readings;
    if (!DecodeSeriesBlock(bad, [&](const SeriesReading& r) { readings.push_back(r); })) continue;
    // What is no part of the readings' own bytes (version, range, first point) has no checksum over it.
    if (bit / 8 >= kHeadBytes) {
      EXPECT_EQ(Describe(readings), truth) << "bit " << bit;
    }
  }
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(DecodeSeriesBlock(base::ByteView(good).first(size), [](const SeriesReading&) {})) << size;
  }
}

TEST(SeriesBlock, KeepsADayOfASteadyRegisterInABitEach) {
  std::vector<SeriesReading> day;
  for (std::int64_t i = 0; i < 5760; ++i) {
    day.push_back({{1, {1'772'431'680'000'000 + i * 15'000'000}, Decimal(184'236 + 20 * i, 2), Quality::kGood}, 0});
  }
  EXPECT_LT(EncodeSeriesBlock(day).size(), 5760U / 8);
}

TEST(SeriesBlock, KeepsTwoStepsInTurnInAFifthOfABitEach) {
  std::vector<SeriesReading> day;
  for (std::int64_t i = 0; i < 5760; ++i) {
    day.push_back({{1, {1'772'431'680'000'000 + i * 15'000'000}, Decimal(184'236 + 41 * i / 2, 2), Quality::kGood}, 0});
  }
  EXPECT_LT(EncodeSeriesBlock(day).size(), 5760U / 8 / 5);
}

TEST(ResidualCoder, GivesBackAnyColumnsAndNoticesAnEndTooEarly) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    std::mt19937_64 random(seed);
    std::vector<std::vector<std::uint64_t>> columns(1 + random() % 4);
    ResidualEncoder encoder;
    for (auto& column : columns) {
      const unsigned shift = static_cast<unsigned>(random() % 64);
      column.resize(random() % 300);
      for (std::uint64_t& residual : column) {
        residual = random() % 50 == 0 ? ~std::uint64_t{0} : (random() % 3 == 0 ? 0 : random() >> shift);
      }
      encoder.Put(column);
    }
    const base::Bytes stream = encoder.Finish();
    ResidualDecoder decoder(stream);
    for (const auto& column : columns) {
      std::vector<std::uint64_t> back(column.size());
      decoder.Take(back);
      ASSERT_EQ(back, column) << "seed " << seed;
    }
    EXPECT_TRUE(decoder.done()) << "seed " << seed;
    std::uint64_t more = 0;
    while (decoder.ok() && more < 100'000) {
      std::uint64_t one = 0;
      decoder.Take({&one, 1});
      ++more;
    }
    EXPECT_FALSE(decoder.ok());
    EXPECT_EQ(encoder.Finish(), base::Bytes()) << "it begins anew";
  }
}

TEST(IntegerColumn, RefusesAReferenceThatIsNotThere) {
  const base::Bytes head = {0x03, 0x00};
  const base::Bytes planes = {0, 0};
  ByteReader h(head);
  ByteReader p(planes);
  ByteReader w({});
  EXPECT_FALSE(TakeColumn(2, {}, h, p, w));
}

}  // namespace
}  // namespace yb::telemetry
