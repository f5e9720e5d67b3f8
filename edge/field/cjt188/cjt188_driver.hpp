// Cjt188Driver polls one water (水表), gas (燃气表) or heat meter (热量表): one read of 901F answers all its points.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "edge/field/cjt188/answer.hpp"
#include "edge/field/cjt188/frame.hpp"
#include "edge/field/field_driver.hpp"

namespace yb::field::cjt188 {

/// The source of a point that is the offset of the meter's clock, in "s".
constexpr std::string_view kClockField = "meter_time";

/// What makers do differently; all of it is set by the profile and never guessed from a frame.
struct Habits {
  std::uint8_t type = 0x10;                       // option "type", two hex digits
  DiOrder di_order = DiOrder::k901F;              // option "di-order": "901f", "1f90"
  UnitPlace unit_place = UnitPlace::kAfterValue;  // option "unit-place": "after", "before"
  bool litres_are_whole = false;                  // option "litres": "hundredths" (standard), "whole"
  std::string unit_of_none;                       // option "unit-of-none": what unit byte 00 means, such as "m3"
};

class Cjt188Driver final : public FieldDriver {
 public:
  /// A point's source is the name of a field: "current_volume", "settlement_volume", "current_heat", "power", "flow",
  /// "volume", "supply_temp", "return_temp", "work_hours", kClockField. kInvalidArgument names what does not fit.
  [[nodiscard]] static base::Result<std::unique_ptr<FieldDriver>> Make(const MeterSettings& settings);

  [[nodiscard]] std::unique_ptr<Poll> BeginPoll(Instant now) override;

 private:
  friend class Cjt188Poll;

  Cjt188Driver(Address address, Habits habits, std::vector<PointRule> rules)
      : address_(address), habits_(std::move(habits)), rules_(std::move(rules)) {}

  const Address address_;
  const Habits habits_;
  const std::vector<PointRule> rules_;
  std::uint8_t serial_ = 0;  // of the last request
};

}  // namespace yb::field::cjt188
