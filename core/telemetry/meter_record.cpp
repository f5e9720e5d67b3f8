#include "core/telemetry/meter_record.hpp"

#include <algorithm>

#include "core/contract/message_bytes.hpp"
#include "core/contract/sync.pb.h"

namespace yb::telemetry {
namespace {

using base::Decimal;
using metering::MeterEvent;
using metering::MeterEventKind;

constexpr auto kLastKind = static_cast<std::uint32_t>(MeterEventKind::kJump);

base::Result<contract::HistoryRecord> Parse(base::ByteView body) {
  contract::HistoryRecord record;
  if (!record.ParseFromArray(body.data(), static_cast<int>(body.size()))) {
    return base::Fail(base::ErrorCode::kCorrupt, "the bytes are no record of the history lane");
  }
  return record;
}

base::Result<Decimal> Factor(const std::string& text) {
  YB_ASSIGN(const std::optional<Decimal> value, FromText(text));
  return value.value_or(Decimal(1, 0));
}

void ToContract(const AppliedPoint& in, contract::AppliedPoint& out) {
  out.set_no(in.no);
  out.set_source(in.source);
  out.set_factor(in.factor.ToString());
  out.set_unit(in.unit);
  out.set_range(ToText(in.rules.range));
  out.set_most_per_hour(ToText(in.rules.most_per_hour));
}

void ToContract(const AppliedMeter& in, contract::AppliedMeter& out) {
  out.set_key(in.key);
  out.set_line(in.line);
  out.set_protocol(in.protocol);
  out.set_address(in.address);
  out.set_profile(in.profile);
  out.set_profile_digest(in.profile_digest.data(), in.profile_digest.size());
  out.set_ct(in.ct.ToString());
  out.set_pt(in.pt.ToString());
  out.set_interval_us(in.interval.count());
  for (const AppliedPoint& point : in.points) ToContract(point, *out.add_point());
}

base::Result<AppliedPoint> FromContract(const contract::AppliedPoint& in, base::Duration interval) {
  AppliedPoint out;
  out.no = in.no();
  out.source = in.source();
  out.unit = in.unit();
  YB_ASSIGN(out.factor, Factor(in.factor()));
  YB_ASSIGN(out.rules.range, FromText(in.range()));
  YB_ASSIGN(out.rules.most_per_hour, FromText(in.most_per_hour()));
  out.rules.interval = interval;
  return out;
}

base::Result<AppliedMeter> FromContract(const contract::AppliedMeter& in) {
  AppliedMeter out;
  out.key = in.key();
  out.line = in.line();
  out.protocol = in.protocol();
  out.address = in.address();
  out.profile = in.profile();
  const std::string& digest = in.profile_digest();
  std::copy_n(digest.begin(), std::min(digest.size(), out.profile_digest.size()), out.profile_digest.begin());
  YB_ASSIGN(out.ct, Factor(in.ct()));
  YB_ASSIGN(out.pt, Factor(in.pt()));
  out.interval = base::Duration(in.interval_us());
  for (const contract::AppliedPoint& point : in.point()) {
    YB_ASSIGN(AppliedPoint read, FromContract(point, out.interval));
    out.points.push_back(std::move(read));
  }
  return out;
}

base::Result<MeterEvent> FromContract(const contract::MeterEvent& in) {
  MeterEvent out;
  out.kind = in.kind() > kLastKind ? MeterEventKind::kUnknown : static_cast<MeterEventKind>(in.kind());
  out.meter = in.meter();
  out.point = in.point();
  out.since.micros = in.since_us();
  out.time.micros = in.time_us();
  YB_ASSIGN(out.before, FromText(in.before()));
  YB_ASSIGN(out.after, FromText(in.after()));
  out.detail = in.detail();
  return out;
}

}  // namespace

std::string ToText(const std::optional<Decimal>& value) {
  return value ? value->ToString() : "";
}

base::Result<std::optional<Decimal>> FromText(const std::string& text) {
  if (text.empty()) return std::nullopt;
  const base::Result<Decimal> value = Decimal::Parse(text);
  if (!value) return base::Fail(base::ErrorCode::kCorrupt, value.error().message);
  return *value;
}

base::Bytes EncodeMeterEvents(std::span<const MeterEvent> events) {
  contract::HistoryRecord record;
  contract::MeterEvents& list = *record.mutable_events();
  for (const MeterEvent& event : events) {
    contract::MeterEvent& out = *list.add_event();
    out.set_kind(static_cast<std::uint32_t>(event.kind));
    out.set_meter(event.meter);
    out.set_point(event.point);
    out.set_since_us(event.since.micros);
    out.set_time_us(event.time.micros);
    out.set_before(ToText(event.before));
    out.set_after(ToText(event.after));
    out.set_detail(event.detail);
  }
  return ToBytes(record);
}

base::Bytes EncodeConfiguration(const AppliedConfiguration& configuration) {
  contract::HistoryRecord record;
  contract::AppliedConfiguration& out = *record.mutable_configuration();
  for (const AppliedMeter& meter : configuration.meters) ToContract(meter, *out.add_meter());
  const base::Digest digest = base::Sha256(ToBytes(out));  // nothing but the meters stands in it yet
  out.set_digest(digest.data(), digest.size());
  out.set_version(configuration.version);
  out.set_applied_us(configuration.applied.micros);
  return ToBytes(record);
}

base::Result<MeterEvents> DecodeMeterEvents(base::ByteView body) {
  YB_ASSIGN(const contract::HistoryRecord record, Parse(body));
  if (!record.has_events()) return base::Fail(base::ErrorCode::kCorrupt, "the record holds no events of meters");
  MeterEvents events;
  for (const contract::MeterEvent& event : record.events().event()) {
    YB_ASSIGN(MeterEvent read, FromContract(event));
    events.push_back(std::move(read));
  }
  return events;
}

base::Result<AppliedConfiguration> DecodeConfiguration(base::ByteView body) {
  YB_ASSIGN(const contract::HistoryRecord record, Parse(body));
  if (!record.has_configuration()) return base::Fail(base::ErrorCode::kCorrupt, "the record holds no configuration");
  AppliedConfiguration configuration;
  configuration.version = record.configuration().version();
  configuration.applied.micros = record.configuration().applied_us();
  for (const contract::AppliedMeter& meter : record.configuration().meter()) {
    YB_ASSIGN(AppliedMeter read, FromContract(meter));
    configuration.meters.push_back(std::move(read));
  }
  return configuration;
}

}  // namespace yb::telemetry
