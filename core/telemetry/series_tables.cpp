#include "core/telemetry/series_tables.hpp"

#include <algorithm>
#include <set>
#include <tuple>

namespace yb::telemetry {
namespace {

using metering::Reading;
using storage::Rows;

/// A set of registers alone is a few pages, of which a table WITHOUT ROWID, as databases of 0.2 have it, leaves a third
/// empty. Those keep it: each statement here works on both.
constexpr std::string_view kTables =
    "CREATE TABLE IF NOT EXISTS series (site INTEGER NOT NULL REFERENCES site, points INTEGER NOT NULL,"
    "  day INTEGER NOT NULL, part INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (site, points, day, part));"
    "CREATE TABLE IF NOT EXISTS stale_day (site INTEGER NOT NULL REFERENCES site, day INTEGER NOT NULL,"
    "  mark INTEGER NOT NULL, PRIMARY KEY (site, day)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS rollup (site INTEGER NOT NULL REFERENCES site, point INTEGER NOT NULL,"
    "  day INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (site, point, day)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS thinned (site INTEGER NOT NULL REFERENCES site, rule INTEGER NOT NULL,"
    "  day INTEGER NOT NULL, PRIMARY KEY (site, rule, day)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS tombstone (site INTEGER NOT NULL REFERENCES site, dropped INTEGER NOT NULL,"
    "  body BLOB NOT NULL, PRIMARY KEY (site, dropped, body)) WITHOUT ROWID;";

/// What makes a reading the same one.
using Identity = std::tuple<metering::PointNo, std::int64_t, bool, std::int64_t, std::uint8_t, metering::Quality>;

Identity IdentityOf(const Reading& reading) {
  const base::Decimal value = reading.value.value_or(base::Decimal());
  return {reading.point,    reading.time.micros, reading.value.has_value(),
          value.mantissa(), value.scale(),       reading.quality};
}

}  // namespace

std::vector<PointRange> SeriesPlace::groups(std::size_t readings, std::size_t most) const {
  std::vector<PointRange> groups;
  const PointRange all = points();
  // As if all points had equally many: they are asked about as often.
  const auto at_once = static_cast<metering::PointNo>(
      std::clamp<std::size_t>(most * kPointsPerRow / std::max<std::size_t>(readings, 1), 1, kPointsPerRow));
  for (metering::PointNo first = all.first; first <= all.last; first += at_once) {
    groups.push_back({first, std::min(first + at_once - 1, all.last)});
  }
  return groups;
}

void SeriesBatch::Add(const Reading& reading, const ReadingClock& clock) {
  sets_[{reading.point / kPointsPerRow, calendar::DayOf(reading.time)}].Add(reading, clock);
  ++size_;
}

base::Result<std::unique_ptr<SeriesTables>> SeriesTables::Open(storage::Database& database) {
  YB_TRY(database.Execute(kTables));
  std::unique_ptr<SeriesTables> tables(new SeriesTables);
  const std::pair<StatementPtr*, std::string_view> wanted[] = {
      {&tables->insert_,
       "INSERT INTO series (site, points, day, part, body) VALUES (?1, ?2, ?3,"
       " (SELECT coalesce(max(part) + 1, 0) FROM series WHERE site = ?1 AND points = ?2 AND day = ?3), ?4)"},
      {&tables->remove_, "DELETE FROM series WHERE site = ? AND points = ? AND day = ?"},
      {&tables->between_,
       "SELECT body FROM series WHERE site = ? AND points = ? AND day >= ? AND day <= ? ORDER BY day, part"},
      {&tables->last_row_, "SELECT max(points) FROM series WHERE site = ?"},
      {&tables->next_day_, "SELECT min(day) FROM series WHERE site = ? AND points = ? AND day > ?"},
      {&tables->mark_,
       "INSERT INTO stale_day (site, day, mark) VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET mark = mark + 1"},
      {&tables->unmark_, "DELETE FROM stale_day WHERE site = ? AND day = ? AND mark = ?"},
      {&tables->stale_, "SELECT day, mark FROM stale_day WHERE site = ? AND day >= ? AND day <= ? ORDER BY day"},
      {&tables->save_rollup_, "INSERT OR REPLACE INTO rollup (site, point, day, body) VALUES (?, ?, ?, ?)"},
      {&tables->remove_rollup_, "DELETE FROM rollup WHERE site = ? AND point = ? AND day = ?"},
      {&tables->rollups_,
       "SELECT day, body FROM rollup WHERE site = ? AND point = ? AND day >= ? AND day <= ? ORDER BY day"},
      {&tables->lead_,
       "SELECT day, body FROM rollup WHERE site = ? AND point = ? AND day < ? ORDER BY day DESC LIMIT 1"},
      {&tables->not_thinned_,
       "SELECT min(day) FROM series s WHERE site = ?1 AND points = ?2 AND NOT EXISTS"
       " (SELECT 1 FROM thinned t WHERE t.site = ?1 AND t.rule = ?3 AND t.day = s.day)"},
      {&tables->mark_thinned_, "INSERT OR IGNORE INTO thinned (site, rule, day) VALUES (?, ?, ?)"},
      {&tables->save_tombstone_, "INSERT OR IGNORE INTO tombstone (site, dropped, body) VALUES (?, ?, ?)"},
      {&tables->tombstones_, "SELECT body FROM tombstone WHERE site = ? ORDER BY dropped DESC"},
  };
  for (const auto& [statement, sql] : wanted) {
    YB_ASSIGN(*statement, database.Prepare(sql));
  }
  return tables;
}

base::Status SeriesTables::Insert(SiteNo site, const SeriesPlace& place, SeriesSet set) {
  if (set.size() == 0) return {};
  const base::Bytes body = set.Finish();
  return insert_->Bind(1, site).Bind(2, std::int64_t{place.row}).Bind(3, place.day).Bind(4, base::ByteView(body)).Run();
}

base::Status SeriesTables::Mark(SiteNo site, const SeriesPlace& place) {
  YB_TRY(mark_->Bind(1, site).Bind(2, place.day).Run());
  std::optional<calendar::DayNo> next;
  {
    const Rows rows(*next_day_);
    YB_ASSIGN(const bool row, next_day_->Bind(1, site).Bind(2, std::int64_t{place.row}).Bind(3, place.day).Step());
    if (row && !next_day_->IsNull(0)) next = next_day_->Int(0);
  }
  return next ? mark_->Bind(1, site).Bind(2, *next).Run() : base::Status();
}

base::Status SeriesTables::Add(SiteNo site, SeriesBatch batch) {
  for (auto& [place, set] : batch.sets()) {
    if (set.size() == 0) continue;
    YB_TRY(Insert(site, place, std::move(set)));
    YB_TRY(Mark(site, place));
  }
  return {};
}

base::Status SeriesTables::AddAbsent(SiteNo site, SeriesBatch batch) {
  SeriesBatch absent;
  for (auto& [place, set] : batch.sets()) {
    std::multiset<Identity> here;
    YB_TRY(ForEachAt(site, place, [&](const Reading& r, const ReadingClock&) { here.insert(IdentityOf(r)); }));
    set.ForEach([&](const Reading& reading, const ReadingClock& clock) {
      const auto found = here.find(IdentityOf(reading));
      if (found == here.end()) {
        absent.Add(reading, clock);
      } else {
        here.erase(found);
      }
    });
  }
  return Add(site, std::move(absent));
}

base::Status SeriesTables::Remove(SiteNo site, SeriesBatch batch) {
  for (auto& [place, set] : batch.sets()) {
    std::multiset<Identity> gone;
    set.ForEach([&](const Reading& r, const ReadingClock&) { gone.insert(IdentityOf(r)); });
    SeriesSet rest;
    YB_TRY(ForEachAt(site, place, [&](const Reading& reading, const ReadingClock& clock) {
      const auto found = gone.find(IdentityOf(reading));
      if (found == gone.end()) {
        rest.Add(reading, clock);
      } else {
        gone.erase(found);
      }
    }));
    const bool empty = rest.size() == 0;
    YB_TRY(Replace(site, place, std::move(rest)));
    YB_TRY(Mark(site, place));
    const PointRange points = place.points();
    for (metering::PointNo point = points.first; empty && point <= points.last; ++point) {
      YB_TRY(RemoveRollup(site, point, place.day));
    }
  }
  return {};
}

base::Status SeriesTables::Replace(SiteNo site, const SeriesPlace& place, SeriesSet set) {
  YB_TRY(remove_->Bind(1, site).Bind(2, std::int64_t{place.row}).Bind(3, place.day).Run());
  return Insert(site, place, std::move(set));
}

base::Status SeriesTables::ForEach(SiteNo site, PointRange points, base::UtcTime from, base::UtcTime to,
                                   const UseReading& use) {
  if (from >= to) return {};
  YB_ASSIGN(const std::optional<metering::PointNo> last, LastRow(site));
  if (!last) return {};
  const UseReading in_range = [&](const Reading& reading, const ReadingClock& clock) {
    if (reading.time >= from && reading.time < to) use(reading, clock);
  };
  const metering::PointNo end = std::min(points.last / kPointsPerRow, *last);
  for (metering::PointNo row = points.first / kPointsPerRow; row <= end; ++row) {
    const Rows rows(*between_);
    between_->Bind(1, site)
        .Bind(2, std::int64_t{row})
        .Bind(3, calendar::DayOf(from))
        .Bind(4, calendar::DayOf({to.micros - 1}));
    while (true) {
      YB_ASSIGN(const bool found, between_->Step());
      if (!found) break;
      YB_TRY(ForEachInSeries(between_->Blob(0), points, in_range));
    }
  }
  return {};
}

base::Status SeriesTables::ForEachAt(SiteNo site, const SeriesPlace& place, const UseReading& use, PointRange points) {
  const Rows rows(*between_);
  between_->Bind(1, site).Bind(2, std::int64_t{place.row}).Bind(3, place.day).Bind(4, place.day);
  while (true) {
    YB_ASSIGN(const bool found, between_->Step());
    if (!found) return {};
    YB_TRY(ForEachInSeries(between_->Blob(0), points, use));
  }
}

base::Result<SeriesTables::PlaceSize> SeriesTables::SizeOf(SiteNo site, const SeriesPlace& place) {
  const Rows rows(*between_);
  between_->Bind(1, site).Bind(2, std::int64_t{place.row}).Bind(3, place.day).Bind(4, place.day);
  PlaceSize size;
  while (true) {
    YB_ASSIGN(const bool found, between_->Step());
    if (!found) return size;
    YB_ASSIGN(const std::size_t readings, CountInSeries(between_->Blob(0)));
    ++size.parts;
    size.readings += readings;
  }
}

base::Result<std::optional<metering::PointNo>> SeriesTables::LastRow(SiteNo site) {
  const Rows rows(*last_row_);
  YB_ASSIGN(const bool row, last_row_->Bind(1, site).Step());
  if (!row || last_row_->IsNull(0)) return std::optional<metering::PointNo>();
  return std::optional(static_cast<metering::PointNo>(last_row_->Int(0)));
}

base::Result<std::vector<SeriesTables::StaleDay>> SeriesTables::StaleDays(SiteNo site, DayRange days) {
  const Rows rows(*stale_);
  stale_->Bind(1, site).Bind(2, days.first).Bind(3, days.last);
  std::vector<StaleDay> stale;
  while (true) {
    YB_ASSIGN(const bool row, stale_->Step());
    if (!row) return stale;
    stale.push_back({stale_->Int(0), stale_->Int(1)});
  }
}

base::Status SeriesTables::Unmark(SiteNo site, const StaleDay& stale) {
  return unmark_->Bind(1, site).Bind(2, stale.day).Bind(3, stale.mark).Run();
}

base::Status SeriesTables::SaveRollup(SiteNo site, metering::PointNo point, calendar::DayNo day,
                                      const DayRollup& rollup) {
  const base::Bytes body = EncodeRollup(rollup, calendar::StartOf(day));
  return save_rollup_->Bind(1, site).Bind(2, std::int64_t{point}).Bind(3, day).Bind(4, base::ByteView(body)).Run();
}

base::Status SeriesTables::RemoveRollup(SiteNo site, metering::PointNo point, calendar::DayNo day) {
  return remove_rollup_->Bind(1, site).Bind(2, std::int64_t{point}).Bind(3, day).Run();
}

base::Result<std::map<calendar::DayNo, DayRollup>> SeriesTables::Rollups(SiteNo site, metering::PointNo point,
                                                                         DayRange days) {
  const Rows rows(*rollups_);
  rollups_->Bind(1, site).Bind(2, std::int64_t{point}).Bind(3, days.first).Bind(4, days.last);
  std::map<calendar::DayNo, DayRollup> rollups;
  while (true) {
    YB_ASSIGN(const bool row, rollups_->Step());
    if (!row) return rollups;
    const calendar::DayNo day = rollups_->Int(0);
    YB_ASSIGN(rollups[day], DecodeRollup(rollups_->Blob(1), calendar::StartOf(day)));
  }
}

base::Result<std::optional<calendar::DayNo>> SeriesTables::FirstDayNotThinned(SiteNo site, metering::PointNo row,
                                                                              DropRule rule) {
  const Rows rows(*not_thinned_);
  not_thinned_->Bind(1, site).Bind(2, std::int64_t{row}).Bind(3, static_cast<std::int64_t>(rule));
  YB_ASSIGN(const bool found, not_thinned_->Step());
  if (!found || not_thinned_->IsNull(0)) return std::optional<calendar::DayNo>();
  return std::optional(not_thinned_->Int(0));
}

base::Status SeriesTables::MarkThinned(SiteNo site, calendar::DayNo day, DropRule rule) {
  return mark_thinned_->Bind(1, site).Bind(2, static_cast<std::int64_t>(rule)).Bind(3, day).Run();
}

base::Status SeriesTables::SaveTombstone(SiteNo site, const Tombstone& tombstone) {
  const base::Bytes body = EncodeTombstone(tombstone);
  return save_tombstone_->Bind(1, site).Bind(2, tombstone.dropped.micros).Bind(3, base::ByteView(body)).Run();
}

base::Result<std::vector<Tombstone>> SeriesTables::Tombstones(SiteNo site) {
  const Rows rows(*tombstones_);
  tombstones_->Bind(1, site);
  std::vector<Tombstone> all;
  while (true) {
    YB_ASSIGN(const bool row, tombstones_->Step());
    if (!row) return all;
    YB_ASSIGN(all.emplace_back(), DecodeTombstone(tombstones_->Blob(0)));
  }
}

base::Result<std::vector<Reading>> SeriesTables::LeadInto(SiteNo site, metering::PointNo point, calendar::DayNo day) {
  const Rows rows(*lead_);
  YB_ASSIGN(const bool row, lead_->Bind(1, site).Bind(2, std::int64_t{point}).Bind(3, day).Step());
  if (!row) return std::vector<Reading>();
  YB_ASSIGN(DayRollup rollup, DecodeRollup(lead_->Blob(1), calendar::StartOf(lead_->Int(0))));
  for (Reading& reading : rollup.tail) reading.point = point;
  return std::move(rollup.tail);
}

}  // namespace yb::telemetry
