#include "core/telemetry/alarm_record.hpp"

#include "core/contract/sync.pb.h"

namespace yb::telemetry {

std::string_view ToString(OperationKind what) {
  switch (what) {
    case OperationKind::kUnknown: break;
    case OperationKind::kLineDown: return "line_down";
    case OperationKind::kClockBad: return "clock_bad";
    case OperationKind::kStoreFailing: return "store_failing";
    case OperationKind::kConfigurationRefused: return "configuration_refused";
    case OperationKind::kBoxDown: return "box_down";
  }
  return "unknown";
}

base::Bytes EncodeAlarm(const Alarm& alarm) {
  contract::AlarmRecord record;
  contract::Operation& out = *record.mutable_operation();
  out.set_time_us(alarm.time.micros);
  out.set_what(static_cast<contract::OperationKind>(alarm.what));
  out.set_cleared(alarm.cleared);
  out.set_subject(alarm.subject);
  out.set_detail(alarm.detail);
  out.set_boot(alarm.boot);
  base::Bytes bytes(record.ByteSizeLong());
  record.SerializeToArray(bytes.data(), static_cast<int>(bytes.size()));
  return bytes;
}

base::Result<Alarm> DecodeAlarm(base::ByteView body) {
  contract::AlarmRecord record;
  if (!record.ParseFromArray(body.data(), static_cast<int>(body.size()))) {
    return base::Fail(base::ErrorCode::kCorrupt, "the bytes are no record of the alarm lane");
  }
  if (!record.has_operation()) {
    return base::Fail(base::ErrorCode::kUnsupported, "the alarm is of a kind this version does not know");
  }
  const contract::Operation& in = record.operation();
  const bool known = in.what() > 0 && in.what() <= static_cast<int>(OperationKind::kBoxDown);
  return Alarm{{in.time_us()}, known ? static_cast<OperationKind>(in.what()) : OperationKind::kUnknown,
               in.cleared(),   in.subject(),
               in.detail(),    in.boot()};
}

}  // namespace yb::telemetry
