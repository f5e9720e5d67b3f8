// Snapshot (快照): what the cases of a site were when both streams were at certain places, kept beside the events so
// that nobody has to fold them again from the first one. It is derived: one that is damaged, of another format or of
// another past is named and not used, and the events say everything once more (ledger-format.md, "Snapshots").
//
// Values, and their bytes (core/contract/ledger.proto). Reading trusts nothing. Any thread.
#pragma once

#include <map>

#include "core/base/digest.hpp"
#include "core/domain/cases/case_fold.hpp"
#include "core/domain/cases/causal_gate.hpp"
#include "core/ledger/stream_log.hpp"

namespace yb::ledger {

/// Of the bytes and of what the fold makes of the same events: an older program's snapshots are not gone on with. The
/// second part rises by itself when acts are added, the third with cases::kFoldRules, the first with the messages.
inline constexpr std::uint32_t kSnapshotFormat =
    4 * 1'000'000 + static_cast<std::uint32_t>(std::variant_size_v<cases::Act>) * 1'000 + cases::kFoldRules;

/// Where one stream was.
struct SnapshotStream {
  cases::StreamPosition passed;
  std::vector<StreamHead> heads;  // epoch, last and chain of each epoch up to `passed`
};

struct LedgerSnapshot {
  std::uint32_t format = kSnapshotFormat;
  std::string site;
  std::uint64_t no = 0;  // counts at a site
  base::UtcTime time{};
  std::uint64_t lamport = 0;
  std::uint64_t events = 0;
  std::uint64_t cases = 0;
  base::Digest records{};  // of each case's record, combined by exclusive or
  std::map<cases::Side, SnapshotStream> streams;

  [[nodiscard]] cases::Passed Passed() const;
};

/// The place of an event in the fold.
struct FoldPlace {
  std::uint64_t lamport = 0;
  cases::EventId id;
  friend auto operator<=>(const FoldPlace&, const FoldPlace&) = default;
};

/// One case in a snapshot; of no case, the site's own events: their places, and nothing else.
struct CaseRecord {
  std::string case_id;
  std::vector<FoldPlace> events;  // in fold order, never none
  std::vector<std::string> files;
  base::UtcTime updated{};                // the newest time of its events
  std::optional<cases::CaseState> state;  // none where it would be too large
};

/// A state that takes more is left out of its record.
inline constexpr std::size_t kMostStateBytes = std::size_t{64} * 1024;

[[nodiscard]] base::Bytes EncodeSnapshot(const LedgerSnapshot& snapshot);
[[nodiscard]] base::Result<LedgerSnapshot> DecodeSnapshot(base::ByteView bytes);
[[nodiscard]] base::Bytes EncodeCaseRecord(const CaseRecord& record);
/// kUnsupported for a record of another format, kCorrupt for what is none.
[[nodiscard]] base::Result<CaseRecord> DecodeCaseRecord(base::ByteView bytes);

}  // namespace yb::ledger
