// SnapshotKeeper takes the snapshots (快照) of a ledger when they are due, in small pieces with a pause behind each, so
// that nobody who acts waits longer than for one of them. Owns its thread; killed at any point it goes on where it can.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "core/ledger/ledger_store.hpp"

namespace yb::ledger {

class SnapshotKeeper {
 public:
  /// `store` outlives this.
  explicit SnapshotKeeper(LedgerStore& store);
  ~SnapshotKeeper();

 private:
  void Run(const std::stop_token& stop);

  LedgerStore& store_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  bool hurry_ = false;
  std::jthread thread_;
};

}  // namespace yb::ledger
