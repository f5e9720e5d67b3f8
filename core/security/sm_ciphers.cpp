#include "core/security/sm_ciphers.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <memory>

namespace yb::security {
namespace {

constexpr std::size_t kSm3Block = 64;

/// SM3 over several parts.
Sm3Digest Sm3Of(std::span<const base::ByteView> parts) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  bool good = context && EVP_DigestInit_ex(context.get(), EVP_sm3(), nullptr) == 1;
  for (const base::ByteView part : parts) {
    good = good && EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1;
  }
  Sm3Digest digest{};
  good = good && EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) == 1;
  YB_CHECK(good, "this OpenSSL has no SM3");
  return digest;
}

}  // namespace

Sm3Digest Sm3(base::ByteView bytes) {
  return Sm3Of({&bytes, 1});
}

Sm3Digest HmacSm3(base::ByteView key, std::span<const base::ByteView> parts) {
  // RFC 2104 over SM3.
  std::array<std::uint8_t, kSm3Block> block{};
  if (key.size() > block.size()) {
    const Sm3Digest shorter = Sm3(key);
    std::ranges::copy(shorter, block.begin());
  } else {
    std::ranges::copy(key, block.begin());
  }
  std::array<std::uint8_t, kSm3Block> pad{};
  const auto padded = [&](std::uint8_t with) {
    std::ranges::transform(block, pad.begin(), [with](std::uint8_t byte) { return byte ^ with; });
    return base::ByteView(pad);
  };
  std::array<base::ByteView, 8> views{};
  YB_CHECK(parts.size() + 1 <= views.size(), "an HMAC is taken over seven parts at most");
  views[0] = padded(0x36);
  std::ranges::copy(parts, views.begin() + 1);
  const Sm3Digest inner = Sm3Of(std::span(views).first(parts.size() + 1));
  const std::array<base::ByteView, 2> outer = {padded(0x5C), inner};
  const Sm3Digest digest = Sm3Of(outer);
  OPENSSL_cleanse(block.data(), block.size());
  OPENSSL_cleanse(pad.data(), pad.size());
  return digest;
}

Sm3Digest HmacSm3(base::ByteView key, base::ByteView bytes) {
  return HmacSm3(key, {&bytes, 1});
}

void Sm4Ctr(const Sm4Key& key, const Sm4Counter& first, base::ByteView in, std::span<std::uint8_t> out) {
  YB_CHECK(in.size() == out.size(), "the counter mode gives as many bytes as it takes");
  const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(EVP_CIPHER_CTX_new(),
                                                                                &EVP_CIPHER_CTX_free);
  bool good = context && EVP_EncryptInit_ex(context.get(), EVP_sm4_ctr(), nullptr, key.data(), first.data()) == 1;
  constexpr std::size_t kStep = 1U << 30;  // OpenSSL takes an int
  for (std::size_t at = 0; good && at < in.size(); at += kStep) {
    int done = 0;
    const int size = static_cast<int>(std::min(kStep, in.size() - at));
    good = EVP_EncryptUpdate(context.get(), out.data() + at, &done, in.data() + at, size) == 1 && done == size;
  }
  YB_CHECK(good, "this OpenSSL has no SM4 in counter mode");
}

bool SameSecret(base::ByteView a, base::ByteView b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace yb::security
