#include "central/ingest/auditor.hpp"

#include <algorithm>

#include "core/base/log.hpp"

namespace yb::central {
namespace {

using telemetry::Damage;
using telemetry::DamageState;
using telemetry::Segment;

const base::Logger kLog("audit");

}  // namespace

Auditor::Auditor(AuditOptions options, CentralStore& store, const base::Clock& clock, Ask ask, Changed changed)
    : options_(options), store_(store), clock_(clock), ask_(std::move(ask)), changed_(std::move(changed)) {}

void Auditor::OnTick() {
  const base::Monotonic now = clock_.Steady();
  std::erase_if(healing_, [&](const auto& entry) {
    return entry.second.empty() || (entry.second.front().asked && now >= entry.second.front().deadline);
  });
  ShowLeft();
  if (now < next_) return;
  next_ = now + options_.interval;
  const base::Status looked = Look();
  if (!looked) kLog.Error("the store cannot be audited", {{"why", looked.error().Describe()}});
}

base::Status Auditor::BeginRound() {
  cursor_ = {};
  YB_ASSIGN(const std::vector<base::SiteId> sites, store_.Sites());
  for (const base::SiteId& site : sites) {
    for (const sync::Lane lane : sync::kKeptLanes) {
      YB_ASSIGN(const auto positions, store_.Positions(site, lane));
      for (const sync::EpochPosition& position : positions) cursor_.epochs.push_back({{site, lane}, position.epoch});
    }
  }
  return {};
}

base::Status Auditor::Look() {
  if (cursor_.at >= cursor_.epochs.size()) return BeginRound();
  const auto [place, epoch] = cursor_.epochs[cursor_.at];
  YB_ASSIGN(const auto segment, store_.SegmentFrom(place.site, place.lane, epoch, cursor_.from));
  if (!segment) {
    ++cursor_.at;
    cursor_.from = 1;
    return {};
  }
  cursor_.from = segment->last + 1;
  YB_ASSIGN(const std::uint64_t rows, store_.Verify(place.site, place.lane, *segment));
  if (rows == 0) return {};
  kLog.Error("records are missing or changed", {{"site", place.site.text()},
                                                {"lane", sync::ToString(place.lane)},
                                                {"epoch", segment->epoch},
                                                {"first", segment->first},
                                                {"last", segment->last},
                                                {"rows", rows}});
  YB_TRY(store_.SaveDamage(place.site, place.lane, {*segment, DamageState::kOpen, rows, clock_.Now()}));
  changed_(place);
  Queue(place, *segment);
  return {};
}

void Auditor::Want(const Place& place, std::uint64_t epoch, std::uint64_t first, std::uint64_t last) {
  const base::Status wanted = WantAll(place, epoch, first, last);
  if (!wanted) kLog.Error("a range cannot be asked for", {{"why", wanted.error().Describe()}});
}

base::Status Auditor::WantAll(const Place& place, std::uint64_t epoch, std::uint64_t first, std::uint64_t last) {
  YB_ASSIGN(std::uint64_t from, store_.BeginOfSegment(place.site, place.lane, epoch, first));
  while (from <= last) {
    YB_ASSIGN(const auto segment, store_.SegmentFrom(place.site, place.lane, epoch, from));
    if (!segment) return {};
    Queue(place, *segment);
    from = segment->last + 1;
  }
  return {};
}

void Auditor::ShowLeft() {
  std::map<Place, std::uint64_t> left;
  for (const auto& [place, queue] : healing_) {
    for (const Healing& healing : queue) {
      left[place] += healing.segment.last - healing.segment.first + 1 - healing.bodies.size();
    }
  }
  left_.With([&](auto& shown) { shown = std::move(left); });
}

std::uint64_t Auditor::Left(const Place& place) const {
  return left_.With([&](const auto& left) {
    const auto found = left.find(place);
    return found == left.end() ? 0 : found->second;
  });
}

void Auditor::Queue(const Place& place, const Segment& segment) {
  std::deque<Healing>& queue = healing_[place];
  const bool there = std::ranges::any_of(queue, [&](const Healing& healing) {
    return healing.segment.epoch == segment.epoch && healing.segment.first == segment.first;
  });
  if (there) return;
  queue.emplace_back().segment = segment;
  if (queue.size() == 1) AskNext(place);
}

void Auditor::AskNext(const Place& place) {
  std::deque<Healing>& queue = healing_[place];
  if (queue.empty()) return;
  Healing& healing = queue.front();
  healing.asked = true;
  healing.deadline = clock_.Steady() + options_.answer_timeout;
  const Segment& segment = healing.segment;
  ask_(place, {0, segment.epoch, segment.first + healing.bodies.size(), segment.last});
}

void Auditor::OnResent(const Place& place, const sync::Piece& piece) {
  const auto queue = healing_.find(place);
  if (queue == healing_.end() || queue->second.empty()) return;
  Healing& healing = queue->second.front();
  const Segment& segment = healing.segment;
  const std::uint64_t next = segment.first + healing.bodies.size();
  if (piece.epoch != segment.epoch || piece.first_seq < next) return;  // repeated, or of another time
  if (piece.first_seq > next || piece.bodies.empty()) {
    End(place, DamageState::kNotHeld, 0);
    return;
  }
  for (const base::Bytes& body : piece.bodies) {
    healing.bytes += body.size();
    if (healing.bodies.size() <= segment.last - segment.first) healing.bodies.push_back(body);
  }
  if (healing.bytes > options_.most_bytes) {
    End(place, DamageState::kRefused, 0);
    return;
  }
  if (healing.bodies.size() <= segment.last - segment.first) {
    AskNext(place);
    return;
  }
  const auto healed = store_.Heal(place.site, place.lane, segment, healing.bodies);
  if (!healed) kLog.Error("records are not healed", {{"site", place.site.text()}, {"why", healed.error().Describe()}});
  if (!healed && healed.error().code != base::ErrorCode::kRefused) {
    healing_.erase(queue);  // the disk: the next round finds it again
    return;
  }
  End(place, healed ? DamageState::kHealed : DamageState::kRefused, healed.value_or(0));
}

void Auditor::End(const Place& place, DamageState state, std::uint64_t rows) {
  std::deque<Healing>& queue = healing_[place];
  const Segment segment = queue.front().segment;
  queue.pop_front();
  const auto known = store_.DamageOf(place.site, place.lane);
  const auto damage =
      known ? std::ranges::find_if(*known,
                                   [&](const Damage& one) {
                                     return one.segment.epoch == segment.epoch && one.segment.first == segment.first;
                                   })
            : std::vector<Damage>::const_iterator{};
  const bool was_named = known && damage != known->end();
  // A range that was asked for by hand and was good leaves no trace.
  if (was_named || state != DamageState::kHealed || rows > 0) {
    const Damage now{segment, state, state == DamageState::kHealed || !was_named ? rows : damage->rows, clock_.Now()};
    const base::Status saved = store_.SaveDamage(place.site, place.lane, now);
    if (!saved) kLog.Error("damage is not named", {{"why", saved.error().Describe()}});
  }
  kLog.Info("a range was sent again", {{"site", place.site.text()},
                                       {"lane", sync::ToString(place.lane)},
                                       {"epoch", segment.epoch},
                                       {"first", segment.first},
                                       {"last", segment.last},
                                       {"state", telemetry::ToString(state)},
                                       {"rows", rows}});
  changed_(place);
  AskNext(place);
}

}  // namespace yb::central
