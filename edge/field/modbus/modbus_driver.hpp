// ModbusDriver polls one meter by its register map: neighbouring registers in one read, smaller reads where the meter
// refuses a large one.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "edge/field/field_driver.hpp"
#include "edge/field/modbus/frame.hpp"
#include "edge/field/modbus/register_value.hpp"

namespace yb::field::modbus {

/// What meters differ in; set by the profile.
struct Habits {
  Table table = Table::kHolding;      // option "function": "03", "04"
  std::uint16_t most_registers = 60;  // option "most-registers": of one read, 1 to 125
  std::uint16_t most_gap = 0;         // option "most-gap": registers nobody asked for that a read may run across
};

struct PlacedPoint {
  std::uint16_t first = 0;
  Encoding encoding = Encoding::kU16;
  ByteOrder order = ByteOrder::kAbcd;
};

/// One read of neighbouring registers, with the points it answers; both words of a number lie in the same read.
struct Block {
  std::uint16_t first = 0;
  std::uint16_t count = 0;
  std::vector<std::size_t> points;  // in the order of their registers
};

class ModbusDriver final : public FieldDriver {
 public:
  /// The address is the unit, 1 to 247 (0 to 255 for Modbus TCP). A point's source is its register as in the maker's
  /// manual counted from 0, "0x0061" or "97". kInvalidArgument names what does not fit.
  [[nodiscard]] static base::Result<std::unique_ptr<FieldDriver>> Make(Framing framing, const MeterSettings& settings);

  [[nodiscard]] std::unique_ptr<Poll> BeginPoll(Instant now) override;

 private:
  friend class ModbusPoll;

  ModbusDriver(Framing framing, std::uint8_t unit, Habits habits, std::vector<PointRule> rules)
      : framing_(framing), unit_(unit), habits_(habits), rules_(std::move(rules)) {}

  const Framing framing_;
  const std::uint8_t unit_;
  const Habits habits_;
  const std::vector<PointRule> rules_;
  std::vector<PlacedPoint> placed_;                 // parallel to rules_
  std::vector<Block> blocks_;                       // split where the meter refused them
  std::map<std::size_t, base::Monotonic> refused_;  // point → when the meter said it has no such register
  std::uint16_t transaction_ = 0;
};

}  // namespace yb::field::modbus
