// TimeZone: local times of a place (IANA zone, such as Europe/Madrid) as instants, by the system's tzdata. For what
// comes in with local times; everything inside is UTC.
//
// A value; safe to use from any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.hpp"

namespace date {
class time_zone;
}

namespace yb::base {

/// A time of day and a date without a zone, as microseconds since 1970-01-01T00:00:00 there.
struct LocalTime {
  std::int64_t micros = 0;
  friend auto operator<=>(const LocalTime&, const LocalTime&) = default;
};

/// `YYYY-MM-DDTHH:MM:SS[.ffffff]`, or a space in place of T; kInvalidArgument otherwise, impossible dates included.
[[nodiscard]] Result<LocalTime> ParseLocalTime(std::string_view text);

class TimeZone {
 public:
  /// kNotFound for a name that tzdata does not have, or where there is no tzdata.
  [[nodiscard]] static Result<TimeZone> Find(const std::string& name);

  /// The instants at which clocks there show `local`: one; none in the hour that is skipped in spring; two, ascending,
  /// in the hour that comes twice in autumn.
  [[nodiscard]] std::vector<UtcTime> InstantsOf(LocalTime local) const;

 private:
  explicit TimeZone(const date::time_zone* zone) : zone_(zone) {}
  const date::time_zone* zone_;  // of the library's table, for the program's whole life
};

}  // namespace yb::base
