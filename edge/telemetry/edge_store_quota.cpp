// EdgeStore: what a box does when its disk or its quota is full: it goes down a declared ladder, one rung at a time,
// and leaves a tombstone for every reading that it drops.
//   1. gauges of closed days, oldest first: thinned to quarters of an hour
//   2. registers of closed days, likewise; the last value of each civil day stays
//   3. slices of acknowledged records that are not kRecordsKept old: no reading is lost, the series of both sides have
//      them, but a central that is set back could not get them again
//   4. records that central never had, oldest first: as 1 and 2; what stays of them is sent in their place
// 1 and 2 lose nothing that central has or will get, since slices have it still; 3 risks what only a second misfortune
// would take. Never touched: events of meters, configurations, alarms, day ends of registers, and the last two days.
#include <algorithm>
#include <set>
#include <tuple>

#include "core/base/log.hpp"
#include "core/telemetry/compaction.hpp"
#include "core/telemetry/thinning.hpp"
#include "edge/telemetry/edge_store.hpp"

namespace yb::edge {
namespace {

using metering::Reading;
using sync::Lane;
using telemetry::DropReason;
using telemetry::DropRule;
using telemetry::EpochHead;
using telemetry::ReadingClock;
using telemetry::Tombstone;

/// Of one step, so that a commit is not kept waiting and the database's log does not grow by much: there is no room.
constexpr std::uint64_t kMostRecords = 2000;
constexpr std::size_t kMostReadings = 65'536;
/// Slices are deleted without being looked at; each step leaves a tombstone.
constexpr std::uint64_t kMostAcknowledged = 20'000;

const base::Logger kLog("store");

base::Result<std::uint64_t> Ask(storage::Database& database, std::string_view pragma) {
  YB_ASSIGN(const auto statement, database.Prepare(pragma));
  YB_ASSIGN(const bool row, statement->Step());
  return row ? static_cast<std::uint64_t>(statement->Int(0)) : 0;
}

/// The first day that is not touched.
calendar::DayNo FirstRecentDay(base::UtcTime now) {
  return calendar::DayOf(now) - 1;
}

/// What is taken from the front of the unsent records.
struct Unsent {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::map<metering::PointNo, std::vector<UnsentReading>> old = {};
  struct Body {
    base::Bytes bytes;
    bool slice = false;
  };
  std::vector<Body> moved = {};  // go on as they are
  std::size_t readings = 0;
};

/// As records, each of one configuration and boot.
std::vector<base::Bytes> Encode(std::vector<UnsentReading> kept, std::size_t most) {
  std::ranges::stable_sort(kept, {}, [](const UnsentReading& one) {
    return std::tuple(one.reading.configuration, one.clock.boot, one.reading.time);
  });
  std::vector<base::Bytes> bodies;
  for (auto begin = kept.begin(); begin != kept.end();) {
    std::vector<Reading> readings;
    auto end = begin;
    for (; end != kept.end() && readings.size() < most; ++end) {
      if (end->clock.boot != begin->clock.boot || end->reading.configuration != begin->reading.configuration) break;
      readings.push_back(end->reading);
    }
    bodies.push_back(telemetry::EncodeSlice(readings, {begin->clock.boot, {0}, {begin->clock.offset.count()}}, true));
    begin = end;
  }
  return bodies;
}

}  // namespace

base::Result<bool> EdgeStore::Tidy() {
  const std::scoped_lock writing(writing_);
  YB_ASSIGN(const bool pruned, Prune());
  if (pruned) return true;
  YB_ASSIGN(const std::optional<DropReason> reason, Pressure());
  if (!reason) return false;
  for (const DropRule rule : {DropRule::kGaugesThinned, DropRule::kRegistersThinned}) {
    YB_ASSIGN(const bool thinned, ThinSeries(rule, *reason));
    if (thinned) return true;
  }
  YB_ASSIGN(const bool dropped, DropAcknowledged(*reason));
  if (dropped) return true;
  YB_ASSIGN(const bool unsent, ThinUnsent(*reason));
  if (!unsent) kLog.Error("the disk is full and nothing more may be dropped", {{"reason", ToString(*reason)}});
  return unsent;
}

base::Result<std::optional<DropReason>> EdgeStore::Pressure() {
  YB_ASSIGN(const std::uint64_t page, Ask(log_->database(), "PRAGMA page_size"));
  YB_ASSIGN(const std::uint64_t pages, Ask(log_->database(), "PRAGMA page_count"));
  YB_ASSIGN(const std::uint64_t unused, Ask(log_->database(), "PRAGMA freelist_count"));
  if ((pages - unused) * page > options_.quota.history_bytes) return std::optional(DropReason::kQuota);
  std::error_code problem;
  const auto disk = std::filesystem::space(options_.quota.folder, problem);
  if (problem || options_.quota.folder.empty()) return std::optional<DropReason>();
  if (disk.available + unused * page < options_.quota.free_bytes) return std::optional(DropReason::kDisk);
  return std::optional<DropReason>();
}

base::Result<bool> EdgeStore::ChangeHistory(
    const std::function<base::Result<bool>(std::vector<EpochHead>& heads)>& change) {
  std::vector<EpochHead> heads = HeadsOf(Lane::kHistory);
  const auto hours = hours_;
  YB_ASSIGN(storage::Transaction transaction, log_->Begin());
  YB_ASSIGN(const std::vector<EpochHead> stored, log_->Heads(site_no_, Lane::kHistory));
  for (EpochHead& head : heads) {
    const auto same = std::ranges::find(stored, head.epoch, &EpochHead::epoch);
    if (same != stored.end()) head.compacted = same->compacted;
  }
  const base::Status closed = CloseHour(Lane::kHistory, heads.back());
  const base::Result<bool> changed = closed ? change(heads) : base::Fail(closed.error());
  const base::Status committed = changed && *changed ? transaction.Commit() : base::Status();
  if (!changed || !*changed || !committed) {
    hours_ = hours;
    if (!committed) return base::Fail(committed.error());
    return changed;
  }
  const std::scoped_lock pending(pending_mutex_);
  for (const EpochHead& head : heads) {
    EpochHead& held = *std::ranges::find(heads_.at(Lane::kHistory), head.epoch, &EpochHead::epoch);
    held.first = head.first;  // acknowledgements may have come meanwhile
    held.chain_before = head.chain_before;
    held.last = head.last;
    held.chain = head.chain;
  }
  return true;
}

base::Result<bool> EdgeStore::Prune() {
  return ChangeHistory([&](std::vector<EpochHead>& heads) -> base::Result<bool> {
    telemetry::Compaction compaction(*log_, site_no_);
    YB_ASSIGN(const base::UtcTime now, compaction.ConfirmedNow(heads.back(), clock_.Now()));
    for (std::size_t i = 0; i < heads.size(); ++i) {
      const auto next = i + 1 < heads.size() ? std::optional(heads[i + 1].epoch) : std::nullopt;
      YB_ASSIGN(const bool pruned, compaction.Prune(heads[i], heads[i].acked, next, now));
      if (pruned) return true;
    }
    return false;
  });
}

base::Result<bool> EdgeStore::DropAcknowledged(DropReason reason) {
  return ChangeHistory([&](std::vector<EpochHead>& heads) -> base::Result<bool> {
    for (EpochHead& head : heads) {
      const std::uint64_t first = head.first;
      const std::uint64_t upto = std::min({head.acked, head.compacted, first + kMostAcknowledged});
      if (head.closed || upto < first) continue;
      YB_ASSIGN(const auto times,
                log_->database().Prepare("SELECT count(*), min(t_first), max(t_last) FROM placed WHERE site = ? AND"
                                         " lane = ? AND epoch = ? AND place BETWEEN base AND base + ?"
                                         " AND t_last NOT IN (0, 1)"));
      times->Bind(1, site_no_)
          .Bind(2, static_cast<std::int64_t>(Lane::kHistory))
          .Bind(3, static_cast<std::int64_t>(head.epoch))
          .Bind(4, static_cast<std::int64_t>(upto));
      YB_ASSIGN(const bool row, times->Step());
      YB_CHECK(row, "a count has a row");
      if (times->Int(0) > 0) {
        YB_TRY(Declare({clock_.Now(),
                        DropRule::kAcknowledgedDropped,
                        reason,
                        0,
                        0,
                        0,
                        {times->Int(1)},
                        {times->Int(2)},
                        head.epoch,
                        first,
                        upto},
                       heads.back()));
      }
      times->Reset();
      YB_TRY(telemetry::Compaction(*log_, site_no_).DropSlices(head, upto));
      return true;
    }
    return false;
  });
}

base::Result<bool> EdgeStore::ThinSeries(DropRule rule, DropReason reason) {
  return ChangeHistory([&](std::vector<EpochHead>& heads) -> base::Result<bool> {
    YB_ASSIGN(const auto dropped,
              telemetry::Thinning(*log_, site_no_).ThinOldestDay(rule, FirstRecentDay(clock_.Now())));
    if (!dropped || dropped->count == 0) return dropped.has_value();
    YB_TRY(Declare({clock_.Now(), rule, reason, dropped->count, 0, 0, dropped->from, dropped->to}, heads.back()));
    return true;
  });
}

base::Status EdgeStore::Declare(const Tombstone& tombstone, EpochHead& head) {
  kLog.Warn("disk or quota are full, something is dropped", {{"rule", ToString(tombstone.rule)},
                                                             {"reason", ToString(tombstone.reason)},
                                                             {"count", tombstone.count},
                                                             {"from", base::ToIso(tombstone.from)},
                                                             {"to", base::ToIso(tombstone.to)}});
  return log_->Append(site_no_, Lane::kHistory, head, telemetry::EncodeTombstone(tombstone));
}

base::Result<bool> EdgeStore::ThinUnsent(DropReason reason) {
  const base::UtcTime recent = calendar::StartOf(FirstRecentDay(clock_.Now()));
  return ChangeHistory([&](std::vector<EpochHead>& heads) -> base::Result<bool> {
    for (EpochHead& head : heads) {
      const std::uint64_t from = std::max(head.acked + 1, head.first);
      if (head.closed || from > head.compacted) continue;
      const auto rows = [&](std::string_view columns, std::string_view where) {
        auto statement = log_->database().Prepare("SELECT " + std::string(columns) +
                                                  " FROM placed WHERE site = ? AND lane = ? AND epoch = ? AND place"
                                                  " BETWEEN base + ? AND base + ?" +
                                                  std::string(where) + " ORDER BY place");
        if (statement) {
          (*statement)
              ->Bind(1, site_no_)
              .Bind(2, static_cast<std::int64_t>(Lane::kHistory))
              .Bind(3, static_cast<std::int64_t>(head.epoch))
              .Bind(4, static_cast<std::int64_t>(from))
              .Bind(5, static_cast<std::int64_t>(head.compacted));
        }
        return statement;
      };
      YB_ASSIGN(const auto old, rows("1", " AND t_last NOT IN (0, 1) AND t_last < " + std::to_string(recent.micros)));
      YB_ASSIGN(const bool any, old->Step());
      if (!any) continue;
      YB_ASSIGN(const auto select, rows("seq, t_last, body", ""));
      Unsent unsent{.first = from};
      while (unsent.readings < kMostReadings && unsent.last < from + kMostRecords) {
        YB_ASSIGN(const bool row, select->Step());
        if (!row) break;
        unsent.last = static_cast<std::uint64_t>(select->Int(0));
        const base::UtcTime last{select->Int(1)};
        const base::ByteView body = select->Blob(2);
        const bool slice = last.micros != 0;
        if (!slice || last == telemetry::kForSending || last >= recent) {
          if (telemetry::DecodeHour(body)) continue;
          // One that cannot be read goes on as it is.
          auto again = telemetry::MarkAgain(body);
          unsent.moved.push_back({again ? std::move(*again) : base::Bytes(body.begin(), body.end()), slice});
          continue;
        }
        YB_TRY(telemetry::ForEachInSlice(body, {}, [&](const Reading& reading, const ReadingClock& clock) {
          unsent.old[reading.point].push_back({reading, clock});
          ++unsent.readings;
        }));
      }
      select->Reset();
      telemetry::Dropped dropped;
      std::vector<UnsentReading> kept;
      for (auto& [point, readings] : unsent.old) YB_TRY(KeepOfUnsent(point, readings, kept, dropped));
      EpochHead& newest = heads.back();
      for (const base::Bytes& body : Encode(std::move(kept), options_.most_per_record)) {
        YB_TRY(log_->AppendForSending(site_no_, newest, body));
      }
      for (const Unsent::Body& body : unsent.moved) {
        YB_TRY(body.slice ? log_->AppendForSending(site_no_, newest, body.bytes)
                          : log_->Append(site_no_, Lane::kHistory, newest, body.bytes));
      }
      YB_TRY(Declare({clock_.Now(), DropRule::kUnsentThinned, reason, dropped.count, 0, 0, dropped.from, dropped.to,
                      head.epoch, unsent.first, unsent.last},
                     newest));
      YB_TRY(telemetry::Compaction(*log_, site_no_).DropRecords(head, unsent.first, unsent.last));
      return true;
    }
    return false;
  });
}

base::Status EdgeStore::KeepOfUnsent(metering::PointNo point, const std::vector<UnsentReading>& readings,
                                     std::vector<UnsentReading>& kept, telemetry::Dropped& dropped) {
  const bool is_register = state_.With([&](const telemetry::SiteState& state) {
    const auto found = state.points.find(point);
    return found == state.points.end() || found->second.point.kind == metering::PointKind::kRegister;
  });
  std::map<calendar::DayNo, base::UtcTime> day_ends;
  if (is_register) {
    for (const UnsentReading& one : readings) {
      if (!one.reading.value) continue;
      base::UtcTime& end = day_ends[calendar::DayOf(one.reading.time)];
      end = std::max(end, one.reading.time);
    }
    for (auto& [day, end] : day_ends) {
      YB_ASSIGN(const auto told, telemetry::Thinning(*log_, site_no_).DayEnd(point, day));
      end = told.value_or(end);  // where it is not known, the last of these may be it
    }
  }
  std::vector<Reading> thin;
  for (const UnsentReading& one : readings) thin.push_back(one.reading);
  telemetry::Thin(thin, [&](const Reading& reading) {
    const auto end = day_ends.find(calendar::DayOf(reading.time));
    return end != day_ends.end() && end->second == reading.time;
  });
  std::multiset<base::UtcTime> stays;
  for (const Reading& reading : thin) stays.insert(reading.time);
  for (const UnsentReading& one : readings) {
    const auto found = stays.find(one.reading.time);
    if (found == stays.end()) {
      dropped.Add(one.reading.time);
    } else {
      stays.erase(found);
      kept.push_back(one);
    }
  }
  return {};
}

}  // namespace yb::edge
