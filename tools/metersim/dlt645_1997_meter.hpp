// A three-phase electricity meter of DL/T 645-1997, as many parks still have: two-byte identifiers, function 01, no
// way to ask for an address, voltages without decimals. Blocks end in F: 901F, B61F.
#pragma once

#include <memory>

#include "tools/metersim/bus_meter.hpp"
#include "tools/metersim/electric_items.hpp"

namespace yb::metersim {

struct Dlt645In1997Options {
  ElectricNameplate nameplate;
  int preamble = 4;               // FE before an answer
  base::Duration clock_error{0};  // meter clock minus true time
  bool answers_broadcast = true;  // reads of 999999999999 are answered, as real ones do although they should not
  bool echoes_wildcard = false;   // answers under AA… when asked so, instead of under its own address
  bool ends_block_with_aa = false;
};

class Dlt645Meter1997 final : public BusMeter {
 public:
  Dlt645Meter1997(Dlt645In1997Options options, std::unique_ptr<ElectricSource> source);

  [[nodiscard]] std::optional<Answer> OnRequest(const BusFrame& request, base::UtcTime now) override;
  [[nodiscard]] const std::string& address() const override { return options_.nameplate.address; }
  [[nodiscard]] std::string_view protocol() const override { return "DLT645-1997"; }

 private:
  [[nodiscard]] bool IsMeant(base::ByteView asked) const;

  Dlt645In1997Options options_;
  base::Bytes wire_address_;
  std::unique_ptr<ElectricSource> source_;
};

/// The item or block `di` (DI1 in the high byte) of the tables of DL/T 645-1997; nullopt where such a meter does not
/// have it. Values and their names as in FindItem, formats as in 1997.
[[nodiscard]] std::optional<Item> FindItem1997(std::uint16_t di, const ElectricSource& source,
                                               const ElectricNameplate& nameplate, base::UtcTime now,
                                               base::UtcTime clock);

}  // namespace yb::metersim
