// Hex in, hex out, for tests that compare frames.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "core/base/bytes.hpp"
#include "tools/metersim/bus_meter.hpp"

namespace yb::metersim {

inline base::Bytes Hex(std::string_view text) {
  const base::Result<base::Bytes> bytes = base::FromHex(text);
  EXPECT_TRUE(bytes) << text;
  return bytes ? *bytes : base::Bytes();
}

inline BusFrame Request(std::string_view hex, ScanFor scan_for = ScanFor::kMeterBusWithRtu) {
  FrameScanner scanner(scan_for);
  scanner.Append(Hex(hex));
  std::optional<BusFrame> frame = scanner.Next();
  EXPECT_TRUE(frame) << hex;
  return frame.value_or(BusFrame());
}

/// The answer in hex, "" for silence.
inline std::string Ask(BusMeter& meter, std::string_view request_hex, base::UtcTime now = {}) {
  const std::optional<Answer> answer = meter.OnRequest(Request(request_hex), now);
  return answer ? base::ToHex(answer->frame) : std::string();
}

/// "fwd_active_energy=1842.36 kWh; …"
inline std::string Meaning(const Answer& answer) {
  std::string text;
  for (const SentValue& value : answer.values) {
    if (!text.empty()) text += "; ";
    text += value.quantity + "=" + (value.value ? value.value->ToString() : "null");
    if (!value.unit.empty()) text += " " + value.unit;
  }
  return text;
}

}  // namespace yb::metersim
