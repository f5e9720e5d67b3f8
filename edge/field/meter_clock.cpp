#include "edge/field/meter_clock.hpp"

namespace yb::field {
namespace {

constexpr base::Duration kBeijing = std::chrono::hours(8);
constexpr base::Duration kDay = std::chrono::hours(24);
constexpr std::size_t kDateLength = 10;  // "2026-03-02"
constexpr std::size_t kTimeLength = 8;   // "14:08:59"

base::Duration Nearest(base::Duration offset) {
  const base::Duration within = (offset % kDay + kDay) % kDay;
  return within < kDay / 2 ? within : within - kDay;
}

}  // namespace

WireValue ClockOffset(WireValue said, base::UtcTime now) {
  said.unit = "s";
  if (said.state != WireValue::State::kGood) return said;
  const bool dated = said.text.size() == kDateLength + 1 + kTimeLength;
  const std::string date = dated ? said.text.substr(0, kDateLength) : "1970-01-01";
  const std::string time = said.text.substr(dated ? kDateLength + 1 : 0);
  const auto shown = base::FromIso(date + "T" + time + "Z");
  if (!shown || time.size() != kTimeLength) {
    said.state = WireValue::State::kInvalid;
    return said;
  }
  const base::Duration offset = (*shown - kBeijing) - now;
  const auto seconds = std::chrono::floor<std::chrono::seconds>(dated ? offset : Nearest(offset));
  said.number = base::Decimal(seconds.count(), 0);
  return said;
}

}  // namespace yb::field
