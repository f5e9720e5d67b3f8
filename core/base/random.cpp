#include "core/base/random.hpp"

#include <random>

namespace yb::base {

std::uint64_t DrawNumber() {
  std::random_device device;
  return (std::uint64_t{device()} << 32) | device();
}

}  // namespace yb::base
