// LineOptions: how a command that speaks with meters is told its line, as the options of CLI11.
#pragma once

#include <memory>
#include <string>

#include "edge/field/line/byte_channel.hpp"
#include "edge/field/line/line_timing.hpp"

namespace CLI {
class App;
}

namespace yb::ctl {

struct LineOptions {
  std::string tcp;     // "10.0.3.7:4001"
  std::string serial;  // "/dev/ttyS1"
  int listen = 0;      // port, for a DTU that dials in
  std::string registration;
  int baud = 2400;
  std::string parity = "even";
  int timeout_ms = 1000;
  int idle_ms = 200;
  int wait_s = 30;  // for the DTU

  void AddTo(CLI::App& command);
  [[nodiscard]] field::line::LineTiming Timing() const;
  /// Opens the line. kInvalidArgument for an address without a port; kUnavailable and kTimeout where nobody is there.
  [[nodiscard]] base::Result<std::unique_ptr<field::line::ByteChannel>> Open() const;
};

}  // namespace yb::ctl
