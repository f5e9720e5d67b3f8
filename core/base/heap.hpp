// Heap settings of a program that runs for months on a small box. glibc gives each thread an arena of its own, keeps
// what is freed in them, and learns from every large block to keep larger ones: a program of thirty threads then holds
// the peak of each of them.
#pragma once

namespace yb::base {

/// Two arenas for all threads, large blocks mapped and given back at once. Call first in main; nothing where the
/// allocator is another one.
void KeepHeapSmall();

}  // namespace yb::base
