// PowerLossDisk: a disk under SQLite that forgets, when the power goes, every write that no sync followed.
//
// Method: it is an SQLite file layer (VFS) over the system's. Programs work with real files; beside them the disk keeps
// what a sync has made safe of each file and the writes since. A cut takes both at one moment and makes the files a
// real disk might hold after it: all that was synced, and of the later writes any subset, sector by sector, in any
// order. The programs go on unharmed, so that one run can be cut hundreds of times.
//
// Databases, their logs and journals are covered; the shared-memory index is not, as it does not outlive a power cut.
// Safe to call from any thread. Outlives every database opened through it.
#pragma once

#include <filesystem>
#include <memory>
#include <random>
#include <string>

namespace yb::test {

class PowerLossDisk {
 public:
  PowerLossDisk();
  ~PowerLossDisk();
  PowerLossDisk(const PowerLossDisk&) = delete;
  PowerLossDisk& operator=(const PowerLossDisk&) = delete;

  /// What storage::SqliteOptions::vfs takes.
  [[nodiscard]] const std::string& vfs() const;

  /// The power goes now: writes what the disk is left with into `folder`, which is made anew. Of writes and deletions
  /// that no sync followed, each sector is kept with a chance of `kept` in a hundred.
  void Cut(const std::filesystem::path& folder, int kept, std::mt19937_64& random) const;

  struct State;

 private:
  std::unique_ptr<State> state_;
};

}  // namespace yb::test
