#include "tests/support/power_loss_disk.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <map>
#include <mutex>
#include <vector>

#include "core/base/result.hpp"

namespace yb::test {
namespace {

namespace fs = std::filesystem;
using Content = std::vector<char>;

constexpr std::size_t kSector = 512;
constexpr int kTracked = SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL;

/// A write, or a truncation to `offset` where `bytes` is empty.
struct Change {
  std::size_t offset = 0;
  Content bytes;
};

struct DiskFile {
  Content synced;
  bool named = false;         // its name is in the synced folder
  bool deleted = false;       // and the deletion was not synced
  std::vector<Change> since;  // the last sync
};

void Apply(Content& content, std::size_t offset, const char* bytes, std::size_t size) {
  if (content.size() < offset + size) content.resize(offset + size);
  std::copy_n(bytes, size, content.begin() + static_cast<std::ptrdiff_t>(offset));
}

void ApplyWhole(Content& content, const Change& change) {
  if (change.bytes.empty()) {
    content.resize(std::min(content.size(), change.offset));
  } else {
    Apply(content, change.offset, change.bytes.data(), change.bytes.size());
  }
}

/// Sector by sector, each kept or not.
void ApplyTorn(Content& content, const Change& change, int kept, std::mt19937_64& random) {
  const auto keep = [&] { return static_cast<int>(random() % 100) < kept; };
  if (change.bytes.empty()) {
    if (keep()) ApplyWhole(content, change);
    return;
  }
  for (std::size_t at = 0; at < change.bytes.size(); at += kSector) {
    const std::size_t size = std::min(kSector, change.bytes.size() - at);
    if (keep()) Apply(content, change.offset + at, change.bytes.data() + at, size);
  }
}

Content ReadWhole(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

struct PowerLossDisk::State {
  sqlite3_vfs* below = sqlite3_vfs_find(nullptr);
  std::string name;
  sqlite3_vfs vfs{};
  mutable std::mutex mutex;
  std::map<std::string, DiskFile> files;  // guarded by mutex
};

namespace {

using State = PowerLossDisk::State;

/// Begins with SQLite's own part; the file of the layer below lies behind it.
struct OpenFile {
  sqlite3_file base;
  State* state;
  std::string* path;  // owned; null for what is not tracked
  [[nodiscard]] sqlite3_file* below() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

OpenFile* Of(sqlite3_file* file) {
  return reinterpret_cast<OpenFile*>(file);
}
sqlite3_file* Below(sqlite3_file* file) {
  return Of(file)->below();
}
State& StateOf(sqlite3_vfs* vfs) {
  return *static_cast<State*>(vfs->pAppData);
}

template <class Use>
void WithFile(OpenFile& file, Use use) {
  if (file.path == nullptr) return;
  const std::scoped_lock lock(file.state->mutex);
  use(file.state->files[*file.path]);
}

int Close(sqlite3_file* file) {
  delete Of(file)->path;
  return Below(file)->pMethods->xClose(Below(file));
}
int Read(sqlite3_file* file, void* bytes, int size, sqlite3_int64 offset) {
  return Below(file)->pMethods->xRead(Below(file), bytes, size, offset);
}
int Write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
  const char* from = static_cast<const char*>(bytes);
  WithFile(*Of(file), [&](DiskFile& on_disk) {
    on_disk.since.push_back({static_cast<std::size_t>(offset), Content(from, from + size)});
  });
  return Below(file)->pMethods->xWrite(Below(file), bytes, size, offset);
}
int Truncate(sqlite3_file* file, sqlite3_int64 size) {
  WithFile(*Of(file), [&](DiskFile& on_disk) { on_disk.since.push_back({static_cast<std::size_t>(size), {}}); });
  return Below(file)->pMethods->xTruncate(Below(file), size);
}
/// The layer below is not asked to sync: what is safe is decided here, and a test need not wait for a real disk.
int Sync(sqlite3_file* file, int) {
  WithFile(*Of(file), [&](DiskFile& on_disk) {
    for (const Change& change : on_disk.since) ApplyWhole(on_disk.synced, change);
    on_disk.since.clear();
    if (on_disk.named) return;
    // SQLite syncs the folder with the first sync of a file it made; earlier deletions are safe then, too.
    on_disk.named = true;
    std::erase_if(Of(file)->state->files, [](const auto& other) { return other.second.deleted; });
  });
  return SQLITE_OK;
}
int FileSize(sqlite3_file* file, sqlite3_int64* size) {
  return Below(file)->pMethods->xFileSize(Below(file), size);
}
int Lock(sqlite3_file* file, int level) {
  return Below(file)->pMethods->xLock(Below(file), level);
}
int Unlock(sqlite3_file* file, int level) {
  return Below(file)->pMethods->xUnlock(Below(file), level);
}
int CheckReservedLock(sqlite3_file* file, int* reserved) {
  return Below(file)->pMethods->xCheckReservedLock(Below(file), reserved);
}
int FileControl(sqlite3_file* file, int what, void* argument) {
  return Below(file)->pMethods->xFileControl(Below(file), what, argument);
}
int SectorSize(sqlite3_file*) {
  return kSector;
}
int DeviceCharacteristics(sqlite3_file* file) {
  return Below(file)->pMethods->xDeviceCharacteristics(Below(file));
}
int ShmMap(sqlite3_file* file, int region, int size, int extend, void volatile** memory) {
  return Below(file)->pMethods->xShmMap(Below(file), region, size, extend, memory);
}
int ShmLock(sqlite3_file* file, int offset, int count, int flags) {
  return Below(file)->pMethods->xShmLock(Below(file), offset, count, flags);
}
void ShmBarrier(sqlite3_file* file) {
  Below(file)->pMethods->xShmBarrier(Below(file));
}
int ShmUnmap(sqlite3_file* file, int remove) {
  return Below(file)->pMethods->xShmUnmap(Below(file), remove);
}

constexpr sqlite3_io_methods kMethods = {2,
                                         Close,
                                         Read,
                                         Write,
                                         Truncate,
                                         Sync,
                                         FileSize,
                                         Lock,
                                         Unlock,
                                         CheckReservedLock,
                                         FileControl,
                                         SectorSize,
                                         DeviceCharacteristics,
                                         ShmMap,
                                         ShmLock,
                                         ShmBarrier,
                                         ShmUnmap,
                                         nullptr,
                                         nullptr};

int Open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out_flags) {
  State& state = StateOf(vfs);
  OpenFile& open = *Of(file);
  open.base.pMethods = nullptr;
  open.state = &state;
  open.path = nullptr;
  const int code = state.below->xOpen(state.below, path, open.below(), flags, out_flags);
  if (code != SQLITE_OK) return code;
  open.base.pMethods = &kMethods;
  if ((flags & kTracked) == 0) return SQLITE_OK;
  open.path = new std::string(path);
  const std::scoped_lock lock(state.mutex);
  const auto [found, is_new] = state.files.try_emplace(path);
  if (found->second.deleted) found->second = {};
  // What lay there before the disk was watched has been safe for long.
  if (is_new) found->second.synced = ReadWhole(path);
  if (is_new && !found->second.synced.empty()) found->second.named = true;
  return SQLITE_OK;
}

int Delete(sqlite3_vfs* vfs, const char* path, int sync_folder) {
  State& state = StateOf(vfs);
  {
    const std::scoped_lock lock(state.mutex);
    if (sync_folder != 0) {
      state.files.erase(path);
    } else if (const auto found = state.files.find(path); found != state.files.end()) {
      found->second.deleted = true;
    }
  }
  return state.below->xDelete(state.below, path, 0);
}

}  // namespace

PowerLossDisk::PowerLossDisk() : state_(std::make_unique<State>()) {
  state_->name = "power-loss-" + std::to_string(reinterpret_cast<std::uintptr_t>(state_.get()));
  state_->vfs = *state_->below;
  state_->vfs.zName = state_->name.c_str();
  state_->vfs.pAppData = state_.get();
  state_->vfs.pNext = nullptr;
  state_->vfs.szOsFile = static_cast<int>(sizeof(OpenFile)) + state_->below->szOsFile;
  state_->vfs.xOpen = Open;
  state_->vfs.xDelete = Delete;
  YB_CHECK(sqlite3_vfs_register(&state_->vfs, 0) == SQLITE_OK, "SQLite does not take a file layer");
}

PowerLossDisk::~PowerLossDisk() {
  sqlite3_vfs_unregister(&state_->vfs);
}

const std::string& PowerLossDisk::vfs() const {
  return state_->name;
}

void PowerLossDisk::Cut(const fs::path& folder, int kept, std::mt19937_64& random) const {
  fs::remove_all(folder);
  fs::create_directories(folder);
  std::map<std::string, DiskFile> files;
  {
    const std::scoped_lock lock(state_->mutex);
    files = state_->files;
  }
  for (const auto& [path, file] : files) {
    const bool lucky = static_cast<int>(random() % 100) < kept;
    const bool gone = (file.deleted && lucky) || (!file.named && !lucky);
    if (gone) continue;
    Content content = file.synced;
    for (const Change& change : file.since) ApplyTorn(content, change, kept, random);
    std::ofstream(folder / fs::path(path).filename(), std::ios::binary)
        .write(content.data(), static_cast<std::streamsize>(content.size()));
  }
}

}  // namespace yb::test
