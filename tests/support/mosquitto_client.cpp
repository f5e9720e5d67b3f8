#include "tests/support/mosquitto_client.hpp"

#include <mosquitto.h>
#include <mqtt_protocol.h>

#include "core/base/result.hpp"

namespace yb::test {
namespace {

constexpr int kKeepAliveSeconds = 20;
constexpr int kLoopMs = 20;

/// The library is initialised once, before its first client.
void InitialiseLibrary() {
  static const int code = mosquitto_lib_init();
  YB_CHECK(code == MOSQ_ERR_SUCCESS, "libmosquitto does not start");
}

}  // namespace

struct MosquittoClient::Hooks {
  static MosquittoCallbacks& Of(void* self) { return static_cast<MosquittoClient*>(self)->callbacks_; }
  static void Connected(mosquitto*, void* self, int reason, int, const mosquitto_property*) {
    static_cast<MosquittoClient*>(self)->let_in_ = reason == 0;
    if (Of(self).connected) Of(self).connected(reason);
  }
  static void Disconnected(mosquitto*, void* self, int, const mosquitto_property*) {
    if (Of(self).disconnected) Of(self).disconnected();
  }
  static void Published(mosquitto*, void* self, int message, int reason, const mosquitto_property*) {
    if (Of(self).published) Of(self).published(message, reason);
  }
  static void Received(mosquitto*, void* self, const mosquitto_message* message, const mosquitto_property*) {
    if (!Of(self).received) return;
    Of(self).received(message->topic, {static_cast<const std::uint8_t*>(message->payload),
                                       static_cast<std::size_t>(message->payloadlen)});
  }
};

MosquittoClient::MosquittoClient(const MosquittoOptions& options, MosquittoCallbacks callbacks)
    : callbacks_(std::move(callbacks)), options_(options) {
  InitialiseLibrary();
  client_ = mosquitto_new(options_.client_id.c_str(), true, this);
  YB_CHECK(client_ != nullptr, "libmosquitto makes no client");
  mosquitto_int_option(client_, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5);
  mosquitto_int_option(client_, MOSQ_OPT_TCP_NODELAY, 1);
  const auto text = [](const std::string& value) { return value.empty() ? nullptr : value.c_str(); };
  const int tls = mosquitto_tls_set(client_, options_.roots.c_str(), nullptr, text(options_.certificate),
                                    text(options_.key), nullptr);
  YB_CHECK(tls == MOSQ_ERR_SUCCESS, "libmosquitto does not take a certificate");
  mosquitto_connect_v5_callback_set(client_, Hooks::Connected);
  mosquitto_disconnect_v5_callback_set(client_, Hooks::Disconnected);
  mosquitto_publish_v5_callback_set(client_, Hooks::Published);
  mosquitto_message_v5_callback_set(client_, Hooks::Received);
}

MosquittoClient::~MosquittoClient() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
  mosquitto_destroy(client_);
}

void MosquittoClient::Connect() {
  mosquitto_threaded_set(client_, true);
  thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
}

// The library's own loop ends for good at the first failed handshake.
void MosquittoClient::Run(const std::stop_token& stop) {
  int code = mosquitto_connect(client_, "127.0.0.1", options_.port, kKeepAliveSeconds);
  while (!stop.stop_requested()) {
    if (code == MOSQ_ERR_SUCCESS) code = mosquitto_loop(client_, kLoopMs, 1);
    if (code == MOSQ_ERR_SUCCESS) continue;
    std::this_thread::sleep_for(options_.reconnect_after);
    code = mosquitto_reconnect(client_);
  }
}

bool MosquittoClient::TryOnce() {
  constexpr int kTries = 500;
  int code = mosquitto_connect(client_, "127.0.0.1", options_.port, kKeepAliveSeconds);
  for (int i = 0; i < kTries && code == MOSQ_ERR_SUCCESS && !let_in_; ++i) code = mosquitto_loop(client_, kLoopMs, 1);
  return let_in_;
}

void MosquittoClient::Subscribe(const std::string& filter) {
  mosquitto_subscribe(client_, nullptr, filter.c_str(), 1);
}

int MosquittoClient::Publish(const std::string& topic, base::ByteView payload, int qos) {
  int message = -1;
  const int code = mosquitto_publish_v5(client_, &message, topic.c_str(), static_cast<int>(payload.size()),
                                        payload.data(), qos, false, nullptr);
  return code == MOSQ_ERR_SUCCESS ? message : -1;
}

}  // namespace yb::test
