// Time as the system keeps it: UTC microseconds for what is stored, a monotonic clock for what is waited for.
// Algorithms take these as arguments; only the composition roots own a Clock.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace yb::base {

using Duration = std::chrono::microseconds;

/// An instant in UTC, microseconds since 1970-01-01T00:00:00Z. A value.
struct UtcTime {
  std::int64_t micros = 0;

  friend auto operator<=>(const UtcTime&, const UtcTime&) = default;
  friend UtcTime operator+(UtcTime t, Duration d) { return {t.micros + d.count()}; }
  friend UtcTime operator-(UtcTime t, Duration d) { return {t.micros - d.count()}; }
  friend Duration operator-(UtcTime a, UtcTime b) { return Duration(a.micros - b.micros); }
};

/// "2026-03-02T06:08:00.250000Z", always with microseconds.
[[nodiscard]] std::string ToIso(UtcTime time);

/// Accepts `YYYY-MM-DDTHH:MM:SS[.ffffff]Z`; kInvalidArgument otherwise, impossible dates included.
[[nodiscard]] Result<UtcTime> FromIso(std::string_view text);

/// An instant of this boot, never set back; says nothing about wall time.
struct Monotonic {
  std::int64_t micros = 0;

  friend auto operator<=>(const Monotonic&, const Monotonic&) = default;
  friend Monotonic operator+(Monotonic t, Duration d) { return {t.micros + d.count()}; }
  friend Duration operator-(Monotonic a, Monotonic b) { return Duration(a.micros - b.micros); }
};

/// Implementations are safe to call from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual UtcTime Now() const = 0;
  [[nodiscard]] virtual Monotonic Steady() const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] UtcTime Now() const override;
  [[nodiscard]] Monotonic Steady() const override;
};

}  // namespace yb::base
