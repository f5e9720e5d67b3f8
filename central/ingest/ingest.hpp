// Ingest takes in what boxes send: it places frames, commits them in groups, and acknowledges what has been synced,
// never before. Live values go to its SiteBoard, and wait for no commit.
//
// Owns its thread.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "central/ingest/auditor.hpp"
#include "central/ingest/ingest_counters.hpp"
#include "central/ingest/site_board.hpp"
#include "central/store/central_store.hpp"
#include "core/base/guarded.hpp"
#include "core/base/inbox.hpp"
#include "core/mqtt/mqtt_client.hpp"
#include "core/sync/lane_receiver.hpp"
#include "core/sync/topics.hpp"

namespace yb::central {

struct IngestOptions {
  base::CityId city;
  std::uint32_t credits = 8;          // frames of one lane under way
  std::size_t most_waiting = 20'000;  // messages; more are dropped and sent again by their box
  AuditOptions audit{};
  base::Duration offline_after = std::chrono::seconds(30);  // silence that makes a box offline
  // For lanes that others drive. Quick; on a library thread, but on_heard, as SiteBoard calls it.
  std::function<void(bool connected)> on_link{};
  std::function<void(const base::SiteId&, sync::Lane, base::ByteView)> on_other{};
  std::function<void(const base::SiteId&)> on_heard{};  // a box that was not heard before, or not for long
};

/// Central's own way to the broker.
struct BrokerLink {
  bool connected = false;
  base::UtcTime since{};  // of `connected`
  mqtt::Fault fault;      // why not
};

class Ingest final : public mqtt::MqttListener {
 public:
  using ConnectFunction = std::function<base::Result<std::unique_ptr<mqtt::MqttClient>>(mqtt::MqttListener&)>;

  Ingest(IngestOptions options, std::unique_ptr<CentralStore> store, base::Guarded<SiteStates>& states,
         const base::Clock& clock);
  ~Ingest() override;

  /// Reads the states back from the store, then connects.
  [[nodiscard]] base::Status Start(const ConnectFunction& connect);

  /// Has a box send records again; what is missing or differs is put right. Returns at once; from any thread.
  void AskAgain(const base::SiteId& site, sync::Lane lane, std::uint64_t epoch, std::uint64_t first,
                std::uint64_t last);

  /// For lanes that others drive; not before Start has returned. From any thread but the library's.
  [[nodiscard]] base::Status Publish(const base::SiteId& site, sync::Lane lane, base::ByteView payload);
  /// Sends bytes down to a box on its lane `alarm`; lost where there is no connection. Returns at once; from any
  /// thread.
  void Tell(const base::SiteId& site, base::Bytes bytes);
  /// Records that the box is being asked for again.
  [[nodiscard]] std::uint64_t ResendLeft(const base::SiteId& site, sync::Lane lane) const {
    return auditor_.Left({site, lane});
  }

  [[nodiscard]] const IngestCounters& counters() const { return counters_; }
  [[nodiscard]] bool connected() const { return connected_; }
  [[nodiscard]] BrokerLink broker() const {
    return broker_.With([](const BrokerLink& link) { return link; });
  }

  void OnConnected() override;
  void OnConnectFailed(const mqtt::Fault& fault) override;
  void OnDisconnected(std::string_view reason) override;
  void OnMessage(std::string_view topic, base::ByteView payload) override;

 private:
  struct Message {
    sync::TopicParts topic;
    base::Bytes payload;
  };
  using LaneKey = Auditor::Place;
  struct Wish {
    LaneKey key;
    std::uint64_t epoch = 0, first = 0, last = 0;
  };
  struct Batch;

  void Run(const std::stop_token& stop);
  void TakeIn(std::map<int, std::deque<Message>>& waiting);
  void Handle(const Message& message, Batch& batch);
  void HandleHello(const LaneKey& key, const sync::Hello& hello);
  void HandleFetch(const LaneKey& key, const sync::Fetch& fetch);
  void HandleFrame(const LaneKey& key, sync::Frame frame, Batch& batch);
  void Commit(Batch& batch);
  void Audit();
  void TellBoxes();
  void NameSites();
  [[nodiscard]] std::uint64_t CountHoles(const LaneKey& key);
  void ShowHoles(const LaneKey& key);
  void Send(const LaneKey& key, const base::Bytes& bytes);
  [[nodiscard]] sync::LaneReceiver& Receiver(const LaneKey& key);

  const IngestOptions options_;
  std::unique_ptr<CentralStore> store_;  // ingest thread only, after Start
  base::Guarded<SiteStates>& states_;
  const base::Clock& clock_;
  base::Guarded<BrokerLink> broker_;
  Auditor auditor_;
  base::Guarded<std::vector<Wish>> wishes_;
  base::Guarded<std::vector<std::pair<base::SiteId, base::Bytes>>> to_tell_;
  IngestCounters counters_;
  std::map<LaneKey, sync::LaneReceiver> receivers_;
  std::atomic<bool> connected_{false};
  base::Inbox<Message> messages_;
  SiteBoard board_;
  std::unique_ptr<mqtt::MqttClient> client_;
  std::jthread thread_;
};

}  // namespace yb::central
