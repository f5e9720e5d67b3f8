// Power loss under the file store: at moments between any two system calls the disk is left with what was synced and
// any part of the rest. Whatever was called kept is whole then, what was called removed is gone, and what was coming
// goes on from what was synced.
//
// Method: the linker hands the store's system calls to this file, which does them and keeps account of what a sync has
// made safe: bytes of a file by its own sync, names in a folder by the folder's. Folders themselves are taken to be
// safe. `files.db` lies on a PowerLossDisk, which is cut at the same moments.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdarg>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>

#include "core/files/file_store.hpp"
#include "core/storage/sqlite/sqlite_database.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/power_loss_disk.hpp"
#include "tests/support/temp_folder.hpp"

namespace yb {
namespace {

namespace fs = std::filesystem;

struct Inode {
  std::string now;
  std::string synced;
};
using Names = std::map<std::string, std::shared_ptr<Inode>>;

class FileLayer {
 public:
  void Watch(const fs::path& folder, std::function<void()> after_each) {
    folder_ = folder.string();
    now_.clear();
    on_disk_.clear();
    after_each_ = std::move(after_each);
  }
  void Stop() { folder_.clear(); }

  /// The files as a disk may hold them after a cut at this moment.
  void Leave(const fs::path& folder, std::mt19937_64& random) const {
    fs::remove_all(folder);
    std::set<std::string> names;
    for (const Names* all : {&now_, &on_disk_}) {
      for (const auto& [name, inode] : *all) names.insert(name);
    }
    for (const std::string& name : names) {
      const Names& as_it_is = random() % 2 == 0 ? now_ : on_disk_;
      const auto found = as_it_is.find(name);
      if (found == as_it_is.end()) continue;
      const fs::path file = folder / fs::relative(name, folder_);
      fs::create_directories(file.parent_path());
      std::ofstream(file, std::ios::binary) << Torn(*found->second, random);
    }
  }

  void OnOpen(int descriptor, const std::string& path, int flags) {
    if (folder_.empty() || descriptor < 0) return;
    paths_.erase(descriptor);
    open_.erase(descriptor);
    if (!path.starts_with(folder_)) return;
    paths_[descriptor] = path;
    if ((flags & O_DIRECTORY) == 0) {
      auto& inode = now_[path];
      if (inode == nullptr) inode = std::make_shared<Inode>();
      if ((flags & O_TRUNC) != 0) inode->now.clear();
      open_[descriptor] = inode;
    }
    Done();
  }
  void OnWrite(int descriptor, const void* bytes, ssize_t size) {
    if (size <= 0 || !Ours(descriptor)) return;
    open_[descriptor]->now.append(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
    Done();
  }
  void OnTruncate(int descriptor, off_t size) {
    if (!Ours(descriptor)) return;
    open_[descriptor]->now.resize(static_cast<std::size_t>(size));
    Done();
  }
  void OnSync(int descriptor) {
    if (folder_.empty() || !paths_.contains(descriptor)) return;
    if (Ours(descriptor)) {
      open_[descriptor]->synced = open_[descriptor]->now;
    } else {
      const auto within = [&](const auto& one) { return fs::path(one.first).parent_path() == paths_[descriptor]; };
      std::erase_if(on_disk_, within);
      for (const auto& one : now_) {
        if (within(one)) on_disk_.insert(one);
      }
    }
    Done();
  }
  void OnRename(const std::string& from, const std::string& to) {
    if (folder_.empty() || !from.starts_with(folder_) || from == to) return;
    now_[to] = now_[from];
    now_.erase(from);
    Done();
  }
  void OnUnlink(const std::string& path) {
    if (folder_.empty() || now_.erase(path) == 0) return;
    Done();
  }

 private:
  [[nodiscard]] bool Ours(int descriptor) const { return !folder_.empty() && open_.contains(descriptor); }
  void Done() {
    if (after_each_) after_each_();
  }
  /// What was synced, and of what was written since any sectors, the others zero or not there.
  static std::string Torn(const Inode& inode, std::mt19937_64& random) {
    if (inode.now == inode.synced || random() % 4 == 0) return inode.synced;
    if (inode.now.size() < inode.synced.size()) return inode.now;
    std::string torn = inode.synced;
    torn.resize(inode.synced.size() + random() % (inode.now.size() - inode.synced.size() + 1));
    for (std::size_t at = inode.synced.size(); at < torn.size(); at += 512) {
      if (random() % 3 == 0) continue;
      const std::size_t size = std::min<std::size_t>(512, torn.size() - at);
      inode.now.copy(torn.data() + at, size, at);
    }
    return torn;
  }

  std::string folder_;
  Names now_, on_disk_;
  std::map<int, std::string> paths_;
  std::map<int, std::shared_ptr<Inode>> open_;
  std::function<void()> after_each_;
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
int __real_unlink(const char* path);
int __real_ftruncate(int descriptor, off_t size);

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
  yb::Layer().OnSync(descriptor);
  return 0;  // what is safe is decided here, and a test need not wait for a real disk
}
int __wrap_rename(const char* from, const char* to) {
  const int code = __real_rename(from, to);
  yb::Layer().OnRename(from, to);
  return code;
}
int __wrap_unlink(const char* path) {
  const int code = __real_unlink(path);
  yb::Layer().OnUnlink(path);
  return code;
}
int __wrap_ftruncate(int descriptor, off_t size) {
  const int code = __real_ftruncate(descriptor, size);
  yb::Layer().OnTruncate(descriptor, size);
  return code;
}
}

namespace yb::files {
namespace {

const base::SiteId kSite = *base::SiteId::Parse("lvye-01");

/// What the callers of the store know at a moment.
struct Known {
  std::set<base::Digest> kept;
  std::set<base::Digest> removed;
  std::set<base::Digest> uncertain;             // of the call that is under way
  std::map<base::Digest, std::uint64_t> given;  // of what comes
  struct Draft {
    std::string id;
    base::Digest sha{};
    std::uint64_t synced = 0;
    bool finishing = false;
  };
  std::optional<Draft> draft;  // begun, and outlives the program
};

class World {
 public:
  explicit World(std::uint64_t seed) : random_(seed) {}

  void Run() {
    const fs::path files = folder_.path() / "files";
    const auto opener = storage::MakeSqliteOpener({.file = folder_.path() / "files.db", .vfs = disk_.vfs()});
    auto store = FileStore::Open(*opener, {.folder = files, .keep_free = 0}, master_, clock_).value();
    Layer().Watch(files, [this] { MayCut(); });
    std::vector<base::Digest> all;
    std::unique_ptr<FileStore::Incoming> incoming;
    std::unique_ptr<FileStore::Draft> draft;
    std::uint64_t appended = 0;
    base::Digest coming{};
    for (int step = 0; step < 80; ++step) {
      known_.uncertain.clear();
      const auto what = random_() % 8;
      if (what <= 1) {
        const base::Digest sha = MakeContent(150'000);
        known_.uncertain = {sha};
        const auto put = store->Begin().value();
        ASSERT_TRUE(put->Append(contents_[sha]));
        ASSERT_EQ(put->Finish().value().sha, sha);
        known_.kept.insert(sha);
        all.push_back(sha);
      } else if (what == 2 && !all.empty()) {
        const base::Digest sha = all[random_() % all.size()];
        known_.uncertain = {sha};
        known_.kept.erase(sha);
        ASSERT_TRUE(store->Remove(sha));
        known_.removed.insert(sha);
      } else if (what >= 6 && draft == nullptr) {
        const base::Digest sha = MakeContent(3'000'000);
        const std::string id = "draft-" + std::to_string(step);
        draft = store->Begin(FileStore::DraftNote{id, "1:z", "a.pdf", contents_[sha].size()}).value();
        appended = 0;
        known_.draft = Known::Draft{id, sha};
      } else if (what >= 6 && appended < contents_[known_.draft->sha].size()) {
        const base::Bytes& content = contents_[known_.draft->sha];
        const std::size_t size = std::min<std::size_t>(1 + random_() % 1'000'000, content.size() - appended);
        ASSERT_TRUE(draft->Append(base::ByteView(content).subspan(appended, size)));
        appended += size;
        known_.draft->synced = draft->synced();
      } else if (what >= 6) {
        known_.uncertain = {known_.draft->sha};
        known_.draft->finishing = true;
        ASSERT_EQ(draft->Finish().value().sha, known_.draft->sha);
        known_.kept.insert(known_.draft->sha);
        known_.draft.reset();
        draft.reset();
      } else if (incoming == nullptr) {
        coming = MakeContent(900'000);
        known_.given[coming] = 0;
        incoming = store->Receive(kSite, coming, contents_[coming].size()).value();
      } else if (const base::Bytes& content = contents_[coming]; incoming->have() < content.size()) {
        const std::size_t size = std::min<std::size_t>(1 + random_() % 200'000, content.size() - incoming->have());
        known_.given[coming] = incoming->have() + size;
        ASSERT_TRUE(incoming->Append(base::ByteView(content).subspan(incoming->have(), size)));
      } else {
        known_.uncertain = {coming};
        ASSERT_TRUE(incoming->Finish());
        known_.kept.insert(coming);
        known_.given.erase(coming);
        incoming.reset();
      }
    }
    Layer().Stop();
    EXPECT_GE(cuts_, 5);
  }

 private:
  base::Digest MakeContent(std::size_t most) {
    base::Bytes content(1 + random_() % most);
    for (std::size_t i = 0; i < content.size(); ++i) content[i] = static_cast<std::uint8_t>(i * 7 + random_() % 2);
    const base::Digest sha = base::Sha256(content);
    contents_[sha] = std::move(content);
    return sha;
  }

  void MayCut() {
    if (cutting_ || random_() % 25 != 0) return;
    cutting_ = true;
    ++cuts_;
    const fs::path left = folder_.path() / "left";
    disk_.Cut(left, static_cast<int>(random_() % 101), random_);
    Layer().Leave(left / "files", random_);
    LookAt(left);
    cutting_ = false;
  }

  void LookAt(const fs::path& left) {
    const auto opener = storage::MakeSqliteOpener({.file = left / "files.db"});
    auto opened = FileStore::Open(*opener, {.folder = left / "files", .keep_free = 0}, master_, clock_);
    ASSERT_TRUE(opened) << opened.error().Describe();
    FileStore& store = **opened;
    for (const base::Digest& sha : known_.kept) {
      ASSERT_TRUE(store.Has(sha)) << "it was called kept";
      auto reader = store.OpenFile(sha);
      ASSERT_TRUE(reader) << reader.error().Describe();
      ASSERT_EQ(reader->DigestOfAll().value_or(base::Digest{}), sha);
    }
    const std::vector<KeptFile> missing = store.Missing().value();
    for (const KeptFile& file : missing) EXPECT_TRUE(known_.uncertain.contains(file.sha)) << "while it is removed";
    for (const base::Digest& sha : known_.removed) {
      EXPECT_FALSE(store.Has(sha));
      EXPECT_FALSE(fs::exists(left / "files" / HexOf(sha).substr(0, 2) / HexOf(sha)));
    }
    LookAtDrafts(store);
    for (const auto& [sha, given] : known_.given) {
      if (store.Has(sha)) continue;
      const base::Bytes& content = contents_[sha];
      auto incoming = store.Receive(kSite, sha, content.size());
      ASSERT_TRUE(incoming) << incoming.error().Describe();
      ASSERT_LE((*incoming)->have(), given);
      if (!known_.uncertain.contains(sha)) {
        EXPECT_GE((*incoming)->have() + (512U << 10), given) << "what was synced is not fetched again";
      }
      ASSERT_TRUE((*incoming)->Append(base::ByteView(content).subspan((*incoming)->have())));
      EXPECT_TRUE((*incoming)->Finish());
    }
  }

  /// What is noted can be gone on with, and nothing that was called synced has to be put in again.
  void LookAtDrafts(FileStore& store) {
    const std::vector<FileStore::DraftNote> drafts = store.Drafts().value();
    if (!known_.draft) {
      EXPECT_LE(drafts.size(), 1U) << "the one that is being begun";
      return;
    }
    if (drafts.empty()) {
      EXPECT_TRUE(known_.draft->finishing) << "it was begun";
      return;
    }
    ASSERT_EQ(drafts.size(), 1U);
    const FileStore::DraftNote& note = drafts.front();
    EXPECT_EQ(note.id, known_.draft->id);
    EXPECT_GE(note.kept, known_.draft->synced);
    auto draft = store.GoOn(note);
    if (!draft && note.kept == 0) return;  // nothing of it was called synced
    ASSERT_TRUE(draft) << draft.error().Describe();
    ASSERT_TRUE((*draft)->Append(base::ByteView(contents_[known_.draft->sha]).subspan(note.kept)));
    EXPECT_EQ((*draft)->Finish().value().sha, known_.draft->sha);
  }

  std::mt19937_64 random_;
  test::TempFolder folder_;
  test::PowerLossDisk disk_;
  test::ManualClock clock_;
  security::MasterKey master_{security::Secret{1}};
  Known known_;
  std::map<base::Digest, base::Bytes> contents_;
  bool cutting_ = false;
  int cuts_ = 0;
};

TEST(PowerLossOfTheFileStore, KeepsWhatItCalledKept) {
  for (std::uint64_t seed = 0; seed < 6 && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    World(seed).Run();
  }
}

}  // namespace
}  // namespace yb::files
