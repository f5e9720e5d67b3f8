// Events of the site (站点事件) in the tables and in the store.
#include "core/ledger/case_rows.hpp"
#include "core/ledger/event_codec.hpp"
#include "core/ledger/ledger_store.hpp"

namespace yb::ledger {

base::Status CaseTables::EnterSiteEvent(SiteNo site, const FoldPlace& place) {
  YB_TRY(EnterPlace(KeyOf(site), place));
  return log_.RaiseLamport(site, place.lamport);
}

base::Result<std::vector<SiteEvent>> CaseTables::SiteEvents(SiteNo site) {
  std::vector<SiteEvent> events;
  std::set<std::string> known;
  YB_TRY(ForEachBody(KeyOf(site), [&](const cases::EventId& id, base::ByteView body) -> base::Status {
    YB_ASSIGN(AnyEvent any, DecodeAnyEvent(id, body));
    auto* event = std::get_if<SiteEvent>(&any);
    if (event != nullptr && known.insert(event->uid).second) events.push_back(std::move(*event));
    return {};
  }));
  return events;
}

base::Result<bool> LedgerStore::ActOfSite(const base::SiteId& site, SiteEvent event) {
  bool wrote = false;
  const base::Status done = Change([&]() -> base::Status {
    YB_ASSIGN(const SiteNo no, writer_.log->EnsureSite(site));
    YB_ASSIGN(const std::vector<SiteEvent> before, writer_.tables->SiteEvents(no));
    for (const SiteEvent& one : before) {
      if (one.uid == event.uid) return {};
    }
    YB_ASSIGN(NextPlace next, FindNext(no));
    event.id = next.id;
    event.lamport = next.lamport;
    event.seen = next.seen;
    event.day = DayAt(event.time);
    YB_TRY(Append(no, next, EncodeEvent(event)));
    wrote = true;
    return writer_.tables->EnterSiteEvent(no, PlaceOf(event));
  });
  YB_TRY(done);
  if (wrote) Tell();
  return wrote;
}

base::Result<std::vector<SiteEvent>> LedgerStore::SiteEvents(const base::SiteId& site) {
  const std::scoped_lock lock(reading_);
  YB_ASSIGN(const storage::Snapshot snapshot, storage::Snapshot::Begin(*reader_.database));
  YB_ASSIGN(const std::optional<SiteNo> no, reader_.log->FindSite(site));
  if (!no) return std::vector<SiteEvent>();
  return reader_.tables->SiteEvents(*no);
}

}  // namespace yb::ledger
