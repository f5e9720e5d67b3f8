#include "core/base/heap.hpp"

#include <malloc.h>

namespace yb::base {

void KeepHeapSmall() {
#ifdef __GLIBC__
  constexpr int kArenas = 2;
  constexpr int kLargeBlock = 64 * 1024;
  mallopt(M_ARENA_MAX, kArenas);
  mallopt(M_MMAP_THRESHOLD, kLargeBlock);
  mallopt(M_TRIM_THRESHOLD, kLargeBlock);
#endif
}

}  // namespace yb::base
