#include "core/telemetry/live_frame.hpp"

#include "core/contract/message_bytes.hpp"
#include "core/telemetry/slice_columns.hpp"

namespace yb::telemetry {
namespace {

std::int64_t OrZero(const std::optional<base::UtcTime>& time) {
  return time ? time->micros : 0;
}

std::optional<base::UtcTime> OrNone(std::int64_t micros) {
  return micros == 0 ? std::nullopt : std::optional(base::UtcTime{micros});
}

void Write(const metering::LineState& line, contract::LineState& out) {
  out.set_line(line.line);
  out.set_kind(static_cast<std::uint32_t>(line.kind));
  out.set_channel(line.channel);
  out.set_connected(line.connected);
  out.set_since_us(line.since.micros);
  out.set_fault(static_cast<std::uint32_t>(line.fault));
  out.set_error(line.error);
  out.set_commissioning(line.commissioning);
  for (const metering::MeterState& meter : line.meters) {
    contract::MeterState& one = *out.add_meter();
    one.set_meter(meter.meter);
    one.set_address(meter.address);
    one.set_fault(static_cast<std::uint32_t>(meter.fault));
    one.set_last_answer_us(OrZero(meter.last_answer));
    one.set_silent_since_us(OrZero(meter.silent_since));
    one.set_next_poll_us(OrZero(meter.next_poll));
    one.set_error(meter.error);
    one.set_interval_us(meter.interval.count());
  }
}

metering::LineState Read(const contract::LineState& in) {
  metering::LineState line{in.line(),
                           static_cast<metering::LineKind>(in.kind()),
                           in.channel(),
                           in.connected(),
                           {in.since_us()},
                           static_cast<metering::LineFault>(in.fault()),
                           in.error(),
                           in.commissioning(),
                           {}};
  for (const contract::MeterState& meter : in.meter()) {
    line.meters.push_back({meter.meter(), meter.address(), static_cast<metering::MeterFault>(meter.fault()),
                           OrNone(meter.last_answer_us()), OrNone(meter.silent_since_us()),
                           OrNone(meter.next_poll_us()), meter.error(), base::Duration(meter.interval_us())});
  }
  return line;
}

}  // namespace

base::Bytes EncodeLive(const LiveFrame& frame) {
  contract::Live out;
  out.set_sent_us(frame.sent.micros);
  out.set_site_name(frame.site_name);
  WriteColumns(frame.readings, *out.mutable_values());
  for (const LaneTail& tail : frame.tails) {
    contract::LaneTail& lane = *out.add_tails();
    lane.set_lane(static_cast<contract::Lane>(tail.lane));
    lane.set_epoch(tail.epoch);
    lane.set_last_seq(tail.last_seq);
    lane.set_oldest_waiting_us(tail.oldest_waiting.micros);
  }
  for (const metering::LineState& line : frame.lines) Write(line, *out.add_lines());
  return ToBytes(out);
}

base::Result<LiveFrame> DecodeLive(base::ByteView bytes) {
  contract::Live in;
  if (!in.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return base::Fail(base::ErrorCode::kCorrupt, "the bytes are no live frame");
  }
  LiveFrame frame{{in.sent_us()}, in.site_name(), {}, {}, {}};
  YB_ASSIGN(frame.readings, ReadColumns(in.values()));
  for (const contract::LaneTail& tail : in.tails()) {
    const auto lane = sync::ParseLane(sync::ToString(static_cast<sync::Lane>(tail.lane())));
    if (!lane) continue;  // a lane of a later version: nothing here depends on it
    frame.tails.push_back({*lane, tail.epoch(), tail.last_seq(), {tail.oldest_waiting_us()}});
  }
  for (const contract::LineState& line : in.lines()) frame.lines.push_back(Read(line));
  return frame;
}

}  // namespace yb::telemetry
