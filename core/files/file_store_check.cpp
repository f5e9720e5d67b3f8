// What lies in the folder, held against `files.db`.
#include <algorithm>

#include "core/base/log.hpp"
#include "core/files/file_store_statements.hpp"

namespace yb::files {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;
using base::Fail;
using base::Result;

const base::Logger kLog("files");

}  // namespace

Result<std::optional<KeptFile>> FileStore::TakeIn(const base::Digest& sha) {
  const fs::path path = PathOf(sha);
  const std::scoped_lock keeping(keeping_);
  auto reader = ContainerReader::Open(path, sealer_);
  if (!reader && reader.error().code == ErrorCode::kNotFound) return std::nullopt;
  if (not_whole_.contains(sha)) return std::nullopt;
  YB_ASSIGN(const auto known, Known(sha));
  if (known) return known;  // meanwhile
  const auto digest = reader ? reader->DigestOfAll() : Result<base::Digest>(Fail(reader.error()));
  if (!digest || *digest != sha) {
    not_whole_.insert(sha);
    kLog.Warn("a container that is not known is not whole, either", {{"file", path.string()}});
    return std::nullopt;
  }
  YB_TRY(SyncFolder(path.parent_path()));
  const KeptFile file{sha, reader->size()};
  YB_TRY(Record(file, true));
  kLog.Info("a file that files.db did not know was taken in", {{"file", path.string()}});
  return file;
}

Result<std::vector<KeptFile>> FileStore::Missing() {
  YB_ASSIGN(std::vector<KeptFile> files, All());
  std::erase_if(files, [this](const KeptFile& file) { return IsThere(file); });
  return files;
}

Result<FileStore::Checked> FileStore::Check() {
  Checked checked;
  YB_ASSIGN(const std::vector<KeptFile> files, All());
  for (const KeptFile& file : files) {
    auto reader = OpenFile(file.sha);
    const auto digest = reader ? reader->DigestOfAll() : Result<base::Digest>(Fail(reader.error()));
    if (digest && *digest == file.sha) {
      ++checked.whole;
    } else {
      checked.broken.push_back(file.sha);
    }
  }
  std::error_code failed;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(options_.folder, failed)) {
    const auto sha = ParseHex(entry.path().filename().string());
    if (!sha || entry.path() != PathOf(*sha)) continue;
    YB_ASSIGN(const auto known, Known(*sha));
    if (known) continue;
    YB_ASSIGN(const auto taken, TakeIn(*sha));
    if (taken) checked.taken_in.push_back(*sha);
  }
  if (failed) return FailAt(options_.folder, failed.value());
  return checked;
}

}  // namespace yb::files
