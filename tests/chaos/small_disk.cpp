#include "tests/chaos/small_disk.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <fstream>
#include <vector>

#include "core/base/result.hpp"

namespace yb::chaos {
namespace {

constexpr const char* kFiller = "filler";

void MapOwnUser(uid_t user, gid_t group) {
  std::ofstream("/proc/self/setgroups") << "deny";
  std::ofstream("/proc/self/uid_map") << "0 " << user << " 1";
  std::ofstream("/proc/self/gid_map") << "0 " << group << " 1";
}

}  // namespace

bool PrepareMounts() {
  const uid_t user = ::geteuid();
  const gid_t group = ::getegid();
  // Without root's rights a user namespace gives the right to mount within it.
  if (::unshare(user == 0 ? CLONE_NEWNS : CLONE_NEWNS | CLONE_NEWUSER) != 0) return false;
  if (user != 0) MapOwnUser(user, group);
  return ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

SmallDisk::SmallDisk(std::filesystem::path folder, int mebibytes) : folder_(std::move(folder)) {
  std::filesystem::create_directories(folder_);
  const std::string size = "size=" + std::to_string(mebibytes) + "m";
  YB_CHECK(::mount("tmpfs", folder_.c_str(), "tmpfs", 0, size.c_str()) == 0, "a small file system cannot be mounted");
}

SmallDisk::~SmallDisk() {
  ::umount2(folder_.c_str(), MNT_DETACH);
}

void SmallDisk::Fill(std::uint64_t left) {
  const int filler = ::open((folder_ / kFiller).c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  YB_CHECK(filler >= 0, "a small file system cannot be filled");
  const std::vector<char> block(4096, 'x');
  while (std::filesystem::space(folder_).available > left && ::write(filler, block.data(), block.size()) > 0) {
  }
  ::close(filler);
}

void SmallDisk::Free() {
  std::filesystem::remove(folder_ / kFiller);
}

}  // namespace yb::chaos
