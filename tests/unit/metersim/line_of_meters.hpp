// LineOfMeters: a fixture with a line, its meters and a clock that the test moves.
#pragma once

#include <gtest/gtest.h>

#include "tests/unit/metersim/frames.hpp"
#include "tests/unit/metersim/simulated_sources.hpp"
#include "tools/metersim/dlt645_2007_meter.hpp"
#include "tools/metersim/line_bus.hpp"

namespace yb::metersim {

inline constexpr std::string_view kEnergyRequest = "68610100000000681104333334331416";
inline constexpr std::string_view kEnergyAnswer = "6861010000000068910833333433593333338A16";

class LineOfMeters : public ::testing::Test {
 protected:
  void AddElectricMeter(const std::string& address) {
    auto feeder = std::make_unique<FixedFeeder>();
    feeder->registers.forward[0] = 26;
    meters.push_back({std::make_unique<Dlt645Meter2007>(
        Dlt645Options{.nameplate = {.address = address, .meter_number = address}, .preamble = 0}, std::move(feeder))});
  }
  LineBus& Bus() {
    if (!bus) bus = std::make_unique<LineBus>(settings, std::move(meters));
    return *bus;
  }
  void Hear(std::string_view hex, ChannelId channel = 1) {
    Bus().OnBytes(channel, Hex(hex), {now, base::UtcTime{now.micros}});
  }
  /// Everything said until `until`, with the instants in milliseconds: "30:68610… 50:…".
  std::string SaidUntil(base::Monotonic until) {
    std::string said;
    while (Bus().NextDue() && *Bus().NextDue() <= until) {
      now = *Bus().NextDue();
      for (const Emission& emission : Bus().TakeDue(now)) {
        said += std::to_string(now.micros / 1000) + ":" + base::ToHex(emission.bytes) + " ";
        truths.insert(truths.end(), emission.truths.begin(), emission.truths.end());
      }
    }
    now = until;
    return said;
  }

  LineSettings settings{.key = "line-1"};
  std::vector<MountedMeter> meters;
  std::unique_ptr<LineBus> bus;
  base::Monotonic now;
  std::vector<TruthEntry> truths;
};

}  // namespace yb::metersim
