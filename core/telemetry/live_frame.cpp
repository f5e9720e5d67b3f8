#include "core/telemetry/live_frame.hpp"

#include "core/telemetry/slice_columns.hpp"

namespace yb::telemetry {

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
  base::Bytes bytes(out.ByteSizeLong());
  out.SerializeToArray(bytes.data(), static_cast<int>(bytes.size()));
  return bytes;
}

base::Result<LiveFrame> DecodeLive(base::ByteView bytes) {
  contract::Live in;
  if (!in.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return base::Fail(base::ErrorCode::kCorrupt, "the bytes are no live frame");
  }
  LiveFrame frame{{in.sent_us()}, in.site_name(), {}, {}};
  YB_ASSIGN(frame.readings, ReadColumns(in.values()));
  for (const contract::LaneTail& tail : in.tails()) {
    const auto lane = sync::ParseLane(sync::ToString(static_cast<sync::Lane>(tail.lane())));
    if (!lane) continue;  // a lane of a later version: nothing here depends on it
    frame.tails.push_back({*lane, tail.epoch(), tail.last_seq(), {tail.oldest_waiting_us()}});
  }
  return frame;
}

}  // namespace yb::telemetry
