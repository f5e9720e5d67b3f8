#include "core/security/sealer.hpp"

#include <openssl/crypto.h>

#include <algorithm>

#include "core/security/random.hpp"

namespace yb::security {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kNonceBytes = 16;
constexpr std::size_t kTagBytes = 32;
constexpr std::size_t kFront = 1 + kNonceBytes;

Sm3Digest TagOf(const Sm3Digest& key, base::ByteView front, base::ByteView bound, base::ByteView ciphertext) {
  std::array<std::uint8_t, 8> length{};
  for (std::size_t i = 0; i < length.size(); ++i) length[i] = static_cast<std::uint8_t>(bound.size() >> (56 - 8 * i));
  const std::array<base::ByteView, 4> parts = {front, length, bound, ciphertext};
  return HmacSm3(key, parts);
}

}  // namespace

Secret DrawSecret() {
  Secret secret{};
  base::Bytes drawn = RandomBytes(secret.size());
  std::ranges::copy(drawn, secret.begin());
  OPENSSL_cleanse(drawn.data(), drawn.size());
  return secret;
}

Sealer::Sealer(const Secret& secret) : mac_key_(HmacSm3(secret, base::AsBytes("yuanban seal mac"))) {
  const Sm3Digest cipher = HmacSm3(secret, base::AsBytes("yuanban seal cipher"));
  std::copy_n(cipher.begin(), cipher_key_.size(), cipher_key_.begin());
}

Sealer::~Sealer() {
  OPENSSL_cleanse(cipher_key_.data(), cipher_key_.size());
  OPENSSL_cleanse(mac_key_.data(), mac_key_.size());
}

base::Bytes Sealer::Seal(base::ByteView bound, base::ByteView plain) const {
  base::Bytes sealed(kOverhead + plain.size());
  sealed[0] = kVersion;
  const base::Bytes drawn = RandomBytes(kNonceBytes);
  std::ranges::copy(drawn, sealed.begin() + 1);
  Sm4Counter nonce{};
  std::ranges::copy(drawn, nonce.begin());
  const std::span<std::uint8_t> ciphertext = std::span(sealed).subspan(kFront, plain.size());
  Sm4Ctr(cipher_key_, nonce, plain, ciphertext);
  const Sm3Digest tag = TagOf(mac_key_, base::ByteView(sealed).first(kFront), bound, ciphertext);
  std::ranges::copy(tag, sealed.end() - static_cast<std::ptrdiff_t>(tag.size()));
  return sealed;
}

base::Result<base::Bytes> Sealer::Open(base::ByteView bound, base::ByteView sealed) const {
  if (sealed.size() < kOverhead) {
    return base::Fail(base::ErrorCode::kCorrupt, "the sealed bytes are shorter than their seal");
  }
  if (sealed[0] != kVersion) {
    return base::Fail(base::ErrorCode::kUnsupported,
                      "the bytes were sealed in version " + std::to_string(sealed[0]) + " of the form",
                      "start the newer program that sealed them");
  }
  const base::ByteView ciphertext = sealed.subspan(kFront, sealed.size() - kOverhead);
  const Sm3Digest tag = TagOf(mac_key_, sealed.first(kFront), bound, ciphertext);
  if (!SameSecret(tag, sealed.last(kTagBytes))) {
    return base::Fail(base::ErrorCode::kCorrupt, "the sealed bytes were changed, or belong to something else");
  }
  Sm4Counter nonce{};
  std::ranges::copy(sealed.subspan(1, kNonceBytes), nonce.begin());
  base::Bytes plain(ciphertext.size());
  Sm4Ctr(cipher_key_, nonce, ciphertext, plain);
  return plain;
}

}  // namespace yb::security
