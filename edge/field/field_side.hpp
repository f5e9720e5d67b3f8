// FieldSide (采集侧) reads all meters of a box: one thread per line, all lines side by side, every answer of a meter
// handed to the sink at once, and every poll when it is over. What it reads can be changed while it runs; a line whose
// configuration stays as it was does not notice.
//
// Owned by the edge's composition root. Apply and Stop on one thread at a time; Snapshot on any.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/guarded.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "edge/field/field_config.hpp"
#include "edge/field/line/line_runner.hpp"
#include "edge/field/reading_sink.hpp"

namespace yb::field {

struct MeterStatus {
  std::string key;
  std::string name;
  std::optional<base::UtcTime> last_answer;  // of any request; none since the start
  std::optional<base::UtcTime> last_poll;
  std::string last_error;  // of the last poll; empty when it had none
  metering::MeterFault fault = metering::MeterFault::kNone;
  std::optional<base::UtcTime> silent_since;  // the first poll without an answer since the last one with
};

struct LineSnapshot {
  std::string key;
  std::string channel;  // "tcp 10.0.3.7:4001"
  line::LineStatus status;
  std::vector<MeterStatus> meters;
};

/// What a new configuration did to the lines.
struct LineChanges {
  std::size_t kept = 0;  // not disturbed: no reconnection, no poll missed
  std::size_t started = 0;
  std::size_t restarted = 0;
  std::size_t stopped = 0;
};

class FieldSide {
 public:
  using PointNumbers = std::map<std::string, metering::PointNo>;

  /// `clock` and `sink` outlive this. Nothing runs until Apply.
  FieldSide(const base::Clock& clock, ReadingSink& sink) : clock_(clock), sink_(sink) {}
  ~FieldSide() { Stop(); }
  FieldSide(const FieldSide&) = delete;
  FieldSide& operator=(const FieldSide&) = delete;

  /// From now on reads what `config` says: lines that are no longer there end, changed ones begin again, and those
  /// that are as they were go on. kInvalidArgument where a point has no number in `numbers`; then nothing has changed.
  /// kUnavailable names a line that the system gives no thread for; the others are as `config` says. Readings are
  /// marked with `version`; none of it arrives before the lines that change have ended.
  [[nodiscard]] base::Result<LineChanges> Apply(const FieldConfig& config, const PointNumbers& numbers,
                                                std::uint32_t version = 0);

  /// Ends every line, within a second; the sink is not called any more afterwards.
  void Stop();

  /// One entry per line, in the order of the configuration; after Stop too.
  [[nodiscard]] std::vector<LineSnapshot> Snapshot() const;

  /// The same for who is not at the line: what is sent to central and judged (为什么没数).
  [[nodiscard]] std::vector<metering::LineState> States() const;

  /// The configurations of the running lines, in order.
  [[nodiscard]] std::vector<LineConfig> Configurations() const;

  /// LineRunner::Lend; kNotFound for a line that is not there.
  [[nodiscard]] base::Status Lend(const std::string& line, line::LineRunner::Loan loan) const;
  /// FrameTap::After; kNotFound for a line that is not there.
  [[nodiscard]] base::Result<std::vector<line::TappedExchange>> Frames(const std::string& line,
                                                                       std::uint64_t after) const;

 private:
  struct Line;
  using Lines = std::vector<std::shared_ptr<Line>>;  // owned by lines_, and by a Snapshot while it is taken

  [[nodiscard]] base::Result<std::shared_ptr<Line>> MakeLine(const LineConfig& config,
                                                             const PointNumbers& numbers) const;
  [[nodiscard]] base::Result<std::shared_ptr<Line>> Find(const std::string& line) const;
  [[nodiscard]] base::Status Start(Line& line);
  void OnStep(Line& line, const line::PollStep& step);
  static void Note(Line& line, std::size_t meter, const line::PollOutcome& outcome);

  const base::Clock& clock_;
  ReadingSink& sink_;
  std::atomic<std::uint32_t> version_{0};
  base::Guarded<Lines> lines_;
};

}  // namespace yb::field
