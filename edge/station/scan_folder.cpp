#include "edge/station/scan_folder.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <system_error>

#include "core/files/harmful_content.hpp"

namespace yb::edge {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Result;
using base::Words;

constexpr const char* kTaken = "taken";

tl::unexpected<base::Error> FolderFails(const std::filesystem::path& folder, const std::error_code& why) {
  return Fail(base::Error{ErrorCode::kIo, "the scanner's folder cannot be used: " + why.message(), folder.string(),
                          "see whether it is there and whose it is", "扫描目录无法使用", "请检查目录是否存在及其权限"});
}

/// What a scanner made: no folder, no link, no name that hides.
bool IsScan(const std::string& name) {
  return !name.empty() && name.front() != '.' && name.find('/') == std::string::npos && !name.ends_with(".part") &&
         !name.ends_with(".tmp");
}

Result<base::Bytes> BeginningOf(const std::filesystem::path& file) {
  base::Bytes bytes(files::kTellingBytes);
  std::ifstream in(file, std::ios::binary);
  in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  if (in.bad() || !in.is_open()) {
    return Fail(ErrorCode::kIo, Words{"the scan cannot be read", "扫描文件无法读取"});
  }
  bytes.resize(static_cast<std::size_t>(in.gcount()));
  return bytes;
}

base::UtcTime ModifiedOf(const struct stat& info) {
  return {std::int64_t{info.st_mtim.tv_sec} * 1'000'000 + info.st_mtim.tv_nsec / 1000};
}

}  // namespace

Result<std::vector<Scan>> ScanFolder::Look() {
  std::vector<Scan> scans;
  if (folder_.empty()) return scans;
  std::error_code why;
  std::filesystem::create_directories(folder_ / kTaken, why);
  if (why) return FolderFails(folder_, why);
  std::filesystem::directory_iterator entries(folder_, why);
  if (why) return FolderFails(folder_, why);
  const base::UtcTime now = clock_.Now();
  std::map<std::string, Seen> seen;
  for (; entries != std::filesystem::directory_iterator() && scans.size() < kMost; entries.increment(why)) {
    if (why) return FolderFails(folder_, why);
    const std::string name = entries->path().filename().string();
    struct stat info {};
    if (!IsScan(name) || ::lstat(entries->path().c_str(), &info) != 0 || !S_ISREG(info.st_mode)) continue;
    const auto bytes = static_cast<std::uint64_t>(info.st_size);
    const base::UtcTime modified = ModifiedOf(info);
    // What nobody has touched for a while needs no second look. A time ahead of the clock says nothing.
    Seen one{bytes, modified <= now ? modified : now, {}};
    const auto before = seen_.find(name);
    if (before != seen_.end() && before->second.bytes == bytes) one = before->second;
    if (before != seen_.end() && before->second.bytes != bytes) one.changed = now;
    const bool settled = bytes > 0 && now - one.changed >= kSettle;
    if (settled && !one.refused) {
      const auto beginning = BeginningOf(entries->path());
      if (beginning) one.refused = !files::CheckContent(*beginning);
    }
    seen.emplace(name, one);
    scans.push_back({name, bytes, modified, settled, settled && one.refused.value_or(false)});
  }
  seen_ = std::move(seen);
  std::ranges::sort(
      scans, [](const Scan& a, const Scan& b) { return std::tie(b.modified, a.name) < std::tie(a.modified, b.name); });
  return scans;
}

Result<std::vector<Scan>> ScanFolder::List() {
  const std::scoped_lock lock(mutex_);
  return Look();
}

Result<ScanFolder::Taken> ScanFolder::Take(const std::string& name) {
  const std::scoped_lock lock(mutex_);
  YB_ASSIGN(const std::vector<Scan> scans, Look());
  const auto found = std::ranges::find(scans, name, &Scan::name);
  if (found == scans.end()) {
    return Fail(ErrorCode::kNotFound,
                Words{"the folder has no file '" + name + "'", "扫描目录中没有文件“" + name + "”"});
  }
  if (!found->settled) {
    return Fail(ErrorCode::kRefused, Words{"the scanner still writes the file", "扫描仪仍在写入该文件"},
                Words{"try again in a moment", "请稍后再试"});
  }
  YB_ASSIGN(const base::Bytes beginning, BeginningOf(folder_ / name));
  YB_TRY(files::CheckContent(beginning));
  YB_ASSIGN(const files::KeptFile kept, files_.PutFile(folder_ / name));
  std::filesystem::path target = folder_ / kTaken / name;
  std::error_code why;
  if (std::filesystem::exists(target, why)) {
    target = folder_ / kTaken / (std::to_string(clock_.Now().micros) + "-" + name);
  }
  std::filesystem::rename(folder_ / name, target, why);
  if (why) return FolderFails(folder_, why);
  seen_.erase(name);
  return Taken{name, kept};
}

}  // namespace yb::edge
