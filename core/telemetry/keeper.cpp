#include "core/telemetry/keeper.hpp"

#include "core/base/log.hpp"
#include "core/telemetry/rollup_store.hpp"

namespace yb::telemetry {
namespace {

const base::Logger kLog("keeper");

}  // namespace

Keeper::Keeper(KeeperOptions options, std::unique_ptr<RecordLog> log, const base::Clock& clock)
    : options_(std::move(options)), log_(std::move(log)), clock_(clock) {}

Keeper::~Keeper() = default;

void Keeper::Start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
}

base::Result<bool> Keeper::RunOnce() {
  YB_ASSIGN(const bool more, MakeSeries());
  return more ? true : Prune();
}

base::Result<bool> Keeper::MakeSeries() {
  bool more = false;
  YB_ASSIGN(const std::vector<SiteRow> sites, log_->Sites());
  for (const SiteRow& site : sites) {
    YB_ASSIGN(const bool compacted, Compaction(*log_, site.no).Compact(options_.compaction, clock_.Now()));
    more = more || compacted;
    if (compacted) continue;  // a day that is still growing would be closed again and again
    YB_ASSIGN(const bool closed, RollupStore(*log_, site.no, options_.readings_at_close).CloseDay(clock_.Now()));
    more = more || closed;
  }
  return more;
}

base::Result<bool> Keeper::Prune() {
  if (options_.prune) return options_.prune();
  bool more = false;
  YB_ASSIGN(const std::vector<SiteRow> sites, log_->Sites());
  for (const SiteRow& site : sites) {
    YB_ASSIGN(storage::Transaction transaction, log_->Begin());
    YB_ASSIGN(std::vector<EpochHead> heads, log_->Heads(site.no, sync::Lane::kHistory));
    if (heads.empty()) continue;
    Compaction compaction(*log_, site.no);
    YB_ASSIGN(const base::UtcTime now, compaction.ConfirmedNow(heads.back(), clock_.Now()));
    for (std::size_t i = 0; i < heads.size(); ++i) {
      const auto next = i + 1 < heads.size() ? std::optional(heads[i + 1].epoch) : std::nullopt;
      YB_ASSIGN(const bool pruned, compaction.Prune(heads[i], heads[i].last, next, now));
      more = more || pruned;
    }
    if (more) YB_TRY(transaction.Commit());
  }
  return more;
}

void Keeper::Run(const std::stop_token& stop) {
  const auto tell = [](const base::Result<bool>& done) {
    if (!done) kLog.Warn("tidying up failed, it is tried again", {{"why", done.error().Describe()}});
  };
  base::Monotonic pruned{};
  while (!stop.stop_requested()) {
    const base::Result<bool> more = MakeSeries();
    tell(more);
    if (more && *more) continue;
    const base::Monotonic now = clock_.Steady();
    if (now - pruned >= options_.prune_interval) {
      const base::Result<bool> room = Prune();  // also where the series failed: the disk may be full
      tell(room);
      if (room && *room) continue;
      pruned = now;
    }
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, stop, options_.interval, [] { return false; });
  }
}

}  // namespace yb::telemetry
