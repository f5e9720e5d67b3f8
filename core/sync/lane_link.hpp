// LaneLink: the writer's end of one lane. It does what the lane's algorithm says, with the outbox on one side and the
// lane's topic on the other. Lanes know nothing of each other.
//
// Owned by who drives it; used on that thread only.
#pragma once

#include <deque>
#include <functional>
#include <memory>

#include "core/base/ids.hpp"
#include "core/sync/frame_sizer.hpp"
#include "core/sync/lane_sender.hpp"
#include "core/sync/outbox.hpp"

namespace yb::sync {

struct LaneLinkOptions {
  base::CityId city;
  base::SiteId site;
  Lane lane = Lane::kHistory;
  SenderOptions sender;
  FrameSizerOptions frames;
};

/// Since the start.
struct LaneCounters {
  std::uint64_t frames_sent = 0;
  std::uint64_t acks = 0;
  std::uint64_t sessions = 0;
  std::uint64_t recoveries = 0;  // sessions that found this side set back
  std::uint64_t resent = 0;      // pieces that the reader asked for again
  std::uint64_t bytes_sent = 0;  // of frames
};

class LaneLink {
 public:
  /// Sends on the lane's topic.
  using Publish = std::function<base::Status(base::ByteView)>;
  enum class Did : std::uint8_t { kNothing, kSomething, kAskedToRecycle };

  /// `clock` outlives this.
  LaneLink(LaneLinkOptions options, std::unique_ptr<Outbox> outbox, const base::Clock& clock, Publish publish);

  /// `answering`: because the other side has said Hello on its own lane.
  void OnConnected(std::uint64_t random, bool answering = false) {
    answering_ = answering;
    sender_.OnConnected(clock_.Steady(), random);
  }
  void OnDisconnected() { sender_.OnDisconnected(); }
  /// What the reader said on this lane.
  void OnMessage(base::ByteView payload);

  /// Does the next thing there is to do now, one message at most.
  Did Step();
  [[nodiscard]] std::optional<base::Monotonic> WakeAt() const { return sender_.WakeAt(); }

  [[nodiscard]] Lane lane() const { return options_.lane; }
  /// The reader answers on this lane.
  [[nodiscard]] bool open() const { return sender_.streaming(); }
  [[nodiscard]] bool down() const { return sender_.down(); }
  [[nodiscard]] const LaneCounters& counters() const { return counters_; }

 private:
  void OnAck(const Ack& ack);
  void OnWelcome(const Welcome& welcome);
  void OnPiece(const Piece& piece);
  void SendAgain(const Fetch& wanted);
  void Do(const base::Status& done, std::string_view what);
  [[nodiscard]] ChainAt OwnChain();
  void SendHello(std::uint64_t session);
  void SendFrame(const LaneSender::Action& action, std::uint64_t last_held);

  const LaneLinkOptions options_;
  std::unique_ptr<Outbox> outbox_;
  const base::Clock& clock_;
  const Publish publish_;
  LaneSender sender_;
  bool answering_ = false;  // the next Hello
  FrameSizer sizer_;
  std::deque<std::pair<Position, FrameSizer::Mark>> under_way_;  // by last record
  LaneCounters counters_;
};

}  // namespace yb::sync
