#include "core/telemetry/record_log.hpp"

#include <algorithm>
#include <array>
#include <type_traits>

#include "core/telemetry/record_rows.hpp"

namespace yb::telemetry {
namespace {

using base::Bytes;
using base::ByteView;
using storage::Rows;
using storage::Signed;
using storage::Statement;
using storage::Unsigned;

constexpr std::array<std::string_view, 6> kMigrations = {
    // 1 (since 0.1)
    "CREATE TABLE site (no INTEGER PRIMARY KEY, site TEXT NOT NULL UNIQUE, name TEXT NOT NULL DEFAULT '');"
    "CREATE TABLE head (site INTEGER NOT NULL REFERENCES site, lane INTEGER NOT NULL, epoch INTEGER NOT NULL,"
    "  last INTEGER NOT NULL, acked INTEGER NOT NULL DEFAULT 0, chain BLOB NOT NULL, PRIMARY KEY (site, lane, epoch))"
    "  WITHOUT ROWID;"
    "CREATE TABLE record (id INTEGER PRIMARY KEY, site INTEGER NOT NULL REFERENCES site, lane INTEGER NOT NULL,"
    "  epoch INTEGER NOT NULL, seq INTEGER NOT NULL, t_first INTEGER NOT NULL, t_last INTEGER NOT NULL,"
    "  chain BLOB NOT NULL, body BLOB NOT NULL);"
    "CREATE UNIQUE INDEX record_place ON record (site, lane, epoch, seq);"
    "CREATE INDEX record_time ON record (site, t_last) WHERE t_last <> 0;"
    "CREATE TABLE point (site INTEGER NOT NULL REFERENCES site, no INTEGER NOT NULL, definition BLOB NOT NULL,"
    "  PRIMARY KEY (site, no)) WITHOUT ROWID;",
    // 2 (since 0.2): several lanes, each with times of its own
    "DROP INDEX record_time;"
    "CREATE INDEX record_lane_time ON record (site, lane, t_last) WHERE t_last <> 0;",
    // 3 (since 0.2): restores of either side (sync-protocol.md)
    "ALTER TABLE head ADD COLUMN first INTEGER NOT NULL DEFAULT 1;"
    "ALTER TABLE head ADD COLUMN chain_before BLOB NOT NULL DEFAULT x'00000000000000000000000000000000';"
    "ALTER TABLE head ADD COLUMN told INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE head ADD COLUMN told_chain BLOB NOT NULL DEFAULT x'00000000000000000000000000000000';"
    "ALTER TABLE head ADD COLUMN closed INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE head ADD COLUMN rolled_back INTEGER NOT NULL DEFAULT 0;"
    "CREATE TABLE missing (site INTEGER NOT NULL REFERENCES site, lane INTEGER NOT NULL, epoch INTEGER NOT NULL,"
    "  first INTEGER NOT NULL, last INTEGER NOT NULL, reason INTEGER NOT NULL, noticed INTEGER NOT NULL,"
    "  PRIMARY KEY (site, lane, epoch, first, reason)) WITHOUT ROWID;"
    "CREATE TABLE central (epoch INTEGER NOT NULL);"
    "INSERT INTO central (epoch) VALUES (1);",
    // 4 (since 0.2): hourly digests, and what an audit found against them
    "CREATE TABLE hour (site INTEGER NOT NULL REFERENCES site, lane INTEGER NOT NULL, epoch INTEGER NOT NULL,"
    "  first INTEGER NOT NULL, last INTEGER NOT NULL, hour INTEGER NOT NULL, chain_before BLOB NOT NULL,"
    "  chain BLOB NOT NULL, PRIMARY KEY (site, lane, epoch, first)) WITHOUT ROWID;"
    "CREATE TABLE damage (site INTEGER NOT NULL REFERENCES site, lane INTEGER NOT NULL, epoch INTEGER NOT NULL,"
    "  first INTEGER NOT NULL, last INTEGER NOT NULL, state INTEGER NOT NULL, rows INTEGER NOT NULL,"
    "  noticed INTEGER NOT NULL, PRIMARY KEY (site, lane, epoch, first)) WITHOUT ROWID;",
    // 5 (since 0.2): one tree for the records, so that a commit writes one page; series behind the slices
    "ALTER TABLE head ADD COLUMN compacted INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE record RENAME TO record_4;"
    "CREATE TABLE record (site INTEGER NOT NULL REFERENCES site, lane INTEGER NOT NULL, epoch INTEGER NOT NULL,"
    "  seq INTEGER NOT NULL, t_first INTEGER NOT NULL, t_last INTEGER NOT NULL, chain BLOB NOT NULL,"
    "  body BLOB NOT NULL, PRIMARY KEY (site, lane, epoch, seq)) WITHOUT ROWID;"
    "INSERT INTO record SELECT site, lane, epoch, seq, t_first, t_last, chain, body FROM record_4"
    "  ORDER BY site, lane, epoch, seq;"
    "DROP TABLE record_4;"
    "CREATE INDEX alarm_time ON record (site, t_last) WHERE lane = 1 AND t_last <> 0;",
    // 6 (since 0.2): numbered, history behind all else, so that the newest readings stand at the end of a tree that
    // grows there: half the pages are written
    "ALTER TABLE record RENAME TO record_5;"
    "CREATE TABLE stream (no INTEGER PRIMARY KEY, site INTEGER NOT NULL REFERENCES site, lane INTEGER NOT NULL,"
    "  epoch INTEGER NOT NULL, UNIQUE (site, lane, epoch));"
    "INSERT INTO stream SELECT ((lane = 3) << 20) + row_number() OVER (PARTITION BY lane = 3 ORDER BY epoch, site, "
    "lane),"
    "  site, lane, epoch FROM (SELECT site, lane, epoch FROM head UNION SELECT site, lane, epoch FROM record_5);"
    "CREATE TABLE record (place INTEGER PRIMARY KEY, t_first INTEGER NOT NULL, t_last INTEGER NOT NULL,"
    "  chain BLOB NOT NULL, body BLOB NOT NULL);"
    "INSERT INTO record SELECT (s.no << 40) + r.seq, r.t_first, r.t_last, r.chain, r.body FROM stream s"
    "  CROSS JOIN record_5 r ON r.site = s.site AND r.lane = s.lane AND r.epoch = s.epoch ORDER BY s.no, r.seq;"
    "DROP TABLE record_5;"
    "CREATE VIEW placed AS SELECT s.site, s.lane, s.epoch, s.no << 40 AS base, (s.no << 40) + 1099511627775 AS top,"
    "  r.place, r.place & 1099511627775 AS seq, r.t_first, r.t_last, r.chain, r.body FROM stream s"
    "  CROSS JOIN record r WHERE r.place >> 40 = s.no;"};

base::Result<bool> HasTable(storage::Database& database, std::string_view name) {
  YB_ASSIGN(const StatementPtr select,
            database.Prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"));
  return select->Bind(1, name).Step();
}

TimeSpan TimesOf(const Slice* slice) {
  return slice == nullptr ? TimeSpan{} : SpanOf(slice->readings);
}

}  // namespace

TimeSpan TimesOf(sync::Lane lane, ByteView body) {
  // A body that cannot be read is kept all the same: it is what was sent, and refusing it would stop its lane for good.
  if (lane == sync::Lane::kAlarm) {
    const auto alarm = DecodeAlarmBody(body);
    if (!alarm) return {};
    const auto time_of = [](const auto& one) {
      if constexpr (std::is_same_v<decltype(one), const AlarmRuleSet&>) {
        return one.applied;
      } else {
        return one.time;
      }
    };
    const base::UtcTime time = std::visit(time_of, *alarm);
    return {time, time};
  }
  if (lane != sync::Lane::kHistory) return {};
  const auto record = DecodeHistoryRecord(body);
  return TimesOf(record ? std::get_if<Slice>(&*record) : nullptr);
}

RecordLog::RecordLog(std::unique_ptr<storage::Database> database, std::unique_ptr<Statements> statements,
                     std::unique_ptr<MeterTables> meters, std::unique_ptr<SeriesTables> series,
                     std::unique_ptr<AlarmTables> alarms)
    : database_(std::move(database)),
      statements_(std::move(statements)),
      meters_(std::move(meters)),
      series_(std::move(series)),
      alarms_(std::move(alarms)) {}

RecordLog::~RecordLog() = default;

base::Result<std::unique_ptr<RecordLog>> RecordLog::Open(storage::DatabaseOpener& opener) {
  YB_ASSIGN(std::unique_ptr<storage::Database> database, opener.Open());
  YB_TRY(storage::Migrate(*database, kMigrations));
  YB_ASSIGN(std::unique_ptr<MeterTables> meters, MeterTables::Open(*database));
  YB_ASSIGN(std::unique_ptr<SeriesTables> series, SeriesTables::Open(*database));
  YB_ASSIGN(const bool had_alarms, HasTable(*database, "alarm"));
  YB_ASSIGN(std::unique_ptr<AlarmTables> alarms, AlarmTables::Open(*database));
  auto s = std::make_unique<Statements>();
  const std::pair<StatementPtr*, std::string_view> wanted[] = {
      {&s->sites, "SELECT no, site, name FROM site ORDER BY no"},
      {&s->add_site, "INSERT OR IGNORE INTO site (site) VALUES (?)"},
      {&s->find_site, "SELECT no FROM site WHERE site = ?"},
      {&s->rename_site, "UPDATE site SET name = ? WHERE no = ?"},
      {&s->heads,
       "SELECT epoch, last, acked, chain, first, chain_before, told, told_chain, closed, rolled_back, compacted,"
       " (SELECT seq FROM placed p WHERE p.site = h.site AND p.lane = h.lane AND p.epoch = h.epoch"
       "   AND place BETWEEN base AND top ORDER BY place DESC LIMIT 1)"
       " FROM head h WHERE site = ? AND lane = ? ORDER BY epoch"},
      {&s->save_head,
       "INSERT INTO head (site, lane, epoch, last, acked, chain, first, chain_before, told, told_chain, closed,"
       " rolled_back) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) ON CONFLICT DO UPDATE SET last = ?4,"
       " acked = ?5, chain = ?6, first = ?7, chain_before = ?8, told = ?9, told_chain = ?10, closed = ?11,"
       " rolled_back = ?12"},
      {&s->save_hour,
       "INSERT OR REPLACE INTO hour (site, lane, epoch, first, last, hour, chain_before, chain)"
       " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"},
      {&s->chain_at,
       "SELECT chain FROM placed WHERE site = ?1 AND lane = ?2 AND epoch = ?3 AND place = base + ?4 UNION ALL"
       " SELECT chain_before FROM head WHERE site = ?1 AND lane = ?2 AND epoch = ?3 AND first = ?4 + 1"},
      {&s->nearest,
       "SELECT seq, chain FROM placed WHERE site = ? AND lane = ? AND epoch = ? AND place BETWEEN base AND base + ?"
       " ORDER BY place DESC LIMIT 1"},
      {&s->find_stream, "SELECT no FROM stream WHERE site = ? AND lane = ? AND epoch = ?"},
      {&s->add_stream,
       "INSERT INTO stream (no, site, lane, epoch) SELECT coalesce(max(no), (?2 = 3) << 20) + 1, ?1, ?2, ?3 FROM stream"
       " WHERE (lane = 3) = (?2 = 3)"},
      {&s->append,
       "INSERT INTO record (place, t_first, t_last, chain, body) SELECT (no << 40) + ?4, ?5, ?6, ?7, ?8 FROM stream"
       " WHERE site = ?1 AND lane = ?2 AND epoch = ?3"},
      {&s->bodies,
       "SELECT body, seq FROM placed WHERE site = ? AND lane = ? AND epoch = ? AND place BETWEEN base + ? AND top"
       " ORDER BY place"},
      {&s->time_of, "SELECT t_first FROM placed WHERE site = ? AND lane = ? AND epoch = ? AND place = base + ?"},
      {&s->save_point, "INSERT OR REPLACE INTO point (site, no, definition) VALUES (?, ?, ?)"},
      {&s->points, "SELECT definition FROM point WHERE site = ? ORDER BY no"},
      {&s->uncompacted,
       "SELECT p.t_first, p.t_last, p.body FROM head h CROSS JOIN placed p ON p.site = h.site AND p.lane = h.lane AND"
       " p.epoch = h.epoch AND p.place BETWEEN p.base + h.compacted + 1 AND p.top WHERE h.site = ? AND h.lane = ?"
       " AND p.t_last NOT IN (0, 1) AND p.t_last >= ? AND p.t_first < ?"},
      {&s->newest_slices,
       "SELECT t_last, body FROM placed WHERE site = ? AND lane = ? AND place BETWEEN base AND top"
       " AND t_last NOT IN (0, 1) ORDER BY epoch DESC, place DESC LIMIT ?"},
      {&s->newest_alarms,
       "SELECT body FROM placed WHERE site = ? AND lane = 1 AND place BETWEEN base AND top AND t_last <> 0"
       " ORDER BY epoch DESC, place DESC LIMIT ?"},
      {&s->newest_places,
       "SELECT body FROM (SELECT epoch, seq, body FROM placed WHERE site = ? AND lane = ?"
       " AND place BETWEEN base AND top ORDER BY epoch DESC, place DESC LIMIT ?) ORDER BY epoch, seq"},
  };
  for (const auto& [statement, sql] : wanted) {
    YB_ASSIGN(*statement, database->Prepare(sql));
  }
  std::unique_ptr<RecordLog> log(
      new RecordLog(std::move(database), std::move(s), std::move(meters), std::move(series), std::move(alarms)));
  if (!had_alarms) YB_TRY(log->RefoldAllAlarms());
  return log;
}

base::Result<storage::Transaction> RecordLog::Begin() {
  return storage::Transaction::Begin(*database_);
}

base::Result<std::vector<SiteRow>> RecordLog::Sites() {
  Statement& select = *statements_->sites;
  const Rows rows(select);
  std::vector<SiteRow> sites;
  while (true) {
    YB_ASSIGN(const bool row, select.Step());
    if (!row) return sites;
    YB_ASSIGN(base::SiteId site, base::SiteId::Parse(select.Text(1)));
    sites.push_back({select.Int(0), std::move(site), std::string(select.Text(2))});
  }
}

base::Result<SiteNo> RecordLog::EnsureSite(const base::SiteId& site) {
  YB_TRY(statements_->add_site->Bind(1, std::string_view(site.text())).Run());
  Statement& find = *statements_->find_site;
  const Rows rows(find);
  YB_ASSIGN(const bool row, find.Bind(1, std::string_view(site.text())).Step());
  YB_CHECK(row, "a site that was just added is there");
  return find.Int(0);
}

base::Status RecordLog::RenameSite(SiteNo site, std::string_view name) {
  return statements_->rename_site->Bind(1, name).Bind(2, site).Run();
}

base::Result<std::vector<EpochHead>> RecordLog::Heads(SiteNo site, sync::Lane lane) {
  Statement& select = *statements_->heads;
  const Rows rows(select);
  select.Bind(1, site).Bind(2, static_cast<std::int64_t>(lane));
  std::vector<EpochHead> heads;
  while (true) {
    YB_ASSIGN(const bool row, select.Step());
    if (!row) return heads;
    heads.push_back({Unsigned(select.Int(0)), Unsigned(select.Int(1)), Unsigned(select.Int(2)), ToChain(select.Blob(3)),
                     Unsigned(select.Int(4)), ToChain(select.Blob(5)), Unsigned(select.Int(6)), ToChain(select.Blob(7)),
                     select.Int(8) != 0, select.Int(9) != 0, Unsigned(select.Int(10))});
    const std::uint64_t newest = Unsigned(select.Int(11));
    if (newest <= heads.back().last) continue;
    YB_ASSIGN(const auto chain, ChainAt(site, lane, {heads.back().epoch, newest}));
    heads.back().last = newest;
    heads.back().chain = chain.value_or(sync::Chain{});
  }
}

base::Status RecordLog::Append(SiteNo site, sync::Lane lane, EpochHead& head, ByteView body) {
  const auto read = lane == sync::Lane::kHistory ? DecodeHistoryRecord(body) : HistoryRecord();
  const auto* slice = read ? std::get_if<Slice>(&*read) : nullptr;
  if (slice != nullptr && slice->again) return AppendAgain(site, head, *slice, body);
  const TimeSpan span = lane == sync::Lane::kHistory ? TimesOf(slice) : TimesOf(lane, body);
  if (lane == sync::Lane::kHistory && span.last.micros == 0) YB_TRY(Define(site, body));
  if (lane == sync::Lane::kAlarm) YB_TRY(alarms_->Fold(site, body));
  if (const auto digest = DecodeHour(body)) YB_TRY(SaveHour(site, lane, head, *digest));
  return Insert(site, lane, head, span, body);
}

base::Status RecordLog::AppendForSending(SiteNo site, EpochHead& head, ByteView slice) {
  return Insert(site, sync::Lane::kHistory, head, {kForSending, kForSending}, slice);
}

base::Status RecordLog::AppendAgain(SiteNo site, EpochHead& head, const Slice& slice, ByteView body) {
  const TimeSpan span = SpanOf(slice.readings);
  std::set<std::pair<metering::PointNo, base::UtcTime>> places;
  PointRange points{std::numeric_limits<metering::PointNo>::max(), 0};
  for (const metering::Reading& reading : slice.readings) {
    places.emplace(reading.point, reading.time);
    points = {std::min(points.first, reading.point), std::max(points.last, reading.point)};
  }
  std::vector<metering::Reading> held;
  YB_TRY(ForEachReading(site, points, span.first, span.last + base::Duration(1),
                        [&](const metering::Reading& reading, const ReadingClock&) {
                          if (places.contains({reading.point, reading.time})) held.push_back(reading);
                        }));
  SeriesBatch absent;
  for (const metering::Reading& reading : slice.readings) {
    const auto same = std::ranges::find_if(held, [&](const metering::Reading& one) {
      const bool alike = one.value && reading.value ? one.value->SameDigits(*reading.value)
                                                    : one.value.has_value() == reading.value.has_value();
      return alike && one.point == reading.point && one.time == reading.time && one.quality == reading.quality;
    });
    if (same == held.end()) {
      absent.Add(reading, slice.clock);
    } else {
      held.erase(same);
    }
  }
  if (absent.size() == slice.readings.size()) return Insert(site, sync::Lane::kHistory, head, span, body);
  YB_TRY(series_->Add(site, std::move(absent)));
  return AppendForSending(site, head, body);
}

base::Status RecordLog::Insert(SiteNo site, sync::Lane lane, EpochHead& head, TimeSpan span, ByteView body) {
  const sync::Chain chain = sync::NextChain(head.chain, body);
  YB_TRY(EnsureStream(site, lane, head.epoch));
  YB_TRY(statements_->append->Bind(1, site)
             .Bind(2, static_cast<std::int64_t>(lane))
             .Bind(3, Signed(head.epoch))
             .Bind(4, Signed(head.last + 1))
             .Bind(5, span.first.micros)
             .Bind(6, span.last.micros)
             .Bind(7, ByteView(chain))
             .Bind(8, body)
             .Run());
  head.last += 1;
  head.chain = chain;
  return {};
}

base::Status RecordLog::EnsureStream(SiteNo site, sync::Lane lane, std::uint64_t epoch) {
  const auto of_stream = [&](Statement& statement) -> Statement& {
    return statement.Bind(1, site).Bind(2, static_cast<std::int64_t>(lane)).Bind(3, Signed(epoch));
  };
  {
    Statement& find = *statements_->find_stream;
    const Rows rows(find);
    YB_ASSIGN(const bool there, of_stream(find).Step());
    if (there) return {};
  }
  return of_stream(*statements_->add_stream).Run();
}

base::Status RecordLog::Define(SiteNo site, ByteView body) {
  const auto record = DecodeHistoryRecord(body);
  if (!record) return {};
  if (const auto* table = std::get_if<PointTable>(&*record)) YB_TRY(SavePoints(site, *table));
  if (const auto* events = std::get_if<MeterEvents>(&*record)) YB_TRY(meters_->Save(site, *events));
  if (const auto* applied = std::get_if<AppliedConfiguration>(&*record)) YB_TRY(meters_->Save(site, *applied));
  if (const auto* tombstone = std::get_if<Tombstone>(&*record)) YB_TRY(series_->SaveTombstone(site, *tombstone));
  return {};
}

base::Status RecordLog::SavePoints(SiteNo site, const PointTable& table) {
  for (const PointDefinition& definition : table) {
    const Bytes one = EncodePointTable({&definition, 1});
    YB_TRY(
        statements_->save_point->Bind(1, site).Bind(2, std::int64_t{definition.point.no}).Bind(3, ByteView(one)).Run());
  }
  return {};
}

base::Status RecordLog::SaveHour(SiteNo site, sync::Lane lane, const EpochHead& head, const HourDigest& digest) {
  // One of records that were written again in a later epoch speaks of places that are not theirs any more.
  if (digest.epoch != head.epoch || digest.last > head.last) return {};
  return statements_->save_hour->Bind(1, site)
      .Bind(2, static_cast<std::int64_t>(lane))
      .Bind(3, Signed(digest.epoch))
      .Bind(4, Signed(digest.first))
      .Bind(5, Signed(digest.last))
      .Bind(6, digest.hour.micros)
      .Bind(7, ByteView(digest.chain_before))
      .Bind(8, ByteView(digest.chain))
      .Run();
}

base::Status RecordLog::SaveHead(SiteNo site, sync::Lane lane, const EpochHead& head) {
  return statements_->save_head->Bind(1, site)
      .Bind(2, static_cast<std::int64_t>(lane))
      .Bind(3, Signed(head.epoch))
      .Bind(4, Signed(head.last))
      .Bind(5, Signed(head.acked))
      .Bind(6, ByteView(head.chain))
      .Bind(7, Signed(head.first))
      .Bind(8, ByteView(head.chain_before))
      .Bind(9, Signed(head.told))
      .Bind(10, ByteView(head.told_chain))
      .Bind(11, std::int64_t{head.closed})
      .Bind(12, std::int64_t{head.rolled_back})
      .Run();
}

}  // namespace yb::telemetry
