// Profile: a built-in kind of consumer, with its rated load and the shape of its week.
// The catalogue owns the profiles and their tables; it is immutable after construction and outlives every source.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "tools/metersim/weekly_load.hpp"

namespace yb::metersim {

enum class Medium : std::uint8_t { kElectricity, kWater, kGas, kHeat };

struct Profile {
  std::string name;
  Medium medium;
  std::int64_t rated;     // W of electricity or heat, L/h of water, gas or heating water
  std::int64_t ct_ratio;  // electricity: current transformer (电流互感器) of such a feeder, 1 is connected directly
  std::int64_t power_factor;  // electricity: 0.001
  bool exports;               // electricity: a generator, which feeds into the grid
  WeekTable week;
};

class ProfileCatalogue {
 public:
  ProfileCatalogue();

  /// nullptr where there is no such profile. The pointer holds as long as the catalogue.
  [[nodiscard]] const Profile* Find(std::string_view name) const;
  /// "industrial-feeder, office-building, …" for messages.
  [[nodiscard]] std::string Names(Medium medium) const;

 private:
  std::deque<Profile> profiles_;
};

}  // namespace yb::metersim
