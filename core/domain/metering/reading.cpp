#include "core/domain/metering/reading.hpp"

namespace yb::metering {

std::string_view ToString(Quality quality) {
  switch (quality) {
    case Quality::kGood: return "good";
    case Quality::kSuspect: return "suspect";
    case Quality::kInvalid: return "invalid";
    case Quality::kUnreachable: return "unreachable";
    case Quality::kClockDoubtful: return "clock_doubtful";
    case Quality::kImported: return "imported";
    case Quality::kLate: return "late";
  }
  return "unknown";
}

std::string_view ToString(Utility utility) {
  switch (utility) {
    case Utility::kOther: return "other";
    case Utility::kWater: return "water";
    case Utility::kPower: return "power";
    case Utility::kGas: return "gas";
    case Utility::kHeat: return "heat";
    case Utility::kNetwork: return "network";
  }
  return "other";
}

std::string_view ToString(PointKind kind) {
  return kind == PointKind::kRegister ? "register" : "gauge";
}

}  // namespace yb::metering
