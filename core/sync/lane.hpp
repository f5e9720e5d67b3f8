// Words of synchronisation shared by sender and receiver; core/contract/sync-protocol.md tells the whole.
// Values; no threads.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.hpp"

namespace yb::sync {

/// Lanes never wait for each other. The numbers are on the wire. kDecision is written by central, kFile, kPerson and
/// kDocument by both sides, all others by the box.
enum class Lane : std::uint8_t {
  kAlarm = 1,
  kLedger = 2,  // (台账) what the park decides and does
  kHistory = 3,
  kFile = 4,
  kLive = 5,
  kDecision = 6,  // (台账) what the city decides and does for one site; written by central
  kPerson = 7,    // keys of persons, and that they were erased
  kDocument = 8,  // reference documents, and what became of them
  kSnapshot = 9,  // central's snapshot of the ledger, for a box that has nothing
};

/// Lanes of telemetry whose records are kept, sent and acknowledged, the most urgent first.
inline constexpr std::array kKeptLanes = {Lane::kAlarm, Lane::kHistory};

/// Whether a lane is telemetry's: uplink and ingest drive it, others drive theirs.
[[nodiscard]] constexpr bool IsTelemetry(Lane lane) {
  return lane == Lane::kAlarm || lane == Lane::kHistory || lane == Lane::kLive;
}

/// Whether a lane is the ledger's: ledger::LedgerLink drives it.
[[nodiscard]] constexpr bool IsLedger(Lane lane) {
  return lane == Lane::kLedger || lane == Lane::kDecision || lane == Lane::kSnapshot;
}

/// "alarm", "ledger", "history", "file", "live", "decision", "person", "document", "snapshot": last word of a topic.
[[nodiscard]] std::string_view ToString(Lane lane);
[[nodiscard]] std::optional<Lane> ParseLane(std::string_view text);

/// A record's place in its lane. Sequences count from 1 within an epoch and are never reused there.
struct Position {
  std::uint64_t epoch = 0;
  std::uint64_t seq = 0;
  friend auto operator<=>(const Position&, const Position&) = default;
};

/// Head of the chain over a lane's stored bytes: SHA-256(previous head, body), cut to 16 bytes; zeros before the first.
using Chain = std::array<std::uint8_t, 16>;
[[nodiscard]] Chain NextChain(const Chain& previous, base::ByteView body);

/// What a box holds of one epoch: first…last without holes. `first` is last + 1 when nothing is held any more.
struct EpochRange {
  std::uint64_t epoch = 0;
  std::uint64_t first = 1;
  std::uint64_t last = 0;
  Chain chain{};
  Chain chain_before{};      // of `first`
  std::uint64_t acked = 0;   // by central
  bool rolled_back = false;  // the box was set back in it; what it then held beyond `last` is in a later epoch
};

/// What central has committed of one epoch: 1…committed without holes.
struct EpochPosition {
  std::uint64_t epoch = 0;
  std::uint64_t committed = 0;
  Chain chain{};
  std::uint64_t told = 0;  // highest sequence the box has told of
  Chain told_chain{};      // zeros where it is not known
};

struct Hello {
  std::uint64_t session = 0;
  std::vector<EpochRange> epochs;  // ascending
  bool answering = false;          // said because the other side had said Hello on its lane
};

struct Frame {
  std::string city;
  std::string site;
  Lane lane = Lane::kHistory;
  std::uint64_t session = 0;
  std::uint64_t epoch = 0;
  std::uint64_t first_seq = 0;
  std::vector<base::Bytes> bodies;  // of first_seq, first_seq + 1, …
  [[nodiscard]] std::uint64_t last_seq() const { return first_seq + bodies.size() - 1; }
};

struct Welcome {
  std::uint64_t session = 0;
  std::vector<EpochPosition> positions;
  std::uint32_t credits = 1;
  std::uint64_t central_epoch = 0;  // grows when central was restored
};

/// Asks the other side for records; last = first - 1 asks for the chain before `first` only.
struct Fetch {
  std::uint64_t session = 0;  // 0 where central asks
  std::uint64_t epoch = 0;
  std::uint64_t first = 1;
  std::uint64_t last = 0;
};

/// Answers a Fetch with its first records. One that begins later says that those before are not held any more.
struct Piece {
  std::uint64_t session = 0;
  std::uint64_t epoch = 0;
  std::uint64_t first_seq = 1;
  Chain chain_before{};
  std::vector<base::Bytes> bodies;
  [[nodiscard]] std::uint64_t last_seq() const { return first_seq + bodies.size() - 1; }
};

struct Ack {
  std::uint64_t session = 0;
  bool reopen = false;  // central cannot place the frame: open a new session
  std::uint64_t epoch = 0;
  std::uint64_t committed = 0;
  std::uint32_t credits = 1;
  Chain chain{};  // after `committed`; zeros where the lane does not tell it
};

}  // namespace yb::sync
