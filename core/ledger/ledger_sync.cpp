// What LedgerStore does for the lanes.
#include "core/base/log.hpp"
#include "core/ledger/ledger_store.hpp"

namespace yb::ledger {
namespace {

using sync::Position;

const base::Logger kLog("ledger");

}  // namespace

std::vector<sync::EpochRange> LedgerStore::Outbox(const base::SiteId& site) {
  const std::scoped_lock lock(reading_);
  const auto no = reader_.log->FindSite(site);
  if (!no || !*no) return {};
  const auto heads = reader_.log->Heads(Own(**no));
  std::vector<sync::EpochRange> ranges;
  if (!heads) return ranges;
  for (const StreamHead& head : *heads) {
    if (head.closed) continue;
    ranges.push_back({head.epoch, 1, head.last, head.chain, {}, head.acked, head.rolled_back});
  }
  return ranges;
}

void LedgerStore::OnStanding(const base::SiteId& site, bool good) {
  set_back_.With([&](auto& sites) {
    if (good) sites.erase(site);
    if (!good) sites.insert(site);
  });
}

base::Status LedgerStore::NoteRestored(const base::SiteId& site) {
  return Cut(site, {});
}

bool LedgerStore::Recovering(const base::SiteId& site) {
  if (set_back_.With([&](const auto& sites) { return sites.contains(site); })) return true;
  return HasClosed(site);
}

bool LedgerStore::HasClosed(const base::SiteId& site) {
  const std::scoped_lock lock(reading_);
  const auto no = reader_.log->FindSite(site);
  if (!no || !*no) return false;
  const auto heads = reader_.log->Heads(Own(**no));
  return heads && !heads->empty() && heads->back().closed;
}

base::Result<std::vector<base::Bytes>> LedgerStore::ReadBodies(const base::SiteId& site, Position from,
                                                               std::size_t most_bytes) {
  const std::scoped_lock lock(reading_);
  YB_ASSIGN(const SiteNo no, Known(*reader_.log, site));
  return reader_.log->ReadBodies(Own(no), from, most_bytes);
}

std::optional<sync::Chain> LedgerStore::ChainAt(const base::SiteId& site, Position at) {
  const std::scoped_lock lock(reading_);
  const auto no = reader_.log->FindSite(site);
  if (!no || !*no) return at.seq == 0 ? std::optional(sync::Chain{}) : std::nullopt;
  return reader_.log->ChainAt(Own(**no), at).value_or(std::nullopt);
}

std::optional<sync::Chain> LedgerStore::OtherChainAt(const base::SiteId& site, Position at) {
  const std::scoped_lock lock(reading_);
  const auto no = reader_.log->FindSite(site);
  if (!no || !*no) return std::nullopt;
  return reader_.log->ChainAt(Others(**no), at).value_or(std::nullopt);
}

base::Status LedgerStore::OnAcknowledged(const base::SiteId& site, Position at, const sync::Chain& chain) {
  return Change([&]() -> base::Status {
    YB_ASSIGN(const SiteNo no, writer_.log->EnsureSite(site));
    YB_TRY(writer_.log->Attest(Own(no), {at, chain, clock_.Now()}));
    return writer_.log->Acknowledge(Own(no), at);
  });
}

base::Status LedgerStore::Cut(const base::SiteId& site, std::span<const sync::Cut> cuts) {
  kLog.Warn("the ledger was set back to an older copy: its own past is fetched from the other side",
            {{"site", site.text()}});
  const base::Status done = Change([&]() -> base::Status {
    YB_ASSIGN(const SiteNo no, writer_.log->EnsureSite(site));
    YB_TRY(writer_.log->Cut(Own(no), cuts, clock_.Now()));
    YB_TRY(RebuildTables(no));  // events have other places now
    return WantSnapshot(no);
  });
  YB_TRY(done);
  set_back_.With([&](auto& sites) { sites.erase(site); });  // numbers carry the new epoch from here on
  return {};
}

base::Status LedgerStore::StoreFetched(const base::SiteId& site, const sync::Piece& piece) {
  return Change([&]() -> base::Status {
    YB_ASSIGN(const SiteNo no, Known(*writer_.log, site));
    return writer_.log->StoreFetched(Own(no), piece);
  });
}

base::Result<std::vector<std::string>> LedgerStore::Finish(const base::SiteId& site) {
  std::vector<std::string> changed;
  const base::Status done = Change([&]() -> base::Status {
    YB_ASSIGN(const SiteNo no, Known(*writer_.log, site));
    YB_TRY(writer_.log->Finish(Own(no)));
    YB_ASSIGN(changed, RebuildTables(no));
    return SettleBorrowed(no, changed);
  });
  YB_TRY(done);
  return changed;
}

base::Result<StreamLog::Opening> LedgerStore::OpenForReading(const base::SiteId& site, const sync::Hello& hello) {
  StreamLog::Opening opening;
  const base::Status done = Change([&]() -> base::Status {
    YB_ASSIGN(const SiteNo no, writer_.log->EnsureSite(site));
    YB_ASSIGN(opening, writer_.log->OpenForReading(Others(no), hello));
    return {};
  });
  YB_TRY(done);
  return opening;
}

base::Result<std::vector<std::string>> LedgerStore::Store(const base::SiteId& site, std::uint64_t epoch,
                                                          std::uint64_t first_seq,
                                                          std::span<const base::Bytes> bodies) {
  std::vector<std::string> changed;
  const base::Status done = Change([&]() -> base::Status {
    YB_ASSIGN(const SiteNo no, writer_.log->EnsureSite(site));
    YB_TRY(writer_.log->Store(Others(no), epoch, first_seq, bodies));
    YB_ASSIGN(const std::vector<StreamHead> own, writer_.log->Heads(Own(no)));
    // What it answers is not here: Finish projects both.
    if (!own.empty() && own.back().closed) return {};
    YB_ASSIGN(changed, writer_.tables->Advance(no));
    return SettleBorrowed(no, changed);
  });
  YB_TRY(done);
  return changed;
}

base::Result<sync::Piece> LedgerStore::AnswerFetch(const base::SiteId& site, const sync::Fetch& fetch,
                                                   std::size_t most_bytes) {
  const std::scoped_lock lock(reading_);
  YB_ASSIGN(const SiteNo no, Known(*reader_.log, site));
  return reader_.log->Answer(Others(no), fetch, most_bytes);
}

}  // namespace yb::ledger
