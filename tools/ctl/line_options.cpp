#include "tools/ctl/line_options.hpp"

#include <CLI/CLI.hpp>
#include <charconv>

#include "edge/field/line_channel.hpp"

namespace yb::ctl {

using field::LineConfig;
using field::LineKind;

namespace {

base::Status ReadAddress(const std::string& text, LineConfig& line) {
  const std::size_t colon = text.rfind(':');
  const char* const end = text.data() + text.size();
  const auto [stop, code] = colon == std::string::npos ? std::from_chars_result{end, std::errc::invalid_argument}
                                                       : std::from_chars(text.data() + colon + 1, end, line.port);
  if (code != std::errc() || stop != end || line.port == 0) {
    return base::Fail(base::ErrorCode::kInvalidArgument, "'" + text + "' is no HOST:PORT", "such as 10.0.3.7:4001");
  }
  line.host = text.substr(0, colon);
  return {};
}

std::string WhyNoAddress(const std::string& text) {
  LineConfig line;
  const base::Status read = ReadAddress(text, line);
  return read ? std::string() : read.error().Describe();
}

}  // namespace

void LineOptions::AddTo(CLI::App& command) {
  CLI::Option_group* way = command.add_option_group("line", "The line");
  way->add_option("--tcp", tcp, "HOST:PORT of a serial server or Modbus gateway that listens")
      ->type_name("ADDRESS")
      ->check(WhyNoAddress);
  way->add_option("--serial", serial, "A serial port of this machine, such as /dev/ttyS1")->type_name("DEVICE");
  way->add_option("--listen", listen, "PORT on which a DTU dials in")->check(CLI::Range(1, 65535));
  way->require_option(1);
  command.add_option("--registration", registration, "Text that the DTU's registration packet (注册包) holds")
      ->type_name("TEXT");
  command.add_option("--wait-s", wait_s, "How long a DTU is waited for")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str();
  command.add_option("--baud", baud, "Speed of the serial port")->check(CLI::Range(600, 115200))->capture_default_str();
  command.add_option("--parity", parity, "Parity of the serial port")
      ->check(CLI::IsMember({"even", "none", "odd"}))
      ->capture_default_str();
  command.add_option("--timeout-ms", timeout_ms, "From a question to the first byte of its answer")
      ->check(CLI::Range(20, 60000))
      ->capture_default_str();
  command.add_option("--idle-ms", idle_ms, "Silence that ends an answer; 500 and more through a DTU")
      ->check(CLI::Range(5, 60000))
      ->capture_default_str();
}

field::line::LineTiming LineOptions::Timing() const {
  field::line::LineTiming timing;
  timing.reply_timeout = std::chrono::milliseconds(timeout_ms);
  timing.idle_timeout = std::chrono::milliseconds(idle_ms);
  timing.extra_tries = 1;
  return timing;
}

base::Result<std::unique_ptr<field::line::ByteChannel>> LineOptions::Open() const {
  LineConfig line;
  if (!tcp.empty()) {
    YB_TRY(ReadAddress(tcp, line));
  } else if (!serial.empty()) {
    line.kind = LineKind::kSerial;
    line.serial.device = serial;
    line.serial.baud = baud;
    line.serial.parity = parity == "none"  ? field::line::Parity::kNone
                         : parity == "odd" ? field::line::Parity::kOdd
                                           : field::line::Parity::kEven;
  } else {
    line.kind = LineKind::kTcpListen;
    line.dial_in.port = static_cast<std::uint16_t>(listen);
    line.dial_in.registration.assign(registration.begin(), registration.end());
  }
  std::unique_ptr<field::line::ByteChannel> channel = field::MakeChannel(line);
  YB_TRY(channel->Open(std::chrono::seconds(line.kind == LineKind::kTcpListen ? wait_s : 5), -1));
  return channel;
}

}  // namespace yb::ctl
