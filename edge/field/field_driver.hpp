// The seam between the lines and the protocols. A FieldDriver knows one meter and its protocol; it does no I/O and
// reads no clock. The line asks it for a Poll each time the meter is due, sends what the poll wants sent, and feeds it
// what comes back; retries, time-outs and the order of meters are the line's.
//
//   while (frame = poll.NextRequest())         // the next question of this poll
//     send(frame); until (reply or silence)    // poll.OnBytes(…) == kAnswered, or poll.OnSilence(…)
//     poll.TakeValues()                        // what is known now: in the end every point of the meter, once
//
// A driver and its polls belong to one line and are used on its thread only.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/decimal.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "core/domain/metering/reading.hpp"

namespace yb::field {

/// The same moment on both clocks: what is waited for, and what is stored.
struct Instant {
  base::Monotonic steady;
  base::UtcTime utc;
};

/// How one point is found in a meter's answers. The protocol decides which fields it knows.
struct PointRule {
  std::string quantity;                        // "voltage_a"; unique within the meter
  std::string unit;                            // unit of the readings
  std::string source;                          // DI "02010100", item "current_volume", register "0x0061"
  std::string encoding = {};                   // Modbus: "u16", "i32", "f32" …; else empty
  std::string order = {};                      // Modbus: byte order of the registers, "abcd", "cdab" …; else empty
  base::Decimal factor = base::Decimal(1, 0);  // exact: scale and transformer ratios; multiplies what was read

  friend bool operator==(const PointRule&, const PointRule&) = default;
};

/// A setting of the protocol as a whole, from the meter's profile: {"di-order", "1f90"}.
struct ProtocolOption {
  std::string name;
  std::string value;

  friend bool operator==(const ProtocolOption&, const ProtocolOption&) = default;
};

/// One meter as the configuration describes it, for the protocol to make a driver of.
struct MeterSettings {
  std::string address;
  std::vector<PointRule> points;
  std::vector<std::string> blocks = {};  // identifiers that answer several points at once
  std::vector<ProtocolOption> options = {};

  friend bool operator==(const MeterSettings&, const MeterSettings&) = default;
};

/// One point of one poll.
struct PointValue {
  base::UtcTime time;                  // when the answer was complete, or was given up
  std::optional<base::Decimal> value;  // present exactly where quality is kGood
  metering::Quality quality = metering::Quality::kUnreachable;
  std::size_t point = 0;  // index in the settings
};

/// What received bytes did to the outstanding request.
enum class Progress : std::uint8_t {
  kWaiting,   // not answered yet
  kAnswered,  // answered: ask for the next request
  kRefused,   // answered with an error: the next request, and no retry
};

struct PollCounters {
  std::uint64_t bad_checksum = 0;  // frames whose checksum was wrong
  std::uint64_t stray = 0;         // whole frames that answer another request: late, or of another meter
};

class Poll {
 public:
  virtual ~Poll() = default;

  /// The next frame to send; nullopt when everything was asked. Called after kAnswered, kRefused or OnSilence.
  [[nodiscard]] virtual std::optional<base::Bytes> NextRequest() = 0;

  /// Received bytes, in any portions. Own echoes and other frames are skipped.
  [[nodiscard]] virtual Progress OnBytes(base::ByteView bytes, Instant now) = 0;

  /// The outstanding request is about to be sent again: forget what has come in.
  virtual void OnRetry() = 0;

  /// The outstanding request stays unanswered: its points are kUnreachable.
  virtual void OnSilence(Instant now) = 0;

  /// Ends the poll: what is not yet answered is kUnreachable.
  virtual void Abandon(Instant now) = 0;

  /// What has become known since the last call, in the order of the settings. Over a poll that is asked to its end or
  /// abandoned these are all points, each once: a value that was taken does not change any more.
  [[nodiscard]] virtual std::vector<PointValue> TakeValues() = 0;

  [[nodiscard]] virtual PollCounters Counters() const = 0;

  /// Whether an answer to one request of this meter could pass for the answer to another: Modbus RTU answers say
  /// neither register nor transaction. The line then waits for what is still on its way before it asks on.
  [[nodiscard]] virtual bool AnswersAreAlike() const { return false; }

  /// The last thing that went wrong in this poll, for people; empty when nothing did.
  [[nodiscard]] virtual std::string LastError() const = 0;
};

class FieldDriver {
 public:
  virtual ~FieldDriver() = default;

  /// Begins one poll of all points. The driver outlives it, and has one poll at a time.
  [[nodiscard]] virtual std::unique_ptr<Poll> BeginPoll(Instant now) = 0;
};

}  // namespace yb::field
