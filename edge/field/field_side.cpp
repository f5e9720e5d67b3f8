#include "edge/field/field_side.hpp"

#include <utility>

#include "edge/field/line/serial_channel.hpp"
#include "edge/field/line/tcp_client_channel.hpp"
#include "edge/field/line/tcp_listen_channel.hpp"
#include "edge/field/protocols.hpp"

namespace yb::field {
namespace {

/// An answer's time means no more than a millisecond (a byte on a line takes as long), and is kept as such: finer
/// digits would be noise that costs more than the value.
base::UtcTime Stamp(base::UtcTime time) {
  return {time.micros / 1000 * 1000};
}

std::unique_ptr<line::ByteChannel> MakeChannel(const LineConfig& config) {
  switch (config.kind) {
    case LineKind::kTcp: break;
    case LineKind::kTcpListen: return std::make_unique<line::TcpListenChannel>(config.dial_in);
    case LineKind::kSerial: return std::make_unique<line::SerialChannel>(config.serial);
  }
  return std::make_unique<line::TcpClientChannel>(config.host, config.port);
}

}  // namespace

FieldSide::FieldSide(FieldConfig config, PointNumbers numbers, const base::Clock& clock, ReadingSink& sink)
    : config_(std::move(config)), numbers_(std::move(numbers)), clock_(clock), sink_(sink) {
  std::vector<std::vector<MeterStatus>> status;
  for (const LineConfig& line : config_.lines) {
    std::vector<MeterStatus>& meters = status.emplace_back();
    for (const MeterConfig& meter : line.meters)
      meters.push_back({meter.key, meter.name, std::nullopt, std::nullopt, ""});
  }
  meters_.With([&](auto& meters) { meters = std::move(status); });
}

FieldSide::~FieldSide() {
  Stop();
}

base::Status FieldSide::Start() {
  for (LineConfig& line : config_.lines) {
    for (MeterConfig& meter : line.meters) {
      for (metering::Point& point : meter.points) {
        const auto found = numbers_.find(point.key);
        if (found == numbers_.end()) {
          return base::Fail(base::ErrorCode::kInvalidArgument, "point '" + point.key + "' has no number");
        }
        point.no = found->second;
      }
    }
  }
  for (std::size_t line = 0; line < config_.lines.size(); ++line) {
    const base::Status started = StartLine(line);
    if (started) continue;
    Stop();
    return base::Fail(started.error().At("line '" + config_.lines[line].key + "'"));
  }
  return {};
}

base::Status FieldSide::StartLine(std::size_t line) {
  const LineConfig& config = config_.lines[line];
  std::vector<line::ScheduledMeter> meters;
  for (const MeterConfig& meter : config.meters) {
    YB_ASSIGN(std::unique_ptr<FieldDriver> driver, MakeDriver(meter.protocol, meter.settings));
    meters.push_back({.driver = std::move(driver), .interval = meter.interval, .phase = meter.phase});
  }
  RunningLine& running = lines_.emplace_back();
  std::unique_ptr<line::ByteChannel> channel = MakeChannel(config);
  running.channel = channel->Describe();
  running.runner =
      std::make_unique<line::LineRunner>(config.key, std::move(channel), config.timing, std::move(meters), clock_,
                                         [this, line](const line::PollOutcome& outcome) { OnPoll(line, outcome); });
  return running.runner->Start();
}

void FieldSide::Stop() {
  for (RunningLine& line : lines_) line.runner->RequestStop();
  for (RunningLine& line : lines_) line.runner->Stop();
}

void FieldSide::OnPoll(std::size_t line, const line::PollOutcome& outcome) {
  const MeterConfig& meter = config_.lines[line].meters[outcome.meter];
  std::vector<metering::Reading> readings;
  readings.reserve(outcome.values.size());
  for (std::size_t point = 0; point < outcome.values.size(); ++point) {
    const PointValue& value = outcome.values[point];
    readings.push_back({meter.points[point].no, Stamp(value.time), value.value, value.quality});
  }
  meters_.With([&](auto& lines) {
    MeterStatus& status = lines[line][outcome.meter];
    status.last_poll = outcome.finished.utc;
    status.last_error = outcome.error;
    if (outcome.answered) status.last_answer = outcome.finished.utc;
  });
  sink_.OnReadings(readings);
}

std::vector<LineSnapshot> FieldSide::Snapshot() const {
  std::vector<LineSnapshot> snapshot;
  const auto meters = meters_.With([](const auto& lines) { return lines; });
  for (std::size_t line = 0; line < config_.lines.size(); ++line) {
    LineSnapshot& entry = snapshot.emplace_back();
    entry.key = config_.lines[line].key;
    entry.meters = meters[line];
    if (line >= lines_.size()) continue;
    entry.channel = lines_[line].channel;
    entry.status = lines_[line].runner->Status();
  }
  return snapshot;
}

}  // namespace yb::field
