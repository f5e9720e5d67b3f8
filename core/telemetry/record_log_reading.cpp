// What is read of the records, and the alarms that are made of them.
#include <algorithm>

#include "core/telemetry/record_rows.hpp"

namespace yb::telemetry {
namespace {

using base::Bytes;
using base::ByteView;
using storage::Rows;
using storage::Signed;
using storage::Statement;
using storage::Unsigned;

/// Records of the lane `alarm` that are folded again where the alarms have to be made anew.
constexpr std::int64_t kMostRefolded = 20'000;

}  // namespace

base::Result<std::vector<Bytes>> RecordLog::ReadBodies(SiteNo site, sync::Lane lane, sync::Position from,
                                                       std::size_t most_bytes) {
  Statement& select = *statements_->bodies;
  const Rows rows(select);
  select.Bind(1, site).Bind(2, static_cast<std::int64_t>(lane)).Bind(3, Signed(from.epoch)).Bind(4, Signed(from.seq));
  std::vector<Bytes> bodies;
  std::size_t bytes = 0;
  while (true) {
    YB_ASSIGN(const bool row, select.Step());
    if (!row) return bodies;
    const ByteView body = select.Blob(0);
    // A hole ends the run: bodies are numbered by their place in it.
    const bool next = Unsigned(select.Int(1)) == from.seq + bodies.size();
    if (!next || (!bodies.empty() && bytes + body.size() > most_bytes)) return bodies;
    bytes += body.size();
    bodies.emplace_back(body.begin(), body.end());
  }
}

base::Result<std::optional<sync::Chain>> RecordLog::ChainAt(SiteNo site, sync::Lane lane, sync::Position at) {
  if (at.seq == 0) return sync::Chain{};
  Statement& select = *statements_->chain_at;
  const Rows rows(select);
  select.Bind(1, site).Bind(2, static_cast<std::int64_t>(lane)).Bind(3, Signed(at.epoch)).Bind(4, Signed(at.seq));
  YB_ASSIGN(const bool row, select.Step());
  if (!row) return std::optional<sync::Chain>();
  return ToChain(select.Blob(0));
}

base::Result<sync::Piece> RecordLog::Answer(SiteNo site, sync::Lane lane, const EpochHead& head,
                                            const sync::Fetch& fetch, std::size_t most_bytes) {
  sync::Piece piece{fetch.session, fetch.epoch, fetch.first, {}, {}};
  if (fetch.last >= fetch.first) {
    piece.first_seq = std::max(fetch.first, head.first);
    if (fetch.last >= piece.first_seq) {
      YB_ASSIGN(piece.bodies, ReadBodies(site, lane, {fetch.epoch, piece.first_seq}, most_bytes));
      piece.bodies.resize(std::min<std::size_t>(piece.bodies.size(), fetch.last - piece.first_seq + 1));
    }
    if (piece.bodies.empty()) {
      piece.first_seq = head.last + 1;
      piece.chain_before = head.chain;
      return piece;
    }
  }
  if (piece.first_seq == head.first) {
    piece.chain_before = head.chain_before;
    return piece;
  }
  Statement& select = *statements_->nearest;
  const Rows rows(select);
  select.Bind(1, site)
      .Bind(2, static_cast<std::int64_t>(lane))
      .Bind(3, Signed(fetch.epoch))
      .Bind(4, Signed(piece.first_seq - 1));
  YB_ASSIGN(const bool row, select.Step());
  const std::uint64_t nearest = row ? Unsigned(select.Int(0)) : 0;
  if (row) piece.chain_before = ToChain(select.Blob(1));
  if (piece.bodies.empty()) piece.first_seq = nearest + 1;
  return piece;
}

base::Result<base::UtcTime> RecordLog::TimeOf(SiteNo site, sync::Lane lane, sync::Position at) {
  Statement& select = *statements_->time_of;
  const Rows rows(select);
  select.Bind(1, site).Bind(2, static_cast<std::int64_t>(lane)).Bind(3, Signed(at.epoch)).Bind(4, Signed(at.seq));
  YB_ASSIGN(const bool row, select.Step());
  return row && select.Int(0) != kForSending.micros ? base::UtcTime{select.Int(0)} : base::UtcTime{};
}

base::Result<std::vector<PointDefinition>> RecordLog::Points(SiteNo site) {
  Statement& select = *statements_->points;
  const Rows rows(select);
  select.Bind(1, site);
  std::vector<PointDefinition> points;
  while (true) {
    YB_ASSIGN(const bool row, select.Step());
    if (!row) return points;
    YB_ASSIGN(const HistoryRecord record, DecodeHistoryRecord(select.Blob(0)));
    const auto* table = std::get_if<PointTable>(&record);
    if (table == nullptr || table->size() != 1)
      return base::Fail(base::ErrorCode::kCorrupt, "a stored point is unreadable");
    points.push_back(table->front());
  }
}

base::Status RecordLog::ForEachReading(SiteNo site, metering::PointNo point, base::UtcTime from, base::UtcTime to,
                                       const std::function<void(const metering::Reading&)>& use) {
  return ForEachReading(site, PointRange{point, point}, from, to,
                        [&](const metering::Reading& reading, const ReadingClock&) { use(reading); });
}

base::Status RecordLog::ForEachReading(SiteNo site, PointRange points, base::UtcTime from, base::UtcTime to,
                                       const UseReading& use) {
  YB_ASSIGN(const storage::Snapshot snapshot, Snapshot());
  YB_TRY(series_->ForEach(site, points, from, to, use));
  Statement& select = *statements_->uncompacted;
  const Rows rows(select);
  select.Bind(1, site).Bind(2, kHistory).Bind(3, from.micros).Bind(4, to.micros);
  while (true) {
    YB_ASSIGN(const bool row, select.Step());
    if (!row) return {};
    YB_TRY(ForEachInSlice(select.Blob(2), points, [&](const metering::Reading& reading, const ReadingClock& clock) {
      if (reading.time >= from && reading.time < to) use(reading, clock);
    }));
  }
}

base::Result<std::set<calendar::DayNo>> RecordLog::UncompactedDays(SiteNo site, DayRange days) {
  Statement& select = *statements_->uncompacted;
  const Rows rows(select);
  select.Bind(1, site)
      .Bind(2, kHistory)
      .Bind(3, calendar::StartOf(days.first).micros)
      .Bind(4, calendar::StartOf(days.last + 1).micros);
  std::set<calendar::DayNo> found;
  while (true) {
    YB_ASSIGN(const bool row, select.Step());
    if (!row) return found;
    const calendar::DayNo last = std::min(calendar::DayOf({select.Int(1)}), days.last);
    for (auto day = std::max(calendar::DayOf({select.Int(0)}), days.first); day <= last; ++day) found.insert(day);
  }
}

base::Status RecordLog::ForNewestSlices(SiteNo site, int most_records, const std::function<bool(const Slice&)>& use) {
  Statement& select = *statements_->newest_slices;
  const Rows rows(select);
  select.Bind(1, site).Bind(2, kHistory).Bind(3, std::int64_t{most_records});
  while (true) {
    YB_ASSIGN(const bool row, select.Step());
    if (!row) return {};
    YB_ASSIGN(const HistoryRecord record, DecodeHistoryRecord(select.Blob(1)));
    const auto* slice = std::get_if<Slice>(&record);
    if (slice != nullptr && !use(*slice)) return {};
  }
}

base::Result<std::vector<Alarm>> RecordLog::NewestAlarms(SiteNo site, int most) {
  Statement& select = *statements_->newest_alarms;
  const Rows rows(select);
  select.Bind(1, site).Bind(2, kMostRefolded);
  std::vector<Alarm> alarms;
  while (alarms.size() < static_cast<std::size_t>(most)) {
    YB_ASSIGN(const bool row, select.Step());
    if (!row) break;
    // Records of other kinds lie between.
    if (auto alarm = DecodeAlarm(select.Blob(0))) alarms.push_back(std::move(*alarm));
  }
  std::ranges::stable_sort(alarms, std::ranges::greater(), &Alarm::time);  // a clock may have been set between them
  return alarms;
}

base::Status RecordLog::RefoldAllAlarms() {
  YB_ASSIGN(storage::Transaction transaction, Begin());
  YB_ASSIGN(const std::vector<SiteRow> sites, Sites());
  for (const SiteRow& site : sites) YB_TRY(RefoldAlarms(site.no));
  return transaction.Commit();
}

base::Status RecordLog::RefoldAlarms(SiteNo site) {
  YB_TRY(alarms_->Clear(site));
  Statement& select = *statements_->newest_places;
  const Rows rows(select);
  select.Bind(1, site).Bind(2, static_cast<std::int64_t>(sync::Lane::kAlarm)).Bind(3, kMostRefolded);
  while (true) {
    YB_ASSIGN(const bool row, select.Step());
    if (!row) return {};
    YB_TRY(alarms_->Fold(site, select.Blob(0)));
  }
}

base::Result<base::UtcTime> RecordLog::LastWritten(SiteNo site) {
  Statement& select = *statements_->newest_slices;
  const Rows rows(select);
  select.Bind(1, site).Bind(2, kHistory).Bind(3, std::int64_t{1});
  YB_ASSIGN(const bool row, select.Step());
  return row ? base::UtcTime{select.Int(0)} : base::UtcTime{};
}

}  // namespace yb::telemetry
