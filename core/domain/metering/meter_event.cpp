#include "core/domain/metering/meter_event.hpp"

namespace yb::metering {

std::string_view ToString(MeterEventKind kind) {
  switch (kind) {
    case MeterEventKind::kUnknown: return "unknown";
    case MeterEventKind::kGap: return "gap";
    case MeterEventKind::kBackwardStep: return "backward_step";
    case MeterEventKind::kReset: return "reset";
    case MeterEventKind::kRollover: return "rollover";
    case MeterEventKind::kReplacement: return "replacement";
    case MeterEventKind::kClockOff: return "clock_off";
    case MeterEventKind::kConfigurationChanged: return "configuration_changed";
    case MeterEventKind::kJump: return "jump";
  }
  return "unknown";
}

}  // namespace yb::metering
