// What LedgerStore does for those who look after it.
#include "core/base/log.hpp"
#include "core/ledger/ledger_store.hpp"

namespace yb::ledger {
namespace {

const base::Logger kLog("ledger");

}  // namespace

base::Result<std::vector<LedgerStore::Verdict>> LedgerStore::Verify() {
  const std::scoped_lock lock(reading_);
  YB_ASSIGN(const storage::Snapshot snapshot, storage::Snapshot::Begin(*reader_.database));
  YB_ASSIGN(const auto sites, reader_.log->Sites());
  std::vector<Verdict> verdicts;
  for (const auto& [no, site] : sites) {
    for (const cases::Side writer : {cases::Side::kPark, cases::Side::kCity}) {
      YB_ASSIGN(StreamLog::Verdict verdict, reader_.log->Verify({no, writer}));
      verdicts.push_back({site, writer, verdict});
    }
  }
  return verdicts;
}

base::Result<std::vector<LedgerStore::Difference>> LedgerStore::Compare(LedgerStore& other) {
  const std::scoped_lock lock(reading_, other.reading_);
  YB_ASSIGN(const storage::Snapshot here, storage::Snapshot::Begin(*reader_.database));
  YB_ASSIGN(const storage::Snapshot there, storage::Snapshot::Begin(*other.reader_.database));
  YB_ASSIGN(const auto sites, reader_.log->Sites());
  std::vector<Difference> all;
  for (const auto& [no, site] : sites) {
    YB_ASSIGN(const std::optional<SiteNo> others, other.reader_.log->FindSite(site));
    if (!others) continue;
    for (const cases::Side writer : {cases::Side::kPark, cases::Side::kCity}) {
      YB_ASSIGN(const auto streams, reader_.log->Compare({no, writer}, *other.reader_.log, {*others, writer}));
      all.push_back({site, writer, streams});
    }
  }
  return all;
}

base::Result<std::vector<LedgerStore::SnapshotVerdict>> LedgerStore::VerifySnapshots() {
  const std::scoped_lock lock(reading_);
  YB_ASSIGN(const storage::Snapshot reading, storage::Snapshot::Begin(*reader_.database));
  YB_ASSIGN(const auto sites, reader_.log->Sites());
  std::vector<SnapshotVerdict> verdicts;
  for (const auto& [no, site] : sites) {
    YB_ASSIGN(const auto all, reader_.tables->snapshots().KeptOf(no));
    for (const SnapshotTables::Kept& kept : all) {
      SnapshotVerdict verdict{site, kept.no, kept.snapshot, {kept.unsound, {}}};
      if (!kept.unsound) {
        YB_ASSIGN(verdict.check, reader_.tables->CheckSnapshot(no, kept.snapshot));
      }
      verdicts.push_back(std::move(verdict));
    }
  }
  return verdicts;
}

base::Result<LedgerStore::RebuildSource> LedgerStore::RebuildSite(SiteNo site, CaseTables::From from) {
  CaseTables& tables = *writer_.tables;
  SnapshotTables& snapshots = tables.snapshots();
  RebuildSource source;
  const std::uint64_t folded = tables.folded();
  if (from == CaseTables::From::kSnapshots) {
    YB_ASSIGN(const auto all, snapshots.KeptOf(site));
    for (const SnapshotTables::Kept& kept : all) {
      std::optional<Unsound> unsound = kept.unsound;
      if (!unsound || *unsound == Unsound::kAhead) {
        YB_ASSIGN(const bool restored, tables.Restore(site, kept.snapshot));
        if (restored) {
          source.snapshot = kept.snapshot;
          break;
        }
        unsound = Unsound::kDamaged;
      }
      source.refused.emplace_back(kept.no, *unsound);
    }
    // Nothing stands any more on what was refused, or on what was under way.
    YB_TRY(snapshots.DropFrom(site, source.snapshot ? source.snapshot->no + 1 : 0));
  }
  if (!source.snapshot) YB_TRY(tables.Clear(site));
  YB_ASSIGN(source.changed, tables.Advance(site, from));
  source.folded = tables.folded() - folded;
  return source;
}

base::Result<std::vector<std::string>> LedgerStore::RebuildTables(SiteNo site) {
  YB_ASSIGN(RebuildSource source, RebuildSite(site, CaseTables::From::kSnapshots));
  for (const auto& [no, why] : source.refused) {
    kLog.Warn("a snapshot of the ledger is given up", {{"no", std::to_string(no)}, {"why", InWords(why).en}});
  }
  return std::move(source.changed);
}

base::Result<std::vector<LedgerStore::Rebuilt>> LedgerStore::Rebuild(CaseTables::From from) {
  std::vector<Rebuilt> all;
  const base::Status done = Change([&]() -> base::Status {
    YB_ASSIGN(const auto sites, writer_.log->Sites());
    for (const auto& [no, site] : sites) {
      Rebuilt one{site, {}, {}, {}, 0};
      YB_ASSIGN(one.before, writer_.tables->DigestOf(no));
      YB_ASSIGN(const std::optional<Borrowed> borrowed, writer_.tables->snapshots().BorrowedOf(no));
      if (from == CaseTables::From::kFirstEvent && borrowed && borrowed->state != Borrowed::State::kRefused) {
        return base::Fail(base::ErrorCode::kUnavailable,
                          base::Words{"the past of site " + site.text() +
                                          " is still being fetched: what is here does not say how its cases stand",
                                      "本站历史记录仍在取回中，现有事件不足以推算办件状态"});
      }
      YB_ASSIGN(one.source, RebuildSite(no, from));
      YB_ASSIGN(one.after, writer_.tables->DigestOf(no));
      for (const cases::Side writer : {cases::Side::kPark, cases::Side::kCity}) {
        YB_ASSIGN(const std::vector<StreamHead> heads, writer_.log->Heads({no, writer}));
        for (const StreamHead& head : heads) one.events += head.last;
      }
      all.push_back(std::move(one));
    }
    return {};
  });
  YB_TRY(done);
  return all;
}

base::Result<bool> LedgerStore::SnapshotStep() {
  const std::scoped_lock lock(taking_lock_);
  // Gone where this fails: it is begun again.
  std::unique_ptr<SnapshotTaking> taking = std::move(taking_);
  const bool begun = taking != nullptr;
  {
    const std::scoped_lock read_lock(reading_);
    YB_ASSIGN(const storage::Snapshot reading, storage::Snapshot::Begin(*reader_.database));
    if (begun) {
      YB_TRY(taking->Read(*reader_.tables));
    } else {
      const auto hurried = hurry_.With([](const Hurry& hurry) {
        std::set<std::string> sites;
        for (const auto& [site, one] : hurry.sites) {
          if (one.waits) sites.insert(site.text());
        }
        return sites;
      });
      YB_ASSIGN(taking, SnapshotTaking::FindDue(*reader_.tables, *reader_.log, options_.snapshots, hurried,
                                                clock_.Now(), DrawUuid()));
      if (!taking) {
        hurry_.With([&](Hurry& hurry) {
          for (auto& [site, one] : hurry.sites) one.waits = one.waits && !hurried.contains(site.text());
        });
      }
    }
  }
  if (!taking) return false;
  auto progress = SnapshotTaking::Progress::kMore;
  YB_TRY(Change([&]() -> base::Status {
    if (!begun) return taking->Begin(*writer_.tables);
    YB_ASSIGN(progress, taking->Write(*writer_.tables));
    return {};
  }));
  if (progress == SnapshotTaking::Progress::kMore) taking_ = std::move(taking);
  return true;
}

}  // namespace yb::ledger
