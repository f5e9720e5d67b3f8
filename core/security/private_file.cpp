#include "core/security/private_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace yb::security {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;
using base::Fail;
using base::Result;
using base::Status;

constexpr std::size_t kLongest = 1U << 20;

tl::unexpected<base::Error> SystemError(const fs::path& file, const char* what) {
  const int number = errno;
  const ErrorCode code = number == ENOSPC || number == EDQUOT  ? ErrorCode::kDiskFull
                         : number == ENOENT                    ? ErrorCode::kNotFound
                         : number == EACCES || number == EPERM ? ErrorCode::kPermission
                                                               : ErrorCode::kIo;
  return Fail(code, file.string() + " cannot be " + what + ": " + std::generic_category().message(number));
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] bool open() const { return number_ >= 0; }

 private:
  int number_;
};

Status SyncFolder(const fs::path& folder) {
  const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!descriptor.open() || ::fsync(descriptor.number()) != 0) return SystemError(folder, "synced");
  return {};
}

}  // namespace

Result<std::string> ReadSmallFile(const fs::path& file) {
  const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!descriptor.open()) return SystemError(file, "read");
  std::string content;
  char chunk[8192];
  for (;;) {
    const ssize_t count = ::read(descriptor.number(), chunk, sizeof chunk);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return SystemError(file, "read");
    if (count == 0) return content;
    content.append(chunk, static_cast<std::size_t>(count));
    if (content.size() > kLongest) return Fail(ErrorCode::kInvalidArgument, file.string() + " is longer than 1 MiB");
  }
}

Status MakePrivateFile(const fs::path& file) {
  const Descriptor descriptor(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!descriptor.open()) return SystemError(file, "made");
  return {};
}

Status MakePrivateFolder(const fs::path& folder) {
  std::error_code failed;
  if (fs::is_directory(folder, failed)) return {};
  if (folder.has_parent_path()) fs::create_directories(folder.parent_path(), failed);
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return SystemError(folder, "made");
  return SyncFolder(folder.has_parent_path() ? folder.parent_path() : fs::path("."));
}

}  // namespace yb::security
