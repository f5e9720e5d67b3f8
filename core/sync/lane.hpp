// Words of synchronisation shared by sender and receiver; core/contract/sync-protocol.md tells the whole.
// Values; no threads.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.hpp"

namespace yb::sync {

/// Lanes never wait for each other. The numbers are on the wire.
enum class Lane : std::uint8_t { kAlarm = 1, kLedger = 2, kHistory = 3, kFile = 4, kLive = 5 };

/// "alarm", "ledger", "history", "file", "live": last word of a topic.
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
};

/// What central has committed of one epoch: 1…committed without holes.
struct EpochPosition {
  std::uint64_t epoch = 0;
  std::uint64_t committed = 0;
  Chain chain{};
};

struct Hello {
  std::uint64_t session = 0;
  std::vector<EpochRange> epochs;  // ascending
};

struct Frame {
  std::string city;
  std::string site;
  Lane lane = Lane::kHistory;
  std::uint64_t session = 0;
  std::uint64_t epoch = 0;
  std::uint64_t first_seq = 0;
  std::vector<base::Bytes> bodies;        // from first_seq on
  std::vector<std::uint64_t> spans = {};  // how many sequences each body stands for; empty: one each
  [[nodiscard]] std::uint64_t SpanOf(std::size_t body) const { return spans.empty() ? 1 : spans[body]; }
  [[nodiscard]] std::uint64_t last_seq() const {
    return first_seq + (spans.empty() ? bodies.size() : std::accumulate(spans.begin(), spans.end(), std::uint64_t{0})) -
           1;
  }
};

struct Welcome {
  std::uint64_t session = 0;
  std::vector<EpochPosition> positions;
  std::uint32_t credits = 1;
};

struct Ack {
  std::uint64_t session = 0;
  bool reopen = false;  // central cannot place the frame: open a new session
  std::uint64_t epoch = 0;
  std::uint64_t committed = 0;
  std::uint32_t credits = 1;
};

}  // namespace yb::sync
