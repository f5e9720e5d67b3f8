// Uplink sends what the store holds to central and what is live before it is durable. It drives the lanes with the time
// and the connection, the most urgent first, and does nothing else by itself.
//
// Owns its thread. Works with no broker at all: the outbox then only grows.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <variant>

#include "core/base/guarded.hpp"
#include "core/base/ids.hpp"
#include "core/base/inbox.hpp"
#include "core/mqtt/mqtt_client.hpp"
#include "core/sync/lane_link.hpp"
#include "edge/telemetry/edge_store.hpp"

namespace yb::edge {

struct UplinkOptions {
  base::CityId city;
  base::SiteId site;
  std::string site_name;
  sync::SenderOptions sender;
  sync::FrameSizerOptions frames;
  base::Duration live_interval = std::chrono::milliseconds(100);  // latest values go up at once, at most this often
  base::Duration sign_of_life = std::chrono::seconds(10);         // and something goes up at least this often
  base::Duration lines_interval = std::chrono::seconds(60);       // states of lines without news; news at once
  std::function<std::vector<metering::LineState>()> lines{};      // of the box; empty: none is told
  std::function<void(alarms::Act)> on_alarm_act{};                // somebody acted at central; on the uplink thread
  std::function<void(bool connected)> on_link{};                  // for other lanes; quick, on a library thread
  std::function<void(sync::Lane, base::ByteView)> on_other{};     // what came down on them; likewise
};

struct UplinkStatus {
  bool connected = false;  // to the broker
  bool central_answers = false;
  std::optional<base::UtcTime> since;            // of the present state of central_answers
  std::optional<base::UtcTime> connected_since;  // of the present state of `connected`
  mqtt::Fault fault;                             // why it is not; kNone while it is
  std::uint64_t recycles = 0;
  std::map<sync::Lane, sync::LaneCounters> lanes;
};

class Uplink final : public mqtt::MqttListener {
 public:
  /// Makes the client once the uplink is ready to hear from it.
  using ConnectFunction = std::function<base::Result<std::unique_ptr<mqtt::MqttClient>>(mqtt::MqttListener&)>;

  /// `log` is a connection of this uplink's own, for reading.
  Uplink(UplinkOptions options, EdgeStore& store, std::unique_ptr<telemetry::RecordLog> log, const base::Clock& clock);
  ~Uplink() override;

  [[nodiscard]] base::Status Start(const ConnectFunction& connect);

  [[nodiscard]] UplinkStatus status() const;
  /// For other lanes than this drives; not before Start has returned. From any thread but the library's.
  [[nodiscard]] base::Status Publish(sync::Lane lane, base::ByteView payload);

  void OnConnected() override;
  void OnDisconnected(std::string_view reason) override;
  void OnConnectFailed(const mqtt::Fault& fault) override;
  void OnMessage(std::string_view topic, base::ByteView payload) override;

 private:
  struct Connected {};
  struct Disconnected {
    std::string reason;
  };
  struct Message {
    std::string topic;
    base::Bytes payload;
  };
  using Event = std::variant<Connected, Disconnected, Message>;

  void Run(const std::stop_token& stop);
  void Handle(const Event& event);
  void HandleDown(const Message& message);
  void DriveLanes();
  /// How long nothing is to be done for the live lane, unless something happens.
  [[nodiscard]] base::Duration UntilLive() const;
  void SendLive();
  [[nodiscard]] std::vector<metering::LineState> LinesToTell(base::Monotonic now);
  [[nodiscard]] std::vector<telemetry::LaneTail> Tails() const;
  void ShowStatus();
  void SetAnswers(bool answers);

  const UplinkOptions options_;
  EdgeStore& store_;
  std::unique_ptr<telemetry::RecordLog> log_;  // uplink thread only, as all down to `events_`
  const base::Clock& clock_;
  std::vector<sync::LaneLink> lanes_;  // the most urgent first
  bool connected_ = false;
  bool send_all_live_ = false;
  std::uint64_t sessions_ = 0;  // opened by all lanes
  base::Monotonic next_live_{};
  base::Monotonic next_sign_of_life_{};
  base::Monotonic next_look_at_lines_{};
  base::Monotonic next_lines_{};
  std::vector<metering::LineState> told_lines_;

  base::Inbox<Event> events_;
  base::Guarded<UplinkStatus> status_;

  std::unique_ptr<mqtt::MqttClient> client_;
  std::jthread thread_;
};

}  // namespace yb::edge
