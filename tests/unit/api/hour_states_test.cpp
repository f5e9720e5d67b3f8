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

}  // namespace
}  // namespace yb::api
