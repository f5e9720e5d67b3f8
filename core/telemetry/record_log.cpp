#include "core/telemetry/record_log.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "core/domain/calendar/civil_day.hpp"
#include "core/telemetry/record_log_statements.hpp"

namespace yb::telemetry {
namespace {

using base::Bytes;
using base::ByteView;
using storage::Rows;
using storage::Statement;

constexpr std::array<std::string_view, 2> kMigrations = {
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
    // 2 (since 0.2): one tree per record, so that a commit writes one page; series behind the slices
    "ALTER TABLE head ADD COLUMN compacted INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE record RENAME TO record_1;"
    "CREATE TABLE record (site INTEGER NOT NULL REFERENCES site, lane INTEGER NOT NULL, epoch INTEGER NOT NULL,"
    "  seq INTEGER NOT NULL, t_first INTEGER NOT NULL, t_last INTEGER NOT NULL, chain BLOB NOT NULL,"
    "  body BLOB NOT NULL, PRIMARY KEY (site, lane, epoch, seq)) WITHOUT ROWID;"
    "INSERT INTO record SELECT site, lane, epoch, seq, t_first, t_last, chain, body FROM record_1"
    "  ORDER BY site, lane, epoch, seq;"
    "DROP TABLE record_1;"
    "CREATE TABLE kept (site INTEGER NOT NULL REFERENCES site, epoch INTEGER NOT NULL, seq INTEGER NOT NULL,"
    "  chain BLOB NOT NULL, body BLOB NOT NULL, PRIMARY KEY (site, epoch, seq)) WITHOUT ROWID;"
    "CREATE TABLE run (id INTEGER PRIMARY KEY, site INTEGER NOT NULL REFERENCES site, epoch INTEGER NOT NULL,"
    "  first INTEGER NOT NULL, last INTEGER NOT NULL, t_first INTEGER NOT NULL, t_last INTEGER NOT NULL,"
    "  readings INTEGER NOT NULL, chain BLOB NOT NULL, body BLOB NOT NULL);"
    "CREATE UNIQUE INDEX run_place ON run (site, epoch, last);"
    "CREATE INDEX run_time ON run (site, t_last);"
    "CREATE TABLE series (id INTEGER PRIMARY KEY, site INTEGER NOT NULL REFERENCES site, points INTEGER NOT NULL,"
    "  t_first INTEGER NOT NULL, t_last INTEGER NOT NULL, readings INTEGER NOT NULL, body BLOB NOT NULL);"
    "CREATE INDEX series_time ON series (site, points, t_last);"
    "CREATE TABLE stale_day (site INTEGER NOT NULL REFERENCES site, day INTEGER NOT NULL, PRIMARY KEY (site, day))"
    "  WITHOUT ROWID;"
    "CREATE TABLE rollup (site INTEGER NOT NULL REFERENCES site, point INTEGER NOT NULL, day INTEGER NOT NULL,"
    "  body BLOB NOT NULL, PRIMARY KEY (site, point, day)) WITHOUT ROWID;"
    "INSERT INTO stale_day SELECT DISTINCT site, (t_last + 28800000000) / 86400000000 FROM record WHERE t_last <> 0"
    "  UNION SELECT site, (t_first + 28800000000) / 86400000000 FROM record WHERE t_last <> 0;"};

sync::Chain ToChain(ByteView blob) {
  sync::Chain chain{};
  std::copy_n(blob.begin(), std::min(blob.size(), chain.size()), chain.begin());
  return chain;
}

/// One statement's rows, one after the other, until `use` returns false.
template <class Use>
base::Status ForEachRow(Statement& select, Use use) {
  const Rows rows(select);
  while (true) {
    YB_ASSIGN(const bool row, select.Step());
    if (!row) return {};
    YB_ASSIGN(const bool more, use());
    if (!more) return {};
  }
}

}  // namespace

RecordLog::RecordLog(std::unique_ptr<storage::Database> database, std::unique_ptr<Statements> statements)
    : database_(std::move(database)), statements_(std::move(statements)) {}

RecordLog::~RecordLog() = default;

base::Result<std::unique_ptr<RecordLog>> RecordLog::Open(storage::DatabaseOpener& opener) {
  YB_ASSIGN(std::unique_ptr<storage::Database> database, opener.Open());
  YB_TRY(storage::Migrate(*database, kMigrations));
  auto s = std::make_unique<Statements>();
  const std::pair<StatementPtr*, std::string_view> wanted[] = {
      {&s->sites, "SELECT no, site, name FROM site ORDER BY no"},
      {&s->add_site, "INSERT OR IGNORE INTO site (site) VALUES (?)"},
      {&s->find_site, "SELECT no FROM site WHERE site = ?"},
      {&s->rename_site, "UPDATE site SET name = ? WHERE no = ?"},
      {&s->heads,
       "SELECT h.epoch, h.last, h.acked, h.chain, h.compacted, r.seq, r.chain FROM head h LEFT JOIN record r"
       " ON r.site = h.site AND r.lane = h.lane AND r.epoch = h.epoch AND r.seq = (SELECT max(seq) FROM record m"
       " WHERE m.site = h.site AND m.lane = h.lane AND m.epoch = h.epoch) WHERE h.site = ? AND h.lane = ?"
       " ORDER BY h.epoch"},
      {&s->save_head,
       "INSERT INTO head (site, lane, epoch, last, acked, chain) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
       " acked = excluded.acked, chain = iif(excluded.last >= last, excluded.chain, chain),"
       " last = max(last, excluded.last)"},
      {&s->move_head,
       "UPDATE head SET compacted = ?1, chain = iif(?1 > last, ?2, chain), last = max(last, ?1)"
       " WHERE site = ?3 AND lane = ?4 AND epoch = ?5"},
      {&s->append,
       "INSERT INTO record (site, lane, epoch, seq, t_first, t_last, chain, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"},
      {&s->bodies, "SELECT body, seq FROM record WHERE site = ? AND lane = ? AND epoch = ? AND seq >= ? ORDER BY seq"},
      {&s->time_of, "SELECT t_first FROM record WHERE site = ? AND lane = ? AND epoch = ? AND seq = ?"},
      {&s->pending,
       "SELECT count(*), total(length(body)), min(nullif(t_first, 0)) FROM record"
       " WHERE site = ? AND lane = ? AND epoch = ? AND seq <= ?"},
      {&s->slices_above,
       "SELECT seq, t_last, chain, body FROM record WHERE site = ? AND lane = ? AND epoch = ? AND seq <= ?"
       " ORDER BY seq"},
      {&s->slices_between,
       "SELECT body FROM record WHERE site = ? AND lane = ? AND t_last >= ? AND t_first < ? AND t_last <> 0"},
      {&s->newest_slices,
       "SELECT body FROM record WHERE site = ? AND lane = ? AND t_last <> 0 ORDER BY epoch DESC, seq DESC LIMIT ?"},
      {&s->save_point, "INSERT OR REPLACE INTO point (site, no, definition) VALUES (?, ?, ?)"},
      {&s->points, "SELECT definition FROM point WHERE site = ? ORDER BY no"},
      {&s->keep_others,
       "INSERT INTO kept SELECT site, epoch, seq, chain, body FROM record"
       " WHERE site = ? AND lane = ? AND epoch = ? AND seq <= ? AND t_last = 0"},
      {&s->keep_one, "INSERT INTO kept (site, epoch, seq, chain, body) VALUES (?, ?, ?, x'', ?)"},
      {&s->kept_between,
       "SELECT seq, body FROM kept WHERE site = ? AND epoch = ? AND seq BETWEEN ? AND ? ORDER BY seq"},
      {&s->drop_records, "DELETE FROM record WHERE site = ? AND lane = ? AND epoch = ? AND seq <= ?"},
      {&s->add_run,
       "INSERT INTO run (site, epoch, first, last, t_first, t_last, readings, chain, body)"
       " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"},
      {&s->run_at,
       "SELECT first, last, t_first, chain, body FROM run WHERE site = ? AND epoch = ? AND last >= ?"
       " ORDER BY last LIMIT 1"},
      {&s->runs_between,
       "SELECT body FROM run WHERE site = ? AND t_last >= ? AND t_first < ? AND readings > 0"
       " ORDER BY t_last"},
      {&s->newest_runs, "SELECT body FROM run WHERE site = ? AND readings > 0 ORDER BY t_last DESC LIMIT ?"},
      {&s->runs_by_age,
       "SELECT id, t_first, t_last, readings, body FROM run WHERE site = ? AND readings > 0 ORDER BY id"},
      {&s->drop_run, "DELETE FROM run WHERE id = ?"},
      {&s->add_series, "INSERT INTO series (site, points, t_first, t_last, readings, body) VALUES (?, ?, ?, ?, ?, ?)"},
      {&s->series_between,
       "SELECT body FROM series WHERE site = ? AND points BETWEEN ? AND ? AND t_last >= ? AND t_first < ?"
       " ORDER BY t_last"},
      {&s->newest_series,
       "SELECT body FROM series s WHERE site = ?1 AND id = (SELECT id FROM series m WHERE m.site = ?1 AND"
       " m.points = s.points ORDER BY t_last DESC LIMIT 1) LIMIT ?2"},
      {&s->unmark_day, "DELETE FROM stale_day WHERE site = ? AND day = ?"},
      {&s->oldest_stale,
       "SELECT day, (SELECT ifnull(max(id), 0) FROM run) FROM stale_day WHERE site = ? ORDER BY day LIMIT 1"},
      {&s->stale_between, "SELECT day FROM stale_day WHERE site = ? AND day BETWEEN ? AND ?"},
      {&s->newer_runs, "SELECT 1 FROM run WHERE site = ? AND id > ? AND t_first < ? AND readings > 0 LIMIT 1"},
      {&s->newer_slices,
       "SELECT 1 FROM record WHERE site = ? AND lane = ? AND epoch = ? AND seq > ? AND t_last <> 0 AND t_first < ?"
       " LIMIT 1"},
      {&s->save_rollup, "INSERT OR REPLACE INTO rollup (site, point, day, body) VALUES (?, ?, ?, ?)"},
      {&s->rollups, "SELECT day, body FROM rollup WHERE site = ? AND point = ? AND day BETWEEN ? AND ?"},
      {&s->mark_day, "INSERT OR IGNORE INTO stale_day (site, day) VALUES (?, ?)"},
  };
  for (const auto& [statement, sql] : wanted) {
    YB_ASSIGN(*statement, database->Prepare(sql));
  }
  return std::unique_ptr<RecordLog>(new RecordLog(std::move(database), std::move(s)));
}

base::Result<storage::Transaction> RecordLog::Begin() {
  return storage::Transaction::Begin(*database_);
}

base::Result<storage::Snapshot> RecordLog::Snapshot() {
  return storage::Snapshot::Begin(*database_);
}

base::Result<std::vector<SiteRow>> RecordLog::Sites() {
  Statement& select = *statements_->sites;
  std::vector<SiteRow> sites;
  YB_TRY(ForEachRow(select, [&]() -> base::Result<bool> {
    YB_ASSIGN(base::SiteId site, base::SiteId::Parse(select.Text(1)));
    sites.push_back({select.Int(0), std::move(site), std::string(select.Text(2))});
    return true;
  }));
  return sites;
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
  select.Bind(1, site).Bind(2, Number(lane));
  std::vector<EpochHead> heads;
  YB_TRY(ForEachRow(select, [&]() -> base::Result<bool> {
    EpochHead head{Unsigned(select.Int(0)), Unsigned(select.Int(1)), Unsigned(select.Int(2)), ToChain(select.Blob(3)),
                   Unsigned(select.Int(4))};
    if (!select.IsNull(5) && Unsigned(select.Int(5)) > head.last) {
      head.last = Unsigned(select.Int(5));
      head.chain = ToChain(select.Blob(6));
    }
    heads.push_back(head);
    return true;
  }));
  return heads;
}

base::Status RecordLog::InsertRecord(SiteNo site, sync::Lane lane, sync::Position at, TimeSpan span, ByteView chain,
                                     ByteView body) {
  return statements_->append->Bind(1, site)
      .Bind(2, Number(lane))
      .Bind(3, Signed(at.epoch))
      .Bind(4, Signed(at.seq))
      .Bind(5, span.first.micros)
      .Bind(6, span.last.micros)
      .Bind(7, chain)
      .Bind(8, body)
      .Run();
}

base::Status RecordLog::Project(SiteNo site, const HistoryRecord& record) {
  if (const auto* table = std::get_if<PointTable>(&record)) return SavePoints(site, *table);
  const auto* slice = std::get_if<Slice>(&record);
  if (slice == nullptr) return {};
  std::set<calendar::DayNo> days;
  for (const metering::Reading& reading : slice->readings) days.insert(calendar::DayOf(reading.time));
  for (const calendar::DayNo day : days) YB_TRY(statements_->mark_day->Bind(1, site).Bind(2, day).Run());
  return {};
}

base::Result<HistoryRecord> RecordLog::Append(SiteNo site, sync::Lane lane, EpochHead& head, ByteView body) {
  // A body that cannot be read is kept all the same: it is what was sent, and refusing it would stop its lane for good.
  HistoryRecord record =
      lane == sync::Lane::kHistory ? DecodeHistoryRecord(body).value_or(UnknownRecord{}) : UnknownRecord{};
  YB_TRY(Project(site, record));
  const auto* slice = std::get_if<Slice>(&record);
  const TimeSpan span = slice == nullptr ? TimeSpan{} : SpanOf(slice->readings);
  const sync::Chain chain = sync::NextChain(head.chain, body);
  YB_TRY(InsertRecord(site, lane, {head.epoch, head.last + 1}, span, chain, body));
  head.last += 1;
  head.chain = chain;
  return record;
}

base::Status RecordLog::SavePoints(SiteNo site, const PointTable& table) {
  for (const PointDefinition& definition : table) {
    const Bytes one = EncodePointTable({&definition, 1});
    YB_TRY(
        statements_->save_point->Bind(1, site).Bind(2, std::int64_t{definition.point.no}).Bind(3, ByteView(one)).Run());
  }
  return {};
}

base::Status RecordLog::SaveHead(SiteNo site, sync::Lane lane, const EpochHead& head) {
  return statements_->save_head->Bind(1, site)
      .Bind(2, Number(lane))
      .Bind(3, Signed(head.epoch))
      .Bind(4, Signed(head.last))
      .Bind(5, Signed(head.acked))
      .Bind(6, ByteView(head.chain))
      .Run();
}

base::Result<std::vector<Bytes>> RecordLog::ReadBodies(SiteNo site, sync::Lane lane, sync::Position from,
                                                       std::size_t most_bytes) {
  Statement& select = *statements_->bodies;
  select.Bind(1, site).Bind(2, Number(lane)).Bind(3, Signed(from.epoch)).Bind(4, Signed(from.seq));
  std::vector<Bytes> bodies;
  std::size_t bytes = 0;
  YB_TRY(ForEachRow(select, [&]() -> base::Result<bool> {
    const ByteView body = select.Blob(0);
    // A hole ends the run: bodies are numbered by their place in it.
    const bool next = Unsigned(select.Int(1)) == from.seq + bodies.size();
    if (!next || (!bodies.empty() && bytes + body.size() > most_bytes)) return false;
    bytes += body.size();
    bodies.emplace_back(body.begin(), body.end());
    return true;
  }));
  return bodies;
}

base::Result<base::UtcTime> RecordLog::TimeOf(SiteNo site, sync::Lane lane, sync::Position at) {
  Statement& select = *statements_->time_of;
  {
    const Rows rows(select);
    select.Bind(1, site).Bind(2, Number(lane)).Bind(3, Signed(at.epoch)).Bind(4, Signed(at.seq));
    YB_ASSIGN(const bool row, select.Step());
    if (row) return base::UtcTime{select.Int(0)};
  }
  if (lane != sync::Lane::kHistory) return base::UtcTime{};
  Statement& run = *statements_->run_at;
  const Rows rows(run);
  YB_ASSIGN(const bool row, run.Bind(1, site).Bind(2, Signed(at.epoch)).Bind(3, Signed(at.seq)).Step());
  return row && Unsigned(run.Int(0)) <= at.seq ? base::UtcTime{run.Int(2)} : base::UtcTime{};
}

base::Result<std::vector<PointDefinition>> RecordLog::Points(SiteNo site) {
  Statement& select = *statements_->points;
  select.Bind(1, site);
  std::vector<PointDefinition> points;
  YB_TRY(ForEachRow(select, [&]() -> base::Result<bool> {
    YB_ASSIGN(const HistoryRecord record, DecodeHistoryRecord(select.Blob(0)));
    const auto* table = std::get_if<PointTable>(&record);
    if (table == nullptr || table->size() != 1)
      return base::Fail(base::ErrorCode::kCorrupt, "a stored point is unreadable");
    points.push_back(table->front());
    return true;
  }));
  return points;
}

}  // namespace yb::telemetry
