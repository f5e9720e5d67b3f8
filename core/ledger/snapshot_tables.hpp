// SnapshotTables: the snapshots (快照) of a ledger as they are stored, beside its events. The record of a case is
// written when the case changed since the snapshot before; a snapshot consists of the newest record of each case that
// is not of a later one. Two snapshots are kept, so at most two records of a case.
//
// Stored names: `snapshot` (header with its digest), `snapshot_case` (records with theirs), `snapshot_taking` (the one
// that is under way); since the file's fifth version `snapshot_borrowed` (the one that is taken over from the other
// side, before the events that it stands on are here). All derived from events, and never needed.
//
// Over one connection; one thread at a time. What writes runs within a transaction of the caller.
#pragma once

#include <functional>
#include <memory>

#include "core/ledger/snapshot_message.hpp"

namespace yb::ledger {

struct CaseKey {
  SiteNo site = 0;
  std::string case_id;
  friend auto operator<=>(const CaseKey&, const CaseKey&) = default;
};

/// Why a snapshot is not used.
enum class Unsound : std::uint8_t {
  kDamaged,    // its bytes are not those that were written
  kFormat,     // of another version of the program
  kOtherPast,  // the chains that it stands on are not those that are here
  kOtherFold,  // its events come to something else (`ledger verify`)
  kAhead,      // borrowed, and its events are still on their way: used all the same
};
[[nodiscard]] base::Words InWords(Unsound why);

/// A snapshot that is taken over from the other side by one that has no event of the site yet.
struct Borrowed {
  enum class State : std::uint8_t {
    kWanted,  // nothing of it is here
    kComing,
    kWhole,
    kRefused,  // there was none that can be used: it is not asked for again
  };
  State state = State::kWanted;
  std::uint64_t no = 0;
  SnapshotPlace next;  // kComing: where it goes on
};

class SnapshotTables {
 public:
  static constexpr std::string_view kSchema =
      "CREATE TABLE snapshot (site INTEGER NOT NULL REFERENCES site, no INTEGER NOT NULL, header BLOB NOT NULL,"
      "  digest BLOB NOT NULL, PRIMARY KEY (site, no)) WITHOUT ROWID;"
      "CREATE TABLE snapshot_case (site INTEGER NOT NULL, case_id TEXT NOT NULL, no INTEGER NOT NULL,"
      "  digest BLOB NOT NULL, record BLOB NOT NULL, PRIMARY KEY (site, case_id, no)) WITHOUT ROWID;"
      "CREATE TABLE snapshot_taking (site INTEGER PRIMARY KEY, token TEXT NOT NULL);";
  static constexpr std::string_view kSchema2 =
      "CREATE TABLE snapshot_borrowed (site INTEGER PRIMARY KEY, state INTEGER NOT NULL, no INTEGER NOT NULL,"
      "  finished INTEGER NOT NULL, next TEXT NOT NULL);"
      // Whose turn it is was said otherwise before: CaseTables::Reckon writes the rows anew.
      "UPDATE reckoned SET calendar = '';";

  /// `log` outlives this.
  [[nodiscard]] static base::Result<std::unique_ptr<SnapshotTables>> Open(storage::Database& database, StreamLog& log);
  ~SnapshotTables();

  struct Kept {
    std::uint64_t no = 0;
    LedgerSnapshot snapshot;
    std::optional<Unsound> unsound;  // as far as the header shows
  };
  /// Newest first.
  [[nodiscard]] base::Result<std::vector<Kept>> KeptOf(SiteNo site);
  /// A snapshot is taken in many transactions: nobody else began one or forgot what this one stands on, as long as its
  /// token is there.
  [[nodiscard]] base::Status NoteTaking(SiteNo site, const std::string& token);
  [[nodiscard]] base::Result<bool> IsTaking(SiteNo site, const std::string& token);
  /// The snapshot that was under way is there.
  [[nodiscard]] base::Status Add(SiteNo site, const LedgerSnapshot& snapshot);
  /// Forgets the snapshots before `no`; records that others stand on stay.
  [[nodiscard]] base::Status DropBefore(SiteNo site, std::uint64_t no);
  /// Forgets the snapshots from `no` on, with their records, and the one under way.
  [[nodiscard]] base::Status DropFrom(SiteNo site, std::uint64_t no);
  /// Deletes up to `most` records of a site; false when there are none left.
  [[nodiscard]] base::Result<bool> DeleteRecords(SiteNo site, std::int64_t most);

  /// What a snapshot would stand on: how far the streams have passed, with the chains there. Nullopt where they
  /// have passed into a closed epoch.
  [[nodiscard]] base::Result<std::optional<LedgerSnapshot>> StandingAt(SiteNo site, cases::Passed passed);

  /// The newest record of a case that belongs to a snapshot; nullopt where there is none that can be used.
  [[nodiscard]] base::Result<std::optional<CaseRecord>> RecordOf(const CaseKey& key);
  /// Writes a case's record for the snapshot `no`, counts it in `into`, and forgets those that nothing stands on any
  /// more.
  [[nodiscard]] base::Status Put(const CaseKey& key, base::ByteView record, LedgerSnapshot& into);
  // ---- Lending and borrowing (snapshot_lending.cpp) ----
  /// The records of a snapshot from a place on, at least one if there is one, then as many as fit `most_bytes`. Of the
  /// newest from its beginning, where the one that is asked for is not there; nullopt where there is none.
  [[nodiscard]] base::Result<std::optional<SnapshotPiece>> PieceAt(SiteNo site, const SnapshotWant& want,
                                                                   std::size_t most_bytes);
  [[nodiscard]] base::Result<std::optional<Borrowed>> BorrowedOf(SiteNo site);
  [[nodiscard]] base::Status SetBorrowed(SiteNo site, const Borrowed& borrowed);
  /// From now on it is a snapshot like others, or none.
  [[nodiscard]] base::Status ForgetBorrowed(SiteNo site);
  /// Writes a record as the other side has it.
  [[nodiscard]] base::Status PutBorrowed(const CaseKey& key, std::uint64_t no, base::ByteView record);

  /// Each record of a snapshot, by case. Whether they are those that were written: an unsound snapshot shows at the end
  /// only, so `use` works within a transaction.
  [[nodiscard]] base::Result<bool> ForEachRecord(SiteNo site, const LedgerSnapshot& snapshot,
                                                 const std::function<base::Status(CaseRecord record)>& use);

 private:
  struct Statements;
  SnapshotTables(storage::Database& database, StreamLog& log, std::unique_ptr<Statements> statements);
  [[nodiscard]] base::Result<std::optional<Unsound>> Judge(SiteNo site, const LedgerSnapshot& snapshot);
  /// Nothing here speaks against a snapshot, and what it stands on is still to come.
  [[nodiscard]] base::Result<bool> IsAhead(SiteNo site, const LedgerSnapshot& snapshot);

  storage::Database& database_;
  StreamLog& log_;
  std::unique_ptr<Statements> statements_;
};

}  // namespace yb::ledger
