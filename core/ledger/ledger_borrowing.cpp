// What LedgerStore does so that a new box starts from central's snapshot (ledger-format.md, "A new box").
#include <algorithm>

#include "core/base/log.hpp"
#include "core/ledger/ledger_store.hpp"

namespace yb::ledger {
namespace {

using base::ErrorCode;
using base::Fail;

/// A snapshot that is lent was taken at most so long ago, where something happened since.
constexpr base::Duration kFresh = std::chrono::minutes(10);

const base::Logger kLog("ledger");

}  // namespace

void LedgerStore::SetOnHurry(std::function<void()> told) {
  hurry_.With([&](Hurry& hurry) { hurry.told = std::move(told); });
}

base::Result<SnapshotMessage> LedgerStore::Lend(const base::SiteId& site, const SnapshotWant& want,
                                                std::size_t most_bytes) {
  const std::scoped_lock lock(reading_);
  YB_ASSIGN(const storage::Snapshot reading, storage::Snapshot::Begin(*reader_.database));
  YB_ASSIGN(const std::optional<SiteNo> no, reader_.log->FindSite(site));
  if (!no) return SnapshotNone{};
  YB_ASSIGN(std::optional<SnapshotPiece> piece, reader_.tables->snapshots().PieceAt(*no, want, most_bytes));
  const base::UtcTime now = clock_.Now();
  if (want.no == 0 && (!piece || now - piece->snapshot.time > kFresh)) {
    const bool later = hurry_.With([&](Hurry& hurry) {
      if (!hurry.told) return false;  // nobody takes snapshots here
      const auto [asked, first] = hurry.sites.try_emplace(site, Hurry::Site{now, true});
      if (!first && now - asked->second.asked > kFresh) asked->second = {now, true};
      if (asked->second.waits) hurry.told();
      return asked->second.waits;
    });
    if (later) return SnapshotNone{true};
  }
  if (!piece) return SnapshotNone{};
  return std::move(*piece);
}

base::Result<std::optional<SnapshotWant>> LedgerStore::Borrowing(const base::SiteId& site) {
  const std::scoped_lock lock(reading_);
  YB_ASSIGN(const std::optional<SiteNo> no, reader_.log->FindSite(site));
  if (!no) return std::optional<SnapshotWant>();
  YB_ASSIGN(const std::optional<Borrowed> borrowed, reader_.tables->snapshots().BorrowedOf(*no));
  if (!borrowed) return std::optional<SnapshotWant>();
  if (borrowed->state == Borrowed::State::kWanted) return std::optional(SnapshotWant{});
  if (borrowed->state == Borrowed::State::kComing) return std::optional(SnapshotWant{borrowed->no, borrowed->next});
  return std::optional<SnapshotWant>();
}

base::Status LedgerStore::WantSnapshot(SiteNo site) {
  if (options_.side != cases::Side::kPark) return {};  // boxes lend none
  SnapshotTables& snapshots = writer_.tables->snapshots();
  YB_ASSIGN(const std::optional<Borrowed> borrowed, snapshots.BorrowedOf(site));
  if (borrowed) return {};
  YB_ASSIGN(const auto kept, snapshots.KeptOf(site));
  bool empty = kept.empty();
  for (const cases::Side writer : {cases::Side::kPark, cases::Side::kCity}) {
    YB_ASSIGN(const std::vector<StreamHead> heads, writer_.log->Heads({site, writer}));
    empty = empty && std::ranges::all_of(heads, [](const StreamHead& head) { return head.closed || head.last == 0; });
  }
  return empty ? snapshots.SetBorrowed(site, {}) : base::Status();
}

base::Result<std::vector<std::string>> LedgerStore::Borrow(const base::SiteId& site, const SnapshotPiece& piece) {
  std::vector<std::string> came;
  const base::Status done = Change([&]() -> base::Status {
    YB_ASSIGN(const SiteNo no, Known(*writer_.log, site));
    CaseTables& tables = *writer_.tables;
    SnapshotTables& snapshots = tables.snapshots();
    const LedgerSnapshot& snapshot = piece.snapshot;
    YB_ASSIGN(std::optional<Borrowed> borrowed, snapshots.BorrowedOf(no));
    const bool open = borrowed && borrowed->state <= Borrowed::State::kComing;
    if (!open) return {};
    if (snapshot.format != kSnapshotFormat || snapshot.site != site.text() || snapshot.no == 0) {
      return Fail(ErrorCode::kUnsupported, "the snapshot is of another version of the program, or of another site");
    }
    if (snapshot.no != borrowed->no) {
      if (piece.at != SnapshotPlace{}) return {};
      if (borrowed->state == Borrowed::State::kComing) YB_TRY(RebuildWithout(no));  // the other side has a newer one
      const std::uint64_t newest = snapshot.Passed().of(options_.side).epoch;
      YB_ASSIGN(const std::vector<StreamHead> own, writer_.log->Heads(Own(no)));
      if (!own.empty() && own.back().closed && own.back().epoch <= newest) {
        // The clock was behind: what was done here comes after all that was done before.
        const sync::Cut above{newest, 0, true};
        YB_TRY(writer_.log->Cut(Own(no), std::span(&above, 1), clock_.Now()));
        YB_TRY(RebuildTables(no));
      }
      borrowed = Borrowed{Borrowed::State::kComing, snapshot.no, {}};
      YB_TRY(snapshots.Add(no, snapshot));
      YB_TRY(tables.PassTo(no, snapshot));
    }
    if (piece.at != borrowed->next) return {};  // it is here already
    for (const base::Bytes& body : piece.records) {
      YB_ASSIGN(const CaseRecord record, DecodeCaseRecord(body));
      YB_TRY(snapshots.PutBorrowed({no, record.case_id}, snapshot.no, body));
      YB_TRY(tables.EnterRecord(no, record));
      if (!record.case_id.empty()) came.push_back(record.case_id);
    }
    if (piece.next) {
      borrowed->next = *piece.next;
      return snapshots.SetBorrowed(no, *borrowed);
    }
    YB_ASSIGN(const bool whole,
              snapshots.ForEachRecord(no, snapshot, [](const CaseRecord&) { return base::Status(); }));
    if (!whole) return Fail(ErrorCode::kCorrupt, "the records of the snapshot are not those that it was made of");
    borrowed->state = Borrowed::State::kWhole;
    kLog.Info("the ledger starts from the other side's snapshot; its events are fetched now",
              {{"site", site.text()}, {"no", snapshot.no}, {"cases", snapshot.cases}, {"events", snapshot.events}});
    return snapshots.SetBorrowed(no, *borrowed);
  });
  YB_TRY(done);
  return came;
}

base::Status LedgerStore::RebuildWithout(SiteNo site) {
  SnapshotTables& snapshots = writer_.tables->snapshots();
  YB_TRY(snapshots.DropFrom(site, 0));
  YB_TRY(snapshots.SetBorrowed(site, {Borrowed::State::kRefused, 0, {}}));
  YB_TRY(RebuildTables(site));
  return {};
}

base::Status LedgerStore::GiveUpBorrowing(const base::SiteId& site) {
  return Change([&]() -> base::Status {
    YB_ASSIGN(const SiteNo no, Known(*writer_.log, site));
    YB_ASSIGN(const std::optional<Borrowed> borrowed, writer_.tables->snapshots().BorrowedOf(no));
    if (!borrowed || borrowed->state > Borrowed::State::kComing) return {};
    return RebuildWithout(no);
  });
}

base::Status LedgerStore::SettleBorrowed(SiteNo site, std::vector<std::string>& changed) {
  SnapshotTables& snapshots = writer_.tables->snapshots();
  YB_ASSIGN(const std::optional<Borrowed> borrowed, snapshots.BorrowedOf(site));
  if (!borrowed) return {};
  YB_ASSIGN(const auto kept, snapshots.KeptOf(site));
  const auto one = std::ranges::find(kept, borrowed->no, &SnapshotTables::Kept::no);
  if (one != kept.end() && one->unsound == Unsound::kAhead) return {};
  if (one != kept.end() && one->unsound) {
    kLog.Error("the snapshot that this ledger started from is not of the past that came", {{"no", borrowed->no}});
    YB_TRY(RebuildWithout(site));
  }
  YB_TRY(snapshots.ForgetBorrowed(site));
  // Their files are known only now.
  YB_ASSIGN(changed, writer_.tables->AllOf(site));
  return {};
}

}  // namespace yb::ledger
