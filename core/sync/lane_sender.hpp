// LaneSender: decides what a box sends next on one lane. It holds no records and does no I/O: it is told the time, what
// the outbox holds and what central said, and returns the next action. Nothing leaves the outbox by its word except
// what central has acknowledged; there is no try count.
//
// A session begins with a Hello and central's Welcome, which names what is committed. Anything out of order (a silence,
// an acknowledgement that asks for it, a lost link) ends the session; the next one resumes from central's position.
//
// Owned by the uplink; used on its thread only.
#pragma once

#include <deque>
#include <optional>
#include <span>

#include "core/base/backoff.hpp"
#include "core/base/time.hpp"
#include "core/sync/lane_recovery.hpp"

namespace yb::sync {

struct SenderOptions {
  std::uint32_t window = 4;  // frames under way at most; central's credits may be fewer
  base::Duration hello_timeout = std::chrono::seconds(5);
  base::Duration ack_timeout = std::chrono::seconds(15);  // without progress while frames are under way
  base::Duration reopen_first = std::chrono::milliseconds(500);
  base::Duration reopen_most = std::chrono::seconds(30);
  int sessions_before_recycle = 3;  // sessions in a row that got no Welcome or no progress before the link is recycled
};

class LaneSender {
 public:
  enum class Do : std::uint8_t {
    kNothing,
    kSendHello,  // with `session` and the outbox's epochs
    kSendFrame,  // records from `from` on, of one epoch; then call OnFrameSent
    kSendFetch,  // `fetch`: the box's own records are asked back
    kCut,        // move what is not of the common past (cuts()) to a new, closed epoch; then call OnCut
    kFinish,     // open the closed epoch; then call OnFinished
    kRecycle,    // the link is up and nothing comes back: close it and connect anew
  };
  struct Action {
    Do what = Do::kNothing;
    std::uint64_t session = 0;
    Position from{};
    Fetch fetch{};
  };

  /// What Welcome told about the box itself.
  enum class Standing : std::uint8_t {
    kGood,
    kIgnored,     // of another session
    kRolledBack,  // the box was set back to an older copy; what follows brings it back (LaneRecovery)
  };

  explicit LaneSender(SenderOptions options);

  /// `random` seeds session numbers and jitter.
  void OnConnected(base::Monotonic now, std::uint64_t random);
  void OnDisconnected();

  /// The next thing to do at `now`; call until kNothing. `outbox` is ascending by epoch.
  [[nodiscard]] Action Next(base::Monotonic now, std::span<const EpochRange> outbox);

  void OnFrameSent(Position first, Position last, base::Monotonic now);
  /// The link did not take the frame or Hello: as a lost session.
  void OnSendFailed(base::Monotonic now);

  /// `closed`: the box has a closed epoch of an earlier recovery; it is not in `outbox`.
  [[nodiscard]] Standing OnWelcome(const Welcome& welcome, std::span<const EpochRange> outbox, bool closed,
                                   const ChainAt& chain_at, base::Monotonic now);

  /// True where the piece holds records that follow the box's: store them, then call OnStored. A probe's answer and
  /// what nobody asked for are false.
  [[nodiscard]] bool OnPiece(const Piece& piece, const ChainAt& chain_at, base::Monotonic now);
  void OnStored(base::Monotonic now);
  void OnCut() { recovery_.OnCut(); }
  void OnFinished(base::Monotonic now);
  [[nodiscard]] std::vector<Cut> cuts() const { return recovery_.Cuts(); }

  /// The newly acknowledged position, where it moved.
  std::optional<Position> OnAck(const Ack& ack, base::Monotonic now);

  /// When Next wants to be asked again though nothing happened; nullopt: only after an event.
  [[nodiscard]] std::optional<base::Monotonic> WakeAt() const;

  [[nodiscard]] bool streaming() const { return state_ == State::kStreaming; }
  /// Nothing is tried until the next OnConnected.
  [[nodiscard]] bool down() const { return state_ == State::kDown; }

 private:
  enum class State : std::uint8_t { kDown, kWaiting, kOpening, kStreaming, kRecovering };

  struct UnderWay {
    Position first;
    Position last;
  };

  void Reopen(base::Monotonic now);
  [[nodiscard]] bool Waits() const;
  [[nodiscard]] Action NextOfRecovery(base::Monotonic now, std::span<const EpochRange> outbox);
  [[nodiscard]] std::uint64_t Draw();

  SenderOptions options_;
  base::Backoff backoff_;
  State state_ = State::kDown;
  std::uint64_t random_ = 0;
  std::uint64_t session_ = 0;
  std::uint32_t credits_ = 1;
  int fruitless_sessions_ = 0;
  base::Monotonic deadline_{};       // kWaiting: when to open; while waiting for central: when to give up
  std::vector<EpochPosition> sent_;  // per epoch of this session: last sequence sent
  std::deque<UnderWay> under_way_;
  LaneRecovery recovery_;
  std::optional<LaneRecovery::Step> asked_;  // kRecovering: not answered yet
};

}  // namespace yb::sync
