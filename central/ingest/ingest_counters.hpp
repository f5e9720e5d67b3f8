// IngestCounters: what central took in since its start. Any thread.
#pragma once

#include <atomic>
#include <cstdint>

namespace yb::central {

struct IngestCounters {
  std::atomic<std::uint64_t> frames{0};
  std::atomic<std::uint64_t> records{0};
  std::atomic<std::uint64_t> duplicates{0};
  std::atomic<std::uint64_t> reopens{0};
  std::atomic<std::uint64_t> rejected{0};  // unreadable, or of another site than their topic
  std::atomic<std::uint64_t> commits{0};
  std::atomic<std::uint64_t> commit_failures{0};
  std::atomic<std::uint64_t> live_frames{0};
  std::atomic<std::uint64_t> overflow{0};
  std::atomic<std::uint64_t> restores{0};  // sessions whose box remembered more than this central
  std::atomic<std::uint64_t> pieces{0};    // records given back to boxes
  std::atomic<std::uint64_t> resent{0};    // records sent again by boxes
};

}  // namespace yb::central
