#include "edge/telemetry/import_spool.hpp"

#include <algorithm>
#include <condition_variable>
#include <fstream>
#include <iterator>
#include <mutex>

#include "core/base/log.hpp"
#include "core/base/write_file.hpp"

namespace yb::edge {
namespace {

namespace fs = std::filesystem;

constexpr base::Duration kLookEvery = std::chrono::seconds(1);

const base::Logger kLog("import");

/// kCorrupt and kNotFound are the file's fault, all else the disk's.
base::Result<ImportResult> TakeUpOne(const fs::path& file, EdgeStore& store) {
  std::ifstream stream(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (!stream) return base::Fail(base::ErrorCode::kNotFound, "the file cannot be read");
  YB_ASSIGN(const std::vector<ImportedValue> values, ReadImportFile(text));
  return store.Import(values);
}

void Finish(const fs::path& file, const ImportResult& result) {
  fs::path beside = file;
  beside.replace_extension(".result");
  const base::Status told = base::WriteFile(beside, WriteImportResult(result));
  if (!told) kLog.Warn("the result is not kept", {{"file", beside.string()}, {"why", told.error().Describe()}});
  std::error_code error;
  fs::remove(file, error);
  if (error) kLog.Warn("a file that was taken up stays", {{"file", file.string()}, {"why", error.message()}});
}

}  // namespace

std::vector<fs::path> ImportSpool::Waiting(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    if (entry->path().extension() == ".readings") files.push_back(entry->path());
  }
  std::ranges::sort(files);
  return files;
}

void ImportSpool::TakeUp(const fs::path& folder, EdgeStore& store) {
  for (const fs::path& file : Waiting(folder)) {
    base::Result<ImportResult> result = TakeUpOne(file, store);
    if (result) {
      kLog.Info("readings imported", {{"file", file.filename().string()},
                                      {"added", result->added},
                                      {"known", result->known},
                                      {"differing", result->differing},
                                      {"events", result->events}});
      Finish(file, *result);
      continue;
    }
    kLog.Warn("readings not imported", {{"file", file.string()}, {"why", result.error().Describe()}});
    const bool files_fault =
        result.error().code == base::ErrorCode::kCorrupt || result.error().code == base::ErrorCode::kNotFound;
    ImportResult refused;
    refused.refused = result.error().Describe();
    if (files_fault) Finish(file, refused);
  }
}

base::Result<std::unique_ptr<ImportSpool>> ImportSpool::Start(fs::path folder, EdgeStore& store) {
  YB_TRY(base::MakeFolder(folder));
  std::unique_ptr<ImportSpool> spool(new ImportSpool);
  spool->thread_ = std::jthread([folder = std::move(folder), &store](const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any wake;
    while (!stop.stop_requested()) {
      TakeUp(folder, store);
      std::unique_lock lock(mutex);
      wake.wait_for(lock, stop, kLookEvery, [] { return false; });
    }
  });
  return spool;
}

}  // namespace yb::edge
