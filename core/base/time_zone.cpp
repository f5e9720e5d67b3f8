#include "core/base/time_zone.hpp"

#include <date/tz.h>

#include <stdexcept>

namespace yb::base {

Result<LocalTime> ParseLocalTime(std::string_view text) {
  std::string iso(text);
  if (iso.size() > 10 && iso[10] == ' ') iso[10] = 'T';
  const Result<UtcTime> parsed = FromIso(iso + "Z");
  if (parsed) return LocalTime{parsed->micros};
  return Fail(ErrorCode::kInvalidArgument, "'" + std::string(text) + "' is no local time",
              "write 2026-03-02T14:08:00, without a zone");
}

Result<TimeZone> TimeZone::Find(const std::string& name) {
  try {
    return TimeZone(date::locate_zone(name));
  } catch (const std::runtime_error&) {
    return Fail(ErrorCode::kNotFound, "there is no time zone '" + name + "'",
                "use a name of the IANA database, such as Asia/Shanghai; the package tzdata brings it");
  }
}

std::vector<UtcTime> TimeZone::InstantsOf(LocalTime local) const {
  const date::local_time<Duration> wanted{Duration(local.micros)};
  const date::local_info info = zone_->get_info(wanted);
  const auto instant = [&](const date::sys_info& rule) {
    return UtcTime{local.micros - std::chrono::duration_cast<Duration>(rule.offset).count()};
  };
  if (info.result == date::local_info::nonexistent) return {};
  if (info.result == date::local_info::ambiguous) return {instant(info.first), instant(info.second)};
  return {instant(info.first)};
}

}  // namespace yb::base
