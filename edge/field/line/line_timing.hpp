// LineTiming: the waits of one line. Values; the defaults suit a meter behind a serial server on the local network.
#pragma once

#include <chrono>

#include "core/base/time.hpp"

namespace yb::field::line {

struct LineTiming {
  base::Duration reply_timeout = std::chrono::milliseconds(1500);  // request sent to first byte, the link included
  base::Duration idle_timeout = std::chrono::milliseconds(500);    // silence that ends an answer
  base::Duration pause = std::chrono::milliseconds(30);            // silence before the next request
  // After a time-out nothing is sent for so long: a late answer is still taken, and does not meet the next request.
  base::Duration late_window = std::chrono::milliseconds(500);
  int extra_tries = 2;                // on silence or a wrong checksum; none after an error reply
  int reconnect_after_silences = 12;  // requests given up in a row, over all meters

  friend bool operator==(const LineTiming&, const LineTiming&) = default;
};

}  // namespace yb::field::line
