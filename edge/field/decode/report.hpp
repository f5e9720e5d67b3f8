// Report: what the decoder tool found in some frames, before it becomes JSON. Values; no threads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.hpp"
#include "edge/field/frame_scanner.hpp"
#include "edge/field/wire_value.hpp"

namespace yb::field::decode {

struct Report {
  std::string reject;                                         // why the frames are refused; empty for good ones
  std::optional<std::uint32_t> stated_check, computed_check;  // with reject "bad_checksum" and "bad_crc"
  bool is_crc = false;                                        // the check is a CRC of 16 bits, not a sum of 8

  std::string control, address, di, meter_type, ser;  // empty where the protocol has none
  std::optional<int> sequence;
  bool more_follows = false;  // the rest of the answer is not there

  std::vector<WireValue> values;
  bool has_values = false;
  base::Bytes extra;     // behind the last value
  base::Bytes raw_data;  // instead of values, where the layout is unknown
  std::vector<std::string> error_bits;
  std::optional<std::uint8_t> error_byte;

  std::string layout;  // heat meters: "value-unit", "unit-value"; Modbus: "rtu", "tcp"
  bool layout_detected = false;
  bool unverified = false;

  std::vector<std::uint16_t> registers;
  bool has_registers = false;
  std::optional<std::uint8_t> exception;
  std::string exception_name;

  std::vector<base::Bytes> frames;  // listed where there are several, or one in an envelope
};

/// One JSON object, keys in the order of the report; absent parts are left out.
[[nodiscard]] std::string ToJson(const Report& report);

/// The whole frames in `bytes`, in order; `in_envelope` says whether something that looked like a frame came before.
struct FoundFrames {
  std::vector<base::Bytes> frames;
  bool in_envelope = false;
};
[[nodiscard]] FoundFrames FindFrames(const Examine& examine, base::ByteView bytes);

/// Refuses bytes that hold no frame: "bad_checksum", "bad_end", "truncated" or "no_frame".
[[nodiscard]] Report NoFrame(const Examine& examine, const std::vector<base::Bytes>& inputs);

}  // namespace yb::field::decode
