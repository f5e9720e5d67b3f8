// SmallDisk: a real file system of a few megabytes under one folder, which can be filled and freed. It lives in a mount
// namespace of this process and its children, so that nothing of it is left when they are gone.
#pragma once

#include <cstdint>
#include <filesystem>

namespace yb::chaos {

/// Gives this process mounts of its own. Call first in main, before there are threads. False where the system allows
/// no mounts, as in a container without the right to.
[[nodiscard]] bool PrepareMounts();

class SmallDisk {
 public:
  /// Mounts it over the folder, which is made. Aborts where that fails.
  SmallDisk(std::filesystem::path folder, int mebibytes);
  ~SmallDisk();
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  /// Writes until no more than `left` bytes fit.
  void Fill(std::uint64_t left = 0);
  void Free();

 private:
  const std::filesystem::path folder_;
};

}  // namespace yb::chaos
