#include "core/sync/frame_sizer.hpp"

#include <algorithm>

namespace yb::sync {

std::size_t FrameSizer::body_bytes() const {
  return static_cast<std::size_t>(static_cast<double>(frame_) * packing_);
}

FrameSizer::Mark FrameSizer::OnSent(std::size_t body_bytes, std::size_t frame_bytes, bool filled, base::Monotonic now) {
  const double packing = static_cast<double>(body_bytes) / static_cast<double>(std::max<std::size_t>(frame_bytes, 1));
  packing_ = std::clamp(0.75 * packing_ + 0.25 * packing, 1.0, options_.most_packing);
  return {now, frame_bytes, delivered_, filled};
}

void FrameSizer::OnAcknowledged(const Mark& mark, base::Monotonic now) {
  delivered_ += mark.bytes;
  const double seconds = std::max(1e-3, static_cast<double>((now - mark.sent).count()) / 1e6);
  const double rate = static_cast<double>(delivered_ - mark.delivered) / seconds;
  const double wanted = rate * static_cast<double>(options_.aim.count()) / 1e6;
  const double present = static_cast<double>(frame_);
  double next = present;
  if (wanted > present) {
    next = std::min(wanted, 2 * present);
  } else if (mark.filled) {
    next = 0.5 * present + 0.5 * wanted;
  }
  frame_ = std::clamp(static_cast<std::size_t>(next), options_.least, options_.most);
}

}  // namespace yb::sync
