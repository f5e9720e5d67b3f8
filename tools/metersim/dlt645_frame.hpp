// Frames of DL/T 645 as a meter sends them (chapter 5 of DL/T 645-2007; DL/T 645-1997 has the same skeleton):
// FE… 68 A0..A5 68 C L DATA+33 CS 16.
// Pure functions; no threads.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/bytes.hpp"

namespace yb::metersim {

/// Most data bytes of a read answer.
inline constexpr std::size_t kDlt645LongestAnswer = 200;

/// `address` in wire order, `data` without +33; `preamble` bytes of FE go first.
[[nodiscard]] base::Bytes EncodeDlt645(base::ByteView address, std::uint8_t control, base::ByteView data, int preamble);

}  // namespace yb::metersim
