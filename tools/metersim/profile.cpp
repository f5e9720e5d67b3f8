#include "tools/metersim/profile.hpp"

namespace yb::metersim {
namespace {

// Shares of the rated load in ten-thousandths, from 0 to 23 o'clock.
constexpr DayShape kTwoShifts{2200, 2100, 2100, 2100, 2200, 2600, 4200, 6800, 8800, 9400, 9600, 9200,
                              7600, 8400, 9300, 9500, 9400, 9000, 8200, 7800, 7000, 5200, 3400, 2600};
constexpr DayShape kTwoShiftsIdle{1800, 1700, 1700, 1700, 1700, 1800, 2200, 2800, 3200, 3300, 3300, 3200,
                                  3000, 3000, 3100, 3100, 3000, 2800, 2500, 2300, 2100, 2000, 1900, 1800};
constexpr DayShape kRoundTheClock{7800, 7800, 7700, 7700, 7800, 7900, 8200, 8600, 9000, 9200, 9300, 9200,
                                  8900, 9000, 9200, 9300, 9200, 9000, 8800, 8600, 8400, 8200, 8000, 7900};
constexpr DayShape kOffice{900,  800,  800,  800,  800,  900,  1500, 3600, 7800, 9000, 9200, 8800,
                           7400, 8400, 9100, 9000, 8600, 6800, 3600, 2200, 1600, 1300, 1100, 1000};
constexpr DayShape kOfficeClosed{800,  800,  800,  800,  800,  800,  900,  1100, 1300, 1400, 1400, 1400,
                                 1300, 1300, 1300, 1300, 1200, 1100, 1000, 900,  900,  900,  800,  800};
constexpr DayShape kHousehold{1200, 900,  800,  800,  900,  1500, 3600, 5200, 3800, 2800, 2600, 4200,
                              5000, 3200, 2600, 2600, 3200, 5600, 8600, 9600, 9200, 7400, 4600, 2400};
constexpr DayShape kHouseholdWeekend{1600, 1100, 900,  800,  900,  1200, 2400, 4400, 6200, 6400, 6000, 7000,
                                     7400, 5600, 4800, 4800, 5400, 7200, 9200, 9800, 9400, 7800, 5200, 2800};
constexpr DayShape kSun{0,    0,    0,    0,    0,    0,    300, 1500, 3600, 6200, 8200, 9400,
                        9800, 9300, 8000, 5900, 3300, 1200, 200, 0,    0,    0,    0,    0};
constexpr DayShape kHeating{9600, 9700, 9800, 9900, 9800, 9600, 9200, 8600, 7800, 7000, 6400, 6000,
                            5800, 5700, 5900, 6300, 6900, 7500, 8000, 8400, 8800, 9100, 9300, 9500};

}  // namespace

ProfileCatalogue::ProfileCatalogue() {
  const auto add = [this](const char* name, Medium medium, std::int64_t rated, std::int64_t ct_ratio,
                          std::int64_t power_factor, bool exports, const DayShape& weekday, const DayShape& weekend) {
    profiles_.push_back(Profile{name, medium, rated, ct_ratio, power_factor, exports, WeekTable(weekday, weekend)});
  };
  add("industrial-feeder", Medium::kElectricity, 250'000, 80, 900, false, kTwoShifts, kTwoShiftsIdle);
  add("smelter-feeder", Medium::kElectricity, 600'000, 200, 930, false, kRoundTheClock, kRoundTheClock);
  add("office-building", Medium::kElectricity, 60'000, 20, 950, false, kOffice, kOfficeClosed);
  add("dormitory", Medium::kElectricity, 12'000, 1, 960, false, kHousehold, kHouseholdWeekend);
  add("solar-roof", Medium::kElectricity, 100'000, 40, 985, true, kSun, kSun);
  add("industrial-water", Medium::kWater, 6'000, 1, 1000, false, kTwoShifts, kTwoShiftsIdle);
  add("office-water", Medium::kWater, 800, 1, 1000, false, kOffice, kOfficeClosed);
  add("residential-water", Medium::kWater, 400, 1, 1000, false, kHousehold, kHouseholdWeekend);
  add("industrial-gas", Medium::kGas, 12'000, 1, 1000, false, kRoundTheClock, kTwoShiftsIdle);
  add("canteen-gas", Medium::kGas, 5'000, 1, 1000, false, kHousehold, kHouseholdWeekend);
  add("building-heat", Medium::kHeat, 25'000, 1, 1000, false, kHeating, kHeating);
}

const Profile* ProfileCatalogue::Find(std::string_view name) const {
  for (const Profile& profile : profiles_) {
    if (profile.name == name) return &profile;
  }
  return nullptr;
}

std::string ProfileCatalogue::Names(Medium medium) const {
  std::string names;
  for (const Profile& profile : profiles_) {
    if (profile.medium != medium) continue;
    if (!names.empty()) names += ", ";
    names += profile.name;
  }
  return names;
}

}  // namespace yb::metersim
