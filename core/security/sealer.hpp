// Sealer: keeps bytes secret and unchanged under one secret, SM4-CTR and then HMAC-SM3 (encrypt-then-MAC).
//
// Sealed bytes: version (1), nonce (16, random), ciphertext (as long as the plain bytes), tag (32). The tag is over
// version, nonce, the length of `bound` in 8 bytes big-endian, `bound`, ciphertext. SM4 key: the first 16 bytes of
// HMAC-SM3(secret, "yuanban seal cipher"); MAC key: HMAC-SM3(secret, "yuanban seal mac"). The nonce is the first
// counter block.
//
// A value; any thread.
#pragma once

#include "core/security/sm_ciphers.hpp"

namespace yb::security {

using Secret = std::array<std::uint8_t, 32>;
[[nodiscard]] Secret DrawSecret();

class Sealer {
 public:
  static constexpr std::size_t kOverhead = 1 + 16 + 32;

  explicit Sealer(const Secret& secret);
  ~Sealer();
  Sealer(const Sealer&) = default;
  Sealer& operator=(const Sealer&) = default;

  /// `bound` is what the bytes belong to; they open only where the same is named.
  [[nodiscard]] base::Bytes Seal(base::ByteView bound, base::ByteView plain) const;
  /// kCorrupt where a bit of it differs, it is bound to something else or sealed under another secret; kUnsupported
  /// where a later version sealed it.
  [[nodiscard]] base::Result<base::Bytes> Open(base::ByteView bound, base::ByteView sealed) const;

 private:
  Sm4Key cipher_key_{};
  Sm3Digest mac_key_{};
};

}  // namespace yb::security
