// Modbus frames (MODBUS Application Protocol V1.1b3, Serial Line V1.02): reads of registers over RTU, over RTU inside
// a TCP pipe, and over Modbus TCP.
//
// The encoders build functions 03 and 04 only. No function here takes a function code, so that no caller can build a
// write. Pure functions and values; no threads.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/bytes.hpp"
#include "edge/field/frame_scanner.hpp"

namespace yb::field::modbus {

/// kRtu is also what goes through a raw TCP pipe to a serial line.
enum class Framing : std::uint8_t { kRtu, kTcp };

enum class Table : std::uint8_t { kHolding, kInput };  // functions 03 and 04

constexpr std::uint16_t kMostRegisters = 125;  // of one read

struct ReadRequest {
  std::uint8_t unit = 1;
  Table table = Table::kHolding;
  std::uint16_t first = 0;  // as on the wire, counted from 0
  std::uint16_t count = 1;  // 1..kMostRegisters
};

struct Reply {
  std::uint16_t transaction = 0;          // Modbus TCP only
  std::vector<std::uint16_t> registers;   // of a good reply
  std::optional<std::uint8_t> exception;  // of a refusal: 02 is "illegal data address"
};

/// `transaction` is used by Modbus TCP only.
[[nodiscard]] base::Bytes Encode(Framing framing, const ReadRequest& request, std::uint16_t transaction);

/// For FrameScanner: a whole good or refusing reply to `request`. Replies to other transactions are frames too.
[[nodiscard]] Candidate ExamineReply(Framing framing, const ReadRequest& request, base::ByteView view);

/// `whole` is one frame that ExamineReply called kFrame.
[[nodiscard]] Reply ParseReply(Framing framing, base::ByteView whole);

/// The CRC of a serial frame: reflected 8005H, start FFFFH; sent low byte first.
[[nodiscard]] std::uint16_t Crc(base::ByteView bytes);

/// Registers as sent, high byte first; `bytes` is even.
[[nodiscard]] std::vector<std::uint16_t> RegistersOf(base::ByteView bytes);

/// "illegal data address" for 02; "unknown" for a code the standard does not have.
[[nodiscard]] std::string_view ExceptionName(std::uint8_t exception);

}  // namespace yb::field::modbus
