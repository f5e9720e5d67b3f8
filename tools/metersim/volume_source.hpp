// VolumeSource: the register of a water or gas meter at any instant, in the unit its dial shows.
// Implementations are immutable after construction; any thread.
#pragma once

#include <cstdint>
#include <memory>

#include "core/base/time.hpp"
#include "tools/metersim/profile.hpp"

namespace yb::metersim {

/// Unit byte of CJ/T 188 (计量单位).
enum class VolumeUnit : std::uint8_t { kLitre = 0x29, kCubicMetre = 0x2C };

class VolumeSource {
 public:
  virtual ~VolumeSource() = default;
  /// Present cumulative volume (当前累积流量), in hundredths of unit().
  [[nodiscard]] virtual std::int64_t VolumeAt(base::UtcTime time) const = 0;
  /// Volume at the last settlement day (结算日累积流量), the first of the month; same unit.
  [[nodiscard]] virtual std::int64_t SettlementAt(base::UtcTime time) const = 0;
  [[nodiscard]] virtual VolumeUnit unit() const = 0;
};

/// A consumer after a built-in profile of water or gas, in m3. `profile` outlives the source.
[[nodiscard]] std::unique_ptr<VolumeSource> MakeProfileVolume(const Profile& profile, std::uint64_t seed);

}  // namespace yb::metersim
