#include "core/telemetry/completeness_log.hpp"

#include <algorithm>

#include "core/telemetry/record_rows.hpp"

namespace yb::telemetry {
namespace {

using storage::Signed;
using storage::Unsigned;

/// Of a segment that no hour covers.
constexpr std::uint64_t kMostRecords = 4096;

}  // namespace

std::string_view ToString(DamageState state) {
  switch (state) {
    case DamageState::kOpen: return "open";
    case DamageState::kHealed: return "healed";
    case DamageState::kRefused: return "refused";
    case DamageState::kNotHeld: return "not_held";
  }
  return "unknown";
}

std::string_view ToString(MissingReason reason) {
  switch (reason) {
    case MissingReason::kBoxRolledBack: return "box_rolled_back";
    case MissingReason::kNoLongerHeld: return "no_longer_held";
  }
  return "unknown";
}

base::Status CompletenessLog::Name(SiteNo site, sync::Lane lane, const MissingRange& range) {
  YB_ASSIGN(const auto insert,
            log_.database().Prepare("INSERT OR IGNORE INTO missing (site, lane, epoch, first, last, reason, noticed)"
                                    " VALUES (?, ?, ?, ?, ?, ?, ?)"));
  return insert->Bind(1, site)
      .Bind(2, static_cast<std::int64_t>(lane))
      .Bind(3, Signed(range.epoch))
      .Bind(4, Signed(range.first))
      .Bind(5, Signed(range.last))
      .Bind(6, static_cast<std::int64_t>(range.reason))
      .Bind(7, range.noticed.micros)
      .Run();
}

base::Result<std::vector<MissingRange>> CompletenessLog::Missing(SiteNo site, sync::Lane lane) {
  YB_ASSIGN(const auto select, log_.database().Prepare("SELECT epoch, first, last, reason, noticed FROM missing"
                                                       " WHERE site = ? AND lane = ? ORDER BY epoch, first"));
  select->Bind(1, site).Bind(2, static_cast<std::int64_t>(lane));
  std::vector<MissingRange> ranges;
  while (true) {
    YB_ASSIGN(const bool row, select->Step());
    if (!row) return ranges;
    const auto number = [&](int column) { return static_cast<std::uint64_t>(select->Int(column)); };
    ranges.push_back({number(0), number(1), number(2), static_cast<MissingReason>(select->Int(3)), {select->Int(4)}});
  }
}

base::Result<std::uint64_t> CompletenessLog::CentralEpoch() {
  YB_ASSIGN(const auto select, log_.database().Prepare("SELECT epoch FROM central"));
  YB_ASSIGN(const bool row, select->Step());
  if (!row) return base::Fail(base::ErrorCode::kCorrupt, "the store does not know central's epoch");
  return static_cast<std::uint64_t>(select->Int(0));
}

base::Status CompletenessLog::BeginCentralEpoch() {
  return log_.database().Execute("UPDATE central SET epoch = epoch + 1");
}

base::Result<std::unique_ptr<storage::Statement>> CompletenessLog::Prepare(std::string_view sql, SiteNo site,
                                                                           sync::Lane lane, std::uint64_t epoch) {
  YB_ASSIGN(auto statement, log_.database().Prepare(sql));
  statement->Bind(1, site).Bind(2, static_cast<std::int64_t>(lane)).Bind(3, Signed(epoch));
  return statement;
}

base::Result<std::optional<Segment>> CompletenessLog::SegmentFrom(SiteNo site, sync::Lane lane, const EpochHead& head,
                                                                  std::uint64_t from) {
  from = std::max(from, head.first);
  if (from > head.last) return std::optional<Segment>();
  Segment segment{head.epoch, from, head.last, {}, head.chain};
  YB_ASSIGN(const auto hour, Prepare("SELECT first, last, chain_before, chain FROM hour WHERE site = ? AND lane = ?"
                                     " AND epoch = ? AND first >= ? ORDER BY first LIMIT 1",
                                     site, lane, head.epoch));
  YB_ASSIGN(const bool is_hour, hour->Bind(4, Signed(from)).Step());
  if (is_hour && Unsigned(hour->Int(0)) == from) {
    return Segment{head.epoch, from, Unsigned(hour->Int(1)), ToChain(hour->Blob(2)), ToChain(hour->Blob(3))};
  }
  if (is_hour) {
    segment.last = Unsigned(hour->Int(0)) - 1;
    segment.chain = ToChain(hour->Blob(2));
  }
  if (segment.last - from >= kMostRecords) {
    YB_ASSIGN(const auto row, Prepare("SELECT seq, chain FROM placed WHERE site = ? AND lane = ? AND epoch = ?"
                                      " AND place BETWEEN base + ? AND base + ? - 1 ORDER BY place LIMIT 1",
                                      site, lane, head.epoch));
    YB_ASSIGN(const bool there, row->Bind(4, Signed(from + kMostRecords - 1)).Bind(5, Signed(segment.last)).Step());
    if (there) {
      segment.last = Unsigned(row->Int(0));
      segment.chain = ToChain(row->Blob(1));
    }
  }
  if (from == head.first) {
    segment.chain_before = head.chain_before;
    return segment;
  }
  YB_ASSIGN(const auto before, Prepare("SELECT chain FROM hour WHERE site = ? AND lane = ? AND epoch = ? AND last = ?",
                                       site, lane, head.epoch));
  YB_ASSIGN(const bool told, before->Bind(4, Signed(from - 1)).Step());
  if (told) {
    segment.chain_before = ToChain(before->Blob(0));
  } else {
    YB_ASSIGN(const auto chain, log_.ChainAt(site, lane, {head.epoch, from - 1}));
    segment.chain_before = chain.value_or(sync::Chain{});
  }
  return segment;
}

base::Result<std::uint64_t> CompletenessLog::BeginOfSegment(SiteNo site, sync::Lane lane, const EpochHead& head,
                                                            std::uint64_t seq) {
  YB_ASSIGN(const auto hour, Prepare("SELECT first, last FROM hour WHERE site = ? AND lane = ? AND epoch = ?"
                                     " AND first <= ? ORDER BY first DESC LIMIT 1",
                                     site, lane, head.epoch));
  YB_ASSIGN(const bool row, hour->Bind(4, Signed(seq)).Step());
  std::uint64_t begin = head.first;
  if (row) begin = Unsigned(hour->Int(1)) >= seq ? Unsigned(hour->Int(0)) : Unsigned(hour->Int(1)) + 1;
  while (true) {
    YB_ASSIGN(const auto segment, SegmentFrom(site, lane, head, begin));
    if (!segment || segment->last >= seq) return begin;
    begin = segment->last + 1;
  }
}

base::Result<std::uint64_t> CompletenessLog::Verify(SiteNo site, sync::Lane lane, const Segment& segment) {
  YB_ASSIGN(const auto select, Prepare("SELECT body FROM placed WHERE site = ? AND lane = ? AND epoch = ?"
                                       " AND place BETWEEN base + ? AND base + ? ORDER BY place",
                                       site, lane, segment.epoch));
  select->Bind(4, Signed(segment.first)).Bind(5, Signed(segment.last));
  sync::Chain chain = segment.chain_before;
  std::uint64_t rows = 0;
  while (true) {
    YB_ASSIGN(const bool row, select->Step());
    if (!row) break;
    chain = sync::NextChain(chain, select->Blob(0));
    ++rows;
  }
  const std::uint64_t wanted = segment.last - segment.first + 1;
  if (rows < wanted) return wanted - rows;
  return chain == segment.chain ? 0 : wanted;
}

base::Result<std::uint64_t> CompletenessLog::Heal(SiteNo site, sync::Lane lane, const Segment& segment,
                                                  std::span<const base::Bytes> bodies) {
  sync::Chain end = segment.chain_before;
  for (const base::Bytes& body : bodies) end = sync::NextChain(end, body);
  if (bodies.size() != segment.last - segment.first + 1 || end != segment.chain) {
    return base::Fail(base::ErrorCode::kRefused, "the records sent again are not those that were acknowledged");
  }
  YB_ASSIGN(const auto same,
            Prepare("SELECT 1 FROM placed WHERE site = ? AND lane = ? AND epoch = ? AND place = base + ?"
                    " AND body = ? AND chain = ?",
                    site, lane, segment.epoch));
  YB_ASSIGN(const auto remove, Prepare("DELETE FROM record WHERE place = (SELECT no << 40 FROM stream WHERE site = ?"
                                       " AND lane = ? AND epoch = ?) + ?",
                                       site, lane, segment.epoch));
  YB_ASSIGN(const std::vector<EpochHead> heads, log_.Heads(site, lane));
  const auto head = std::ranges::find(heads, segment.epoch, &EpochHead::epoch);
  const std::uint64_t compacted = head == heads.end() ? 0 : head->compacted;
  SeriesBatch late;  // readings that compaction did not find, or passed over
  EpochHead place{segment.epoch, segment.first - 1, 0, segment.chain_before};
  std::uint64_t rewritten = 0;
  for (const base::Bytes& body : bodies) {
    const std::uint64_t seq = place.last + 1;
    const sync::Chain chain = sync::NextChain(place.chain, body);
    YB_ASSIGN(const bool there,
              same->Bind(4, Signed(seq)).Bind(5, base::ByteView(body)).Bind(6, base::ByteView(chain)).Step());
    same->Reset();
    if (there) {
      place.last = seq;
      place.chain = chain;
      continue;
    }
    YB_TRY(remove->Bind(4, Signed(seq)).Run());
    YB_TRY(log_.Append(site, lane, place, body));
    ++rewritten;
    // A body that cannot be read has no readings.
    if (lane != sync::Lane::kHistory || seq > compacted) continue;
    (void)ForEachInSlice(body, {}, [&](const metering::Reading& r, const ReadingClock& clock) { late.Add(r, clock); });
  }
  YB_TRY(log_.series().AddAbsent(site, std::move(late)));
  return rewritten;
}

base::Status CompletenessLog::SaveDamage(SiteNo site, sync::Lane lane, const Damage& damage) {
  YB_ASSIGN(const auto insert, Prepare("INSERT OR REPLACE INTO damage (site, lane, epoch, first, last, state, rows,"
                                       " noticed) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                                       site, lane, damage.segment.epoch));
  return insert->Bind(4, Signed(damage.segment.first))
      .Bind(5, Signed(damage.segment.last))
      .Bind(6, static_cast<std::int64_t>(damage.state))
      .Bind(7, Signed(damage.rows))
      .Bind(8, damage.noticed.micros)
      .Run();
}

base::Result<std::vector<Damage>> CompletenessLog::DamageOf(SiteNo site, sync::Lane lane) {
  YB_ASSIGN(const auto select, log_.database().Prepare("SELECT epoch, first, last, state, rows, noticed FROM damage"
                                                       " WHERE site = ? AND lane = ? ORDER BY epoch, first"));
  select->Bind(1, site).Bind(2, static_cast<std::int64_t>(lane));
  std::vector<Damage> found;
  while (true) {
    YB_ASSIGN(const bool row, select->Step());
    if (!row) return found;
    found.push_back({{Unsigned(select->Int(0)), Unsigned(select->Int(1)), Unsigned(select->Int(2)), {}, {}},
                     static_cast<DamageState>(select->Int(3)),
                     Unsigned(select->Int(4)),
                     {select->Int(5)}});
  }
}

base::Result<std::optional<HourDigest>> CompletenessLog::NewestHour(SiteNo site, sync::Lane lane, std::uint64_t epoch) {
  YB_ASSIGN(const auto select, Prepare("SELECT hour, first, last, chain_before, chain FROM hour WHERE site = ?"
                                       " AND lane = ? AND epoch = ? ORDER BY first DESC LIMIT 1",
                                       site, lane, epoch));
  YB_ASSIGN(const bool row, select->Step());
  if (!row) return std::optional<HourDigest>();
  return HourDigest{{select->Int(0)},         epoch,
                    Unsigned(select->Int(1)), Unsigned(select->Int(2)),
                    ToChain(select->Blob(3)), ToChain(select->Blob(4))};
}

base::Result<std::vector<HourDigest>> CompletenessLog::HoursBetween(SiteNo site, sync::Lane lane, base::UtcTime from,
                                                                    base::UtcTime to) {
  YB_ASSIGN(const auto select,
            log_.database().Prepare("SELECT hour, epoch, first, last FROM hour WHERE site = ? AND lane = ?"
                                    " AND hour >= ? AND hour < ? ORDER BY hour, epoch, first"));
  select->Bind(1, site).Bind(2, static_cast<std::int64_t>(lane)).Bind(3, from.micros).Bind(4, to.micros);
  std::vector<HourDigest> hours;
  while (true) {
    YB_ASSIGN(const bool row, select->Step());
    if (!row) return hours;
    hours.push_back(
        {{select->Int(0)}, Unsigned(select->Int(1)), Unsigned(select->Int(2)), Unsigned(select->Int(3)), {}, {}});
  }
}

base::Result<HourCount> CompletenessLog::Hours(SiteNo site, sync::Lane lane) {
  YB_ASSIGN(const auto select,
            log_.database().Prepare("SELECT count(*), max(hour) FROM hour WHERE site = ? AND lane = ?"));
  YB_ASSIGN(const bool row, select->Bind(1, site).Bind(2, static_cast<std::int64_t>(lane)).Step());
  if (!row || select->Int(0) == 0) return HourCount{};
  return HourCount{Unsigned(select->Int(0)), base::UtcTime{select->Int(1)}};
}

}  // namespace yb::telemetry
