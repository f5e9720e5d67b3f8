#include "core/telemetry/compaction.hpp"

#include <algorithm>

#include "core/base/log.hpp"
#include "core/telemetry/record_rows.hpp"

namespace yb::telemetry {
namespace {

using storage::Signed;
using storage::Unsigned;
using sync::Lane;

/// An hour's beginning before this was told by a clock that was not set.
constexpr base::UtcTime kClocksAreSet{1'577'836'800'000'000};  // 2020-01-01

/// Where the records of an epoch begin.
constexpr const char* kBase = "(SELECT no << 40 FROM stream WHERE site = ?1 AND lane = ?2 AND epoch = ?3)";

const base::Logger kLog("compaction");

}  // namespace

base::Result<std::unique_ptr<storage::Statement>> Compaction::Prepare(std::string_view sql, std::uint64_t epoch) {
  YB_ASSIGN(auto statement, log_.database().Prepare(sql));
  statement->Bind(1, site_).Bind(2, static_cast<std::int64_t>(Lane::kHistory)).Bind(3, Signed(epoch));
  return statement;
}

base::Result<bool> Compaction::Compact(const CompactionLimits& limits, base::UtcTime now) {
  YB_ASSIGN(const std::vector<EpochHead> heads, log_.Heads(site_, Lane::kHistory));
  for (const EpochHead& head : heads) {
    if (head.closed) continue;  // its records may still get other numbers
    YB_ASSIGN(const bool enough, IsEnough(head, head.epoch == heads.back().epoch, limits, now));
    if (!enough) continue;
    YB_ASSIGN(Gathered gathered, Gather(head, limits.most_readings));
    gathered.batch.PackAll();
    YB_ASSIGN(storage::Transaction transaction, log_.Begin());
    YB_ASSIGN(const std::vector<EpochHead> present, log_.Heads(site_, Lane::kHistory));
    const auto same = std::ranges::find(present, head.epoch, &EpochHead::epoch);
    YB_ASSIGN(const auto chain, log_.ChainAt(site_, Lane::kHistory, {head.epoch, gathered.last}));
    // A recovery moved records meanwhile: they are looked at again.
    if (same == present.end() || same->closed || same->compacted != head.compacted || chain != gathered.chain) {
      return true;
    }
    YB_TRY(log_.series().Add(site_, std::move(gathered.batch)));
    YB_TRY(SaveCompacted(head.epoch, gathered.last));
    YB_TRY(transaction.Commit());
    return true;
  }
  return false;
}

base::Result<bool> Compaction::IsEnough(const EpochHead& head, bool newest, const CompactionLimits& limits,
                                        base::UtcTime now) {
  YB_ASSIGN(const auto oldest, Prepare("SELECT t_first FROM placed WHERE site = ? AND lane = ? AND epoch = ? AND place"
                                       " BETWEEN base + ? + 1 AND top AND t_last NOT IN (0, 1) ORDER BY place LIMIT 1",
                                       head.epoch));
  YB_ASSIGN(const bool any, oldest->Bind(4, Signed(head.compacted)).Step());
  if (!any) return false;
  const base::Duration age = now - base::UtcTime{oldest->Int(0)};
  // One of a time to come was told by a clock that was ahead then: to wait for that time could take months.
  return !newest || age < base::Duration(0) || age >= limits.longest ||
         head.last - head.compacted >= limits.most_records;
}

base::Result<Compaction::Gathered> Compaction::Gather(const EpochHead& head, std::size_t most_readings) {
  Gathered gathered;
  YB_ASSIGN(auto chain, log_.ChainAt(site_, Lane::kHistory, {head.epoch, head.compacted}));
  YB_ASSIGN(const auto select, Prepare("SELECT seq, t_last, chain, body FROM placed WHERE site = ? AND lane = ?"
                                       " AND epoch = ? AND place BETWEEN base + ? + 1 AND top ORDER BY place",
                                       head.epoch));
  select->Bind(4, Signed(head.compacted));
  gathered.last = head.compacted;
  while (gathered.batch.size() < most_readings) {
    YB_ASSIGN(const bool row, select->Step());
    if (!row) break;
    const std::uint64_t seq = Unsigned(select->Int(0));
    const base::ByteView body = select->Blob(3);
    const sync::Chain stored = ToChain(select->Blob(2));
    const bool follows = chain && seq == gathered.last + 1;
    bool good = !follows || sync::NextChain(*chain, body) == stored;
    if (good && select->Int(1) != 0 && select->Int(1) != kForSending.micros) {
      good = ForEachInSlice(body, {}, [&](const metering::Reading& reading, const ReadingClock& clock) {
               gathered.batch.Add(reading, clock);
             }).has_value();
    }
    if (!good) kLog.Error("a damaged slice is passed over", {{"epoch", head.epoch}, {"seq", seq}});
    chain = stored;
    gathered.last = seq;
    gathered.chain = stored;
  }
  return gathered;
}

base::Status Compaction::SaveCompacted(std::uint64_t epoch, std::uint64_t compacted) {
  YB_ASSIGN(const auto update,
            Prepare("UPDATE head SET compacted = ?4 WHERE site = ?1 AND lane = ?2 AND epoch = ?3", epoch));
  return update->Bind(4, Signed(compacted)).Run();
}

base::Status Compaction::TakeBack(std::uint64_t epoch, std::uint64_t above, std::uint64_t compacted) {
  YB_ASSIGN(const std::vector<EpochHead> heads, log_.Heads(site_, Lane::kHistory));
  const auto head = std::ranges::find(heads, epoch, &EpochHead::epoch);
  if (head == heads.end() || head->compacted <= compacted) return {};
  EpochHead from = *head;
  from.compacted = above;
  YB_TRY(SaveCompacted(epoch, compacted));
  while (from.compacted < head->compacted) {
    YB_ASSIGN(Gathered gathered, Gather(from, CompactionLimits().most_readings));
    if (gathered.last == from.compacted) return {};
    YB_TRY(log_.series().Remove(site_, std::move(gathered.batch)));
    from.compacted = gathered.last;
  }
  return {};
}

base::Result<std::uint64_t> Compaction::WrittenBefore(const EpochHead& head, base::UtcTime limit,
                                                      std::optional<std::uint64_t> next_epoch, base::UtcTime now) {
  if (next_epoch && base::UtcTime{Signed(*next_epoch) * 1'000'000} < limit) return head.last;
  YB_ASSIGN(const auto hours, Prepare("SELECT hour, last FROM hour WHERE site = ? AND lane = ? AND epoch = ?"
                                      " AND last >= ? ORDER BY first",
                                      head.epoch));
  hours->Bind(4, Signed(head.first));
  while (true) {
    YB_ASSIGN(const bool row, hours->Step());
    if (!row) return 0;
    const base::UtcTime hour{hours->Int(0)};
    if (hour < kClocksAreSet || hour > now) continue;  // the next one that can be tells of this one too
    return hour + std::chrono::hours(1) < limit ? Unsigned(hours->Int(1)) : 0;
  }
}

base::Result<base::UtcTime> Compaction::ConfirmedNow(const EpochHead& newest, base::UtcTime now) {
  YB_ASSIGN(const auto hour, Prepare("SELECT hour FROM hour WHERE site = ? AND lane = ? AND epoch = ?"
                                     " ORDER BY first DESC LIMIT 1",
                                     newest.epoch));
  YB_ASSIGN(const bool row, hour->Step());
  return row ? std::min(now, base::UtcTime{hour->Int(0)} + std::chrono::hours(1)) : base::UtcTime{};
}

base::Result<bool> Compaction::Prune(EpochHead& head, std::uint64_t upto, std::optional<std::uint64_t> next_epoch,
                                     base::UtcTime now) {
  if (head.closed) return false;
  YB_ASSIGN(const std::uint64_t old, WrittenBefore(head, now - kRecordsKept, next_epoch, now));
  const std::uint64_t last = std::min({old, upto, head.compacted});
  if (last < head.first) return false;
  YB_TRY(DropSlices(head, last));
  return true;
}

base::Status Compaction::DropRecords(EpochHead& head, std::uint64_t first, std::uint64_t last) {
  YB_TRY(DropSlices(head, last));
  YB_ASSIGN(const auto drop,
            Prepare(std::string("DELETE FROM record WHERE place BETWEEN ") + kBase + " + ?4 AND " + kBase + " + ?5",
                    head.epoch));
  return drop->Bind(4, Signed(first)).Bind(5, Signed(last)).Run();
}

base::Status Compaction::DropSlices(EpochHead& head, std::uint64_t upto) {
  YB_ASSIGN(const auto chain, log_.ChainAt(site_, Lane::kHistory, {head.epoch, upto}));
  if (!chain) return {};  // a hole at the very end: until it is healed all stays
  YB_ASSIGN(const auto drop, Prepare(std::string("DELETE FROM record WHERE place BETWEEN ") + kBase + " AND " + kBase +
                                         " + ?4 AND t_last <> 0",
                                     head.epoch));
  YB_TRY(drop->Bind(4, Signed(upto)).Run());
  head.first = upto + 1;
  head.chain_before = *chain;
  return log_.SaveHead(site_, Lane::kHistory, head);
}

}  // namespace yb::telemetry
