// LineState (线路状态): what a box knows of a line and of the meters on it right now: connected or not and why, who
// answers and who does not, since when. Sent on the live lane; never stored.
//
// Values; no threads. The numbers of the enumerations are sent and never change meaning.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.hpp"

namespace yb::metering {

enum class LineKind : std::uint8_t {
  kTcp = 0,        // the box connects to a serial server (串口服务器)
  kTcpListen = 1,  // a DTU dials in
  kSerial = 2,     // a serial port of the box
};
/// "tcp", "tcp_listen", "serial".
[[nodiscard]] std::string_view ToString(LineKind kind);

/// Why the way to a line's meters is not open.
enum class LineFault : std::uint8_t {
  kNone = 0,
  kOther = 1,
  kRefused = 2,        // tcp: the connection is refused; tcp_listen: it did not register as expected
  kNoAnswer = 3,       // tcp: no connection in time; tcp_listen: nobody has dialled in
  kNotFound = 4,       // tcp: the name has no address; serial: there is no such port
  kLost = 5,           // the other side closed the connection
  kNobodyAnswers = 6,  // it was open, and closed because no meter answered any more
  kUnreachable = 7,    // tcp: there is no way to the address
};
/// "none", "other", "refused", "no_answer", "not_found", "lost", "nobody_answers", "unreachable".
[[nodiscard]] std::string_view ToString(LineFault fault);

/// What the last poll of a meter came to.
enum class MeterFault : std::uint8_t {
  kNone = 0,           // it answered, or has not been asked yet
  kSilent = 1,         // not a byte came back
  kNoise = 2,          // bytes came back, but no frame
  kWrongChecksum = 3,  // frames came back with a wrong checksum
};
/// "none", "silent", "noise", "wrong_checksum".
[[nodiscard]] std::string_view ToString(MeterFault fault);

struct MeterState {
  std::string meter;  // its key
  std::string address;
  MeterFault fault = MeterFault::kNone;
  std::optional<base::UtcTime> last_answer;   // none since the start of the box
  std::optional<base::UtcTime> silent_since;  // the first poll without an answer since the last one with
  std::optional<base::UtcTime> next_poll;     // as it was when this was told
  std::string error;                          // of the last poll, for people; empty when it had none
  base::Duration interval{0};                 // between polls
  friend bool operator==(const MeterState&, const MeterState&) = default;
};

struct LineState {
  std::string line;  // its key
  LineKind kind = LineKind::kTcp;
  std::string channel;  // "tcp 10.0.3.7:4001"
  bool connected = false;
  base::UtcTime since{};  // of `connected`
  LineFault fault = LineFault::kNone;
  std::string error;           // of the last loss or refusal, for people
  bool commissioning = false;  // (调试中) somebody scans or reads by hand: polls wait meanwhile
  std::vector<MeterState> meters;
  friend bool operator==(const LineState&, const LineState&) = default;
};

/// The first poll after `now`; nullopt where it is not known.
[[nodiscard]] std::optional<base::UtcTime> NextPoll(const MeterState& meter, base::UtcTime now);

/// Whether a reader would say the same of both: times of answers and polls, which move all the time, do not count.
[[nodiscard]] bool SaysTheSame(const std::vector<LineState>& a, const std::vector<LineState>& b);

}  // namespace yb::metering
