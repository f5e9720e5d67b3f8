#include <array>
#include <bit>
#include <charconv>
#include <cstdlib>
#include <string>

#include "tools/metersim/modbus_meter.hpp"

namespace yb::metersim {
namespace {

constexpr std::array<const char*, 3> kPhases{"_a", "_b", "_c"};
constexpr std::int64_t kDialEnd = 100'000'000;

/// Collects the values of one map.
class Registers {
 public:
  /// An integer in one register; FFFF and no value where 16 bits do not hold it.
  void Word(int address, const std::string& quantity, const char* unit, std::int64_t value, std::uint8_t decimals,
            bool is_signed = false) {
    const bool fits = is_signed ? value >= -0x8000 && value <= 0x7FFF : value >= 0 && value <= 0xFFFE;
    Add(address, {fits ? static_cast<std::uint16_t>(value) : std::uint16_t{0xFFFF}}, quantity,
        fits ? std::optional(base::Decimal(value, decimals)) : std::nullopt, unit);
  }
  void DoubleWord(int address, const std::string& quantity, const char* unit, std::int64_t value,
                  std::uint8_t decimals) {
    Add(address, {static_cast<std::uint16_t>(value >> 16), static_cast<std::uint16_t>(value)}, quantity,
        base::Decimal(value, decimals), unit);
  }
  /// `value` × 10^-decimals as a float, multiplied by 10^raw_decimals: with both equal the float is a whole number and
  /// means the value exactly, else it means what the float's shortest decimal form says.
  void Float(int address, const std::string& quantity, const char* unit, std::int64_t value, std::uint8_t decimals,
             std::uint8_t raw_decimals) {
    double number = static_cast<double>(value);
    for (int i = raw_decimals; i < decimals; ++i) number /= 10;
    const auto held = static_cast<float>(number);
    const auto bits = std::bit_cast<std::uint32_t>(held);
    Add(address, {static_cast<std::uint16_t>(bits >> 16), static_cast<std::uint16_t>(bits)}, quantity,
        Shortest(held, raw_decimals), unit);
  }

  std::vector<RegisterValue> Take() { return std::move(values_); }

 private:
  void Add(int address, std::vector<std::uint16_t> words, const std::string& quantity,
           std::optional<base::Decimal> value, const char* unit) {
    values_.push_back({static_cast<std::uint16_t>(address), std::move(words), SentValue{quantity, value, unit}});
  }

  static std::optional<base::Decimal> Shortest(float held, std::uint8_t raw_decimals) {
    char text[64];
    const auto [end, code] = std::to_chars(text, text + sizeof text, held, std::chars_format::fixed);
    const base::Result<base::Decimal> decimal = base::Decimal::Parse({text, static_cast<std::size_t>(end - text)});
    if (code != std::errc() || !decimal) return std::nullopt;
    return base::Decimal(decimal->mantissa(), static_cast<std::uint8_t>(decimal->scale() + raw_decimals));
  }

  std::vector<RegisterValue> values_;
};

std::vector<RegisterValue> AcrelValues(const EnergyRegisters& energy, const ElectricState& state,
                                       std::int64_t /*ct_ratio*/) {
  Registers out;
  out.DoubleWord(0x0000, "comb_active_energy", "kWh", (energy.forward[0] + energy.reverse[0]) % kDialEnd, 2);
  out.DoubleWord(0x000A, "fwd_active_energy", "kWh", energy.forward[0] % kDialEnd, 2);
  out.DoubleWord(0x0014, "rev_active_energy", "kWh", energy.reverse[0] % kDialEnd, 2);
  for (int phase = 0; phase < 3; ++phase) {
    const auto i = static_cast<std::size_t>(phase);
    out.Word(0x0061 + phase, std::string("voltage") + kPhases[i], "V", state.voltage[i], 1);
    out.Word(0x0064 + phase, std::string("current") + kPhases[i], "A", std::abs(state.current[i]) / 10, 2);
    out.Word(0x0067 + phase, std::string("active_power") + kPhases[i], "kW", state.active_power[i + 1] / 10, 3, true);
    out.Word(0x006B + phase, std::string("reactive_power") + kPhases[i], "kvar", state.reactive_power[i + 1] / 10, 3,
             true);
    out.Word(0x0073 + phase, std::string("power_factor") + kPhases[i], "", state.power_factor[i + 1], 3, true);
  }
  out.Word(0x006A, "active_power_total", "kW", state.active_power[0] / 10, 3, true);
  out.Word(0x006E, "reactive_power_total", "kvar", state.reactive_power[0] / 10, 3, true);
  out.Word(0x0076, "power_factor_total", "", state.power_factor[0], 3, true);
  out.Word(0x0077, "frequency", "Hz", state.frequency, 2);
  return out.Take();
}

std::vector<RegisterValue> ChintValues(bool raw, int energy_at, const EnergyRegisters& energy,
                                       const ElectricState& state, std::int64_t ct_ratio) {
  // Decimals that stay inside a raw float: 2201 for 220.1 V. Powers are in W, 0.1 W when raw.
  const auto kept = [raw](std::uint8_t decimals) { return raw ? decimals : std::uint8_t{0}; };
  Registers out;
  out.Word(0x0006, "", "", ct_ratio, 0);
  out.Word(0x0007, "", "", 10, 1);
  for (int phase = 0; phase < 3; ++phase) {
    const auto i = static_cast<std::size_t>(phase);
    const std::string suffix = kPhases[i];
    // Line-to-line voltage of a symmetrical system: √3 ≈ 1732/1000.
    const std::int64_t line_voltage = (state.voltage[i] + state.voltage[(i + 1) % 3]) * 1732 / 2000;
    static constexpr std::array<const char*, 3> kPairs{"voltage_ab", "voltage_bc", "voltage_ca"};
    out.Float(0x2000 + 2 * phase, kPairs[i], "V", line_voltage, 1, kept(1));
    out.Float(0x2006 + 2 * phase, "voltage" + suffix, "V", state.voltage[i], 1, kept(1));
    out.Float(0x200C + 2 * phase, "current" + suffix, "A", std::abs(state.current[i]), 3, kept(3));
    out.Float(0x2014 + 2 * phase, "active_power" + suffix, "W", state.active_power[i + 1], 1, kept(1));
    out.Float(0x201C + 2 * phase, "reactive_power" + suffix, "var", state.reactive_power[i + 1], 1, kept(1));
    out.Float(0x202C + 2 * phase, "power_factor" + suffix, "", state.power_factor[i + 1], 3, kept(3));
  }
  out.Float(0x2012, "active_power_total", "W", state.active_power[0], 1, kept(1));
  out.Float(0x201A, "reactive_power_total", "var", state.reactive_power[0], 1, kept(1));
  out.Float(0x202A, "power_factor_total", "", state.power_factor[0], 3, kept(3));
  out.Float(0x2044, "frequency", "Hz", state.frequency, 2, kept(2));
  out.Float(energy_at + 0x1E, "fwd_active_energy", "kWh", energy.forward[0] % kDialEnd, 2, 0);
  out.Float(energy_at + 0x28, "rev_active_energy", "kWh", energy.reverse[0] % kDialEnd, 2, 0);
  return out.Take();
}

}  // namespace

RegisterMap AcrelDtsd1352() {
  return {{{0x0000, 0x0077}}, AcrelValues};
}

RegisterMap ChintDtsu666(ChintScaling scaling, std::uint16_t energy) {
  const bool raw = scaling == ChintScaling::kRaw;
  return {{{0x0000, 0x002F}, {0x2000, 0x2051}, {energy, static_cast<std::uint16_t>(energy + 0x31)}},
          [raw, energy](const EnergyRegisters& registers, const ElectricState& state, std::int64_t ct_ratio) {
            return ChintValues(raw, energy, registers, state, ct_ratio);
          }};
}

}  // namespace yb::metersim
