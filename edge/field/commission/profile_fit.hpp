// ProfileFit: which of the meter profiles fits a meter that was found, by trying them: every profile of its protocol
// reads the meter once, and the one that gets the most plausible values wins. A proposal with its reasons, for a person
// to confirm; the box itself never guesses.
//
// Blocks while it asks; one thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "edge/field/commission/meter_scan.hpp"
#include "edge/field/meter_profile.hpp"

namespace yb::field::commission {

/// One point as the meter answered it.
struct SampleValue {
  std::string quantity;
  std::string unit;
  PointValue value;
};

struct Proposal {
  std::string profile;
  std::vector<base::Words> reasons;
  std::vector<SampleValue> sample;
};

/// `profile`'s points for one meter, without transformer ratios.
[[nodiscard]] MeterSettings SettingsFor(const MeterProfile& profile, const std::string& address);

/// Whether the number can be what its quantity says: a voltage of 23 V is one with the wrong scale.
[[nodiscard]] bool IsPlausible(std::string_view quantity, std::string_view unit, const base::Decimal& value);

/// Nullopt where the meter answers under its own address to none of them. kUnavailable where the line has failed.
[[nodiscard]] base::Result<std::optional<Proposal>> ProposeProfile(LineProbe& probe, const FoundMeter& meter,
                                                                   const MeterProfiles& profiles);

}  // namespace yb::field::commission
