// The storm: 200 boxes come back to a real broker and a real central at once, each with a backlog and with live values,
// and while they drain the broker is killed and they all come back again. All are served, nothing is lost or doubled,
// and central shows what each box says now although its past is still on the way.
//
// A box here is a libmosquitto client that drives core/sync's sender and codec, with its outbox in memory.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "core/base/guarded.hpp"
#include "core/sync/frame_codec.hpp"
#include "core/sync/lane_sender.hpp"
#include "core/sync/topics.hpp"
#include "core/telemetry/live_frame.hpp"
#include "tests/support/broker_clients.hpp"
#include "tests/support/city.hpp"

namespace yb::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using sync::Lane;
using sync::LaneSender;

constexpr int kBoxes = 200;
constexpr std::uint64_t kEpoch = 100;
constexpr std::uint64_t kBacklog = 300;     // records of a box
constexpr std::size_t kBodiesPerFrame = 5;  // small, so that the drain lasts while everybody comes back
constexpr metering::PointNo kPoint = 1;

base::CityId TheCity() {
  return *base::CityId::Parse("150200");
}
std::string SiteName(int i) {
  return "box-" + std::to_string(1000 + i);
}

/// The value says the box and the record, so that no two are alike.
base::Bytes MakeBody(int box, std::uint64_t seq) {
  const metering::Reading reading{kPoint,
                                  {1'700'000'000'000'000 + static_cast<std::int64_t>(seq) * 1'000'000},
                                  base::Decimal(static_cast<std::int64_t>(seq) * 1000 + box, 2),
                                  metering::Quality::kGood};
  return telemetry::EncodeSlice({&reading, 1}, {});
}
base::Bytes MakeDefinition() {
  telemetry::PointDefinition definition;
  definition.point.no = kPoint;
  definition.point.key = "m/a";
  definition.point.meter = "m";
  definition.limit = std::chrono::hours(1);
  return telemetry::EncodePointTable({&definition, 1});
}

class StormBox {
 public:
  StormBox(int number, const MosquittoOptions& options)
      : number_(number),
        site_(*base::SiteId::Parse(options.client_id)),
        client_(options, {.connected =
                              [this](int reason) {
                                Post({reason == 0 ? Event::kUp : Event::kDown, {}});
                              },
                          .disconnected =
                              [this] {
                                Post({Event::kDown, {}});
                              },
                          .received =
                              [this](const std::string&, base::ByteView payload) {
                                Post({Event::kMessage, base::Bytes(payload.begin(), payload.end())});
                              }}) {
    bodies_.push_back(MakeDefinition());
    for (std::uint64_t seq = 2; seq <= kBacklog; ++seq) bodies_.push_back(MakeBody(number, seq));
    sync::Chain chain{};
    for (const base::Bytes& body : bodies_) chain = sync::NextChain(chain, body);
    outbox_ = {{kEpoch, 1, bodies_.size(), chain}};
  }

  void Connect() { client_.Connect(); }

  void Drive(base::Monotonic now) {
    for (const Message& message : Take()) Handle(message, now);
    for (LaneSender::Action action = sender_.Next(now, outbox_); action.what != LaneSender::Do::kNothing;
         action = sender_.Next(now, outbox_)) {
      if (action.what == LaneSender::Do::kSendHello) {
        Send(sync::EncodeUp(sync::Hello{action.session, outbox_}), now);
      } else if (action.what == LaneSender::Do::kSendFrame) {
        SendFrame(action, now);
      }
    }
  }
  /// The latest value; the newest one is the highest.
  void SendLive(std::int64_t value) {
    const metering::Reading reading{kPoint, base::SystemClock().Now(), base::Decimal(value, 0),
                                    metering::Quality::kGood};
    const telemetry::LiveFrame frame{base::SystemClock().Now(), site_.text(), {reading}, {}};
    (void)client_.Publish(sync::UpTopic(TheCity(), site_, Lane::kLive), telemetry::EncodeLive(frame), 0);
  }

  [[nodiscard]] const base::SiteId& site() const { return site_; }
  [[nodiscard]] const std::vector<base::Bytes>& bodies() const { return bodies_; }
  [[nodiscard]] std::uint64_t acknowledged() const { return acknowledged_; }
  [[nodiscard]] int connections() const { return connections_; }

 private:
  struct Message {
    enum class Kind : std::uint8_t { kUp, kDown, kMessage } kind;
    base::Bytes payload;
  };
  using Event = Message::Kind;

  void Post(Message message) {
    inbox_.With([&](std::deque<Message>& inbox) { inbox.push_back(std::move(message)); });
  }
  std::deque<Message> Take() {
    return inbox_.With([](std::deque<Message>& inbox) { return std::exchange(inbox, {}); });
  }
  void Handle(const Message& message, base::Monotonic now) {
    if (message.kind == Event::kUp) {
      ++connections_;
      client_.Subscribe(sync::OwnDownTopics(TheCity(), site_));
      sender_.OnConnected(now, static_cast<std::uint64_t>(now.micros) * 1000 + static_cast<std::uint64_t>(number_));
    } else if (message.kind == Event::kDown) {
      sender_.OnDisconnected();
    } else if (const auto down = sync::DecodeDown(message.payload)) {
      if (const auto* ack = std::get_if<sync::Ack>(&*down)) {
        if (const auto moved = sender_.OnAck(*ack, now)) acknowledged_ = std::max(acknowledged_, moved->seq);
      } else if (const auto* welcome = std::get_if<sync::Welcome>(&*down)) {
        const auto standing = sender_.OnWelcome(
            *welcome, outbox_, false, [](auto) { return std::nullopt; }, now);
        if (standing != LaneSender::Standing::kGood) return;
        for (const sync::EpochPosition& position : welcome->positions) {
          acknowledged_ = std::max(acknowledged_, position.committed);
        }
      }
    }
  }
  void SendFrame(const LaneSender::Action& action, base::Monotonic now) {
    const std::size_t from = action.from.seq - 1;
    const std::size_t count = std::min(kBodiesPerFrame, bodies_.size() - from);
    const auto first = bodies_.begin() + static_cast<std::ptrdiff_t>(from);
    const sync::Frame frame{TheCity().text(),
                            site_.text(),
                            Lane::kHistory,
                            action.session,
                            kEpoch,
                            action.from.seq,
                            {first, first + static_cast<std::ptrdiff_t>(count)}};
    if (Send(sync::EncodeUp(frame), now)) sender_.OnFrameSent(action.from, {kEpoch, frame.last_seq()}, now);
  }
  bool Send(const base::Bytes& bytes, base::Monotonic now) {
    const bool sent = client_.Publish(sync::UpTopic(TheCity(), site_, Lane::kHistory), bytes, 1) >= 0;
    if (!sent) sender_.OnSendFailed(now);
    return sent;
  }

  const int number_;
  const base::SiteId site_;
  std::vector<base::Bytes> bodies_;
  std::vector<sync::EpochRange> outbox_;
  LaneSender sender_{sync::SenderOptions{}};
  std::uint64_t acknowledged_ = 0;
  int connections_ = 0;
  base::Guarded<std::deque<Message>> inbox_;
  MosquittoClient client_;  // after what its callbacks use
};

/// Asks central for the meters of all boxes again and again, on a thread of its own.
class LivePages {
 public:
  LivePages(const ApiAddress& central, const std::string& curl_config) {
    std::ofstream config(curl_config);
    config << "header = \"Authorization: Bearer " << central.token << "\"\n";
    for (int i = 0; i < kBoxes; ++i) {
      config << "url = \"https://127.0.0.1:" << central.port << "/api/v1/sites/" << SiteName(i) << "/meters\"\n";
    }
    command_ = "curl -ksS --max-time 20 -w '\\n' -K " + curl_config + " 2>/dev/null";
    config.close();
    thread_ = std::jthread([this](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        const std::int64_t oldest = Ask();
        oldest_ = oldest;
        std::this_thread::sleep_for(milliseconds(200));
      }
    });
  }
  /// The oldest value that any box is shown with; 0 while one is shown without.
  [[nodiscard]] std::int64_t oldest() const { return oldest_; }

 private:
  std::int64_t Ask() const {
    int status = 0;
    std::istringstream pages(RunToEnd(command_, status));
    std::int64_t oldest = INT64_MAX;
    int shown = 0;
    for (std::string line; std::getline(pages, line);) {
      const auto page = nlohmann::json::parse(line, nullptr, false);
      const auto value = page.is_object() ? ValueOf(page) : std::nullopt;
      if (!value) continue;
      ++shown;
      oldest = std::min(oldest, *value);
    }
    return shown == kBoxes ? oldest : 0;
  }
  static std::optional<std::int64_t> ValueOf(const nlohmann::json& page) {
    for (const auto& meter : page.value("meters", nlohmann::json::array())) {
      for (const auto& point : meter.value("points", nlohmann::json::array())) {
        if (point.contains("value") && point["value"].is_string()) {
          return std::strtoll(point["value"].get<std::string>().c_str(), nullptr, 10);
        }
      }
    }
    return std::nullopt;
  }

  std::string command_;
  std::atomic<std::int64_t> oldest_{0};
  std::jthread thread_;
};

class Storm {
 public:
  explicit Storm(City& city) {
    const BrokerClients clients(city.Path("pki"), city.Path(""), city.broker_port());
    for (int i = 0; i < kBoxes; ++i) {
      boxes_.push_back(std::make_unique<StormBox>(i, clients.Box(SiteName(i))));
    }
  }
  void Begin() {
    for (const auto& box : boxes_) box->Connect();
  }
  /// Drives all boxes until `done`, a minute at a time at most; false if it never was.
  template <class Done>
  bool DriveUntil(Done done, int most_seconds = 240) {
    const base::Monotonic end = clock_.Steady() + seconds(most_seconds);
    while (clock_.Steady() < end) {
      if (done()) return true;
      for (const auto& box : boxes_) box->Drive(clock_.Steady());
      if (clock_.Steady() >= next_live_) {
        next_live_ = clock_.Steady() + seconds(1);
        ++beat_;
        for (const auto& box : boxes_) box->SendLive(kFirstLive + beat_);
      }
      std::this_thread::sleep_for(milliseconds(5));
    }
    return false;
  }
  [[nodiscard]] std::uint64_t Acknowledged() const {
    std::uint64_t sum = 0;
    for (const auto& box : boxes_) sum += box->acknowledged();
    return sum;
  }
  [[nodiscard]] bool AllConnected(int times) const {
    return std::ranges::all_of(boxes_, [&](const auto& box) { return box->connections() >= times; });
  }
  [[nodiscard]] std::int64_t live() const { return kFirstLive + beat_; }
  [[nodiscard]] const std::vector<std::unique_ptr<StormBox>>& boxes() const { return boxes_; }

 private:
  static constexpr std::int64_t kFirstLive = 1'000'000'000;  // above every value of the backlog

  base::SystemClock clock_;
  std::vector<std::unique_ptr<StormBox>> boxes_;
  base::Monotonic next_live_{};
  std::int64_t beat_ = 0;
};

TEST(Storm, Serves200BoxesThatComeBackAtOnceTwice) {
  for (const char* program : {"mosquitto", "curl"}) {
    if (std::system((std::string("command -v ") + program + " >/dev/null 2>&1").c_str()) != 0) {
      GTEST_SKIP() << program << " is not installed";
    }
  }
  constexpr std::uint64_t kAll = kBoxes * kBacklog;
  City city(YB_BIN_DIR, YB_SOURCE_DIR, {});
  Storm storm(city);
  city.StartBroker();
  city.StartCentral();
  LivePages pages(city.central_api(), city.Path("curl.conf"));

  storm.Begin();
  ASSERT_TRUE(storm.DriveUntil([&] { return storm.Acknowledged() >= kAll / 4; })) << storm.Acknowledged();
  city.KillBroker();
  city.StartBroker();
  ASSERT_TRUE(storm.DriveUntil([&] { return storm.AllConnected(2); })) << "not all came back";
  const std::int64_t back = storm.live();
  EXPECT_TRUE(storm.DriveUntil([&] { return pages.oldest() > back; })) << "central shows old values";
  std::printf("all back and shown live with %llu of %llu records still on their way\n",
              static_cast<unsigned long long>(kAll - storm.Acknowledged()), static_cast<unsigned long long>(kAll));
  ASSERT_TRUE(storm.DriveUntil([&] { return storm.Acknowledged() == kAll; })) << storm.Acknowledged();
  const std::int64_t drained = storm.live();
  EXPECT_TRUE(storm.DriveUntil([&] { return pages.oldest() > drained; })) << "central shows old values";

  city.EndCentral();
  const auto log = city.OpenLog("central/telemetry.db");
  for (const auto& box : storm.boxes()) {
    const auto received = log->ReadBodies(*log->EnsureSite(box->site()), Lane::kHistory, {kEpoch, 1}, SIZE_MAX);
    ASSERT_TRUE(received);
    EXPECT_TRUE(*received == box->bodies()) << box->site().text() << ": " << received->size();
  }
}

}  // namespace
}  // namespace yb::test
