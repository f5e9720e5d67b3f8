// ScanFolder (扫描目录): the folder into which scanners and document cameras (扫描仪、高拍仪) write. A file is settled
// when its size has not changed for two seconds; then it can be taken: stored, and moved to `taken/` in the folder.
// One whose content could do harm (core/files/harmful_content.hpp) stays where it is. Nothing is deleted.
//
// Safe from any thread.
#pragma once

#include <filesystem>
#include <map>
#include <mutex>

#include "core/files/file_store.hpp"

namespace yb::edge {

struct Scan {
  std::string name;
  std::uint64_t bytes = 0;
  base::UtcTime modified;
  bool settled = false;
  bool refused = false;  // settled, and its content could do harm
};

class ScanFolder {
 public:
  static constexpr base::Duration kSettle = std::chrono::seconds(2);
  static constexpr std::size_t kMost = 1000;

  /// An empty `folder`: none is configured.
  ScanFolder(std::filesystem::path folder, files::FileStore& files, const base::Clock& clock)
      : folder_(std::move(folder)), files_(files), clock_(clock) {}

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  /// Newest first. kIo where the folder cannot be read; one that is missing is made.
  [[nodiscard]] base::Result<std::vector<Scan>> List();
  struct Taken {
    std::string name;
    files::KeptFile file;
  };
  /// Stored when it returns. kNotFound; kRefused while it still grows; kInvalidArgument where its content could do
  /// harm.
  [[nodiscard]] base::Result<Taken> Take(const std::string& name);

 private:
  struct Seen {
    std::uint64_t bytes = 0;
    base::UtcTime changed;        // since then its size is the same
    std::optional<bool> refused;  // once somebody looked
  };
  [[nodiscard]] base::Result<std::vector<Scan>> Look();

  const std::filesystem::path folder_;
  files::FileStore& files_;
  const base::Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, Seen> seen_;
};

}  // namespace yb::edge
