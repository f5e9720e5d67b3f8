// BusMeter: one meter on a line. It hears every request of its line and answers those that are meant for it.
// Implementations are used by the line's owner only, on one thread.
#pragma once

#include <optional>
#include <string>

#include "core/base/time.hpp"
#include "tools/metersim/answer.hpp"
#include "tools/metersim/bus_frame.hpp"

namespace yb::metersim {

class BusMeter {
 public:
  virtual ~BusMeter() = default;

  /// What the meter puts on the bus when `request` is complete at `now`; nullopt where it stays silent.
  [[nodiscard]] virtual std::optional<Answer> OnRequest(const BusFrame& request, base::UtcTime now) = 0;

  /// Address in the order of the nameplate (表号): 12 or 14 digits, or the Modbus unit.
  [[nodiscard]] virtual const std::string& address() const = 0;
  /// "DLT645-2007", "CJT188", … as the configuration and the truth log write it.
  [[nodiscard]] virtual std::string_view protocol() const = 0;
};

}  // namespace yb::metersim
