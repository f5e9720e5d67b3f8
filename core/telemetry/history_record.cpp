#include "core/telemetry/history_record.hpp"

#include <algorithm>

#include "core/telemetry/slice_columns.hpp"

namespace yb::telemetry {
namespace {

base::Bytes ToBytes(const contract::HistoryRecord& record) {
  base::Bytes bytes(record.ByteSizeLong());
  record.SerializeToArray(bytes.data(), static_cast<int>(bytes.size()));
  return bytes;
}

base::Result<contract::HistoryRecord> Parse(base::ByteView body) {
  contract::HistoryRecord record;
  if (!record.ParseFromArray(body.data(), static_cast<int>(body.size()))) {
    return base::Fail(base::ErrorCode::kCorrupt, "the bytes are no record of the history lane");
  }
  if (record.has_slice()) YB_TRY(UnpackColumns(*record.mutable_slice()));
  return record;
}

PointDefinition FromContract(const contract::PointDefinition& in) {
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
  definition.interval = base::Duration(in.interval_us());
  return definition;
}

constexpr std::uint32_t kRunReader = 1;

base::Result<HistoryRecord> FromContract(const contract::CompactedRun& in) {
  if (in.min_reader() > kRunReader) return UnknownRecord{};
  CompactedRun run{in.first_seq(), in.last_seq(), {}, {}, {}};
  if (run.first_seq == 0 || run.last_seq < run.first_seq || in.chain().size() != run.chain.size()) {
    return base::Fail(base::ErrorCode::kCorrupt, "a compacted run has an impossible head");
  }
  std::copy(in.chain().begin(), in.chain().end(), run.chain.begin());
  run.series.resize(in.series().ByteSizeLong());
  in.series().SerializeToArray(run.series.data(), static_cast<int>(run.series.size()));
  std::uint64_t before = run.first_seq - 1;
  for (const contract::PlainRecord& other : in.other()) {
    if (other.seq() <= before || other.seq() > run.last_seq) {
      return base::Fail(base::ErrorCode::kCorrupt, "a compacted run's records are out of order");
    }
    before = other.seq();
    run.other.push_back({other.seq(), base::Bytes(other.body().begin(), other.body().end())});
  }
  return run;
}

ReadingContext ContextOf(const contract::Slice& slice) {
  // Wraps instead of overflowing on hostile clocks.
  const auto offset = static_cast<std::int64_t>(static_cast<std::uint64_t>(slice.base_time_us()) -
                                                static_cast<std::uint64_t>(slice.steady_base_us()));
  return {slice.boot(), base::Duration(offset), slice.clock_quality(), 0};
}

}  // namespace

bool operator==(const PointDefinition& a, const PointDefinition& b) {
  const metering::Point& p = a.point;
  const metering::Point& q = b.point;
  return p.no == q.no && p.key == q.key && p.meter == q.meter && p.meter_name == q.meter_name &&
         p.quantity == q.quantity && p.unit == q.unit && p.utility == q.utility && p.kind == q.kind &&
         p.line == q.line && a.limit == b.limit && a.retired == b.retired && a.interval == b.interval;
}

base::Bytes EncodeSlice(std::span<const metering::Reading> readings, const BootTime& boot) {
  contract::HistoryRecord record;
  contract::Slice& slice = *record.mutable_slice();
  WriteColumns(readings, slice);
  PackColumns(slice);
  slice.set_boot(boot.boot);
  slice.set_steady_base_us(boot.steady.micros + (slice.base_time_us() - boot.utc.micros));
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
    out.set_interval_us(definition.interval.count());
  }
  return ToBytes(record);
}

base::Bytes EncodeCompactedRun(const CompactedRun& run) {
  contract::HistoryRecord record;
  contract::CompactedRun& out = *record.mutable_run();
  out.set_min_reader(kRunReader);
  out.set_first_seq(run.first_seq);
  out.set_last_seq(run.last_seq);
  out.set_chain(run.chain.data(), run.chain.size());
  out.mutable_series()->ParseFromArray(run.series.data(), static_cast<int>(run.series.size()));
  for (const CompactedRun::Other& other : run.other) {
    contract::PlainRecord& plain = *out.add_other();
    plain.set_seq(other.seq);
    plain.set_body(other.body.data(), other.body.size());
  }
  return ToBytes(record);
}

base::Result<HistoryRecord> DecodeHistoryRecord(base::ByteView body) {
  YB_ASSIGN(const contract::HistoryRecord record, Parse(body));
  if (record.has_slice()) {
    YB_ASSIGN(std::vector<metering::Reading> readings, ReadColumns(record.slice()));
    return Slice{std::move(readings), ContextOf(record.slice())};
  }
  if (record.has_points()) {
    PointTable table;
    for (const contract::PointDefinition& point : record.points().point()) table.push_back(FromContract(point));
    return table;
  }
  if (record.has_run()) return FromContract(record.run());
  return UnknownRecord{};
}

base::Status ForEachReading(base::ByteView body, metering::PointNo point,
                            const std::function<void(const metering::Reading&)>& use) {
  YB_ASSIGN(const contract::HistoryRecord record, Parse(body));
  if (!record.has_slice()) return {};
  const contract::Slice& slice = record.slice();
  YB_TRY(CheckColumns(slice));
  for (int i = 0; i < slice.point_size(); ++i) {
    if (point == 0 || slice.point(i) == point) use(ReadColumn(slice, i));
  }
  return {};
}

TimeSpan SpanOf(std::span<const metering::Reading> readings) {
  if (readings.empty()) return {};
  const auto [first, last] = std::ranges::minmax_element(readings, {}, &metering::Reading::time);
  return {first->time, last->time};
}

}  // namespace yb::telemetry
