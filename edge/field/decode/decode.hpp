// Decode: frames from a line, explained. The decoder tool of administrators (`yuanbanctl meter decode`) uses it, and
// it alone may detect a layout that a profile would otherwise say. Pure functions; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

namespace yb::field::decode {

struct DecodeResult {
  bool good = false;  // false where the frames are rejected: `json` says why under "reject"
  std::string json;   // one object: control, address, di, values, …
};

/// The protocols Decode knows.
[[nodiscard]] std::vector<std::string> DecodableProtocols();

/// `frames` are the received bytes in order: a long answer's follow-up frames one by one. `layout` is "auto" or empty
/// to detect; "value-unit" and "unit-value" for CJ/T 188 heat; "rtu" and "tcp" for Modbus. kInvalidArgument for an
/// unknown protocol or layout, or no frames.
[[nodiscard]] base::Result<DecodeResult> Decode(std::string_view protocol, std::string_view layout,
                                                const std::vector<base::Bytes>& frames);

}  // namespace yb::field::decode
