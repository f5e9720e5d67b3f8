// Water, gas and heat meters of CJ/T 188: counter data (901F) and the address (810A). Both byte orders of the data
// identifier are understood; the answer carries the configured one, as meters in the field do.
#pragma once

#include <array>
#include <memory>

#include "tools/metersim/bus_meter.hpp"
#include "tools/metersim/heat_source.hpp"
#include "tools/metersim/volume_source.hpp"

namespace yb::metersim {

enum class DiOrder : std::uint8_t {
  k901F,  // 90 1F and 81 0A on the wire
  k1F90,  // 1F 90 and 0A 81
};

struct Cjt188Options {
  std::string address;       // 14 digits
  std::uint8_t type = 0x10;  // meter type T (表类型): 10 cold water, 20 heat, 30 gas
  DiOrder di_order = DiOrder::k901F;
  int preamble = 2;                      // FE before an answer
  std::array<std::uint8_t, 2> status{};  // ST as sent; 00 00 is valve open, battery good
  base::Duration clock_error{0};         // meter clock minus true time
};

/// What all CJ/T 188 meters share: addressing, identifiers and the frame 68 T A0..A6 C L DATA CS 16.
class Cjt188Meter : public BusMeter {
 public:
  [[nodiscard]] std::optional<Answer> OnRequest(const BusFrame& request, base::UtcTime now) final;
  [[nodiscard]] const std::string& address() const final { return options_.address; }
  [[nodiscard]] std::string_view protocol() const final { return "CJT188"; }

 protected:
  explicit Cjt188Meter(Cjt188Options options);

  /// Appends the counter data behind identifier and serial number, and returns what it says.
  virtual std::vector<SentValue> AppendCounters(base::Bytes& data, base::UtcTime now) const = 0;

  void AppendClockAndStatus(base::Bytes& data, base::UtcTime now) const;

 private:
  [[nodiscard]] Answer Reply(std::uint8_t control, base::ByteView data, std::string di,
                             std::vector<SentValue> values) const;
  void AppendDi(base::Bytes& data, std::uint8_t high, std::uint8_t low, std::uint8_t serial) const;

  Cjt188Options options_;
  base::Bytes wire_address_;
};

/// Water and gas: present volume, volume at the settlement day, clock and status ST, 22 bytes with identifier.
[[nodiscard]] std::unique_ptr<BusMeter> MakeCjt188VolumeMeter(Cjt188Options options,
                                                              std::unique_ptr<VolumeSource> source);

/// Where a heat meter puts the unit byte of a value.
enum class HeatLayout : std::uint8_t {
  kValueUnit,  // behind the value, as the standard has it
  kUnitValue,  // before the value, as some makers do
};

/// Heat (2004 edition): settlement and present heat, power, flow, volume, temperatures, hours, clock and status ST,
/// 46 bytes with identifier.
[[nodiscard]] std::unique_ptr<BusMeter> MakeCjt188HeatMeter(Cjt188Options options, HeatLayout layout,
                                                            std::unique_ptr<HeatSource> source);

}  // namespace yb::metersim
