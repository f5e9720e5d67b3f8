#include "central/alarms/central_alarms.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "core/api/alarm_view.hpp"
#include "core/base/log.hpp"
#include "core/base/random.hpp"
#include "core/base/uuid.hpp"

namespace yb::central {
namespace {

using api::AlarmOwner;
using api::AlarmView;
using sync::Lane;
using telemetry::AlarmFilter;
using telemetry::AlarmRow;
using telemetry::RecordLog;
using telemetry::SiteNo;

constexpr int kMostOpen = 10'000;
constexpr int kToldAlarms = 1000;  // of one site: enough to know which conditions the last start left open

constexpr std::string_view kTables =
    "CREATE TABLE IF NOT EXISTS alarm_command (site TEXT NOT NULL, command TEXT NOT NULL, answered INTEGER NOT NULL,"
    "  body BLOB NOT NULL, PRIMARY KEY (site, command)) WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS alarm_command_waiting ON alarm_command (command) WHERE answered = 0;";

const base::Logger kLog("alarms");

}  // namespace

base::Result<std::unique_ptr<CentralAlarms>> CentralAlarms::Open(CentralAlarmsOptions options,
                                                                 storage::DatabaseOpener& own,
                                                                 std::unique_ptr<CentralStore> boxes,
                                                                 base::Guarded<SiteStates>& states, Tell tell,
                                                                 const base::Clock& clock) {
  YB_ASSIGN(std::unique_ptr<RecordLog> log, RecordLog::Open(own));
  YB_TRY(log->database().Execute(kTables));
  YB_ASSIGN(std::vector<Command> commands, ReadCommands(*log));
  YB_ASSIGN(const std::vector<telemetry::SiteRow> sites, log->Sites());
  std::vector<telemetry::Alarm> told;
  for (const telemetry::SiteRow& site : sites) {
    YB_ASSIGN(const std::vector<telemetry::Alarm> of_site, log->NewestAlarms(site.no, kToldAlarms));
    told.insert(told.end(), of_site.begin(), of_site.end());
  }
  Desk desk{std::move(log),
            std::move(boxes),
            std::move(commands),
            telemetry::OperationConditions(told, options.offline_hold, options.boot),
            {}};
  return std::unique_ptr<CentralAlarms>(new CentralAlarms(options, states, std::move(tell), clock, std::move(desk)));
}

CentralAlarms::CentralAlarms(CentralAlarmsOptions options, base::Guarded<SiteStates>& states, Tell tell,
                             const base::Clock& clock, Desk desk)
    : options_(options), states_(states), tell_(std::move(tell)), clock_(clock), desk_(std::move(desk)) {}

base::Result<std::vector<CentralAlarms::Command>> CentralAlarms::ReadCommands(RecordLog& own) {
  YB_ASSIGN(const auto select,
            own.database().Prepare("SELECT site, body FROM alarm_command WHERE answered = 0 ORDER BY command"));
  std::vector<Command> commands;
  while (true) {
    YB_ASSIGN(const bool row, select->Step());
    if (!row) return commands;
    YB_ASSIGN(base::SiteId site, base::SiteId::Parse(select->Text(0)));
    YB_ASSIGN(auto body, telemetry::DecodeAlarmBody(select->Blob(1)));
    auto* act = std::get_if<alarms::Act>(&body);
    if (act == nullptr) return base::Fail(base::ErrorCode::kCorrupt, "a stored command is unreadable");
    commands.push_back({std::move(site), std::move(*act)});
  }
}

void CentralAlarms::Start() {
  thread_ = std::jthread([this](const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    while (!stop.stop_requested()) {
      Look();
      wake.wait_for(lock, stop, options_.interval, [] { return false; });
    }
  });
}

void CentralAlarms::Look() {
  desk_.With([&](Desk& desk) {
    const std::pair<const char*, base::Status> done[] = {
        {"boxes", WatchBoxes(desk)}, {"alarms", Advance(desk)}, {"commands", Deliver(desk)}};
    for (const auto& [what, status] : done) {
      if (!status) kLog.Warn("alarms are not moved on", {{"what", what}, {"why", status.error().Describe()}});
    }
  });
}

base::Status CentralAlarms::Record(Desk& desk, const base::SiteId& site, const base::Bytes& body) const {
  YB_ASSIGN(storage::Transaction transaction, desk.own->Begin());
  YB_ASSIGN(const SiteNo no, desk.own->EnsureSite(site));
  YB_ASSIGN(std::vector<telemetry::EpochHead> heads, desk.own->Heads(no, Lane::kAlarm));
  if (heads.empty())
    heads.push_back({static_cast<std::uint64_t>(std::max<std::int64_t>(clock_.Now().micros / 1'000'000, 1))});
  YB_TRY(desk.own->Append(no, Lane::kAlarm, heads.back(), body));
  YB_TRY(desk.own->SaveHead(no, Lane::kAlarm, heads.back()));
  return transaction.Commit();
}

base::Status CentralAlarms::WatchBoxes(Desk& desk) const {
  const auto links = states_.With([](const SiteStates& states) {
    std::vector<std::pair<base::SiteId, telemetry::Link>> all;
    for (const auto& [site, state] : states) all.emplace_back(site, state.link);
    return all;
  });
  const telemetry::OperationConditions::Moment now{clock_.Now(), clock_.Steady()};
  for (const auto& [site, link] : links) {
    auto found = desk.conditions.Observe(telemetry::OperationKind::kSiteOffline, site.text(),
                                         link == telemetry::Link::kOffline, "", now);
    if (!found) continue;
    kLog.Warn("box", {{"site", site.text()}, {"offline", !found->cleared}});
    YB_TRY(Record(desk, site, telemetry::EncodeAlarm(*found)));
  }
  return {};
}

base::Status CentralAlarms::Advance(Desk& desk) const {
  YB_ASSIGN(const std::vector<telemetry::SiteRow> sites, desk.own->Sites());
  const base::UtcTime now = clock_.Now();
  for (const telemetry::SiteRow& site : sites) {
    YB_ASSIGN(const std::vector<AlarmRow> open, desk.own->alarms().List(site.no, AlarmFilter::kOpen, kMostOpen));
    for (const AlarmRow& row : open) {
      const auto due = alarms::DueAt(row.alarm, row.rule.close_after, now);
      if (!due) continue;
      const auto encode = [](const auto& event) { return telemetry::EncodeAlarm(event); };
      YB_TRY(Record(desk, site.site, std::visit(encode, *due)));
    }
  }
  return {};
}

base::Status CentralAlarms::Deliver(Desk& desk) const {
  const auto is_online = [&](const base::SiteId& site) {
    return states_.With([&](const SiteStates& states) {
      const auto found = states.find(site);
      return found != states.end() && found->second.link == telemetry::Link::kOnline;
    });
  };
  for (auto command = desk.commands.begin(); command != desk.commands.end();) {
    YB_ASSIGN(const auto answer, desk.boxes->AnswerTo(command->site, command->act.command));
    if (answer) {
      YB_ASSIGN(const auto update,
                desk.own->database().Prepare("UPDATE alarm_command SET answered = 1 WHERE site = ? AND command = ?"));
      YB_TRY(update->Bind(1, std::string_view(command->site.text()))
                 .Bind(2, std::string_view(command->act.command))
                 .Run());
      command = desk.commands.erase(command);
      continue;
    }
    if (clock_.Steady() >= command->next && is_online(command->site)) {
      tell_(command->site, telemetry::EncodeDownAct(command->act));
      command->next = clock_.Steady() + options_.repeat;
    }
    ++command;
  }
  return {};
}

base::Result<SiteNo> CentralAlarms::OwnNo(Desk& desk, const base::SiteId& site) {
  YB_ASSIGN(const std::vector<telemetry::SiteRow> sites, desk.own->Sites());
  const auto found = std::ranges::find(sites, site, &telemetry::SiteRow::site);
  return found == sites.end() ? SiteNo{0} : found->no;
}

AlarmView CentralAlarms::View(const Desk& desk, const base::SiteId& site, AlarmRow row, AlarmOwner owner) const {
  AlarmView view = states_.With([&](const SiteStates& states) {
    const auto found = states.find(site);
    static const telemetry::SiteState kNone;
    const telemetry::SiteState& state = found == states.end() ? kNone : found->second;
    AlarmView made = api::MakeAlarmView(site, state, std::move(row));
    made.known = owner == AlarmOwner::kCentral || state.link == telemetry::Link::kOnline;
    return made;
  });
  view.owner = owner;
  for (const Command& command : desk.commands) {
    if (command.site == site && command.act.alarm == view.row.alarm.id) view.pending.push_back(command.act);
  }
  return view;
}

base::Result<std::vector<base::SiteId>> CentralAlarms::Sites() {
  return states_.With([](const SiteStates& states) {
    std::vector<base::SiteId> sites;
    for (const auto& [site, state] : states) sites.push_back(site);
    return sites;
  });
}

base::Result<std::vector<AlarmView>> CentralAlarms::List(AlarmFilter filter, int most) {
  YB_ASSIGN(const std::vector<base::SiteId> sites, Sites());
  return desk_.With([&](Desk& desk) -> base::Result<std::vector<AlarmView>> {
    std::vector<AlarmView> views;
    for (const base::SiteId& site : sites) {
      YB_ASSIGN(std::vector<AlarmRow> rows, desk.boxes->Alarms(site, filter, most));
      for (AlarmRow& row : rows) views.push_back(View(desk, site, std::move(row), AlarmOwner::kBox));
    }
    YB_ASSIGN(const std::vector<telemetry::SiteRow> own, desk.own->Sites());
    for (const telemetry::SiteRow& site : own) {
      YB_ASSIGN(std::vector<AlarmRow> rows, desk.own->alarms().List(site.no, filter, most));
      for (AlarmRow& row : rows) views.push_back(View(desk, site.site, std::move(row), AlarmOwner::kCentral));
    }
    return views;
  });
}

base::Result<AlarmView> CentralAlarms::FindIn(Desk& desk, const base::SiteId& site, const std::string& alarm) const {
  YB_ASSIGN(auto row, desk.boxes->FindAlarm(site, alarm));
  if (row) return View(desk, site, std::move(*row), AlarmOwner::kBox);
  YB_ASSIGN(const SiteNo no, OwnNo(desk, site));
  YB_ASSIGN(auto own, desk.own->alarms().Find(no, alarm));
  if (own) return View(desk, site, std::move(*own), AlarmOwner::kCentral);
  return api::NoAlarm(alarm);
}

base::Result<AlarmView> CentralAlarms::Find(const base::SiteId& site, const std::string& alarm) {
  return desk_.With([&](Desk& desk) { return FindIn(desk, site, alarm); });
}

base::Result<std::vector<telemetry::AlarmEvent>> CentralAlarms::Events(const base::SiteId& site,
                                                                       const std::string& alarm) {
  return desk_.With([&](Desk& desk) -> base::Result<std::vector<telemetry::AlarmEvent>> {
    YB_ASSIGN(const auto row, desk.boxes->FindAlarm(site, alarm));
    if (row) return desk.boxes->AlarmEvents(site, alarm, api::kMostAlarmEvents);
    YB_ASSIGN(const SiteNo no, OwnNo(desk, site));
    return desk.own->alarms().Events(no, alarm, api::kMostAlarmEvents);
  });
}

base::Result<AlarmView> CentralAlarms::Act(const base::SiteId& site, alarms::Act act) {
  act.time = clock_.Now();
  act.side = alarms::Side::kCentral;
  return desk_.With([&](Desk& desk) -> base::Result<AlarmView> {
    YB_ASSIGN(const AlarmView view, FindIn(desk, site, act.alarm));
    const std::string id = act.alarm;
    if (view.owner == AlarmOwner::kCentral) {
      YB_TRY(ActOnOwn(desk, site, view.row.alarm, std::move(act)));
    } else {
      YB_TRY(SendLater(desk, view, std::move(act)));
    }
    return FindIn(desk, site, id);
  });
}

base::Status CentralAlarms::ActOnOwn(Desk& desk, const base::SiteId& site, const alarms::Alarm& alarm,
                                     alarms::Act act) const {
  YB_TRY(alarms::Allows(alarm, act, act.time));
  return Record(desk, site, telemetry::EncodeAlarm(act));
}

base::Status CentralAlarms::SendLater(Desk& desk, const AlarmView& view, alarms::Act act) const {
  // As it will be when the box has done what waits for it.
  alarms::Alarm expected = view.row.alarm;
  for (const alarms::Act& waiting : view.pending) (void)alarms::Apply(expected, waiting);
  YB_TRY(alarms::Allows(expected, act, act.time));
  act.command = base::MakeUuid7(act.time, base::DrawNumber(), base::DrawNumber());
  const base::Bytes body = telemetry::EncodeAlarm(act);
  YB_ASSIGN(storage::Transaction transaction, desk.own->Begin());
  YB_ASSIGN(const auto insert, desk.own->database().Prepare(
                                   "INSERT INTO alarm_command (site, command, answered, body) VALUES (?, ?, 0, ?)"));
  YB_TRY(insert->Bind(1, std::string_view(view.site.text()))
             .Bind(2, std::string_view(act.command))
             .Bind(3, base::ByteView(body))
             .Run());
  YB_TRY(transaction.Commit());
  desk.commands.push_back({view.site, std::move(act)});
  return {};
}

base::Result<telemetry::AlarmFigures> CentralAlarms::RaisedSince(const base::SiteId& site, base::UtcTime since) {
  return desk_.With([&](Desk& desk) -> base::Result<telemetry::AlarmFigures> {
    YB_ASSIGN(const telemetry::AlarmFigures box, desk.boxes->AlarmsRaisedSince(site, since));
    YB_ASSIGN(const SiteNo no, OwnNo(desk, site));
    YB_ASSIGN(const telemetry::AlarmFigures own, desk.own->alarms().RaisedSince(no, since));
    return telemetry::AlarmFigures{box.raised + own.raised, box.urgent + own.urgent};
  });
}

base::Result<alarms::Limits> CentralAlarms::FindLimits(Desk& desk, const base::SiteId& site) const {
  YB_ASSIGN(const auto rules, desk.boxes->AlarmRules(site));
  YB_ASSIGN(const auto configuration, desk.boxes->Configuration(site));
  if (!rules || !configuration) return alarms::Limits{};
  std::map<std::string_view, bool> direct;  // by meter
  for (const telemetry::AppliedMeter& meter : configuration->meters)
    direct[meter.key] = meter.pt == base::Decimal(1, 0);
  std::vector<alarms::WatchedPoint> watched;
  states_.With([&](const SiteStates& states) {
    const auto found = states.find(site);
    if (found == states.end()) return;
    for (const auto& [no, definition] : found->second.points) {
      const auto meter = direct.find(definition.point.meter);
      if (definition.retired || meter == direct.end()) continue;
      watched.push_back({definition.point, definition.limit, meter->second});
    }
  });
  return alarms::LimitsOf(rules->rules, watched);
}

base::Result<alarms::Limits> CentralAlarms::Limits(const base::SiteId& site) {
  return desk_.With([&](Desk& desk) -> base::Result<alarms::Limits> {
    const base::Monotonic now = clock_.Steady();
    const auto found = desk.limits.find(site);
    if (found != desk.limits.end() && now - found->second.when < options_.limits_age) return found->second.limits;
    YB_ASSIGN(alarms::Limits limits, FindLimits(desk, site));
    desk.limits.insert_or_assign(site, Desk::FoundLimits{now, limits});
    return limits;
  });
}

}  // namespace yb::central
