// FieldSide (采集侧) reads all meters of a box: one thread per line, all lines side by side, every poll of a meter
// handed to the sink as one slice with all its points.
//
// Owned by the edge's composition root. Start and Stop on one thread; Snapshot on any.
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
};

struct LineSnapshot {
  std::string key;
  std::string channel;  // "tcp 10.0.3.7:4001"
  line::LineStatus status;
  std::vector<MeterStatus> meters;
};

class FieldSide {
 public:
  using PointNumbers = std::map<std::string, metering::PointNo>;

  /// `clock` and `sink` outlive this. Points without a number in `numbers` are a fault of Start.
  FieldSide(FieldConfig config, PointNumbers numbers, const base::Clock& clock, ReadingSink& sink);
  ~FieldSide();

  /// Starts every line. kInvalidArgument where a point has no number, kUnavailable where the system gives no thread;
  /// then nothing runs.
  [[nodiscard]] base::Status Start();

  /// Ends every line, within a second; the sink is not called any more afterwards.
  void Stop();

  /// One entry per line, in the order of the configuration; before Start and after Stop too, but not during Start.
  [[nodiscard]] std::vector<LineSnapshot> Snapshot() const;

 private:
  struct RunningLine {
    std::string channel;
    std::unique_ptr<line::LineRunner> runner;
  };

  [[nodiscard]] base::Status StartLine(std::size_t line);
  void OnPoll(std::size_t line, const line::PollOutcome& outcome);

  FieldConfig config_;
  const PointNumbers numbers_;
  const base::Clock& clock_;
  ReadingSink& sink_;
  std::vector<RunningLine> lines_;
  base::Guarded<std::vector<std::vector<MeterStatus>>> meters_;  // by line, by meter
};

}  // namespace yb::field
