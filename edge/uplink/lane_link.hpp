// LaneLink: one lane of the uplink. It does what the lane's algorithm says, with the box's store on one side and the
// lane's topic on the other. Lanes know nothing of each other.
//
// Owned by the uplink; used on its thread only.
#pragma once

#include <deque>
#include <functional>

#include "core/base/ids.hpp"
#include "core/sync/frame_sizer.hpp"
#include "core/sync/lane_sender.hpp"
#include "edge/telemetry/edge_store.hpp"

namespace yb::edge {

struct LaneLinkOptions {
  base::CityId city;
  base::SiteId site;
  sync::Lane lane = sync::Lane::kHistory;
  sync::SenderOptions sender;
  sync::FrameSizerOptions frames;
};

/// Since the start.
struct LaneCounters {
  std::uint64_t frames_sent = 0;
  std::uint64_t acks = 0;
  std::uint64_t sessions = 0;
  std::uint64_t recoveries = 0;  // sessions that found this box set back
  std::uint64_t resent = 0;      // pieces that central asked for again
  std::uint64_t bytes_sent = 0;  // of frames
};

class LaneLink {
 public:
  /// Sends on the lane's topic.
  using Publish = std::function<base::Status(base::ByteView)>;
  /// Somebody acted at central on an alarm of this box.
  using OnAct = std::function<void(alarms::Act)>;
  enum class Did : std::uint8_t { kNothing, kSomething, kAskedToRecycle };

  /// `log` is read only. The references outlive this.
  LaneLink(LaneLinkOptions options, EdgeStore& store, telemetry::RecordLog& log, const base::Clock& clock,
           Publish publish, OnAct on_act);

  void OnConnected(std::uint64_t random) { sender_.OnConnected(clock_.Steady(), random); }
  void OnDisconnected() { sender_.OnDisconnected(); }
  /// What central said on this lane.
  void OnMessage(base::ByteView payload);

  /// Does the next thing there is to do now, one message at most.
  Did Step();
  [[nodiscard]] std::optional<base::Monotonic> WakeAt() const { return sender_.WakeAt(); }

  [[nodiscard]] sync::Lane lane() const { return options_.lane; }
  /// Central answers on this lane.
  [[nodiscard]] bool open() const { return sender_.streaming(); }
  [[nodiscard]] const LaneCounters& counters() const { return counters_; }

 private:
  void OnAck(const sync::Ack& ack);
  void OnWelcome(const sync::Welcome& welcome);
  void OnPiece(const sync::Piece& piece);
  void SendAgain(const sync::Fetch& wanted);
  void Do(const base::Status& done, std::string_view what);
  [[nodiscard]] sync::ChainAt BoxChain();
  void SendHello(std::uint64_t session);
  void SendFrame(const sync::LaneSender::Action& action, std::uint64_t last_held);

  const LaneLinkOptions options_;
  EdgeStore& store_;
  telemetry::RecordLog& log_;
  const base::Clock& clock_;
  const Publish publish_;
  const OnAct on_act_;
  sync::LaneSender sender_;
  sync::FrameSizer sizer_;
  std::deque<std::pair<sync::Position, sync::FrameSizer::Mark>> under_way_;  // by last record
  LaneCounters counters_;
};

}  // namespace yb::edge
