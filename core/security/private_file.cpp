#include "core/security/private_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "core/base/descriptor.hpp"

namespace yb::security {
namespace {

namespace fs = std::filesystem;
using base::Descriptor;
using base::ErrorCode;
using base::Fail;
using base::Result;
using base::Status;

constexpr std::size_t kLongest = 1U << 20;

tl::unexpected<base::Error> SystemError(const fs::path& file, const char* what) {
  const int number = errno;
  return Fail(base::CodeOf(number),
              file.string() + " cannot be " + what + ": " + std::generic_category().message(number));
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
  return base::SyncFolder(folder.has_parent_path() ? folder.parent_path() : fs::path("."));
}

}  // namespace yb::security
