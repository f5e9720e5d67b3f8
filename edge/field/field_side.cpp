#include "edge/field/field_side.hpp"

#include <algorithm>
#include <utility>

#include "edge/field/line_channel.hpp"
#include "edge/field/protocols.hpp"

namespace yb::field {
namespace {

/// The next instant of the meter's grid.
base::UtcTime NextOnGrid(const MeterConfig& meter, base::UtcTime now) {
  const std::int64_t interval = meter.interval.count();
  const std::int64_t behind = (now.micros - meter.phase.count()) % interval;
  return now + base::Duration(interval - (behind < 0 ? behind + interval : behind));
}

void StopAll(const std::vector<line::LineRunner*>& runners) {
  for (line::LineRunner* runner : runners) runner->RequestStop();
  for (line::LineRunner* runner : runners) runner->Stop();
}

}  // namespace

/// A line as it was configured, and what runs it.
struct FieldSide::Line {
  LineConfig config;
  std::vector<std::vector<metering::PointNo>> numbers;  // by meter, by point
  std::string channel;
  base::Guarded<std::vector<MeterStatus>> meters;
  std::vector<metering::Reading> of_poll;    // handed over of the poll that runs; the runner's thread only
  std::unique_ptr<line::LineRunner> runner;  // last: its thread uses the others
};

base::Result<std::shared_ptr<FieldSide::Line>> FieldSide::MakeLine(const LineConfig& config,
                                                                   const PointNumbers& numbers) const {
  auto made = std::make_shared<Line>();
  made->config = config;
  std::vector<MeterStatus> status;
  for (const MeterConfig& meter : config.meters) {
    std::vector<metering::PointNo>& of_meter = made->numbers.emplace_back();
    for (const metering::Point& point : meter.points) {
      const auto found = numbers.find(point.key);
      if (found == numbers.end()) {
        return base::Fail(base::ErrorCode::kInvalidArgument, "point '" + point.key + "' has no number");
      }
      of_meter.push_back(found->second);
    }
    MeterStatus& fresh = status.emplace_back();
    fresh.key = meter.key;
    fresh.name = meter.name;
  }
  made->meters.With([&](auto& meters) { meters = std::move(status); });
  return made;
}

base::Result<LineChanges> FieldSide::Apply(const FieldConfig& config, const PointNumbers& numbers,
                                           std::uint32_t version) {
  const Lines before = lines_.With([](const Lines& lines) { return lines; });
  const auto running = [&](const std::string& key) {
    return std::ranges::find(before, key, [](const auto& line) -> const std::string& { return line->config.key; });
  };
  Lines after;
  Lines fresh;
  LineChanges changes;
  for (const LineConfig& line : config.lines) {
    const auto old = running(line.key);
    if (old != before.end() && (*old)->runner && (*old)->config == line) {
      after.push_back(*old);
      ++changes.kept;
      continue;
    }
    YB_ASSIGN(std::shared_ptr<Line> made, MakeLine(line, numbers));
    ++(old == before.end() ? changes.started : changes.restarted);
    after.push_back(made);
    fresh.push_back(std::move(made));
  }
  changes.stopped = before.size() - changes.kept - changes.restarted;
  // All that end, before any begins: a port may pass from one line to another.
  std::vector<line::LineRunner*> ending;
  for (const auto& line : before) {
    if (line->runner && std::ranges::find(after, line) == after.end()) ending.push_back(line->runner.get());
  }
  StopAll(ending);
  version_ = version;
  std::optional<base::Error> failed;
  for (const auto& line : fresh) {
    const base::Status started = Start(*line);
    if (!started) failed = started.error().At("line '" + line->config.key + "'");
  }
  lines_.With([&](Lines& lines) { lines = std::move(after); });
  if (failed) return base::Fail(std::move(*failed));
  return changes;
}

base::Status FieldSide::Start(Line& line) {
  std::vector<line::ScheduledMeter> meters;
  for (const MeterConfig& meter : line.config.meters) {
    YB_ASSIGN(std::unique_ptr<FieldDriver> driver, MakeDriver(meter.protocol, meter.settings));
    meters.push_back({.driver = std::move(driver), .interval = meter.interval, .phase = meter.phase});
  }
  std::unique_ptr<line::ByteChannel> channel = MakeChannel(line.config);
  line.channel = channel->Describe();
  auto runner =
      std::make_unique<line::LineRunner>(line.config.key, std::move(channel), line.config.timing, std::move(meters),
                                         clock_, [this, &line](const line::PollStep& step) { OnStep(line, step); });
  YB_TRY(runner->Start());
  line.runner = std::move(runner);
  return {};
}

void FieldSide::Stop() {
  std::vector<line::LineRunner*> runners;
  for (const auto& line : lines_.With([](const Lines& lines) { return lines; })) {
    if (line->runner) runners.push_back(line->runner.get());
  }
  StopAll(runners);
}

void FieldSide::OnStep(Line& line, const line::PollStep& step) {
  const std::vector<metering::PointNo>& numbers = line.numbers[step.meter];
  std::vector<metering::Reading> readings;
  readings.reserve(step.values.size());
  for (const PointValue& value : step.values) {
    readings.push_back({numbers[value.point], value.time, value.value, value.quality, version_});
  }
  if (!readings.empty()) sink_.OnAnswer(readings);
  line.of_poll.insert(line.of_poll.end(), readings.begin(), readings.end());
  if (!step.outcome) return;
  Note(line, step.meter, *step.outcome);
  sink_.OnPollOver(line.of_poll);
  line.of_poll.clear();
}

void FieldSide::Note(Line& line, std::size_t meter, const line::PollOutcome& outcome) {
  line.meters.With([&](std::vector<MeterStatus>& meters) {
    MeterStatus& status = meters[meter];
    status.last_poll = outcome.finished.utc;
    status.last_error = outcome.error;
    status.fault = outcome.fault;
    if (outcome.answered) {
      status.last_answer = outcome.finished.utc;
      status.silent_since.reset();
    } else if (!status.silent_since) {
      status.silent_since = outcome.finished.utc;
    }
  });
}

std::vector<LineSnapshot> FieldSide::Snapshot() const {
  std::vector<LineSnapshot> snapshot;
  for (const auto& line : lines_.With([](const Lines& lines) { return lines; })) {
    LineSnapshot& entry = snapshot.emplace_back();
    entry.key = line->config.key;
    entry.channel = line->channel;
    entry.meters = line->meters.With([](const auto& meters) { return meters; });
    if (line->runner) entry.status = line->runner->Status();
  }
  return snapshot;
}

std::vector<metering::LineState> FieldSide::States() const {
  const base::UtcTime now = clock_.Now();
  std::vector<metering::LineState> states;
  for (const auto& line : lines_.With([](const Lines& lines) { return lines; })) {
    metering::LineState& state = states.emplace_back();
    state.line = line->config.key;
    state.kind = line->config.kind;
    state.channel = line->channel;
    if (line->runner) {
      const line::LineStatus status = line->runner->Status();
      state.connected = status.connected;
      state.since = status.since;
      state.fault = status.fault;
      state.error = status.connected ? "" : status.last_error;
      state.commissioning = status.lent;
    }
    const auto meters = line->meters.With([](const auto& all) { return all; });
    for (std::size_t i = 0; i < meters.size(); ++i) {
      const MeterConfig& config = line->config.meters[i];
      state.meters.push_back({meters[i].key, config.settings.address, meters[i].fault, meters[i].last_answer,
                              meters[i].silent_since, NextOnGrid(config, now), meters[i].last_error, config.interval});
    }
  }
  return states;
}

std::vector<LineConfig> FieldSide::Configurations() const {
  std::vector<LineConfig> configurations;
  for (const auto& line : lines_.With([](const Lines& lines) { return lines; })) {
    configurations.push_back(line->config);
  }
  return configurations;
}

base::Result<std::shared_ptr<FieldSide::Line>> FieldSide::Find(const std::string& line) const {
  for (const auto& one : lines_.With([](const Lines& lines) { return lines; })) {
    if (one->config.key == line && one->runner) return one;
  }
  return base::Fail(base::ErrorCode::kNotFound, base::Words{"there is no line '" + line + "'", "没有线路 " + line});
}

base::Status FieldSide::Lend(const std::string& line, line::LineRunner::Loan loan) const {
  YB_ASSIGN(const std::shared_ptr<Line> found, Find(line));
  return found->runner->Lend(std::move(loan));
}

base::Result<std::vector<line::TappedExchange>> FieldSide::Frames(const std::string& line, std::uint64_t after) const {
  YB_ASSIGN(const std::shared_ptr<Line> found, Find(line));
  return found->runner->tap().After(after);
}

}  // namespace yb::field
