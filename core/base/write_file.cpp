#include "core/base/write_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "core/base/descriptor.hpp"

namespace yb::base {
namespace {

namespace fs = std::filesystem;

Status WriteSynced(const fs::path& file, std::string_view content, FileAccess access) {
  const auto mode = static_cast<mode_t>(access);
  const Descriptor out(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  if (out.number() < 0 || ::fchmod(out.number(), mode) != 0) return FailAt(file, errno);
  while (!content.empty()) {
    const ssize_t written = ::write(out.number(), content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return FailAt(file, errno);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(out.number()) != 0) return FailAt(file, errno);
  return {};
}

}  // namespace

Status WriteFile(const fs::path& file, std::string_view content, FileAccess access) {
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  const fs::path draft = folder / ("." + file.filename().string() + "." + std::to_string(::getpid()) + ".new");
  ::unlink(draft.c_str());
  Status written = WriteSynced(draft, content, access);
  if (written && ::rename(draft.c_str(), file.c_str()) != 0) written = FailAt(file, errno);
  if (!written) {
    ::unlink(draft.c_str());
    return written;
  }
  return SyncFolder(folder);
}

Status MakeFolder(const fs::path& folder) {
  std::error_code code;
  fs::create_directories(folder, code);
  if (code) return FailAt(folder, code.value());
  return {};
}

}  // namespace yb::base
