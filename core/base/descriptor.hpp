// What files of the system are held by, and what an error of the system means. Any thread; one object, one thread.
#pragma once

#include <filesystem>

#include "core/base/result.hpp"

namespace yb::base {

/// Owns a file descriptor; -1 for none.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  ~Descriptor() { Close(); }
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&& other) noexcept;
  void Close();
  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] bool open() const { return number_ >= 0; }

 private:
  int number_;
};

/// kDiskFull, kNotFound, kPermission or kIo, of `error` (an errno) at `path`.
[[nodiscard]] ErrorCode CodeOf(int error);
[[nodiscard]] tl::unexpected<Error> FailAt(const std::filesystem::path& path, int error);

/// fsync of a folder, so that the names in it are on the disk.
[[nodiscard]] Status SyncFolder(const std::filesystem::path& folder);

}  // namespace yb::base
