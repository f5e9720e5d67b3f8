#include "core/telemetry/alarm_record.hpp"

#include "core/contract/message_bytes.hpp"
#include "core/contract/sync.pb.h"
#include "core/telemetry/meter_record.hpp"

namespace yb::telemetry {
namespace {

using base::ErrorCode;
using base::Fail;

base::Result<contract::AlarmRecord> Parse(base::ByteView body) {
  contract::AlarmRecord record;
  if (record.ParseFromArray(body.data(), static_cast<int>(body.size()))) return record;
  return Fail(ErrorCode::kCorrupt, "the bytes are no record of the alarm lane");
}

/// One that is above `last` is of a later version.
template <class Kind>
Kind KindOf(int number, Kind last) {
  return number > 0 && number <= static_cast<int>(last) ? static_cast<Kind>(number) : Kind{};
}

Alarm FromContract(const contract::Operation& in) {
  return {{in.time_us()}, KindOf(in.what(), OperationKind::kSiteOffline),
          in.cleared(),   in.subject(),
          in.detail(),    in.boot(),
          in.detail_zh()};
}

base::Result<alarms::Transition> FromContract(const contract::AlarmTransition& in) {
  alarms::Transition out{.time = {in.time_us()},
                         .step = KindOf(in.step(), alarms::Step::kClosed),
                         .rule = in.rule(),
                         .rules = in.rules(),
                         .subject = in.subject(),
                         .point = in.point(),
                         .value = std::nullopt,
                         .detail = in.detail(),
                         .boot = in.boot(),
                         .detail_zh = in.detail_zh()};
  YB_ASSIGN(out.value, FromText(in.value()));
  return out;
}

void ToContract(const alarms::Act& act, contract::AlarmAct& out) {
  out.set_time_us(act.time.micros);
  out.set_act(static_cast<contract::AlarmActKind>(act.act));
  out.set_alarm(act.alarm);
  out.set_user(act.user);
  out.set_name(act.name);
  out.set_side(static_cast<contract::AlarmSide>(act.side));
  out.set_reason(act.reason);
  out.set_until_us(act.until ? act.until->micros : 0);
  out.set_assignee(act.assignee);
  out.set_command(act.command);
  out.set_refused(act.refused);
  out.set_refused_zh(act.refused_zh);
}

alarms::Act FromContract(const contract::AlarmAct& in) {
  alarms::Act out{.time = {in.time_us()},
                  .act = KindOf(in.act(), alarms::ActKind::kUnshelve),
                  .alarm = in.alarm(),
                  .user = in.user(),
                  .name = in.name(),
                  .side = KindOf(in.side(), alarms::Side::kCentral)};
  out.reason = in.reason();
  if (in.until_us() != 0) out.until = base::UtcTime{in.until_us()};
  out.assignee = in.assignee();
  out.command = in.command();
  out.refused = in.refused();
  out.refused_zh = in.refused_zh();
  return out;
}

void ToContract(const alarms::AlarmRule& rule, contract::AlarmRule& out) {
  out.set_id(rule.id);
  out.set_name_zh(rule.name.zh);
  out.set_name_en(rule.name.en);
  out.set_advice_zh(rule.advice.zh);
  out.set_advice_en(rule.advice.en);
  out.set_priority(static_cast<std::uint32_t>(rule.priority));
  out.set_condition(static_cast<std::uint32_t>(rule.condition.kind));
  out.set_limit(rule.condition.limit.ToString());
  out.set_hysteresis(rule.condition.hysteresis.ToString());
  out.set_longer_us(rule.condition.longer.count());
  out.set_hold_us(rule.hold.count());
  out.set_close_after_us(rule.close_after.count());
  for (const metering::Utility utility : rule.points.utilities) {
    out.add_utility(static_cast<std::uint32_t>(utility));
  }
  for (const std::string& text : rule.points.quantities) out.add_quantity(text);
  for (const std::string& text : rule.points.meters) out.add_meter(text);
  for (const std::string& text : rule.points.except_meters) out.add_except_meter(text);
  out.set_direct(rule.points.direct);
  out.set_within_us(rule.condition.within.count());
}

base::Result<alarms::AlarmRule> FromContract(const contract::AlarmRule& in) {
  alarms::AlarmRule out;
  out.id = in.id();
  out.name = {in.name_en(), in.name_zh()};
  out.advice = {in.advice_en(), in.advice_zh()};
  const auto priority = KindOf(static_cast<int>(in.priority()), alarms::Priority::kGeneral);
  out.priority = priority == alarms::Priority{} ? alarms::Priority::kGeneral : priority;
  out.condition.kind = KindOf(static_cast<int>(in.condition()), alarms::ConditionKind::kChanges);
  YB_ASSIGN(const auto limit, FromText(in.limit()));
  YB_ASSIGN(const auto hysteresis, FromText(in.hysteresis()));
  out.condition.limit = limit.value_or(base::Decimal());
  out.condition.hysteresis = hysteresis.value_or(base::Decimal());
  out.condition.longer = base::Duration(in.longer_us());
  out.condition.within = base::Duration(in.within_us());
  out.hold = base::Duration(in.hold_us());
  out.close_after = base::Duration(in.close_after_us());
  for (const std::uint32_t utility : in.utility()) {
    out.points.utilities.push_back(KindOf(static_cast<int>(utility), metering::Utility::kNetwork));
  }
  out.points.quantities.assign(in.quantity().begin(), in.quantity().end());
  out.points.meters.assign(in.meter().begin(), in.meter().end());
  out.points.except_meters.assign(in.except_meter().begin(), in.except_meter().end());
  out.points.direct = in.direct();
  return out;
}

base::Result<AlarmRuleSet> FromContract(const contract::AlarmRules& in) {
  AlarmRuleSet out{in.version(), {in.applied_us()}, {}};
  for (const contract::AlarmRule& rule : in.rule()) {
    YB_ASSIGN(alarms::AlarmRule one, FromContract(rule));
    out.rules.push_back(std::move(one));
  }
  return out;
}

}  // namespace

std::string_view ToString(OperationKind what) {
  switch (what) {
    case OperationKind::kUnknown: break;
    case OperationKind::kLineDown: return "line_down";
    case OperationKind::kClockBad: return "clock_bad";
    case OperationKind::kStoreFailing: return "store_failing";
    case OperationKind::kConfigurationRefused: return "configuration_refused";
    case OperationKind::kBoxDown: return "box_down";
    case OperationKind::kSiteOffline: return "site_offline";
  }
  return "unknown";
}

base::Bytes EncodeAlarm(const Alarm& alarm) {
  contract::AlarmRecord record;
  contract::Operation& out = *record.mutable_operation();
  out.set_time_us(alarm.time.micros);
  out.set_what(static_cast<contract::OperationKind>(alarm.what));
  out.set_cleared(alarm.cleared);
  out.set_subject(alarm.subject);
  out.set_detail(alarm.detail);
  out.set_boot(alarm.boot);
  out.set_detail_zh(alarm.detail_zh);
  return ToBytes(record);
}

base::Bytes EncodeAlarm(const alarms::Transition& transition) {
  contract::AlarmRecord record;
  contract::AlarmTransition& out = *record.mutable_transition();
  out.set_time_us(transition.time.micros);
  out.set_step(static_cast<contract::AlarmStep>(transition.step));
  out.set_rule(transition.rule);
  out.set_rules(transition.rules);
  out.set_subject(transition.subject);
  out.set_point(transition.point);
  out.set_value(ToText(transition.value));
  out.set_detail(transition.detail);
  out.set_boot(transition.boot);
  out.set_detail_zh(transition.detail_zh);
  return ToBytes(record);
}

base::Bytes EncodeAlarm(const alarms::Act& act) {
  contract::AlarmRecord record;
  ToContract(act, *record.mutable_act());
  return ToBytes(record);
}

base::Bytes EncodeAlarm(const AlarmRuleSet& rules) {
  contract::AlarmRecord record;
  contract::AlarmRules& out = *record.mutable_rules();
  out.set_version(rules.version);
  out.set_applied_us(rules.applied.micros);
  for (const alarms::AlarmRule& rule : rules.rules) ToContract(rule, *out.add_rule());
  return ToBytes(record);
}

base::Result<Alarm> DecodeAlarm(base::ByteView body) {
  YB_ASSIGN(const AlarmBody record, DecodeAlarmBody(body));
  if (const auto* operation = std::get_if<Alarm>(&record)) return *operation;
  return Fail(ErrorCode::kUnsupported, "the record is of another kind than a condition of the box");
}

base::Result<AlarmBody> DecodeAlarmBody(base::ByteView body) {
  YB_ASSIGN(const contract::AlarmRecord record, Parse(body));
  switch (record.kind_case()) {
    case contract::AlarmRecord::kOperation: return FromContract(record.operation());
    case contract::AlarmRecord::kTransition: return FromContract(record.transition());
    case contract::AlarmRecord::kAct: return FromContract(record.act());
    case contract::AlarmRecord::kRules: return FromContract(record.rules());
    case contract::AlarmRecord::kHour:
    case contract::AlarmRecord::KIND_NOT_SET: break;
  }
  return Fail(ErrorCode::kUnsupported, "the alarm is of a kind this version does not know");
}

alarms::Transition ToTransition(const Alarm& operation) {
  return {.time = operation.time,
          .step = operation.cleared ? alarms::Step::kReturned : alarms::Step::kRaised,
          .rule = std::string(ToString(operation.what)),
          .rules = 0,
          .subject = operation.subject,
          .point = 0,
          .value = std::nullopt,
          .detail = operation.detail,
          .boot = operation.boot,
          .detail_zh = operation.detail_zh};
}

base::Bytes EncodeDownAct(const alarms::Act& act) {
  contract::Down down;
  ToContract(act, *down.mutable_alarm_act());
  return ToBytes(down);
}

base::Result<std::optional<alarms::Act>> DecodeDownAct(base::ByteView message) {
  contract::Down down;
  if (!down.ParseFromArray(message.data(), static_cast<int>(message.size()))) {
    return Fail(ErrorCode::kCorrupt, "the bytes are no message of this protocol");
  }
  if (!down.has_alarm_act()) return std::optional<alarms::Act>();
  return std::optional(FromContract(down.alarm_act()));
}

}  // namespace yb::telemetry
