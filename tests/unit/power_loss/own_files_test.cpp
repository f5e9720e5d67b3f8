// Power loss under files of our own: each call that writes one is cut before and after each of its system calls. The
// file then holds the old content or the new one, never a part, and the new one once the call has returned.
//
// Method: the linker hands open, write, fsync and rename of the code under test to this file, which does them and keeps
// account of what a sync has made safe: bytes of a file by its own sync, names in a folder by the folder's.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdarg>
#include <fstream>
#include <map>
#include <memory>
#include <set>

#include "core/base/write_file.hpp"
#include "tests/support/temp_folder.hpp"

namespace yb {
namespace {

namespace fs = std::filesystem;

/// A file's bytes, whatever it is called.
struct Inode {
  std::string now;
  std::string synced;
};
using Names = std::map<std::string, std::shared_ptr<Inode>>;

class FileLayer {
 public:
  void Watch(const fs::path& file, const std::string& content) {
    watched_ = file;
    now_ = {{file.string(), std::make_shared<Inode>(Inode{content, content})}};
    on_disk_ = now_;
    possible_.clear();
    watching_ = true;
    NotePossible();
  }
  /// Everything the watched file may have held, had the power gone at any moment since Watch.
  std::set<std::string> Stop() {
    watching_ = false;
    return possible_;
  }
  /// The same for this moment alone.
  [[nodiscard]] std::set<std::string> PossibleNow() const {
    std::set<std::string> possible;
    for (const Names* names : {&now_, &on_disk_}) {
      const auto found = names->find(watched_.string());
      if (found == names->end()) {
        possible.insert("no file");
        continue;
      }
      const Inode& inode = *found->second;
      possible.insert(inode.synced);
      // Of unsynced bytes any part may have reached the disk; half of them stand for all parts.
      if (inode.now != inode.synced) possible.insert({inode.now, inode.now.substr(0, inode.now.size() / 2)});
    }
    return possible;
  }

  void OnOpen(int descriptor, const char* path, int flags) {
    if (!watching_ || descriptor < 0) return;
    paths_[descriptor] = path;
    open_.erase(descriptor);
    if ((flags & O_CREAT) != 0) {
      auto& inode = now_[path];
      if (inode == nullptr) inode = std::make_shared<Inode>();
      if ((flags & O_TRUNC) != 0) inode->now.clear();
      open_[descriptor] = inode;
    }
    NotePossible();
  }
  void OnWrite(int descriptor, const void* bytes, ssize_t size) {
    if (!watching_ || size <= 0 || !open_.contains(descriptor)) return;
    open_[descriptor]->now.append(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
    NotePossible();
  }
  void OnSync(int descriptor) {
    if (!watching_) return;
    if (open_.contains(descriptor)) {
      open_[descriptor]->synced = open_[descriptor]->now;
    } else if (fs::path(paths_[descriptor]) == watched_.parent_path()) {
      on_disk_ = now_;
    }
    NotePossible();
  }
  void OnRename(const char* from, const char* to) {
    if (!watching_) return;
    now_[to] = now_[from];
    now_.erase(from);
    NotePossible();
  }

 private:
  void NotePossible() { possible_.merge(PossibleNow()); }

  bool watching_ = false;
  fs::path watched_;
  Names now_, on_disk_;
  std::map<int, std::string> paths_;
  std::map<int, std::shared_ptr<Inode>> open_;
  std::set<std::string> possible_;
};

FileLayer& Layer() {
  static FileLayer layer;
  return layer;
}

}  // namespace
}  // namespace yb

// Names the linker's --wrap asks for.
extern "C" {
int __real_open(const char* path, int flags, ...);
ssize_t __real_write(int descriptor, const void* bytes, size_t size);
int __real_fsync(int descriptor);
int __real_rename(const char* from, const char* to);

int __wrap_open(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const int descriptor = __real_open(path, flags, va_arg(more, unsigned));
  va_end(more);
  yb::Layer().OnOpen(descriptor, path, flags);
  return descriptor;
}
ssize_t __wrap_write(int descriptor, const void* bytes, size_t size) {
  const ssize_t written = __real_write(descriptor, bytes, size);
  yb::Layer().OnWrite(descriptor, bytes, written);
  return written;
}
int __wrap_fsync(int descriptor) {
  const int code = __real_fsync(descriptor);
  yb::Layer().OnSync(descriptor);
  return code;
}
int __wrap_rename(const char* from, const char* to) {
  const int code = __real_rename(from, to);
  yb::Layer().OnRename(from, to);
  return code;
}
}

namespace yb {
namespace {

TEST(PowerLossOfOwnFiles, LeavesTheOldOrTheNewContent) {
  const test::TempFolder folder;
  const fs::path file = folder.path() / "identity.toml";
  ASSERT_TRUE(base::WriteFile(file, "old content"));
  Layer().Watch(file, "old content");
  ASSERT_TRUE(base::WriteFile(file, "the new content"));
  EXPECT_EQ(Layer().PossibleNow(), std::set<std::string>{"the new content"}) << "it has returned";
  EXPECT_EQ(Layer().Stop(), (std::set<std::string>{"old content", "the new content"}));
}

TEST(PowerLossOfOwnFiles, SeesAFileThatIsWrittenInPlace) {
  const test::TempFolder folder;
  const fs::path file = folder.path() / "a";
  ASSERT_TRUE(base::WriteFile(file, "old content"));
  Layer().Watch(file, "old content");
  const int out = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  ASSERT_EQ(::write(out, "new", 3), 3);
  ASSERT_EQ(::fsync(out), 0);
  ::close(out);
  EXPECT_TRUE(Layer().Stop().contains("n")) << "half of it";
}

}  // namespace
}  // namespace yb
