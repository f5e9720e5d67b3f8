#include "core/telemetry/history_record.hpp"

#include <algorithm>

#include "core/contract/message_bytes.hpp"
#include "core/telemetry/slice_columns.hpp"

namespace yb::telemetry {
namespace {

base::Result<contract::HistoryRecord> Parse(base::ByteView body) {
  contract::HistoryRecord record;
  if (!record.ParseFromArray(body.data(), static_cast<int>(body.size()))) {
    return base::Fail(base::ErrorCode::kCorrupt, "the bytes are no record of the history lane");
  }
  if (record.has_slice()) YB_TRY(UnpackColumns(*record.mutable_slice()));
  return record;
}

ReadingClock ClockOf(const contract::Slice& slice) {
  // Wraps, as the times of readings do.
  const auto offset =
      static_cast<std::uint64_t>(slice.base_time_us()) - static_cast<std::uint64_t>(slice.steady_base_us());
  return {slice.boot(), base::Duration(static_cast<std::int64_t>(offset)), slice.clock_quality()};
}

base::Result<PointDefinition> FromContract(const contract::PointDefinition& in) {
  PointDefinition definition;
  metering::Point& point = definition.point;
  point.no = in.no();
  point.key = in.key();
  point.meter = in.meter();
  point.meter_name = in.meter_name();
  point.quantity = in.quantity();
  point.unit = in.unit();
  point.utility = static_cast<metering::Utility>(in.utility());
  point.kind = in.kind() == 1 ? metering::PointKind::kRegister : metering::PointKind::kGauge;
  point.line = in.line();
  definition.limit = base::Duration(in.limit_us());
  definition.retired = in.retired();
  YB_ASSIGN(definition.rules.range, FromText(in.range()));
  YB_ASSIGN(definition.rules.most_per_hour, FromText(in.most_per_hour()));
  definition.rules.interval = base::Duration(in.interval_us());
  definition.clock_limit = base::Duration(in.clock_limit_us());
  definition.poll = base::Duration(in.poll_us());
  return definition;
}

}  // namespace

base::Bytes EncodeSlice(std::span<const metering::Reading> readings, const BootTime& boot, bool again) {
  contract::HistoryRecord record;
  contract::Slice& slice = *record.mutable_slice();
  WriteColumns(readings, slice);
  if (!readings.empty()) slice.set_configuration(readings.front().configuration);
  slice.set_boot(boot.boot);
  slice.set_again(again);
  slice.set_steady_base_us(boot.steady.micros + (slice.base_time_us() - boot.utc.micros));
  PackColumns(slice);
  return ToBytes(record);
}

base::Bytes EncodePointTable(std::span<const PointDefinition> points) {
  contract::HistoryRecord record;
  contract::PointTable& table = *record.mutable_points();
  for (const PointDefinition& definition : points) {
    const metering::Point& point = definition.point;
    contract::PointDefinition& out = *table.add_point();
    out.set_no(point.no);
    out.set_key(point.key);
    out.set_meter(point.meter);
    out.set_meter_name(point.meter_name);
    out.set_quantity(point.quantity);
    out.set_unit(point.unit);
    out.set_utility(static_cast<std::uint32_t>(point.utility));
    out.set_kind(static_cast<std::uint32_t>(point.kind));
    out.set_line(point.line);
    out.set_limit_us(definition.limit.count());
    out.set_retired(definition.retired);
    out.set_range(ToText(definition.rules.range));
    out.set_most_per_hour(ToText(definition.rules.most_per_hour));
    out.set_interval_us(definition.rules.interval.count());
    out.set_clock_limit_us(definition.clock_limit.count());
    out.set_poll_us(definition.poll.count());
  }
  return ToBytes(record);
}

base::Result<HistoryRecord> DecodeHistoryRecord(base::ByteView body) {
  YB_ASSIGN(const contract::HistoryRecord record, Parse(body));
  if (record.has_slice()) {
    YB_ASSIGN(std::vector<metering::Reading> readings, ReadColumns(record.slice()));
    return Slice{std::move(readings), ClockOf(record.slice()), record.slice().again()};
  }
  if (record.has_points()) {
    PointTable table;
    for (const contract::PointDefinition& point : record.points().point()) {
      YB_ASSIGN(PointDefinition read, FromContract(point));
      table.push_back(std::move(read));
    }
    return table;
  }
  if (record.has_events()) return DecodeMeterEvents(body);
  if (record.has_configuration()) return DecodeConfiguration(body);
  if (record.has_tombstone()) return DecodeTombstone(body);
  return UnknownRecord{};
}

base::Status ForEachInSlice(base::ByteView body, PointRange points, const UseReading& use) {
  YB_ASSIGN(const contract::HistoryRecord record, Parse(body));
  if (!record.has_slice()) return {};
  const contract::Slice& slice = record.slice();
  YB_TRY(CheckColumns(slice));
  const ReadingClock clock = ClockOf(slice);
  for (int i = 0; i < slice.point_size(); ++i) {
    if (slice.point(i) >= points.first && slice.point(i) <= points.last) use(ReadColumn(slice, i), clock);
  }
  return {};
}

base::Result<base::Bytes> RenumberPoints(base::ByteView body,
                                         const std::map<metering::PointNo, metering::PointNo>& numbers) {
  YB_ASSIGN(contract::HistoryRecord record, Parse(body));
  const auto renumbered = [&](metering::PointNo no) {
    const auto found = numbers.find(no);
    return found == numbers.end() ? no : found->second;
  };
  if (record.has_slice()) {
    for (std::uint32_t& no : *record.mutable_slice()->mutable_point()) no = renumbered(no);
    PackColumns(*record.mutable_slice());
  }
  if (record.has_points()) {
    for (contract::PointDefinition& point : *record.mutable_points()->mutable_point()) {
      point.set_no(renumbered(point.no()));
    }
  }
  if (record.has_events()) {
    for (contract::MeterEvent& event : *record.mutable_events()->mutable_event()) {
      event.set_point(renumbered(event.point()));
    }
  }
  if (record.has_configuration()) {
    YB_ASSIGN(AppliedConfiguration configuration, DecodeConfiguration(body));
    for (AppliedMeter& meter : configuration.meters) {
      for (AppliedPoint& point : meter.points) point.no = renumbered(point.no);
    }
    return EncodeConfiguration(configuration);  // its digest covers the numbers
  }
  return ToBytes(record);
}

base::Result<base::Bytes> MarkAgain(base::ByteView body) {
  contract::HistoryRecord record;
  if (!record.ParseFromArray(body.data(), static_cast<int>(body.size()))) {
    return base::Fail(base::ErrorCode::kCorrupt, "the bytes are no record of the history lane");
  }
  if (!record.has_slice()) return base::Bytes(body.begin(), body.end());
  record.mutable_slice()->set_again(true);
  return ToBytes(record);
}

TimeSpan SpanOf(std::span<const metering::Reading> readings) {
  if (readings.empty()) return {};
  const auto [first, last] = std::ranges::minmax_element(readings, {}, &metering::Reading::time);
  return {first->time, last->time};
}

}  // namespace yb::telemetry
