#include "core/domain/metering/line_state.hpp"

#include <algorithm>
#include <tuple>

namespace yb::metering {

std::string_view ToString(LineKind kind) {
  switch (kind) {
    case LineKind::kTcp: return "tcp";
    case LineKind::kTcpListen: return "tcp_listen";
    case LineKind::kSerial: return "serial";
  }
  return "tcp";
}

std::string_view ToString(LineFault fault) {
  switch (fault) {
    case LineFault::kNone: return "none";
    case LineFault::kOther: return "other";
    case LineFault::kRefused: return "refused";
    case LineFault::kNoAnswer: return "no_answer";
    case LineFault::kNotFound: return "not_found";
    case LineFault::kLost: return "lost";
    case LineFault::kNobodyAnswers: return "nobody_answers";
    case LineFault::kUnreachable: return "unreachable";
  }
  return "other";
}

std::string_view ToString(MeterFault fault) {
  switch (fault) {
    case MeterFault::kNone: return "none";
    case MeterFault::kSilent: return "silent";
    case MeterFault::kNoise: return "noise";
    case MeterFault::kWrongChecksum: return "wrong_checksum";
  }
  return "none";
}

std::optional<base::UtcTime> NextPoll(const MeterState& meter, base::UtcTime now) {
  if (!meter.next_poll || *meter.next_poll >= now) return meter.next_poll;
  if (meter.interval <= base::Duration(0)) return std::nullopt;
  const std::int64_t behind = (now - *meter.next_poll).count();
  const std::int64_t polls = (behind + meter.interval.count() - 1) / meter.interval.count();
  return *meter.next_poll + meter.interval * polls;
}

bool SaysTheSame(const std::vector<LineState>& a, const std::vector<LineState>& b) {
  const auto same_meter = [](const MeterState& x, const MeterState& y) {
    return x.last_answer.has_value() == y.last_answer.has_value() &&
           std::tie(x.meter, x.address, x.fault, x.silent_since, x.error, x.interval) ==
               std::tie(y.meter, y.address, y.fault, y.silent_since, y.error, y.interval);
  };
  return std::ranges::equal(a, b, [&](const LineState& x, const LineState& y) {
    return std::tie(x.line, x.kind, x.channel, x.connected, x.fault, x.commissioning) ==
               std::tie(y.line, y.kind, y.channel, y.connected, y.fault, y.commissioning) &&
           std::ranges::equal(x.meters, y.meters, same_meter);
  });
}

}  // namespace yb::metering
