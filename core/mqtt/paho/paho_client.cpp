#include "core/mqtt/paho/paho_client.hpp"

#include <arpa/inet.h>
#include <mqtt/async_client.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <random>
#include <thread>

#include "core/base/backoff.hpp"
#include "core/base/log.hpp"
#include "core/mqtt/paho/broker_probe.hpp"

namespace yb::mqtt {
namespace {

using base::ErrorCode;
using base::Fail;

constexpr std::chrono::seconds kConnectTimeout{15};
constexpr std::chrono::seconds kDisconnectTimeout{2};
constexpr std::chrono::seconds kProbeTimeout{2};

constexpr int kFirstMqttError = 0x80;

const base::Logger kLog("mqtt");

base::Status CheckReadable(const std::string& file, std::string_view what) {
  if (::access(file.c_str(), R_OK) == 0) return {};
  return Fail(ErrorCode::kInvalidArgument, "the " + std::string(what) + " " + file + " cannot be read",
              "join this box with yuanbanctl enroll, or check the path");
}

std::string ToPahoUri(const std::string& broker) {
  constexpr std::string_view kScheme = "mqtts://";
  return broker.starts_with(kScheme) ? "ssl://" + broker.substr(kScheme.size()) : broker;
}

/// The port at the end of "mqtts://host:8883"; 0 if there is none.
std::uint16_t PortOf(std::string_view broker) {
  std::uint16_t port = 0;
  const std::string_view digits = broker.substr(std::min(broker.rfind(':') + 1, broker.size()));
  std::from_chars(digits.data(), digits.data() + digits.size(), port);
  return port;
}

bool IsConnectedTo(int socket, std::uint16_t port) {
  sockaddr_storage peer{};
  socklen_t length = sizeof peer;
  if (::getpeername(socket, reinterpret_cast<sockaddr*>(&peer), &length) != 0) return false;
  if (peer.ss_family == AF_INET) return ntohs(reinterpret_cast<const sockaddr_in&>(peer).sin_port) == port;
  return peer.ss_family == AF_INET6 && ntohs(reinterpret_cast<const sockaddr_in6&>(peer).sin6_port) == port;
}

/// Paho leaves Nagle's algorithm on, which holds each small message back until the broker's delayed acknowledgement of
/// the one before, 40 ms and more. It has no option for it and does not tell its socket
/// (github.com/eclipse-paho/paho.mqtt.c/issues/530), so the process' own connections to the broker are looked up.
void SendAtOnce(std::uint16_t port) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", ignored)) {
    const std::string name = entry.path().filename();
    int descriptor = -1;
    std::from_chars(name.data(), name.data() + name.size(), descriptor);
    if (descriptor < 0 || !IsConnectedTo(descriptor, port)) continue;
    const int on = 1;
    if (::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0) {
      kLog.Warn("small messages to the broker will wait for larger ones", {{"error", errno}});
    }
  }
}

/// Paho frees what its clients share when the last of them is destroyed, while its receiving thread may still be
/// writing to its trace, and the process then ends with SIGSEGV (github.com/eclipse-paho/paho.mqtt.c/issues/1669). So
/// there is one that never connects and is never destroyed.
void KeepSharedState(const std::string& uri) {
  static const auto& keeper = *new ::mqtt::async_client(uri, "");
  static_cast<void>(keeper);
}

// Connecting, subscribing and closing wait, so they happen on a thread of this class and never in a Paho callback,
// where waiting would never end. Paho's own reconnect is off: it has no jitter.
class PahoClient final : public MqttClient {
 public:
  PahoClient(MqttOptions options, MqttListener& listener)
      : options_(std::move(options)),
        listener_(listener),
        client_(ToPahoUri(options_.broker), options_.client_id,
                ::mqtt::create_options(MQTTVERSION_5, options_.max_buffered)) {
    client_.set_message_callback([this](const ::mqtt::const_message_ptr& message) {
      const auto payload = message->get_payload_ref();
      listener_.OnMessage(message->get_topic(), base::AsBytes({payload.data(), payload.size()}));
    });
    client_.set_connection_lost_handler(
        [this](const std::string& cause) { OnLost(cause.empty() ? "connection lost" : cause); });
    client_.set_disconnected_handler([this](const ::mqtt::properties&, ::mqtt::ReasonCode code) {
      OnLost("the broker closed the connection, reason " + std::to_string(static_cast<int>(code)));
    });
    thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
  }

  ~PahoClient() override {
    thread_.request_stop();
    wake_.notify_all();
    thread_.join();
    client_.disable_callbacks();
  }
  PahoClient(const PahoClient&) = delete;
  PahoClient& operator=(const PahoClient&) = delete;

  base::Status Publish(const std::string& topic, base::ByteView payload, Qos qos) override {
    if (!up_) return Fail(ErrorCode::kUnavailable, "there is no connection to the broker");
    try {
      client_.publish(topic, payload.data(), payload.size(), static_cast<int>(qos), false);
      return {};
    } catch (const ::mqtt::exception& error) {
      return Fail(ErrorCode::kUnavailable, error.what());
    }
  }

  void Recycle() override {
    {
      const std::scoped_lock lock(mutex_);
      recycle_ = true;
    }
    wake_.notify_all();
  }

 private:
  void Run(const std::stop_token& stop) {
    base::Backoff backoff(options_.reconnect_first, options_.reconnect_most);
    std::random_device random;
    while (!stop.stop_requested()) {
      if (Connect()) {
        backoff.Reset();
        listener_.OnConnected();
        WaitWhileUp(stop);
        up_ = false;
        Close();
        continue;
      }
      Close();
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, stop, backoff.Next(random()), [] { return false; });
    }
  }

  bool Connect() {
    try {
      const auto tls = ::mqtt::ssl_options_builder()
                           .trust_store(options_.trust_file)
                           .key_store(options_.certificate_file)
                           .private_key(options_.key_file)
                           .enable_server_cert_auth(true)
                           .verify(true)
                           .finalize();
      ::mqtt::connect_options connect;
      connect.set_mqtt_version(MQTTVERSION_5);
      connect.set_clean_start(true);
      connect.set_keep_alive_interval(options_.keep_alive);
      connect.set_connect_timeout(kConnectTimeout);
      connect.set_ssl(tls);
      {
        const std::scoped_lock lock(mutex_);
        lost_ = false;
        recycle_ = false;
      }
      const ::mqtt::token_ptr token = client_.connect(connect);
      if (!token->wait_for(kConnectTimeout)) {
        TellFailure("no answer", 0);
        return false;
      }
      SendAtOnce(PortOf(options_.broker));
      if (!options_.subscriptions.empty()) {
        const auto filters = ::mqtt::string_collection::create(options_.subscriptions);
        const std::vector<int> qos(options_.subscriptions.size(), static_cast<int>(Qos::kAtLeastOnce));
        if (!client_.subscribe(filters, qos)->wait_for(kConnectTimeout)) return false;
      }
    } catch (const ::mqtt::exception& error) {
      TellFailure(error.what(), error.get_reason_code());
      return false;
    }
    up_ = true;
    kLog.Info("connected to the broker", {{"broker", options_.broker}});
    return true;
  }

  void TellFailure(const std::string& what, int mqtt_reason) {
    Fault fault = ProbeBroker(options_, kProbeTimeout);
    if (fault.kind == FaultKind::kNone) {
      fault = {mqtt_reason >= kFirstMqttError ? FaultKind::kMqttRefused : FaultKind::kOther, what};
    }
    kLog.Warn("no connection to the broker", {{"broker", options_.broker}, {"reason", fault.detail}});
    listener_.OnConnectFailed(fault);
  }

  void WaitWhileUp(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, stop, [this] { return lost_ || recycle_; });
    const bool told = lost_;
    recycle_ = false;
    lock.unlock();
    if (!told && !stop.stop_requested()) listener_.OnDisconnected("connection recycled");
  }

  void OnLost(const std::string& reason) {
    {
      const std::scoped_lock lock(mutex_);
      if (lost_) return;
      lost_ = true;
    }
    if (up_.exchange(false)) {
      kLog.Warn("connection to the broker lost", {{"reason", reason}});
      listener_.OnDisconnected(reason);
    }
    wake_.notify_all();
  }

  void Close() {
    try {
      if (client_.is_connected()) client_.disconnect(0)->wait_for(kDisconnectTimeout);
    } catch (const ::mqtt::exception&) {
      // Already closed: that is what was wanted.
    }
  }

  const MqttOptions options_;
  MqttListener& listener_;
  ::mqtt::async_client client_;
  std::atomic<bool> up_{false};
  std::mutex mutex_;
  std::condition_variable_any wake_;
  bool lost_ = false;     // guarded by mutex_
  bool recycle_ = false;  // guarded by mutex_
  std::jthread thread_;
};

}  // namespace

base::Result<std::unique_ptr<MqttClient>> StartPahoClient(MqttOptions options, MqttListener& listener) {
  YB_TRY(CheckReadable(options.trust_file, "file of trusted roots"));
  YB_TRY(CheckReadable(options.certificate_file, "certificate"));
  YB_TRY(CheckReadable(options.key_file, "private key"));
  try {
    KeepSharedState(ToPahoUri(options.broker));
    return std::make_unique<PahoClient>(std::move(options), listener);
  } catch (const ::mqtt::exception& error) {
    return Fail(ErrorCode::kInvalidArgument, error.what(), "write the broker as mqtts://host:port");
  }
}

}  // namespace yb::mqtt
