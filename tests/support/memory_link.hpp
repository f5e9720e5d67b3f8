// MemoryLink: in the place of the broker between one box and central, on their own threads. ShiftedClock: the system's
// clock, with a wall clock that a test moves on.
#pragma once

#include <atomic>
#include <mutex>
#include <optional>

#include "core/mqtt/mqtt_client.hpp"
#include "core/sync/topics.hpp"

namespace yb::test {

/// Hands messages to whoever listens for their direction; drops every n-th where told to.
class MemoryLink {
 public:
  class Client final : public mqtt::MqttClient {
   public:
    Client(MemoryLink& link, mqtt::MqttListener& listener, bool central) : link_(link), central_(central) {
      link_.Attach(central ? &link_.central_ : &link_.box_, &listener);
    }
    ~Client() override { link_.Attach(central_ ? &link_.central_ : &link_.box_, nullptr); }
    base::Status Publish(const std::string& topic, base::ByteView payload, mqtt::Qos) override {
      return link_.Deliver(topic, payload);
    }
    void Recycle() override {}

   private:
    MemoryLink& link_;
    bool central_;
  };

  void DropEvery(int n) { drop_every_ = n; }
  /// Nothing of this lane arrives any more.
  void Block(sync::Lane lane) { blocked_ = lane; }

 private:
  void Attach(mqtt::MqttListener** place, mqtt::MqttListener* listener) {
    {
      const std::scoped_lock lock(mutex_);
      *place = listener;
    }
    if (listener != nullptr) listener->OnConnected();
  }
  base::Status Deliver(const std::string& topic, base::ByteView payload) {
    const std::scoped_lock lock(mutex_);
    if (drop_every_ > 0 && ++messages_ % drop_every_ == 0) return {};
    if (sync::ParseTopic(topic)->lane == blocked_.load()) return {};
    mqtt::MqttListener* listener = sync::ParseTopic(topic)->up ? central_ : box_;
    if (listener != nullptr) listener->OnMessage(topic, payload);
    return {};
  }

  std::mutex mutex_;
  mqtt::MqttListener* central_ = nullptr;
  mqtt::MqttListener* box_ = nullptr;
  std::atomic<int> drop_every_{0};
  std::atomic<std::optional<sync::Lane>> blocked_{};
  int messages_ = 0;
};

class ShiftedClock final : public base::Clock {
 public:
  [[nodiscard]] base::UtcTime Now() const override { return system_.Now() + base::Duration(shift_); }
  [[nodiscard]] base::Monotonic Steady() const override { return system_.Steady(); }
  void Advance(base::Duration by) { shift_ += by.count(); }

 private:
  base::SystemClock system_;
  std::atomic<std::int64_t> shift_{0};
};

}  // namespace yb::test
