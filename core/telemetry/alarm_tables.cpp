#include "core/telemetry/alarm_tables.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace yb::telemetry {
namespace {

using alarms::Act;
using alarms::AlarmRule;
using alarms::Transition;
using base::Bytes;
using base::ByteView;
using storage::Rows;
using storage::Statement;

constexpr std::string_view kTables =
    "CREATE TABLE IF NOT EXISTS alarm (site INTEGER NOT NULL REFERENCES site, id TEXT NOT NULL, key TEXT NOT NULL,"
    "  state INTEGER NOT NULL, priority INTEGER NOT NULL, raised INTEGER NOT NULL, count INTEGER NOT NULL,"
    "  before_last INTEGER NOT NULL, third_last INTEGER NOT NULL, chattering INTEGER NOT NULL, first BLOB NOT NULL,"
    "  last BLOB NOT NULL, acknowledged BLOB, assigned BLOB, shelved BLOB, PRIMARY KEY (site, id)) WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS alarm_open ON alarm (site, key) WHERE state <> 3;"
    "CREATE INDEX IF NOT EXISTS alarm_raised ON alarm (site, raised);"
    "CREATE TABLE IF NOT EXISTS alarm_event (no INTEGER PRIMARY KEY, site INTEGER NOT NULL REFERENCES site,"
    "  alarm TEXT NOT NULL, time INTEGER NOT NULL, raised INTEGER NOT NULL, effective INTEGER NOT NULL,"
    "  command TEXT NOT NULL, body BLOB NOT NULL);"
    "CREATE UNIQUE INDEX IF NOT EXISTS alarm_event_once ON alarm_event (site, alarm, body);"
    "CREATE INDEX IF NOT EXISTS alarm_event_command ON alarm_event (site, command) WHERE command <> '';"
    "CREATE INDEX IF NOT EXISTS alarm_event_raised ON alarm_event (site, time) WHERE raised <> 0;"
    "CREATE TABLE IF NOT EXISTS alarm_rules (site INTEGER NOT NULL REFERENCES site, version INTEGER NOT NULL,"
    "  body BLOB NOT NULL, PRIMARY KEY (site, version)) WITHOUT ROWID;";

#define YB_ALARM_COLUMNS                                                                                  \
  "id, state, count, before_last, third_last, chattering, first, last, acknowledged, assigned, shelved, " \
  "priority FROM alarm WHERE site = ?"

constexpr int kFirstColumn = 6;  // of the blobs

template <class Kind>
base::Result<Kind> As(ByteView body) {
  YB_ASSIGN(AlarmBody record, DecodeAlarmBody(body));
  if (auto* kind = std::get_if<Kind>(&record)) return std::move(*kind);
  return base::Fail(base::ErrorCode::kCorrupt, "a stored alarm is unreadable");
}

void BindAct(Statement& statement, int index, const std::optional<Act>& act, Bytes& buffer) {
  if (!act) {
    statement.BindNull(index);
    return;
  }
  buffer = EncodeAlarm(*act);
  statement.Bind(index, ByteView(buffer));
}

base::Result<std::optional<Act>> ActIn(const Statement& row, int column) {
  if (row.IsNull(column)) return std::optional<Act>();
  YB_ASSIGN(Act act, As<Act>(row.Blob(column)));
  return std::optional(std::move(act));
}

}  // namespace

base::Result<std::unique_ptr<AlarmTables>> AlarmTables::Open(storage::Database& database) {
  YB_TRY(database.Execute(kTables));
  std::unique_ptr<AlarmTables> t(new AlarmTables);
  const std::pair<StatementPtr*, std::string_view> wanted[] = {
      {&t->save_,
       "INSERT OR REPLACE INTO alarm (site, id, key, state, priority, raised, count, before_last, third_last,"
       " chattering, first, last, acknowledged, assigned, shelved) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
       "?)"},
      {&t->open_of_, "SELECT " YB_ALARM_COLUMNS " AND key = ? AND state <> 3 ORDER BY raised DESC LIMIT 1"},
      {&t->find_, "SELECT " YB_ALARM_COLUMNS " AND id = ?"},
      {&t->list_open_, "SELECT " YB_ALARM_COLUMNS " AND state <> 3 ORDER BY raised DESC, id LIMIT ?"},
      {&t->list_closed_, "SELECT " YB_ALARM_COLUMNS " AND state = 3 ORDER BY raised DESC, id LIMIT ?"},
      {&t->list_all_, "SELECT " YB_ALARM_COLUMNS " ORDER BY raised DESC, id LIMIT ?"},
      {&t->figures_,
       "SELECT count(*), coalesce(sum(raised = 1), 0) FROM alarm_event WHERE site = ? AND raised <> 0 AND time >= ?"},
      {&t->add_event_,
       "INSERT INTO alarm_event (site, alarm, time, raised, effective, command, body) VALUES (?, ?, ?, ?, ?, ?, ?)"},
      {&t->has_event_, "SELECT 1 FROM alarm_event WHERE site = ? AND alarm = ? AND body = ?"},
      {&t->events_, "SELECT body, effective FROM alarm_event WHERE site = ? AND alarm = ? ORDER BY no DESC LIMIT ?"},
      {&t->answer_to_, "SELECT body FROM alarm_event WHERE site = ? AND command = ? AND command <> '' LIMIT 1"},
      {&t->save_rules_, "INSERT OR REPLACE INTO alarm_rules (site, version, body) VALUES (?, ?, ?)"},
      {&t->newest_rules_, "SELECT body FROM alarm_rules WHERE site = ? ORDER BY version DESC LIMIT 1"},
      {&t->rules_, "SELECT body FROM alarm_rules WHERE site = ? AND version = ?"},
      {&t->clear_alarms_, "DELETE FROM alarm WHERE site = ?"},
      {&t->clear_events_, "DELETE FROM alarm_event WHERE site = ?"},
  };
  for (const auto& [statement, sql] : wanted) {
    YB_ASSIGN(*statement, database.Prepare(sql));
  }
  return t;
}

base::Status AlarmTables::Fold(std::int64_t site, ByteView body) {
  const auto record = DecodeAlarmBody(body);
  if (!record) return {};
  if (const auto* operation = std::get_if<telemetry::Alarm>(&*record)) {
    return FoldTransition(site, ToTransition(*operation), body);
  }
  if (const auto* transition = std::get_if<Transition>(&*record)) return FoldTransition(site, *transition, body);
  if (const auto* act = std::get_if<Act>(&*record)) return FoldAct(site, *act, body);
  const auto version = std::int64_t{std::get<AlarmRuleSet>(*record).version};
  return save_rules_->Bind(1, site).Bind(2, version).Bind(3, body).Run();
}

base::Status AlarmTables::FoldTransition(std::int64_t site, const Transition& transition, ByteView body) {
  YB_ASSIGN(std::optional<alarms::Alarm> alarm, OpenOf(site, alarms::KeyOf(transition)));
  bool effective = true;
  if (alarm) {
    YB_ASSIGN(const bool known, HasEvent(site, alarm->id, body));
    if (known) return {};
    effective = alarms::Apply(*alarm, transition);
  } else {
    alarm = alarms::Begin(transition);
    if (!alarm) return {};  // it ended before anybody here knew of it
    YB_ASSIGN(const auto earlier, Find(site, alarm->id));
    if (earlier) return {};  // the record came twice, and the alarm was closed meanwhile
  }
  YB_TRY(Save(site, *alarm));
  return AddEvent(site, alarm->id, transition, effective, body);
}

base::Status AlarmTables::FoldAct(std::int64_t site, const Act& act, ByteView body) {
  YB_ASSIGN(std::optional<AlarmRow> row, Find(site, act.alarm));
  YB_ASSIGN(const bool known, HasEvent(site, act.alarm, body));
  if (known) return {};
  const bool effective = row && alarms::Apply(row->alarm, act);
  if (effective) YB_TRY(Save(site, row->alarm));
  return AddEvent(site, act.alarm, act, effective, body);
}

base::Status AlarmTables::AddEvent(std::int64_t site, const std::string& alarm, const alarms::Event& event,
                                   bool effective, ByteView body) {
  std::int64_t raised = 0;  // the priority of the alarm, where it is raised
  std::string_view command;
  if (const auto* transition = std::get_if<Transition>(&event)) {
    if (transition->step == alarms::Step::kRaised && effective) {
      YB_ASSIGN(const AlarmRule rule, RuleOf(site, *transition));
      raised = static_cast<std::int64_t>(rule.priority);
    }
  } else {
    command = std::get<Act>(event).command;
  }
  return add_event_->Bind(1, site)
      .Bind(2, std::string_view(alarm))
      .Bind(3, alarms::TimeOf(event).micros)
      .Bind(4, raised)
      .Bind(5, std::int64_t{effective})
      .Bind(6, command)
      .Bind(7, body)
      .Run();
}

base::Result<bool> AlarmTables::HasEvent(std::int64_t site, const std::string& alarm, ByteView body) {
  const Rows rows(*has_event_);
  return has_event_->Bind(1, site).Bind(2, std::string_view(alarm)).Bind(3, body).Step();
}

base::Status AlarmTables::Save(std::int64_t site, const alarms::Alarm& alarm) {
  YB_ASSIGN(const AlarmRule rule, RuleOf(site, alarm.first));
  const std::string key = alarms::KeyOf(alarm.first);
  const Bytes first = EncodeAlarm(alarm.first);
  const Bytes last = EncodeAlarm(alarm.last);
  Bytes acknowledged, assigned, shelved;
  Statement& save = *save_;
  save.Bind(1, site)
      .Bind(2, std::string_view(alarm.id))
      .Bind(3, std::string_view(key))
      .Bind(4, static_cast<std::int64_t>(alarm.state))
      .Bind(5, static_cast<std::int64_t>(rule.priority))
      .Bind(6, alarm.first.time.micros)
      .Bind(7, alarm.count)
      .Bind(8, alarm.before_last.micros)
      .Bind(9, alarm.third_last.micros)
      .Bind(10, std::int64_t{alarm.chattering})
      .Bind(11, ByteView(first))
      .Bind(12, ByteView(last));
  BindAct(save, 13, alarm.acknowledged, acknowledged);
  BindAct(save, 14, alarm.assigned, assigned);
  BindAct(save, 15, alarm.shelved, shelved);
  return save.Run();
}

base::Result<alarms::Alarm> AlarmTables::ReadAlarm(const Statement& row) {
  alarms::Alarm alarm;
  alarm.id = row.Text(0);
  alarm.state = static_cast<alarms::AlarmState>(row.Int(1));
  alarm.count = row.Int(2);
  alarm.before_last = {row.Int(3)};
  alarm.third_last = {row.Int(4)};
  alarm.chattering = row.Int(5) != 0;
  YB_ASSIGN(alarm.first, As<Transition>(row.Blob(kFirstColumn)));
  YB_ASSIGN(alarm.last, As<Transition>(row.Blob(kFirstColumn + 1)));
  YB_ASSIGN(alarm.acknowledged, ActIn(row, kFirstColumn + 2));
  YB_ASSIGN(alarm.assigned, ActIn(row, kFirstColumn + 3));
  YB_ASSIGN(alarm.shelved, ActIn(row, kFirstColumn + 4));
  return alarm;
}

base::Result<std::optional<alarms::Alarm>> AlarmTables::OpenOf(std::int64_t site, const std::string& key) {
  const Rows rows(*open_of_);
  YB_ASSIGN(const bool row, open_of_->Bind(1, site).Bind(2, std::string_view(key)).Step());
  if (!row) return std::optional<alarms::Alarm>();
  YB_ASSIGN(alarms::Alarm alarm, ReadAlarm(*open_of_));
  return std::optional(std::move(alarm));
}

base::Result<AlarmRule> AlarmTables::RuleOf(std::int64_t site, const Transition& transition) {
  AlarmRule unknown;
  unknown.id = transition.rule;
  unknown.name = {transition.rule, transition.rule};
  if (transition.rules == 0) {
    const AlarmRule* built_in = alarms::OperationRule(transition.rule);
    return built_in == nullptr ? unknown : *built_in;
  }
  const Rows rows(*rules_);
  YB_ASSIGN(const bool row, rules_->Bind(1, site).Bind(2, std::int64_t{transition.rules}).Step());
  if (!row) return unknown;
  YB_ASSIGN(AlarmRuleSet set, As<AlarmRuleSet>(rules_->Blob(0)));
  const auto rule = std::ranges::find(set.rules, transition.rule, &AlarmRule::id);
  return rule == set.rules.end() ? unknown : std::move(*rule);
}

base::Result<std::vector<AlarmRow>> AlarmTables::List(std::int64_t site, AlarmFilter filter, int most) {
  Statement& list = filter == AlarmFilter::kOpen     ? *list_open_
                    : filter == AlarmFilter::kClosed ? *list_closed_
                                                     : *list_all_;
  const Rows rows(list);
  list.Bind(1, site).Bind(2, std::int64_t{most});
  std::vector<AlarmRow> found;
  while (true) {
    YB_ASSIGN(const bool row, list.Step());
    if (!row) return found;
    YB_ASSIGN(alarms::Alarm alarm, ReadAlarm(list));
    YB_ASSIGN(AlarmRule rule, RuleOf(site, alarm.first));
    found.push_back({std::move(alarm), std::move(rule)});
  }
}

base::Result<std::optional<AlarmRow>> AlarmTables::Find(std::int64_t site, const std::string& alarm) {
  const Rows rows(*find_);
  YB_ASSIGN(const bool row, find_->Bind(1, site).Bind(2, std::string_view(alarm)).Step());
  if (!row) return std::optional<AlarmRow>();
  YB_ASSIGN(alarms::Alarm found, ReadAlarm(*find_));
  YB_ASSIGN(AlarmRule rule, RuleOf(site, found.first));
  return std::optional(AlarmRow{std::move(found), std::move(rule)});
}

base::Result<std::vector<AlarmEvent>> AlarmTables::Events(std::int64_t site, const std::string& alarm, int most) {
  const Rows rows(*events_);
  events_->Bind(1, site).Bind(2, std::string_view(alarm)).Bind(3, std::int64_t{most});
  std::vector<AlarmEvent> events;
  while (true) {
    YB_ASSIGN(const bool row, events_->Step());
    if (!row) break;
    YB_ASSIGN(AlarmBody body, DecodeAlarmBody(events_->Blob(0)));
    const bool effective = events_->Int(1) != 0;
    if (auto* operation = std::get_if<telemetry::Alarm>(&body)) events.push_back({ToTransition(*operation), effective});
    if (auto* transition = std::get_if<Transition>(&body)) events.push_back({std::move(*transition), effective});
    if (auto* act = std::get_if<Act>(&body)) events.push_back({std::move(*act), effective});
  }
  std::ranges::reverse(events);
  return events;
}

base::Result<AlarmFigures> AlarmTables::RaisedSince(std::int64_t site, base::UtcTime since) {
  const Rows rows(*figures_);
  YB_ASSIGN(const bool row, figures_->Bind(1, site).Bind(2, since.micros).Step());
  return row ? AlarmFigures{figures_->Int(0), figures_->Int(1)} : AlarmFigures{};
}

base::Result<std::optional<Act>> AlarmTables::AnswerTo(std::int64_t site, const std::string& command) {
  const Rows rows(*answer_to_);
  YB_ASSIGN(const bool row, answer_to_->Bind(1, site).Bind(2, std::string_view(command)).Step());
  if (!row) return std::optional<Act>();
  YB_ASSIGN(Act act, As<Act>(answer_to_->Blob(0)));
  return std::optional(std::move(act));
}

base::Result<std::optional<AlarmRuleSet>> AlarmTables::NewestRules(std::int64_t site) {
  const Rows rows(*newest_rules_);
  YB_ASSIGN(const bool row, newest_rules_->Bind(1, site).Step());
  if (!row) return std::optional<AlarmRuleSet>();
  YB_ASSIGN(AlarmRuleSet rules, As<AlarmRuleSet>(newest_rules_->Blob(0)));
  return std::optional(std::move(rules));
}

base::Status AlarmTables::Clear(std::int64_t site) {
  YB_TRY(clear_alarms_->Bind(1, site).Run());
  return clear_events_->Bind(1, site).Run();
}

}  // namespace yb::telemetry
