#include "core/ledger/snapshot_keeper.hpp"

#include "core/base/log.hpp"

namespace yb::ledger {
namespace {

constexpr base::Duration kBetweenPieces = std::chrono::milliseconds(20);
constexpr base::Duration kBetweenLooks = std::chrono::seconds(60);

const base::Logger kLog("ledger");

}  // namespace

SnapshotKeeper::SnapshotKeeper(LedgerStore& store)
    : store_(store), thread_([this](const std::stop_token& stop) { Run(stop); }) {
  store_.SetOnHurry([this] {
    {
      const std::scoped_lock lock(mutex_);
      hurry_ = true;
    }
    wake_.notify_all();
  });
}

SnapshotKeeper::~SnapshotKeeper() {
  store_.SetOnHurry(nullptr);
}

void SnapshotKeeper::Run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const base::Result<bool> more = store_.SnapshotStep();
    if (!more) {
      kLog.Warn("a snapshot of the ledger was not taken, it is tried again", {{"why", more.error().Describe()}});
    }
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, stop, more && *more ? kBetweenPieces : kBetweenLooks, [this] { return hurry_; });
    hurry_ = false;
  }
}

}  // namespace yb::ledger
