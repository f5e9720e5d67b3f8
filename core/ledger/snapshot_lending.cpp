// What SnapshotTables does with snapshots that go from one side to the other (ledger-format.md, "A new box").
#include <algorithm>

#include "core/ledger/snapshot_rows.hpp"
#include "core/ledger/stream_rows.hpp"

namespace yb::ledger {
namespace {

constexpr std::int64_t kMostLooked = 2'000;  // records for one piece

}  // namespace

base::Result<std::optional<SnapshotPiece>> SnapshotTables::PieceAt(SiteNo site, const SnapshotWant& want,
                                                                   std::size_t most_bytes) {
  YB_ASSIGN(std::vector<Kept> kept, KeptOf(site));
  std::erase_if(kept, [](const Kept& one) { return one.unsound.has_value(); });
  if (kept.empty()) return std::optional<SnapshotPiece>();
  const auto asked = std::ranges::find(kept, want.no, &Kept::no);
  SnapshotPiece piece;
  if (asked != kept.end()) piece.at = want.at;
  piece.snapshot = std::move((asked != kept.end() ? *asked : kept.front()).snapshot);
  // The row of the highest `no`: a bare column beside max() is of that row.
  YB_ASSIGN(const auto select,
            database_.Prepare("SELECT case_id, record, max(no) FROM snapshot_case WHERE site = ? AND no <= ? AND"
                              " case_id >= ? GROUP BY case_id ORDER BY case_id LIMIT ?"));
  select->Bind(1, site).Bind(2, Signed(piece.snapshot.no)).Bind(3, std::string_view(piece.at.from));
  select->Bind(4, kMostLooked);
  std::int64_t looked = 0;
  std::size_t bytes = 0;
  while (true) {
    YB_ASSIGN(const bool row, select->Step());
    if (!row) {
      if (!piece.at.finished) piece.next = SnapshotPlace{true, {}};
      return std::optional(std::move(piece));
    }
    const base::ByteView body = select->Blob(1);
    YB_ASSIGN(const CaseRecord record, DecodeCaseRecord(body));
    const bool of_part = (record.state && record.state->finished()) == piece.at.finished;
    const bool full = of_part && !piece.records.empty() && bytes + body.size() > most_bytes;
    if (full || ++looked == kMostLooked) {
      piece.next = SnapshotPlace{piece.at.finished, std::string(select->Text(0))};
      return std::optional(std::move(piece));
    }
    if (!of_part) continue;
    bytes += body.size();
    piece.records.emplace_back(body.begin(), body.end());
  }
}

base::Result<std::optional<Borrowed>> SnapshotTables::BorrowedOf(SiteNo site) {
  storage::Statement& select = *statements_->borrowed;
  const storage::Rows rows(select);
  YB_ASSIGN(const bool row, select.Bind(1, site).Step());
  if (!row) return std::optional<Borrowed>();
  return std::optional(Borrowed{static_cast<Borrowed::State>(select.Int(0)),
                                Unsigned(select.Int(1)),
                                {select.Int(2) != 0, std::string(select.Text(3))}});
}

base::Status SnapshotTables::SetBorrowed(SiteNo site, const Borrowed& borrowed) {
  YB_ASSIGN(const auto set, database_.Prepare("INSERT OR REPLACE INTO snapshot_borrowed (site, state, no, finished,"
                                              " next) VALUES (?, ?, ?, ?, ?)"));
  return set->Bind(1, site)
      .Bind(2, static_cast<std::int64_t>(borrowed.state))
      .Bind(3, Signed(borrowed.no))
      .Bind(4, std::int64_t{borrowed.next.finished})
      .Bind(5, std::string_view(borrowed.next.from))
      .Run();
}

base::Status SnapshotTables::ForgetBorrowed(SiteNo site) {
  YB_ASSIGN(const auto forget, database_.Prepare("DELETE FROM snapshot_borrowed WHERE site = ?"));
  return forget->Bind(1, site).Run();
}

base::Status SnapshotTables::PutBorrowed(const CaseKey& key, std::uint64_t no, base::ByteView record) {
  const base::Digest digest = base::Sha256(record);
  return BindCase(*statements_->put, key).Bind(3, Signed(no)).Bind(4, base::ByteView(digest)).Bind(5, record).Run();
}

base::Result<bool> SnapshotTables::IsAhead(SiteNo site, const LedgerSnapshot& snapshot) {
  YB_ASSIGN(const std::optional<Borrowed> borrowed, BorrowedOf(site));
  if (!borrowed || borrowed->no != snapshot.no) return false;
  for (const auto& [writer, stream] : snapshot.streams) {
    YB_ASSIGN(const std::vector<StreamHead> heads, log_.Heads({site, writer}));
    const bool fetching = heads.empty() || heads.back().closed;  // the own past, or the other's before its first word
    for (const StreamHead& part : stream.heads) {
      YB_ASSIGN(const auto here, log_.ChainAt({site, writer}, {part.epoch, part.last}));
      if (here && *here != part.chain) return false;
      const auto head = std::ranges::find(heads, part.epoch, &StreamHead::epoch);
      const bool told = head != heads.end() && head->told > head->last;
      if (!here && !fetching && !told) return false;
    }
  }
  return true;
}

}  // namespace yb::ledger
