// SM3 (GB/T 32905), HMAC-SM3 and SM4 in counter mode (GB/T 32907), through OpenSSL. SM4-GCM does not exist in OpenSSL
// 3.0: what is kept secret is encrypted in counter mode and then authenticated (sealer.hpp).
// Pure functions; any thread.
#pragma once

#include <array>
#include <span>

#include "core/base/bytes.hpp"

namespace yb::security {

using Sm3Digest = std::array<std::uint8_t, 32>;
using Sm4Key = std::array<std::uint8_t, 16>;
using Sm4Counter = std::array<std::uint8_t, 16>;  // big-endian, counts blocks up from here

[[nodiscard]] Sm3Digest Sm3(base::ByteView bytes);
/// Over the parts one behind the other.
[[nodiscard]] Sm3Digest HmacSm3(base::ByteView key, std::span<const base::ByteView> parts);
[[nodiscard]] Sm3Digest HmacSm3(base::ByteView key, base::ByteView bytes);

/// Encrypts or decrypts `in` into `out` of the same size, which may be the same bytes.
void Sm4Ctr(const Sm4Key& key, const Sm4Counter& first, base::ByteView in, std::span<std::uint8_t> out);

/// Whether both are the same, in a time that does not tell where they differ.
[[nodiscard]] bool SameSecret(base::ByteView a, base::ByteView b);

}  // namespace yb::security
