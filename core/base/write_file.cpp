#include "core/base/write_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace yb::base {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

tl::unexpected<Error> FailAt(const std::filesystem::path& path, int error) {
  const ErrorCode code = error == ENOSPC   ? ErrorCode::kDiskFull
                         : error == EACCES ? ErrorCode::kPermission
                                           : ErrorCode::kIo;
  return Fail(Error{code, std::generic_category().message(error), path.string(), ""});
}

Status WriteAll(int descriptor, std::string_view content, const std::filesystem::path& path) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return FailAt(path, errno);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

}  // namespace

Status WriteFile(const std::filesystem::path& file, std::string_view content, unsigned mode) {
  const std::filesystem::path fresh = file.string() + ".new";
  {
    const Descriptor out(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
    if (out.number() < 0) return FailAt(fresh, errno);
    if (::fchmod(out.number(), mode) != 0) return FailAt(fresh, errno);
    YB_TRY(WriteAll(out.number(), content, fresh));
    if (::fsync(out.number()) != 0) return FailAt(fresh, errno);
  }
  if (::rename(fresh.c_str(), file.c_str()) != 0) return FailAt(file, errno);
  const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
  const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.number() < 0 || ::fsync(directory.number()) != 0) return FailAt(folder, errno);
  return {};
}

Status MakeFolder(const std::filesystem::path& folder) {
  std::error_code code;
  std::filesystem::create_directories(folder, code);
  if (code) return FailAt(folder, code.value());
  return {};
}

}  // namespace yb::base
