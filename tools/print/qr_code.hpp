// A QR code (ISO/IEC 18004) as its modules. A value; pure.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.hpp"

namespace yb::print {

struct QrCode {
  std::size_t width = 0;    // modules, without the quiet zone
  std::vector<bool> black;  // row by row
  static constexpr std::size_t kQuiet = 4;
};

/// With error correction level M. kInvalidArgument for a text that no code holds.
[[nodiscard]] base::Result<QrCode> MakeQrCode(const std::string& text);

}  // namespace yb::print
