#include "core/ledger/snapshot_tables.hpp"

#include <algorithm>

#include "core/ledger/snapshot_rows.hpp"
#include "core/ledger/stream_rows.hpp"

namespace yb::ledger {
namespace {

using storage::Rows;
using storage::Statement;

void Combine(base::Digest& all, base::ByteView one) {
  for (std::size_t i = 0; i < all.size(); ++i) all.at(i) ^= one[i];
}

bool Same(const StreamHead& a, const StreamHead& b) {
  return a.epoch == b.epoch && a.last == b.last && a.chain == b.chain;
}

}  // namespace

base::Words InWords(Unsound why) {
  switch (why) {
    case Unsound::kDamaged: return {"its bytes are not those that were written", "内容已损坏"};
    case Unsound::kFormat: return {"another version of the program wrote it", "由其他版本程序生成"};
    case Unsound::kOtherPast:
      return {"the events that it stands on are not those that are here", "所依据的事件与现有台账不一致"};
    case Unsound::kOtherFold: return {"its events come to something else", "与逐条事件推算的结果不一致"};
    case Unsound::kAhead: return {"the events that it stands on are still on their way", "所依据的事件仍在取回中"};
  }
  return {"unknown", "未知"};
}

SnapshotTables::SnapshotTables(storage::Database& database, StreamLog& log, std::unique_ptr<Statements> statements)
    : database_(database), log_(log), statements_(std::move(statements)) {}
SnapshotTables::~SnapshotTables() = default;

base::Result<std::unique_ptr<SnapshotTables>> SnapshotTables::Open(storage::Database& database, StreamLog& log) {
  auto s = std::make_unique<Statements>();
  const std::pair<std::unique_ptr<Statement>*, std::string_view> wanted[] = {
      {&s->headers, "SELECT no, header, digest FROM snapshot WHERE site = ? ORDER BY no DESC"},
      {&s->add, "INSERT INTO snapshot (site, no, header, digest) VALUES (?, ?, ?, ?)"},
      {&s->record,
       "SELECT record, digest FROM snapshot_case WHERE site = ?1 AND case_id = ?2 AND no <= (SELECT max(no) FROM"
       " snapshot WHERE site = ?1) ORDER BY no DESC LIMIT 1"},
      {&s->put, "INSERT OR REPLACE INTO snapshot_case (site, case_id, no, digest, record) VALUES (?, ?, ?, ?, ?)"},
      {&s->before,
       "SELECT no, digest FROM snapshot_case WHERE site = ? AND case_id = ? AND no < ? ORDER BY no DESC LIMIT 1"},
      {&s->forget, "DELETE FROM snapshot_case WHERE site = ? AND case_id = ? AND no < ?"},
      {&s->borrowed, "SELECT state, no, finished, next FROM snapshot_borrowed WHERE site = ?"},
  };
  for (const auto& [statement, sql] : wanted) {
    YB_ASSIGN(*statement, database.Prepare(sql));
  }
  return std::unique_ptr<SnapshotTables>(new SnapshotTables(database, log, std::move(s)));
}

base::Result<std::vector<SnapshotTables::Kept>> SnapshotTables::KeptOf(SiteNo site) {
  std::vector<Kept> all;
  {
    Statement& select = *statements_->headers;
    const Rows rows(select);
    select.Bind(1, site);
    while (true) {
      YB_ASSIGN(const bool row, select.Step());
      if (!row) break;
      Kept kept;
      kept.no = Unsigned(select.Int(0));
      auto snapshot = DecodeSnapshot(select.Blob(1));
      const bool whole = std::ranges::equal(base::Sha256(select.Blob(1)), select.Blob(2));
      if (snapshot) kept.snapshot = std::move(*snapshot);
      if (!whole || !snapshot || kept.snapshot.no != kept.no) kept.unsound = Unsound::kDamaged;
      all.push_back(std::move(kept));
    }
  }
  for (Kept& kept : all) {
    if (kept.unsound) continue;
    YB_ASSIGN(kept.unsound, Judge(site, kept.snapshot));
  }
  return all;
}

base::Result<std::optional<Unsound>> SnapshotTables::Judge(SiteNo site, const LedgerSnapshot& snapshot) {
  if (snapshot.format != kSnapshotFormat) return std::optional(Unsound::kFormat);
  YB_ASSIGN(const auto sites, log_.Sites());
  const bool of_site = std::ranges::any_of(
      sites, [&](const auto& one) { return one.first == site && one.second.text() == snapshot.site; });
  YB_ASSIGN(const std::optional<LedgerSnapshot> here, StandingAt(site, snapshot.Passed()));
  const bool fits =
      of_site && here && std::ranges::all_of(here->streams, [&](const auto& one) {
        const auto same = snapshot.streams.find(one.first);
        return same != snapshot.streams.end() && std::ranges::equal(one.second.heads, same->second.heads, Same);
      });
  if (fits) return std::optional<Unsound>();
  if (!of_site) return std::optional(Unsound::kOtherPast);
  YB_ASSIGN(const bool ahead, IsAhead(site, snapshot));
  return std::optional(ahead ? Unsound::kAhead : Unsound::kOtherPast);
}

base::Result<std::optional<LedgerSnapshot>> SnapshotTables::StandingAt(SiteNo site, cases::Passed passed) {
  LedgerSnapshot snapshot;
  for (const cases::Side writer : {cases::Side::kPark, cases::Side::kCity}) {
    SnapshotStream& stream = snapshot.streams[writer];
    stream.passed = passed.of(writer);
    YB_ASSIGN(const std::vector<StreamHead> heads, log_.Heads({site, writer}));
    for (const StreamHead& head : heads) {
      if (head.epoch > stream.passed.epoch) break;
      if (head.closed) return std::optional<LedgerSnapshot>();
      StreamHead part;
      part.epoch = head.epoch;
      part.last = head.epoch == stream.passed.epoch ? stream.passed.seq : head.last;
      YB_ASSIGN(const std::optional<sync::Chain> chain, log_.ChainAt({site, writer}, {part.epoch, part.last}));
      part.chain = chain.value_or(sync::Chain{});
      stream.heads.push_back(part);
      snapshot.events += part.last;
    }
  }
  return std::optional(std::move(snapshot));
}

base::Status SnapshotTables::NoteTaking(SiteNo site, const std::string& token) {
  YB_ASSIGN(const auto note, database_.Prepare("INSERT OR REPLACE INTO snapshot_taking (site, token) VALUES (?, ?)"));
  return note->Bind(1, site).Bind(2, std::string_view(token)).Run();
}

base::Result<bool> SnapshotTables::IsTaking(SiteNo site, const std::string& token) {
  YB_ASSIGN(const auto select, database_.Prepare("SELECT 1 FROM snapshot_taking WHERE site = ? AND token = ?"));
  return select->Bind(1, site).Bind(2, std::string_view(token)).Step();
}

base::Status SnapshotTables::Add(SiteNo site, const LedgerSnapshot& snapshot) {
  const base::Bytes header = EncodeSnapshot(snapshot);
  const base::Digest digest = base::Sha256(header);
  YB_ASSIGN(const auto taken, database_.Prepare("DELETE FROM snapshot_taking WHERE site = ?"));
  YB_TRY(taken->Bind(1, site).Run());
  return statements_->add->Bind(1, site)
      .Bind(2, Signed(snapshot.no))
      .Bind(3, base::ByteView(header))
      .Bind(4, base::ByteView(digest))
      .Run();
}

base::Status SnapshotTables::DropBefore(SiteNo site, std::uint64_t no) {
  YB_ASSIGN(const auto drop, database_.Prepare("DELETE FROM snapshot WHERE site = ? AND no < ?"));
  return drop->Bind(1, site).Bind(2, Signed(no)).Run();
}

base::Status SnapshotTables::DropFrom(SiteNo site, std::uint64_t no) {
  YB_ASSIGN(const auto taking, database_.Prepare("DELETE FROM snapshot_taking WHERE site = ?"));
  YB_TRY(taking->Bind(1, site).Run());
  YB_ASSIGN(const auto borrowed, database_.Prepare("DELETE FROM snapshot_borrowed WHERE site = ? AND no >= ? AND"
                                                   " no > 0"));
  YB_TRY(borrowed->Bind(1, site).Bind(2, Signed(no)).Run());
  for (const std::string_view table : {"snapshot", "snapshot_case"}) {
    YB_ASSIGN(const auto drop, database_.Prepare("DELETE FROM " + std::string(table) + " WHERE site = ? AND no >= ?"));
    YB_TRY(drop->Bind(1, site).Bind(2, Signed(no)).Run());
  }
  return {};
}

base::Result<bool> SnapshotTables::DeleteRecords(SiteNo site, std::int64_t most) {
  YB_ASSIGN(const auto drop,
            database_.Prepare("DELETE FROM snapshot_case WHERE (site, case_id, no) IN (SELECT site, case_id, no FROM"
                              " snapshot_case WHERE site = ? LIMIT ?) RETURNING 1"));
  drop->Bind(1, site).Bind(2, most);
  bool any = false;
  while (true) {
    YB_ASSIGN(const bool row, drop->Step());
    if (!row) return any;
    any = true;
  }
}

base::Result<std::optional<CaseRecord>> SnapshotTables::RecordOf(const CaseKey& key) {
  Statement& select = *statements_->record;
  const Rows rows(select);
  YB_ASSIGN(const bool row, BindCase(select, key).Step());
  if (!row || !std::ranges::equal(base::Sha256(select.Blob(0)), select.Blob(1))) return std::optional<CaseRecord>();
  auto record = DecodeCaseRecord(select.Blob(0));
  if (!record || record->case_id != key.case_id || !record->state) return std::optional<CaseRecord>();
  return std::optional(std::move(*record));
}

base::Status SnapshotTables::Put(const CaseKey& key, base::ByteView record, LedgerSnapshot& into) {
  std::uint64_t before = 0;
  {
    Statement& select = *statements_->before;
    const Rows rows(select);
    YB_ASSIGN(const bool row, BindCase(select, key).Bind(3, Signed(into.no)).Step());
    if (row) {
      before = Unsigned(select.Int(0));
      Combine(into.records, select.Blob(1));
    } else if (!key.case_id.empty()) {
      ++into.cases;
    }
  }
  const base::Digest digest = base::Sha256(record);
  Combine(into.records, digest);
  YB_TRY(BindCase(*statements_->forget, key).Bind(3, Signed(before)).Run());
  return BindCase(*statements_->put, key)
      .Bind(3, Signed(into.no))
      .Bind(4, base::ByteView(digest))
      .Bind(5, record)
      .Run();
}

base::Result<bool> SnapshotTables::ForEachRecord(SiteNo site, const LedgerSnapshot& snapshot,
                                                 const std::function<base::Status(CaseRecord record)>& use) {
  // The row of the highest `no`: a bare column beside max() is of that row.
  YB_ASSIGN(const auto select,
            database_.Prepare("SELECT case_id, record, max(no) FROM snapshot_case WHERE site = ? AND no <= ?"
                              " GROUP BY case_id ORDER BY case_id"));
  select->Bind(1, site).Bind(2, Signed(snapshot.no));
  base::Digest records{};
  std::uint64_t cases = 0;
  while (true) {
    YB_ASSIGN(const bool row, select->Step());
    if (!row) return records == snapshot.records && cases == snapshot.cases;
    const base::ByteView bytes = select->Blob(1);
    auto record = DecodeCaseRecord(bytes);
    if (!record || record->case_id != select->Text(0)) return false;
    Combine(records, base::Sha256(bytes));
    if (!record->case_id.empty()) ++cases;
    YB_TRY(use(std::move(*record)));
  }
}

}  // namespace yb::ledger
