// Electricity meters on Modbus: RTU on a serial line, or behind Modbus TCP. Function 03 reads holding registers; other
// functions are answered with exception 01, registers outside the map with 02, too many at once with 03.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tools/metersim/bus_meter.hpp"
#include "tools/metersim/electric_source.hpp"

namespace yb::metersim {

/// One value in consecutive registers, most significant word first.
struct RegisterValue {
  std::uint16_t address = 0;
  std::vector<std::uint16_t> words;
  SentValue meaning;  // quantity "" where it is no reading, such as a ratio
};

/// Registers `first` to `last` can be read; those without a value are 0.
struct RegisterRange {
  std::uint16_t first = 0;
  std::uint16_t last = 0;
};

/// Register map (寄存器表) of a meter type.
struct RegisterMap {
  std::vector<RegisterRange> ranges;
  std::function<std::vector<RegisterValue>(const EnergyRegisters&, const ElectricState&, std::int64_t ct_ratio)> values;
};

/// Acrel DTSD1352 (安科瑞): integers from 0000 to 0077; energies uint32 in 0.01 kWh, powers int16 in 0.001 kW.
[[nodiscard]] RegisterMap AcrelDtsd1352();

enum class ChintScaling : std::uint8_t {
  kRaw,    // 0.1 V, 0.001 A, 0.1 W, 0.001, 0.01 Hz: the plain DTSU666
  kPlain,  // V, A, W, 1, Hz
};

/// Chint DTSU666 (正泰): floats (ABCD) from 2000; energies in kWh at `energy` + 1E and + 28 hex, where firmwares differ
/// between 1000 and 4000.
[[nodiscard]] RegisterMap ChintDtsu666(ChintScaling scaling, std::uint16_t energy);

struct ModbusOptions {
  std::uint8_t unit = 1;  // 1..247
  Framing framing = Framing::kModbusRtu;
  int most_registers = 60;  // per request; many meters refuse more
  std::int64_t ct_ratio = 1;
};

[[nodiscard]] std::unique_ptr<BusMeter> MakeModbusMeter(ModbusOptions options, RegisterMap map,
                                                        std::unique_ptr<ElectricSource> source);

}  // namespace yb::metersim
