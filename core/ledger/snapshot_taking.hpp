// SnapshotTaking takes one snapshot (快照) while everybody goes on working. It fixes how far both streams have passed,
// looks through the events since the snapshot before in small pieces, and writes the record of each case among them as
// it was at that point. That is a function of events that never change, so what is written meanwhile does not matter.
// The header comes last: without it there is no snapshot, and killed before it the one before stands.
//
// One thread at a time. Read needs one state of the file, Write a transaction; they may be of different connections.
#pragma once

#include <set>

#include "core/ledger/case_tables.hpp"

namespace yb::ledger {

/// When the next snapshot of a site is taken: so many events after the last one, or so long after it where there are
/// any; the first one at once.
struct SnapshotRule {
  std::uint64_t events = 10'000;
  base::Duration age = std::chrono::hours(24);
  std::int64_t piece = 64;  // events looked through at once
};

class SnapshotTaking {
 public:
  /// The one of a site that is due; null where none is. At the sites in `hurried` one event is enough. `token` is
  /// nobody else's.
  [[nodiscard]] static base::Result<std::unique_ptr<SnapshotTaking>> FindDue(CaseTables& tables, StreamLog& log,
                                                                             const SnapshotRule& rule,
                                                                             const std::set<std::string>& hurried,
                                                                             base::UtcTime now,
                                                                             const std::string& token);

  /// The first of the writes.
  [[nodiscard]] base::Status Begin(CaseTables& tables);
  /// Makes the next piece.
  [[nodiscard]] base::Status Read(CaseTables& tables);
  enum class Progress : std::uint8_t {
    kMore,  // of Read and Write
    kDone,
    kLost,  // what it stood on is gone: another one is to be begun
  };
  /// Writes the piece. After a failure it is not to be gone on with.
  [[nodiscard]] base::Result<Progress> Write(CaseTables& tables);

 private:
  SnapshotTaking() = default;

  SnapshotRule rule_;
  SiteNo site_ = 0;
  std::string token_;
  std::uint64_t before_ = 0;  // the snapshot that it goes on from; 0: none
  bool clearing_ = false;     // records that nothing stands on are deleted first
  LedgerSnapshot made_;
  cases::Passed looked_;  // through the events up to here
  std::set<std::string> recorded_;
  std::vector<FoldPlace> of_site_;  // events of the site among those
  std::vector<CaseRecord> piece_;
};

}  // namespace yb::ledger
