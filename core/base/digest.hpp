// SHA-256, for frames, chains and file contents.
#pragma once

#include <array>
#include <cstdint>

#include "core/base/bytes.hpp"

namespace yb::base {

using Digest = std::array<std::uint8_t, 32>;

[[nodiscard]] Digest Sha256(ByteView bytes);
/// The digest of `first` followed by `second`.
[[nodiscard]] Digest Sha256(ByteView first, ByteView second);

}  // namespace yb::base
