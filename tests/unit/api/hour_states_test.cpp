#include "core/api/hour_states.hpp"

#include <gtest/gtest.h>

namespace yb::api {
namespace {

using telemetry::Damage;
using telemetry::DamageState;
using telemetry::HourDigest;
using telemetry::MissingRange;

const base::UtcTime kHour = *base::FromIso("2026-03-02T06:00:00Z");

Damage Broken(std::uint64_t epoch, std::uint64_t first, std::uint64_t last, std::uint64_t rows, DamageState state) {
  return {{epoch, first, last, {}, {}}, state, rows, {}};
}

HourState Only(const std::vector<Damage>& damage, const std::vector<MissingRange>& missing = {}) {
  return JudgeHours({HourDigest{kHour, 7, 101, 200, {}, {}}}, damage, missing).at(0);
}

TEST(HourStates, AreWholeWhereNothingIsKnownToBeMissing) {
  const HourState hour = Only({});
  EXPECT_EQ(ToString(hour.standing), "whole");
  EXPECT_EQ(hour.hour, kHour);
  EXPECT_EQ(hour.lost, 0U);
}

TEST(HourStates, ArePartialOrAHoleByWhatIsLostOfThem) {
  EXPECT_EQ(Only({Broken(7, 101, 200, 3, DamageState::kOpen)}).standing, HourStanding::kPartial);
  EXPECT_EQ(Only({Broken(7, 101, 200, 3, DamageState::kNotHeld)}).lost, 3U);
  EXPECT_EQ(Only({Broken(7, 101, 200, 100, DamageState::kRefused)}).standing, HourStanding::kHole);
  EXPECT_EQ(Only({Broken(7, 1, 150, 150, DamageState::kOpen)}).lost, 50U) << "not more than the two have in common";
  EXPECT_EQ(Only({}, {{7, 191, 300, telemetry::MissingReason::kNoLongerHeld, {}}}).lost, 10U);
}

TEST(HourStates, AreNotConcernedByWhatIsHealedOfAnotherEpochOrWithoutAnEnd) {
  EXPECT_EQ(Only({Broken(7, 101, 200, 3, DamageState::kHealed)}).standing, HourStanding::kWhole);
  EXPECT_EQ(Only({Broken(8, 101, 200, 3, DamageState::kOpen)}).standing, HourStanding::kWhole);
  EXPECT_EQ(Only({}, {{7, 201, 0, telemetry::MissingReason::kBoxRolledBack, {}}}).standing, HourStanding::kWhole);
}

base::UtcTime At(const char* time) {
  return *base::FromIso(std::string("2026-03-") + time);
}

telemetry::Tombstone Thinned(const char* from, const char* to, std::uint64_t count) {
  telemetry::Tombstone tombstone;
  tombstone.from = At(from);
  tombstone.to = At(to);
  tombstone.count = count;
  return tombstone;
}

/// "06+2/30 ": the hour, how many tombstones reach into it and what they count.
std::string Declared(const std::vector<telemetry::Tombstone>& tombstones, const char* from, const char* to) {
  std::string text;
  for (const DeclaredHour& hour : DeclareHours(tombstones, At(from), At(to))) {
    text += base::ToIso(hour.hour).substr(11, 2) + "+" + std::to_string(hour.tombstones) + "/" +
            std::to_string(hour.count) + " ";
  }
  return text;
}

TEST(DeclaredHours, AreThoseThatATombstoneReachesInto) {
  const std::vector<telemetry::Tombstone> some = {Thinned("02T06:59:59Z", "02T08:00:00Z", 10),
                                                  Thinned("02T08:30:00Z", "02T08:31:00Z", 20)};
  EXPECT_EQ(Declared(some, "02T00:00:00Z", "03T00:00:00Z"), "06+1/10 07+1/10 08+2/30 ");
  EXPECT_EQ(Declared(some, "02T07:00:00Z", "02T08:00:00Z"), "07+1/10 ") << "the end is exclusive";
  EXPECT_EQ(Declared(some, "02T06:30:00Z", "02T08:00:00Z"), "07+1/10 ") << "the hour of the begin began before it";
  EXPECT_EQ(Declared({Thinned("02T06:00:00Z", "02T06:30:00Z", 0)}, "02T00:00:00Z", "03T00:00:00Z"), "");
  EXPECT_EQ(Declared(some, "05T00:00:00Z", "06T00:00:00Z"), "");
}

/// "7:101-150 " for what is left of records 101 to 200 of epoch 7.
std::string Left(std::uint64_t epoch, std::uint64_t first, std::uint64_t last, std::uint64_t end = 200) {
  telemetry::Tombstone tombstone;
  tombstone.epoch = epoch;
  tombstone.first_seq = first;
  tombstone.last_seq = last;
  std::string text;
  for (const MissingRange& range :
       Undeclared({{7, 101, end, telemetry::MissingReason::kNoLongerHeld, kHour}}, {tombstone})) {
    text += std::to_string(range.epoch) + ":" + std::to_string(range.first) + "-" + std::to_string(range.last) + " ";
  }
  return text;
}

TEST(MissingRanges, AreWhatNoTombstoneNames) {
  EXPECT_EQ(Left(7, 101, 200), "");
  EXPECT_EQ(Left(7, 1, 300), "");
  EXPECT_EQ(Left(7, 101, 150), "7:151-200 ");
  EXPECT_EQ(Left(7, 120, 150), "7:101-119 7:151-200 ");
  EXPECT_EQ(Left(7, 150, 250), "7:101-149 ");
  EXPECT_EQ(Left(7, 201, 250), "7:101-200 ");
  EXPECT_EQ(Left(8, 101, 200), "7:101-200 ");
  EXPECT_EQ(Left(0, 0, 0), "7:101-200 ") << "what was thinned in the series names no records";
  EXPECT_EQ(Left(7, 50, 300, 0), "7:101-0 ") << "without an end";
}

}  // namespace
}  // namespace yb::api
