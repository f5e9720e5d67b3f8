#include "core/telemetry/tombstone.hpp"

#include "core/contract/message_bytes.hpp"
#include "core/contract/sync.pb.h"

namespace yb::telemetry {

std::string_view ToString(DropRule rule) {
  switch (rule) {
    case DropRule::kGaugesThinned: return "gauges_thinned";
    case DropRule::kRegistersThinned: return "registers_thinned";
    case DropRule::kUnsentThinned: return "unsent_thinned";
    case DropRule::kAcknowledgedDropped: return "acknowledged_dropped";
  }
  return "unknown";
}

std::string_view ToString(DropReason reason) {
  switch (reason) {
    case DropReason::kQuota: return "quota";
    case DropReason::kDisk: return "disk";
  }
  return "unknown";
}

base::Bytes EncodeTombstone(const Tombstone& tombstone) {
  contract::HistoryRecord record;
  contract::Tombstone& out = *record.mutable_tombstone();
  out.set_dropped_us(tombstone.dropped.micros);
  out.set_rule(static_cast<contract::TombstoneRule>(tombstone.rule));
  out.set_reason(static_cast<contract::TombstoneReason>(tombstone.reason));
  out.set_count(tombstone.count);
  out.set_first_point(tombstone.first_point);
  out.set_last_point(tombstone.last_point);
  out.set_from_us(tombstone.from.micros);
  out.set_to_us(tombstone.to.micros);
  out.set_epoch(tombstone.epoch);
  out.set_first_seq(tombstone.first_seq);
  out.set_last_seq(tombstone.last_seq);
  return ToBytes(record);
}

base::Result<Tombstone> DecodeTombstone(base::ByteView body) {
  contract::HistoryRecord record;
  if (!record.ParseFromArray(body.data(), static_cast<int>(body.size())) || !record.has_tombstone()) {
    return base::Fail(base::ErrorCode::kCorrupt, "the bytes are no tombstone");
  }
  const contract::Tombstone& in = record.tombstone();
  return Tombstone{{in.dropped_us()},
                   static_cast<DropRule>(in.rule()),
                   static_cast<DropReason>(in.reason()),
                   in.count(),
                   in.first_point(),
                   in.last_point(),
                   {in.from_us()},
                   {in.to_us()},
                   in.epoch(),
                   in.first_seq(),
                   in.last_seq()};
}

}  // namespace yb::telemetry
