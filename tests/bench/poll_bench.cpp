// How near 8 lines at once come to what 2400 baud allows: the box's own field side asks simulated meters behind paced
// lines, and the requests per second of each are compared with one request per (request + meter's delay + answer +
// silence). Prints one JSON line; shares count, since machines are noisy.
#include <chrono>
#include <cstdio>
#include <thread>

#include "edge/field/field_side.hpp"
#include "tests/support/metersim_process.hpp"
#include "tests/support/temp_folder.hpp"

namespace {

using namespace std::chrono_literals;

constexpr int kLines = 8;
constexpr int kMetersPerLine = 4;
constexpr double kSecondsPerByte = 11.0 / 2400;  // start, 8 data, even parity, stop
constexpr double kMeterDelay = 0.050;
constexpr double kSilence = 0.030;
constexpr auto kWarmUp = 5s;
constexpr auto kMeasured = 30s;

// DL/T 645-2007: four FE to wake the meter in either direction, 12 bytes around the data.
constexpr int kAround = 4 + 12;
constexpr int kRequest = kAround + 4;
constexpr int kAnswer = kAround + 4 + 4;  // 00010000: identifier and four bytes of BCD

constexpr std::string_view kProfile =
    "title = \"One register\"\nprotocol = \"dlt645-2007\"\nutility = \"power\"\n[[point]]\n"
    "quantity = \"fwd_active_energy\"\nunit = \"kWh\"\nkind = \"register\"\ndi = \"00010000\"\n";

class NoSink final : public yb::field::ReadingSink {
 public:
  void OnAnswer(std::span<yb::metering::Reading>) override {}
  void OnPollOver(std::span<const yb::metering::Reading>) override {}
};

std::string Key(int line) {
  return "line-" + std::to_string(line);
}
std::string Address(int line, int meter) {
  return std::to_string(260305510000 + line * 100 + meter);
}

std::string SimConfig() {
  std::string text;
  for (int line = 0; line < kLines; ++line) {
    text += "[[line]]\nkey = \"" + Key(line) + "\"\nlisten = \"127.0.0.1:0\"\nbaud = 2400\n";
    for (int meter = 0; meter < kMetersPerLine; ++meter) {
      text += "[[line.meter]]\nprotocol = \"DLT645-2007\"\nprofile = \"dormitory\"\naddress = \"" +
              Address(line, meter) + "\"\n";
    }
  }
  return text;
}

// Everything but ways and meters is the box's default; an interval of a second keeps more due than a line can ask.
yb::field::FieldConfig BoxConfig(const yb::test::MetersimProcess& sim) {
  std::string text;
  for (int line = 0; line < kLines; ++line) {
    text += "[[line]]\nkey = \"" + Key(line) +
            "\"\nkind = \"tcp\"\nhost = \"127.0.0.1\"\nport = " + std::to_string(sim.port(Key(line))) + "\n";
    for (int meter = 0; meter < kMetersPerLine; ++meter) {
      text += "[[line.meter]]\nkey = \"m" + Address(line, meter) + "\"\nname = \"m\"\nprofile = \"one\"\naddress = \"" +
              Address(line, meter) + "\"\ninterval_s = 1\n";
    }
  }
  auto profile = yb::field::ParseProfile(kProfile, "one", "one.toml");
  YB_CHECK(profile.has_value(), "a bench's profile is wrong");
  auto config = yb::field::ParseFieldConfig(text, "field.toml", {{"one", *profile}});
  YB_CHECK(config.has_value(), "a bench's configuration is wrong");
  return *config;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: poll_bench PROGRAMS\n");
    return 2;
  }
  const yb::test::TempFolder folder;
  const yb::test::MetersimProcess sim(std::string(argv[1]) + "/metersim", folder.path(), SimConfig());
  const yb::field::FieldConfig config = BoxConfig(sim);
  yb::field::FieldSide::PointNumbers numbers;
  for (const auto& point : config.Points()) {
    numbers.emplace(point.key, static_cast<yb::metering::PointNo>(numbers.size() + 1));
  }
  const yb::base::SystemClock clock;
  NoSink sink;
  yb::field::FieldSide side(clock, sink);
  YB_CHECK(side.Apply(config, numbers).has_value(), "a bench's lines do not start");
  std::this_thread::sleep_for(kWarmUp);
  const auto before = side.Snapshot();
  const auto start = std::chrono::steady_clock::now();
  std::this_thread::sleep_for(kMeasured);
  const auto after = side.Snapshot();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const double most = 1 / ((kRequest + kAnswer) * kSecondsPerByte + kMeterDelay + kSilence);
  double answers = 0;
  double least_share = 1;
  std::uint64_t timeouts = 0;
  for (std::size_t line = 0; line < after.size(); ++line) {
    const auto& counters = after[line].status.counters;
    const auto of_line = static_cast<double>(counters.answers - before[line].status.counters.answers);
    answers += of_line;
    least_share = std::min(least_share, of_line / seconds / most);
    timeouts += counters.timeouts;
  }
  std::printf(
      "{\"bench\":\"poll\",\"lines\":%d,\"requests_per_second\":%.2f,\"line_share\":%.3f,"
      "\"least_line_share\":%.3f,\"timeouts\":%llu}\n",
      kLines, answers / seconds, answers / seconds / (most * kLines), least_share,
      static_cast<unsigned long long>(timeouts));
  return timeouts == 0 ? 0 : 1;
}
