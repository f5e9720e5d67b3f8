// The whole simulator over real sockets: configuration file, port file, answers, truth log, a clean end.
#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <atomic>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/unit/metersim/frames.hpp"
#include "tests/unit/metersim/scratch_folder.hpp"
#include "tools/metersim/file_descriptor.hpp"
#include "tools/metersim/metersim_app.hpp"

namespace yb::metersim {
namespace {

sockaddr_in Loopback(int port) {
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_port = htons(static_cast<std::uint16_t>(port));
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return name;
}

class Client {
 public:
  explicit Client(int port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const sockaddr_in name = Loopback(port);
    EXPECT_EQ(::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name), 0);
  }
  explicit Client(FileDescriptor fd) : fd_(std::move(fd)) { EXPECT_TRUE(fd_.valid()); }
  void Say(std::string_view hex) const {
    const base::Bytes bytes = Hex(hex);
    EXPECT_EQ(::write(fd_.get(), bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  }
  /// So many bytes in hex, or what came within five seconds.
  std::string Hear(std::size_t count) const {
    base::Bytes heard;
    pollfd ready{fd_.get(), POLLIN, 0};
    while (heard.size() < count && ::poll(&ready, 1, 5000) == 1) {
      std::uint8_t buffer[512];
      const ssize_t got = ::read(fd_.get(), buffer, std::min(sizeof buffer, count - heard.size()));
      if (got <= 0) break;
      heard.insert(heard.end(), buffer, buffer + got);
    }
    return base::ToHex(heard);
  }

 private:
  FileDescriptor fd_;
};

class RunningSimulator {
 public:
  explicit RunningSimulator(const std::string& config) : stop_(::eventfd(0, EFD_CLOEXEC)) {
    std::ofstream(folder_.path() / "sim.toml") << config;
    options_.config = folder_.path() / "sim.toml";
    options_.log = folder_.path() / "truth.jsonl";
    options_.port_file = folder_.path() / "ports";
    thread_ = std::thread([this] {
      status_ = RunMetersim(options_, clock_, stop_.get());
      ended_ = true;
    });
    while (!ended_ && !std::filesystem::exists(*options_.port_file)) ::poll(nullptr, 0, 1);
    std::ifstream ports(*options_.port_file);
    for (std::string line, port; ports >> line >> port;) ports_[line] = std::stoi(port);
  }
  ~RunningSimulator() { Stop(); }

  int port(const std::string& line) const { return ports_.at(line); }
  base::Status Stop() {
    if (thread_.joinable()) {
      const std::uint64_t one = 1;
      EXPECT_EQ(::write(stop_.get(), &one, sizeof one), static_cast<ssize_t>(sizeof one));
      thread_.join();
    }
    return status_;
  }
  std::vector<nlohmann::json> Truth() const {
    std::vector<nlohmann::json> lines;
    std::ifstream in(*options_.log);
    for (std::string line; std::getline(in, line);) lines.push_back(nlohmann::json::parse(line));
    return lines;
  }

 private:
  ScratchFolder folder_;
  base::SystemClock clock_;
  MetersimOptions options_;
  FileDescriptor stop_;
  base::Status status_;
  std::atomic<bool> ended_ = false;
  std::thread thread_;
  std::map<std::string, int> ports_;
};

constexpr const char* kTwoLines = R"(
[[line]]
key = "line-1"
listen = "127.0.0.1:0"
[[line.meter]]
protocol = "DLT645-2007"
address = "000000000161"
profile = "industrial-feeder"
preamble = 0

[[line]]
key = "line-2"
listen = "127.0.0.1:0"
[[line.meter]]
protocol = "CJT188"
address = "11223344556677"
profile = "industrial-water"
count = 60
)";

TEST(MetersimOverSockets, LogsExactlyWhatItSent) {
  RunningSimulator simulator(kTwoLines);
  const Client power(simulator.port("line-1")), water(simulator.port("line-2"));
  power.Say("68610100000000681104333334331416");
  const std::string energy = power.Hear(20);
  EXPECT_EQ(energy.substr(0, 28), "6861010000000068910833333433");
  water.Say("FEFEFE6810776655443322110103901F010816");
  const std::string volume = water.Hear(37);
  EXPECT_EQ(volume.substr(0, 32), "FEFE6810776655443322118116901F01");
  ASSERT_TRUE(simulator.Stop());
  const std::vector<nlohmann::json> truth = simulator.Truth();
  ASSERT_EQ(truth.size(), 2U);
  EXPECT_EQ(truth[0]["line"], "line-1");
  EXPECT_EQ(truth[0]["frame_hex"], energy);
  EXPECT_EQ(truth[0]["values"][0]["quantity"], "fwd_active_energy");
  EXPECT_EQ(truth[1]["address"], "11223344556677");
  EXPECT_EQ(truth[1]["frame_hex"], volume);
  EXPECT_EQ(truth[1]["values"].size(), 2U);
}

TEST(MetersimOverSockets, LetsEveryConnectionHearTheBus) {
  RunningSimulator simulator(kTwoLines);
  const Client asker(simulator.port("line-1")), listener(simulator.port("line-1"));
  asker.Say("68610100000000681104333334331416");
  const std::string answer = asker.Hear(20);
  EXPECT_EQ(listener.Hear(20), answer);
  ASSERT_TRUE(simulator.Stop());
  EXPECT_EQ(simulator.Truth().size(), 1U) << "one answer, however many heard it";
}

TEST(MetersimOverSockets, CallsTheBoxAsADtuDoesAndAgainAfterALoss) {
  const FileDescriptor listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in name = Loopback(0);
  socklen_t length = sizeof name;
  auto* any_name = reinterpret_cast<sockaddr*>(&name);
  ASSERT_EQ(::bind(listener.get(), any_name, length), 0);
  ASSERT_EQ(::listen(listener.get(), 4), 0);
  ASSERT_EQ(::getsockname(listener.get(), any_name, &length), 0);
  RunningSimulator simulator("[[line]]\nkey = \"dtu\"\ndial = \"127.0.0.1:" + std::to_string(ntohs(name.sin_port)) +
                             "\"\n" + R"(registration = "15000000001"
heartbeat_hex = "FE"
heartbeat_every_ms = 100
[[line.meter]]
protocol = "DLT645-2007"
address = "000000000161"
profile = "dormitory"
preamble = 0
)");
  {
    const Client box(FileDescriptor(::accept(listener.get(), nullptr, nullptr)));
    EXPECT_EQ(box.Hear(12), base::ToHex(base::AsBytes("15000000001")) + "FE");
  }
  const Client again(FileDescriptor(::accept(listener.get(), nullptr, nullptr)));
  EXPECT_EQ(again.Hear(11), base::ToHex(base::AsBytes("15000000001")));
  again.Say("68610100000000681104333334331416");
  EXPECT_NE(again.Hear(22).find("6861010000000068910833333433"), std::string::npos);
  ASSERT_TRUE(simulator.Stop());
  EXPECT_EQ(simulator.Truth().size(), 1U);
}

TEST(MetersimOverSockets, IsASerialDeviceBehindALink) {
  const ScratchFolder folder;
  const std::string link = folder.path() / "line-1";
  RunningSimulator simulator("[[line]]\nkey = \"line-1\"\npty = \"" + link + "\"\n" + R"(
[[line.meter]]
protocol = "DLT645-2007"
address = "000000000161"
profile = "dormitory"
preamble = 4
)");
  {
    const Client box(FileDescriptor(::open(link.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC)));
    box.Say("68610100000000681104333334331416");
    EXPECT_EQ(box.Hear(24).substr(0, 36), "FEFEFEFE6861010000000068910833333433");
  }
  const Client next(FileDescriptor(::open(link.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC)));
  next.Say("68610100000000681104333334331416");
  EXPECT_EQ(next.Hear(24).substr(0, 8), "FEFEFEFE") << "the line outlives its user";
  ASSERT_TRUE(simulator.Stop());
  EXPECT_EQ(simulator.Truth().size(), 2U);
  EXPECT_FALSE(std::filesystem::is_symlink(link));
}

TEST(MetersimOverSockets, AnswersTheAskerAloneOnModbusTcp) {
  RunningSimulator simulator(R"(
[[line]]
key = "modbus"
listen = "127.0.0.1:0"
[[line.meter]]
protocol = "MODBUS-TCP"
address = "1"
count = 2
map = "acrel-dtsd1352"
profile = "industrial-feeder"
)");
  const Client asker(simulator.port("modbus")), other(simulator.port("modbus"));
  asker.Say("002A00000006020300610003");
  EXPECT_EQ(asker.Hear(15).substr(0, 18), "002A00000009020306");
  other.Say("000100000006010300770001");
  EXPECT_EQ(other.Hear(11).substr(0, 18), "000100000005010302") << "and nothing of the first answer";
  ASSERT_TRUE(simulator.Stop());
  const std::vector<nlohmann::json> truth = simulator.Truth();
  ASSERT_EQ(truth.size(), 2U);
  EXPECT_EQ(truth[0]["address"], "2");
  EXPECT_EQ(truth[0]["di"], "03:0061+3");
  EXPECT_EQ(truth[0]["values"].size(), 3U);
}

TEST(MetersimOverSockets, RefusesToStartOnAWrongConfiguration) {
  RunningSimulator simulator("[[line]]\nkey = 5\n");
  const base::Status status = simulator.Stop();
  ASSERT_FALSE(status);
  EXPECT_NE(status.error().Describe().find("sim.toml:2: line: key: found the number 5"), std::string::npos);
}

}  // namespace
}  // namespace yb::metersim
