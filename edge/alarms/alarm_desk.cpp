#include "edge/alarms/alarm_desk.hpp"

#include <algorithm>
#include <condition_variable>

#include "core/base/log.hpp"
#include "core/base/uuid.hpp"

namespace yb::edge {
namespace {

using alarms::Transition;
using telemetry::AlarmFilter;
using telemetry::AlarmRow;

constexpr int kMostOpen = 10'000;
constexpr std::size_t kMostWaiting = 1000;  // records held while the disk takes none; older ones are dropped then

const base::Logger kLog("alarms");

tl::unexpected<base::Error> NoAlarm(const std::string& id) {
  return base::Fail(base::ErrorCode::kNotFound, base::Words{"there is no alarm " + id, "没有报警 " + id});
}

}  // namespace

AlarmDesk::AlarmDesk(AlarmDeskOptions options, EdgeStore& store, std::unique_ptr<telemetry::RecordLog> log,
                     const base::Clock& clock)
    : options_(options), store_(store), clock_(clock), log_(std::move(log)) {}

base::Status AlarmDesk::Record(const base::Bytes& body) {
  return store_.Append(sync::Lane::kAlarm, body);
}

base::Result<std::vector<AlarmRow>> AlarmDesk::Open() {
  return log_->alarms().List(store_.site_no(), AlarmFilter::kOpen, kMostOpen);
}

base::Result<std::uint32_t> AlarmDesk::VersionOf(const std::vector<alarms::AlarmRule>& rules) {
  YB_ASSIGN(const auto former, log_->alarms().NewestRules(store_.site_no()));
  if (former ? former->rules == rules : rules.empty()) return former ? former->version : 0U;
  const base::UtcTime now = clock_.Now();
  const auto seconds = static_cast<std::uint32_t>(std::max<std::int64_t>(now.micros / 1'000'000, 1));
  const std::uint32_t version = former ? std::max(former->version + 1, seconds) : seconds;
  YB_TRY(Record(telemetry::EncodeAlarm(telemetry::AlarmRuleSet{version, now, rules})));
  return version;
}

base::Status AlarmDesk::ApplyRules(std::vector<alarms::AlarmRule> rules, std::vector<alarms::WatchedPoint> points) {
  const std::scoped_lock lock(mutex_);
  YB_ASSIGN(version_, VersionOf(rules));
  rules_ = std::move(rules);
  points_ = std::move(points);
  YB_TRY(MakeJudge());
  YB_ASSIGN(const std::vector<AlarmRow> open, Open());
  for (const AlarmRow& row : open) {
    const bool of_rules = row.alarm.first.rules != 0;
    if (!of_rules || row.alarm.state != alarms::AlarmState::kActive || judge_->Knows(row.alarm)) continue;
    Transition gone = row.alarm.last;
    gone.time = clock_.Now();
    gone.step = alarms::Step::kReturned;
    gone.value.reset();
    gone.detail = "the rule or the point is gone";
    gone.detail_zh = "规则或测点已不在";
    YB_TRY(Record(telemetry::EncodeAlarm(gone)));
  }
  return {};
}

base::Status AlarmDesk::MakeJudge() {
  YB_ASSIGN(const std::vector<AlarmRow> open, Open());
  std::vector<alarms::Alarm> alarms;
  alarms.reserve(open.size());
  for (const AlarmRow& row : open) alarms.push_back(row.alarm);
  judge_.emplace(rules_, version_, points_, alarms, alarms::Moment{clock_.Now(), clock_.Steady()});
  return {};
}

base::Status AlarmDesk::FollowNumbers() {
  // A recovery may have given points other numbers (EdgeStore::Finish).
  bool moved = false;
  store_.state().With([&](const telemetry::SiteState& state) {
    const auto is_same = [&](const alarms::WatchedPoint& watched) {
      const auto found = state.points.find(watched.point.no);
      return found != state.points.end() && found->second.point.key == watched.point.key;
    };
    moved = !std::ranges::all_of(points_, is_same);
    if (!moved) return;
    std::map<std::string_view, metering::PointNo> numbers;
    for (const auto& [no, definition] : state.points) numbers[definition.point.key] = no;
    for (alarms::WatchedPoint& watched : points_) {
      const auto found = numbers.find(watched.point.key);
      if (found != numbers.end()) watched.point.no = found->second;
    }
  });
  return moved ? MakeJudge() : base::Status{};
}

alarms::Limits AlarmDesk::Limits() {
  const std::scoped_lock lock(mutex_);
  return alarms::LimitsOf(rules_, points_);
}

void AlarmDesk::Start(LinesDown lines_down) {
  thread_ =
      std::jthread([this, lines_down = std::move(lines_down)](const std::stop_token& stop) { Run(stop, lines_down); });
}

void AlarmDesk::Run(const std::stop_token& stop, const LinesDown& lines_down) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  while (!stop.stop_requested()) {
    Look(lines_down());
    wake.wait_for(lock, stop, options_.interval, [] { return false; });
  }
}

void AlarmDesk::Look(const std::set<std::string>& lines_down) {
  const std::scoped_lock lock(mutex_);
  RecordWaiting();
  const base::Status advanced = Advance();
  if (!advanced) kLog.Warn("alarms are not moved on", {{"why", advanced.error().Describe()}});
  if (!judge_) return;
  const base::Status followed = FollowNumbers();
  if (!followed) kLog.Warn("alarms cannot be read", {{"why", followed.error().Describe()}});
  const alarms::Moment now{clock_.Now(), clock_.Steady()};
  auto found = store_.state().With([&](const telemetry::SiteState& state) {
    const auto latest = [&](metering::PointNo no) -> const metering::Reading* {
      const telemetry::Latest* one = state.latest.Find(no);
      return one == nullptr ? nullptr : &one->attempt;
    };
    return judge_->Look(latest, lines_down, now);
  });
  for (Transition& transition : found) {
    transition.boot = options_.boot;
    kLog.Warn("alarm", {{"step", alarms::ToString(transition.step)},
                        {"rule", transition.rule},
                        {"subject", transition.subject},
                        {"value", transition.value ? transition.value->ToString() : ""}});
    waiting_.push_back(telemetry::EncodeAlarm(transition));
    if (waiting_.size() > kMostWaiting) waiting_.pop_front();
  }
  RecordWaiting();
}

void AlarmDesk::RecordWaiting() {
  while (!waiting_.empty() && Record(waiting_.front())) waiting_.pop_front();
}

base::Status AlarmDesk::Advance() {
  YB_ASSIGN(const std::vector<AlarmRow> open, Open());
  const base::UtcTime now = clock_.Now();
  for (const AlarmRow& row : open) {
    auto due = alarms::DueAt(row.alarm, row.rule.close_after, now);
    if (!due) continue;
    if (auto* transition = std::get_if<Transition>(&*due)) transition->boot = options_.boot;
    YB_TRY(Record(std::visit([](const auto& event) { return telemetry::EncodeAlarm(event); }, *due)));
  }
  return {};
}

base::Result<AlarmRow> AlarmDesk::Act(alarms::Act act) {
  const std::scoped_lock lock(mutex_);
  YB_ASSIGN(const auto row, log_->alarms().Find(store_.site_no(), act.alarm));
  if (!row) return NoAlarm(act.alarm);
  act.time = clock_.Now();
  act.side = alarms::Side::kBox;
  act.command.clear();
  YB_TRY(alarms::Allows(row->alarm, act, act.time));
  YB_TRY(Record(telemetry::EncodeAlarm(act)));
  YB_ASSIGN(auto now, log_->alarms().Find(store_.site_no(), act.alarm));
  if (!now) return NoAlarm(act.alarm);
  return std::move(*now);
}

void AlarmDesk::OnCommand(alarms::Act act) {
  if (!base::IsUuid(act.command)) {
    kLog.Warn("a command without identity is passed over", {{"alarm", act.alarm}});
    return;
  }
  const std::scoped_lock lock(mutex_);
  const auto answer = [&]() -> base::Status {
    YB_ASSIGN(const auto answered, log_->alarms().AnswerTo(store_.site_no(), act.command));
    if (answered) return {};
    YB_ASSIGN(const auto row, log_->alarms().Find(store_.site_no(), act.alarm));
    const base::Status allowed = row ? alarms::Allows(row->alarm, act, clock_.Now()) : base::Status(NoAlarm(act.alarm));
    act.side = alarms::Side::kCentral;
    act.refused = allowed ? "" : allowed.error().message;
    act.refused_zh = allowed ? "" : allowed.error().message_zh;
    return Record(telemetry::EncodeAlarm(act));
  };
  const base::Status answered = answer();
  if (!answered) kLog.Warn("a command is not answered yet", {{"why", answered.error().Describe()}});
}

}  // namespace yb::edge
