#include "core/base/digest.hpp"

#include <openssl/evp.h>

#include <memory>

namespace yb::base {

Digest Sha256(ByteView bytes) {
  return Sha256(bytes, {});
}

Digest Sha256(ByteView first, ByteView second) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  Digest digest{};
  const bool good = context && EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1 &&
                    EVP_DigestUpdate(context.get(), first.data(), first.size()) == 1 &&
                    EVP_DigestUpdate(context.get(), second.data(), second.size()) == 1 &&
                    EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) == 1;
  YB_CHECK(good, "SHA-256 is part of every OpenSSL build, yet it did not run");
  return digest;
}

}  // namespace yb::base
