// What a new box and central say to each other on the lane `snapshot` (sync-protocol.md): the box takes over central's
// snapshot (快照) of its site, piece by piece, before it fetches its past.
//
// Values, and their bytes (core/contract/sync.proto, SnapshotMessage). Reading trusts nothing. Any thread.
#pragma once

#include <variant>

#include "core/ledger/snapshot.hpp"

namespace yb::ledger {

/// Where in a snapshot: the records of cases that are not finished come first, by case_id, then the others.
struct SnapshotPlace {
  bool finished = false;
  std::string from;  // the first case_id that is still to come
  friend bool operator==(const SnapshotPlace&, const SnapshotPlace&) = default;
};

struct SnapshotWant {
  std::uint64_t no = 0;  // 0: the newest
  SnapshotPlace at;
};

struct SnapshotPiece {
  LedgerSnapshot snapshot;
  SnapshotPlace at;
  std::optional<SnapshotPlace> next;  // none: this was the last piece
  std::vector<base::Bytes> records;   // as EncodeCaseRecord makes them
};

/// There is no snapshot of this site.
struct SnapshotNone {
  bool later = false;  // one is being taken
};

using SnapshotMessage = std::variant<SnapshotWant, SnapshotPiece, SnapshotNone>;

[[nodiscard]] base::Bytes EncodeMessage(const SnapshotMessage& message);
/// kCorrupt for what is no message, a digest that does not fit or a header that is none; kUnsupported for a kind of a
/// later version.
[[nodiscard]] base::Result<SnapshotMessage> DecodeSnapshotMessage(base::ByteView bytes);

}  // namespace yb::ledger
