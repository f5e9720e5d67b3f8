#include "core/telemetry/keeper.hpp"

#include "core/base/log.hpp"

namespace yb::telemetry {
namespace {

const base::Logger kLog("keeper");

}  // namespace

Keeper::Keeper(KeeperOptions options, std::unique_ptr<RecordLog> log, const base::Clock& clock)
    : options_(options), log_(std::move(log)), clock_(clock) {}

Keeper::~Keeper() = default;

void Keeper::Start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
}

base::Result<bool> Keeper::RunOnce() {
  bool more = false;
  YB_ASSIGN(const std::vector<SiteRow> sites, log_->Sites());
  for (const SiteRow& site : sites) {
    YB_ASSIGN(const bool compacted, log_->Compact(site.no, options_.compaction, clock_.Now()));
    more = more || compacted;
    YB_ASSIGN(const bool rolled_up, log_->RollUp(site.no, clock_.Now()));
    more = more || rolled_up;
    if (!options_.merge) continue;
    YB_ASSIGN(const bool merged, log_->Merge(site.no, clock_.Now()));
    more = more || merged;
  }
  return more;
}

void Keeper::Run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const base::Result<bool> more = RunOnce();
    if (!more) kLog.Warn("tidying up failed, it is tried again", {{"why", more.error().Describe()}});
    if (more && *more) continue;
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, stop, options_.interval, [] { return false; });
  }
}

}  // namespace yb::telemetry
