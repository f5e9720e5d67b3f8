#include "edge/telemetry/edge_store.hpp"

#include <algorithm>
#include <set>

#include "core/base/log.hpp"

namespace yb::edge {
namespace {

using sync::Lane;
using telemetry::EpochHead;
using telemetry::PointDefinition;

constexpr int kSeedRecords = 20'000;

const base::Logger kLog("store");

std::uint64_t NewEpoch(base::UtcTime now, const std::vector<EpochHead>& heads) {
  const auto seconds = static_cast<std::uint64_t>(std::max<std::int64_t>(now.micros / 1'000'000, 1));
  return heads.empty() ? seconds : std::max(seconds, heads.back().epoch + 1);
}

}  // namespace

base::Result<std::unique_ptr<EdgeStore>> EdgeStore::Open(storage::DatabaseOpener& opener, EdgeStoreOptions options,
                                                         const base::Clock& clock) {
  YB_ASSIGN(std::unique_ptr<telemetry::RecordLog> log, telemetry::RecordLog::Open(opener));
  YB_ASSIGN(const telemetry::SiteNo site, log->EnsureSite(options.site));
  YB_TRY(log->RenameSite(site, options.site_name));
  std::unique_ptr<EdgeStore> store(new EdgeStore(std::move(log), site, std::move(options), clock));
  YB_ASSIGN(store->heads_, store->log_->Heads(site, Lane::kHistory));
  if (store->heads_.empty()) YB_TRY(store->BeginEpoch("first start"));
  YB_TRY(store->state_.With([&](telemetry::SiteState& state) {
    state.name = store->options_.site_name;
    return telemetry::Seed(state, *store->log_, site, kSeedRecords);
  }));
  store->ShowProgress();
  store->thread_ = std::jthread([self = store.get()](const std::stop_token& stop) { self->CommitLoop(stop); });
  return store;
}

EdgeStore::EdgeStore(std::unique_ptr<telemetry::RecordLog> log, telemetry::SiteNo site, EdgeStoreOptions options,
                     const base::Clock& clock)
    : options_(std::move(options)), clock_(clock), site_no_(site), log_(std::move(log)) {}

EdgeStore::~EdgeStore() {
  thread_.request_stop();
  wake_.notify_all();
}

base::Result<std::map<std::string, metering::PointNo>> EdgeStore::DefinePoints(std::vector<PointDefinition> points) {
  std::map<std::string, PointDefinition> known;
  metering::PointNo highest = 0;
  state_.With([&](const telemetry::SiteState& state) {
    for (const auto& [no, definition] : state.points) {
      known.emplace(definition.point.key, definition);
      highest = std::max(highest, no);
    }
  });
  std::map<std::string, metering::PointNo> numbers;
  telemetry::PointTable changed;
  for (PointDefinition& definition : points) {
    const auto found = known.find(definition.point.key);
    definition.point.no = found == known.end() ? ++highest : found->second.point.no;
    numbers.emplace(definition.point.key, definition.point.no);
    if (found == known.end() || !(found->second == definition)) changed.push_back(definition);
  }
  for (auto& [key, definition] : known) {
    if (definition.retired || numbers.contains(key)) continue;
    definition.retired = true;
    changed.push_back(definition);
  }
  if (!changed.empty()) {
    {
      const std::scoped_lock lock(writing_);
      YB_TRY(AppendRecords({telemetry::EncodePointTable(changed)}));
    }
    state_.With([&](telemetry::SiteState& state) { state.Apply(changed); });
  }
  return numbers;
}

void EdgeStore::OnReadings(std::span<const metering::Reading> readings) {
  counters_.readings += readings.size();
  state_.With([&](telemetry::SiteState& state) {
    for (const metering::Reading& reading : readings) state.latest.Offer(reading);
  });
  bool full = false;
  {
    const std::scoped_lock lock(pending_mutex_);
    pending_.insert(pending_.end(), readings.begin(), readings.end());
    for (const metering::Reading& reading : readings) live_[reading.point] = reading;
    full = pending_.size() >= options_.commit_at_once;
  }
  if (full) wake_.notify_all();
}

std::vector<sync::EpochRange> EdgeStore::Outbox() const {
  const std::scoped_lock lock(pending_mutex_);
  std::vector<sync::EpochRange> ranges;
  for (const EpochHead& head : heads_) ranges.push_back({head.epoch, 1, head.last, head.chain});
  return ranges;
}

void EdgeStore::OnAcknowledged(sync::Position position) {
  const std::scoped_lock lock(pending_mutex_);
  const auto head = std::ranges::find(heads_, position.epoch, &EpochHead::epoch);
  if (head == heads_.end() || position.seq <= head->acked) return;
  head->acked = std::min(position.seq, head->last);
  acks_to_store_ = true;
}

base::Status EdgeStore::BeginEpoch(std::string_view reason) {
  const std::scoped_lock writing(writing_);
  EpochHead head;
  {
    const std::scoped_lock lock(pending_mutex_);
    head.epoch = NewEpoch(clock_.Now(), heads_);
  }
  YB_ASSIGN(storage::Transaction transaction, log_->Begin());
  YB_TRY(log_->SaveHead(site_no_, Lane::kHistory, head));
  YB_TRY(transaction.Commit());
  kLog.Info("new epoch", {{"epoch", head.epoch}, {"reason", reason}});
  const std::scoped_lock lock(pending_mutex_);
  heads_.push_back(head);
  return {};
}

std::vector<metering::Reading> EdgeStore::TakeLive() {
  const std::scoped_lock lock(pending_mutex_);
  std::vector<metering::Reading> readings;
  readings.reserve(live_.size());
  for (const auto& [no, reading] : live_) readings.push_back(reading);
  live_.clear();
  return readings;
}

void EdgeStore::SetOnCommit(std::function<void()> on_commit) {
  const std::scoped_lock lock(on_commit_mutex_);
  on_commit_ = std::move(on_commit);
}

void EdgeStore::CommitLoop(const std::stop_token& stop) {
  bool last_round = false;
  while (!last_round) {
    std::vector<metering::Reading> readings;
    {
      std::unique_lock lock(pending_mutex_);
      wake_.wait_for(lock, stop, options_.commit_interval, [&] { return pending_.size() >= options_.commit_at_once; });
      last_round = stop.stop_requested();
      if (last_round) acks_stored_at_ = {};
      if (pending_.empty() && !AcksAreDue()) continue;
      readings.swap(pending_);
    }
    const base::Status committed = Commit(readings);
    if (!committed) {
      ++counters_.commit_failures;
      kLog.Warn("commit failed, readings wait in memory",
                {{"readings", readings.size()}, {"why", committed.error().Describe()}});
      ReturnToPending(std::move(readings));
      // A full batch would otherwise be retried without a pause.
      std::unique_lock lock(pending_mutex_);
      wake_.wait_for(lock, stop, options_.commit_interval, [] { return false; });
      continue;
    }
    ++counters_.commits;
    counters_.committed += readings.size();
    ShowProgress();
    const std::scoped_lock lock(on_commit_mutex_);
    if (on_commit_) on_commit_();
  }
}

base::Status EdgeStore::Commit(std::vector<metering::Reading>& readings) {
  const telemetry::BootTime boot{options_.boot, clock_.Steady(), clock_.Now()};
  std::vector<base::Bytes> bodies;
  for (std::size_t at = 0; at < readings.size(); at += options_.most_per_record) {
    const std::size_t count = std::min(options_.most_per_record, readings.size() - at);
    bodies.push_back(telemetry::EncodeSlice(std::span(readings).subspan(at, count), boot));
  }
  const std::scoped_lock lock(writing_);
  return AppendRecords(std::move(bodies));
}

base::Status EdgeStore::AppendRecords(std::vector<base::Bytes> bodies) {
  std::vector<EpochHead> heads;
  bool save_heads = false;
  {
    const std::scoped_lock lock(pending_mutex_);
    heads = heads_;
    save_heads = AcksAreDue();
    if (save_heads) {
      acks_to_store_ = false;
      acks_stored_at_ = clock_.Steady();
    }
  }
  YB_ASSIGN(storage::Transaction transaction, log_->Begin());
  for (const base::Bytes& body : bodies) YB_TRY(log_->Append(site_no_, Lane::kHistory, heads.back(), body));
  if (save_heads) {
    for (const EpochHead& head : heads) YB_TRY(log_->SaveHead(site_no_, Lane::kHistory, head));
  }
  YB_TRY(transaction.Commit());
  const std::scoped_lock lock(pending_mutex_);
  heads_.back().last = heads.back().last;  // acknowledgements may have come meanwhile: only this one's fields moved
  heads_.back().chain = heads.back().chain;
  return {};
}

bool EdgeStore::AcksAreDue() const {
  return acks_to_store_ && (!acks_stored_at_ || clock_.Steady() - *acks_stored_at_ >= options_.ack_interval);
}

void EdgeStore::ShowProgress() {
  telemetry::LaneProgress progress;
  {
    const std::scoped_lock lock(pending_mutex_);
    const EpochHead& head = heads_.back();
    progress = {Lane::kHistory, head.epoch, head.acked, head.last, 0, std::nullopt};
  }
  if (progress.committed < progress.last_known) {
    const std::scoped_lock lock(writing_);
    const auto oldest = log_->TimeOf(site_no_, Lane::kHistory, {progress.epoch, progress.committed + 1});
    if (oldest && oldest->micros != 0) progress.oldest_waiting = *oldest;
  }
  state_.With([&](telemetry::SiteState& state) { state.lanes[Lane::kHistory] = progress; });
}

void EdgeStore::ReturnToPending(std::vector<metering::Reading> readings) {
  const std::scoped_lock lock(pending_mutex_);
  pending_.insert(pending_.begin(), readings.begin(), readings.end());
  if (pending_.size() <= options_.most_pending) return;
  const std::size_t surplus = pending_.size() - options_.most_pending;
  counters_.dropped += surplus;
  pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(surplus));
  kLog.Error("readings dropped: the disk took nothing for too long", {{"readings", surplus}});
}

}  // namespace yb::edge
