#include "core/security/random.hpp"

#include <openssl/rand.h>

namespace yb::security {

base::Bytes RandomBytes(std::size_t count) {
  base::Bytes bytes(count);
  YB_CHECK(RAND_bytes(bytes.data(), static_cast<int>(count)) == 1, "the system gives random bytes");
  return bytes;
}

}  // namespace yb::security
