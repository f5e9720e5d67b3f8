#include "edge/telemetry/edge_store.hpp"

#include <algorithm>
#include <set>

#include "core/base/log.hpp"
#include "core/telemetry/completeness_log.hpp"

namespace yb::edge {
namespace {

using sync::Lane;
using telemetry::EpochHead;
using telemetry::PointDefinition;

constexpr int kSeedRecords = 20'000;

const base::Logger kLog("store");

/// Of readings, or of events of meters.
template <class OfPoints>
void Renumber(OfPoints& all, const telemetry::PointNumbers& numbers) {
  if (numbers.empty()) return;
  for (auto& one : all) {
    const auto found = numbers.find(one.point);
    if (found != numbers.end()) one.point = found->second;
  }
}

}  // namespace

base::Result<std::unique_ptr<EdgeStore>> EdgeStore::Open(storage::DatabaseOpener& opener, EdgeStoreOptions options,
                                                         const base::Clock& clock) {
  YB_ASSIGN(std::unique_ptr<telemetry::RecordLog> log, telemetry::RecordLog::Open(opener));
  YB_ASSIGN(const telemetry::SiteNo site, log->EnsureSite(options.site));
  YB_TRY(log->RenameSite(site, options.site_name));
  std::unique_ptr<EdgeStore> store(new EdgeStore(std::move(log), site, std::move(options), clock));
  for (const Lane lane : sync::kKeptLanes) {
    YB_ASSIGN(store->heads_[lane], store->log_->Heads(site, lane));
    if (store->heads_[lane].empty()) YB_TRY(store->BeginEpoch(lane));
    YB_TRY(store->ReadHourBack(lane));
  }
  YB_TRY(store->ReadStateBack());
  YB_TRY(store->ResumeWatch());
  store->ShowProgress();
  store->thread_ = std::jthread([self = store.get()](const std::stop_token& stop) { self->CommitLoop(stop); });
  return store;
}

base::Status EdgeStore::ReadStateBack() {
  telemetry::SiteState fresh;
  fresh.name = options_.site_name;
  YB_TRY(telemetry::Seed(fresh, *log_, site_no_, kSeedRecords));
  state_.With([&](telemetry::SiteState& state) {
    fresh.lanes = std::move(state.lanes);
    state = std::move(fresh);
  });
  return {};
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
      const base::Bytes table = telemetry::EncodePointTable(changed);
      YB_TRY(AppendRecords(Lane::kHistory, {&table, 1}));
    }
    state_.With([&](telemetry::SiteState& state) { state.Apply(changed); });
  }
  return numbers;
}

void EdgeStore::OnAnswer(std::span<metering::Reading> readings) {
  telemetry::MeterEvents events = watch_.With([&](MeterWatch& watch) { return watch.Take(readings); });
  counters_.readings += readings.size();
  std::vector<metering::Reading> shown(readings.begin(), readings.end());
  bool full = false;
  bool first_live = false;
  {
    const std::scoped_lock lock(pending_mutex_);
    pending_.insert(pending_.end(), readings.begin(), readings.end());
    pending_events_.insert(pending_events_.end(), events.begin(), events.end());
    full = pending_.size() >= options_.commit_at_once;
    Renumber(shown, renumbered_);
    first_live = live_.empty();
    for (const metering::Reading& reading : shown) live_[reading.point] = reading;
  }
  if (full) wake_.notify_all();
  if (first_live) TellNews();
}

void EdgeStore::OnPollOver(std::span<const metering::Reading> readings) {
  std::vector<metering::Reading> shown(readings.begin(), readings.end());
  {
    const std::scoped_lock lock(pending_mutex_);
    Renumber(shown, renumbered_);
    commit_wanted_ = !pending_.empty();
  }
  state_.With([&](telemetry::SiteState& state) {
    for (const metering::Reading& reading : shown) state.latest.Offer(reading);
  });
}

base::Status EdgeStore::Append(Lane lane, base::Bytes body) {
  {
    const std::scoped_lock lock(writing_);
    YB_TRY(AppendRecords(lane, {&body, 1}));
  }
  ShowProgress();
  TellNews();
  return {};
}

std::vector<sync::EpochRange> EdgeStore::Outbox(Lane lane) const {
  const std::scoped_lock lock(pending_mutex_);
  std::vector<sync::EpochRange> ranges;
  for (const EpochHead& head : heads_.at(lane)) {
    if (head.closed) continue;
    ranges.push_back({head.epoch, head.first, head.last, head.chain, head.chain_before, head.acked, head.rolled_back});
  }
  return ranges;
}

void EdgeStore::OnAcknowledged(Lane lane, sync::Position position) {
  const std::scoped_lock lock(pending_mutex_);
  std::vector<EpochHead>& heads = heads_.at(lane);
  const auto head = std::ranges::find(heads, position.epoch, &EpochHead::epoch);
  if (head == heads.end() || head->closed) return;
  // A central that was set back acknowledges less than before: what it lost waits again.
  head->acked = std::min(position.seq, head->last);
  acks_to_store_ = true;
}

base::Status EdgeStore::BeginEpoch(Lane lane) {
  const std::scoped_lock writing(writing_);
  EpochHead head;
  head.epoch = static_cast<std::uint64_t>(std::max<std::int64_t>(clock_.Now().micros / 1'000'000, 1));
  YB_ASSIGN(storage::Transaction transaction, log_->Begin());
  YB_TRY(log_->SaveHead(site_no_, lane, head));
  YB_TRY(transaction.Commit());
  kLog.Info("first epoch", {{"lane", sync::ToString(lane)}, {"epoch", head.epoch}});
  const std::scoped_lock lock(pending_mutex_);
  heads_[lane].push_back(head);
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

bool EdgeStore::LiveWaits() const {
  const std::scoped_lock lock(pending_mutex_);
  return !live_.empty();
}

void EdgeStore::SetOnNews(std::function<void()> on_news) {
  const std::scoped_lock lock(on_news_mutex_);
  on_news_ = std::move(on_news);
}

void EdgeStore::CommitLoop(const std::stop_token& stop) {
  bool last_round = false;
  while (!last_round) {
    std::vector<metering::Reading> readings;
    telemetry::MeterEvents events;
    {
      std::unique_lock lock(pending_mutex_);
      const auto full = [&] { return pending_.size() >= options_.commit_at_once; };
      wake_.wait_for(lock, stop, options_.commit_interval, full);
      last_round = stop.stop_requested();
      // Answers that come one by one are no more commits, and no smaller slices, than whole polls would be.
      const bool due = last_round ? !pending_.empty() : commit_wanted_ || full();
      if (!due && !(last_round ? acks_to_store_ : AcksAreDue())) continue;
      commit_wanted_ = false;
      readings.swap(pending_);
      events.swap(pending_events_);
    }
    const base::Status committed = Commit(readings, events);
    failing_ = !committed;
    if (!committed) {
      ++counters_.commit_failures;
      kLog.Warn("commit failed, readings wait in memory",
                {{"readings", readings.size()}, {"why", committed.error().Describe()}});
      ReturnToPending(std::move(readings), std::move(events));
      // A full batch would otherwise be retried without a pause.
      std::unique_lock lock(pending_mutex_);
      wake_.wait_for(lock, stop, options_.commit_interval, [] { return false; });
      continue;
    }
    ++counters_.commits;
    counters_.committed += readings.size();
    ShowProgress();
    TellNews();
  }
}

bool EdgeStore::AcksAreDue() const {
  return acks_to_store_ && clock_.Steady() - acks_stored_ >= options_.ack_interval;
}

void EdgeStore::TellNews() {
  const std::scoped_lock lock(on_news_mutex_);
  if (on_news_) on_news_();
}

base::Status EdgeStore::Commit(const std::vector<metering::Reading>& readings, const telemetry::MeterEvents& events) {
  const telemetry::BootTime boot{options_.boot, clock_.Steady(), clock_.Now()};
  const std::scoped_lock lock(writing_);  // a recovery that gives points other numbers is before this or behind it
  std::vector<metering::Reading> numbered = readings;
  telemetry::MeterEvents numbered_events = events;
  {
    const std::scoped_lock pending(pending_mutex_);
    Renumber(numbered, renumbered_);
    Renumber(numbered_events, renumbered_);
  }
  // A record holds readings of one configuration; neighbours of one meter and kind pack best.
  std::ranges::stable_sort(
      numbered, {}, [](const metering::Reading& reading) { return std::pair(reading.configuration, reading.point); });
  std::vector<base::Bytes> bodies;
  for (std::size_t at = 0; at < numbered.size();) {
    std::size_t end = at + 1;
    while (end < numbered.size() && end - at < options_.most_per_record &&
           numbered[end].configuration == numbered[at].configuration) {
      ++end;
    }
    bodies.push_back(telemetry::EncodeSlice(std::span(numbered).subspan(at, end - at), boot));
    at = end;
  }
  if (!numbered_events.empty()) bodies.push_back(telemetry::EncodeMeterEvents(numbered_events));
  return AppendRecords(Lane::kHistory, bodies);
}

base::Status EdgeStore::ReadHourBack(Lane lane) {
  const EpochHead head = HeadsOf(lane).back();
  YB_ASSIGN(const auto newest, telemetry::CompletenessLog(*log_).NewestHour(site_no_, lane, head.epoch));
  telemetry::HourDigest& hour = hours_[lane];
  hour = {telemetry::HourOf(clock_.Now()), head.epoch, head.first, 0, head.chain_before, {}};
  if (newest) hour = {newest->hour + std::chrono::hours(1), head.epoch, newest->last + 1, 0, newest->chain, {}};
  return {};
}

base::Status EdgeStore::CloseHour(Lane lane, EpochHead& head) {
  telemetry::HourDigest& hour = hours_.at(lane);
  const base::UtcTime now = telemetry::HourOf(clock_.Now());
  if (head.closed || now <= hour.hour || head.last < hour.first) return {};
  hour.last = head.last;
  hour.chain = head.chain;
  const telemetry::HourDigest closed = hour;
  hour = {now, head.epoch, head.last + 1, 0, head.chain, {}};
  return log_->Append(site_no_, lane, head, telemetry::EncodeHour(closed));
}

base::Status EdgeStore::AppendRecords(Lane lane, std::span<const base::Bytes> bodies) {
  const auto hours = hours_;
  base::Status written = WriteRecords(lane, bodies);
  if (!written) hours_ = hours;
  return written;
}

base::Status EdgeStore::WriteRecords(Lane lane, std::span<const base::Bytes> bodies) {
  LaneHeads heads;
  bool store_heads = bodies.empty();
  {
    const std::scoped_lock lock(pending_mutex_);
    heads = heads_;
    store_heads = store_heads || AcksAreDue();
    if (store_heads) {
      acks_to_store_ = false;
      acks_stored_ = clock_.Steady();
    }
  }
  YB_ASSIGN(storage::Transaction transaction, log_->Begin());
  EpochHead& grown = heads.at(lane).back();
  if (!bodies.empty()) YB_TRY(CloseHour(lane, grown));
  for (const base::Bytes& body : bodies) YB_TRY(log_->Append(site_no_, lane, grown, body));
  for (const auto& [of_lane, epochs] : heads) {
    if (!store_heads) break;  // the newest record tells the rest: a commit writes one page
    for (const EpochHead& head : epochs) YB_TRY(log_->SaveHead(site_no_, of_lane, head));
  }
  YB_TRY(transaction.Commit());
  const std::scoped_lock lock(pending_mutex_);
  EpochHead& head = heads_.at(lane).back();
  head.last = grown.last;  // acknowledgements may have come meanwhile: only this one's fields moved
  head.chain = grown.chain;
  return {};
}

void EdgeStore::ShowProgress() {
  std::map<Lane, telemetry::LaneProgress> lanes;
  {
    const std::scoped_lock lock(pending_mutex_);
    for (const auto& [lane, epochs] : heads_) {
      const EpochHead& head = epochs.back();
      lanes[lane] = {lane, head.epoch, head.acked, head.last, 0, std::nullopt};
    }
  }
  for (auto& [lane, progress] : lanes) {
    if (progress.committed >= progress.last_known) continue;
    const std::scoped_lock lock(writing_);
    const auto oldest = log_->TimeOf(site_no_, lane, {progress.epoch, progress.committed + 1});
    if (oldest && oldest->micros != 0) progress.oldest_waiting = *oldest;
  }
  state_.With([&](telemetry::SiteState& state) { state.lanes = std::move(lanes); });
}

void EdgeStore::ReturnToPending(std::vector<metering::Reading> readings, telemetry::MeterEvents events) {
  const std::scoped_lock lock(pending_mutex_);
  pending_events_.insert(pending_events_.begin(), events.begin(), events.end());
  pending_.insert(pending_.begin(), readings.begin(), readings.end());
  commit_wanted_ = !pending_.empty();
  if (pending_.size() <= options_.most_pending) return;
  const std::size_t surplus = pending_.size() - options_.most_pending;
  counters_.dropped += surplus;
  pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(surplus));
  kLog.Error("readings dropped: the disk took nothing for too long", {{"readings", surplus}});
}

}  // namespace yb::edge
