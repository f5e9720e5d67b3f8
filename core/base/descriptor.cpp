#include "core/base/descriptor.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace yb::base {

Descriptor::Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}

void Descriptor::Close() {
  if (number_ >= 0) ::close(std::exchange(number_, -1));
}

ErrorCode CodeOf(int error) {
  switch (error) {
    case ENOSPC:
    case EDQUOT: return ErrorCode::kDiskFull;
    case ENOENT: return ErrorCode::kNotFound;
    case EACCES:
    case EPERM: return ErrorCode::kPermission;
    default: return ErrorCode::kIo;
  }
}

tl::unexpected<Error> FailAt(const std::filesystem::path& path, int error) {
  Error failed{CodeOf(error), std::generic_category().message(error), path.string(), ""};
  if (failed.code == ErrorCode::kDiskFull) failed.message_zh = "磁盘已满，文件未保存";
  return Fail(std::move(failed));
}

Status SyncFolder(const std::filesystem::path& folder) {
  const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!descriptor.open() || ::fsync(descriptor.number()) != 0) return FailAt(folder, errno);
  return {};
}

}  // namespace yb::base
