#include "core/api/alarm_routes.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "core/api/uncached.hpp"
#include "core/http/entity_tag.hpp"
#include "core/http/error_response.hpp"

namespace yb::api {
namespace {

using alarms::Act;
using alarms::AlarmState;
using base::ErrorCode;
using base::Fail;
using base::Words;
using nlohmann::json;
using telemetry::AlarmFilter;

constexpr int kMostOpen = 2000;   // of one site
constexpr int kMostClosed = 500;  // of one site
constexpr std::size_t kMostListed = 500;

json ToJson(const Words& words) {
  return {{"zh", words.zh}, {"en", words.en}};
}

json ToJson(const Act& act) {
  return {{"time_us", act.time.micros},
          {"act", alarms::ToString(act.act)},
          {"user", act.user},
          {"name", act.name},
          {"side", alarms::ToString(act.side)},
          {"reason", act.reason},
          {"until_us", act.until ? json(act.until->micros) : json(nullptr)},
          {"assignee", act.assignee}};
}

json OrNull(const std::optional<Act>& act) {
  return act ? ToJson(*act) : json(nullptr);
}

std::string_view ToString(AlarmOwner owner) {
  return owner == AlarmOwner::kBox ? "box" : "central";
}

json ToJson(const AlarmView& view, base::UtcTime now) {
  const alarms::Alarm& alarm = view.row.alarm;
  const alarms::AlarmRule& rule = view.row.rule;
  const alarms::Condition& condition = rule.condition;
  const bool of_change = alarms::IsOfChange(condition.kind);
  const bool with_limit = of_change || alarms::IsOfValue(condition.kind);
  const alarms::Transition& told = alarm.last.detail.empty() ? alarm.first : alarm.last;
  json pending = json::array();
  for (const Act& act : view.pending) pending.push_back(ToJson(act));
  json out = {{"alarm", alarm.id},
              {"site", view.site.text()},
              {"site_name", view.site_name},
              {"owner", ToString(view.owner)},
              {"known", view.known},
              {"rule", rule.id},
              {"name", ToJson(rule.name)},
              {"advice", ToJson(rule.advice)},
              {"priority", alarms::ToString(rule.priority)},
              {"condition", alarms::ToString(condition.kind)},
              {"limit", with_limit ? json(condition.limit.ToString()) : json(nullptr)},
              {"within_us", of_change ? json(condition.within.count()) : json(nullptr)},
              {"subject", alarm.first.subject},
              {"detail", told.detail},
              {"detail_zh", told.detail_zh},
              {"value", alarm.first.value ? json(alarm.first.value->ToString()) : json(nullptr)},
              {"state", alarms::ToString(alarm.state)},
              {"raised_us", alarm.first.time.micros},
              {"changed_us", alarm.last.time.micros},
              {"count", alarm.count},
              {"chattering", alarm.chattering},
              {"stale", alarms::IsStale(alarm, now)},
              {"acknowledged", OrNull(alarm.acknowledged)},
              {"assigned", OrNull(alarm.assigned)},
              {"shelved", OrNull(alarm.shelved)},
              {"pending", std::move(pending)},
              {"point", nullptr},
              {"meter", nullptr},
              {"meter_name", nullptr},
              {"quantity", nullptr},
              {"unit", nullptr},
              {"utility", nullptr},
              {"line", nullptr}};
  if (!view.point) {
    if (rule.id == "line_down") out["line"] = alarm.first.subject;
    return out;
  }
  const metering::Point& point = view.point->point;
  out["meter"] = point.meter;
  out["meter_name"] = point.meter_name;
  out["utility"] = metering::ToString(point.utility);
  out["line"] = point.line;
  if (alarm.first.point == 0) return out;
  out["point"] = point.no;
  out["quantity"] = point.quantity;
  out["unit"] = point.unit;
  return out;
}

enum class Tab : std::uint8_t { kOpen, kShelved, kHistory };

struct Wanted {
  Tab tab = Tab::kOpen;
  std::optional<alarms::Priority> priority;
  std::string site;  // empty: all
};

base::Result<Wanted> ReadWanted(const http::Request& request) {
  Wanted wanted;
  const auto text = [&](const char* name) -> std::string {
    const auto found = request.query.find(name);
    return found == request.query.end() ? std::string() : found->second;
  };
  static const std::map<std::string, Tab> tabs = {
      {"", Tab::kOpen}, {"open", Tab::kOpen}, {"shelved", Tab::kShelved}, {"history", Tab::kHistory}};
  const std::string state = text("state");
  const auto tab = tabs.find(state);
  if (tab == tabs.end()) {
    return Fail(ErrorCode::kInvalidArgument, Words{"state is '" + state + "', expected open, shelved or history",
                                                   "state 为“" + state + "”，应为 open、shelved 或 history"});
  }
  wanted.tab = tab->second;
  const std::string priority = text("priority");
  wanted.priority = alarms::ParsePriority(priority);
  if (!priority.empty() && !wanted.priority) {
    return Fail(ErrorCode::kInvalidArgument, Words{"priority is '" + priority + "', expected P1, P2 or P3",
                                                   "priority 为“" + priority + "”，应为 P1、P2 或 P3"});
  }
  wanted.site = text("site");
  return wanted;
}

bool IsIn(Tab tab, const alarms::Alarm& alarm) {
  const bool closed = alarm.state == AlarmState::kClosed;
  switch (tab) {
    case Tab::kOpen: return !closed && !alarm.shelved;
    case Tab::kShelved: return !closed && alarm.shelved;
    case Tab::kHistory: return closed;
  }
  return false;
}

/// The history newest first.
bool Before(Tab tab, const AlarmView& a, const AlarmView& b) {
  const auto newest = [](const AlarmView& view) { return view.row.alarm.last.time; };
  return tab == Tab::kHistory ? newest(a) > newest(b) : LooksFirst(a, b);
}

/// Of all open alarms that are not shelved, whatever the list is narrowed to.
json Counts(const std::vector<AlarmView>& open) {
  json counts;
  for (const auto priority : {alarms::Priority::kUrgent, alarms::Priority::kImportant, alarms::Priority::kGeneral}) {
    std::size_t all = 0, unacknowledged = 0;
    for (const AlarmView& view : open) {
      if (view.row.rule.priority != priority || !IsIn(Tab::kOpen, view.row.alarm)) continue;
      ++all;
      if (!view.row.alarm.acknowledged) ++unacknowledged;
    }
    counts[std::string(alarms::ToString(priority))] = {{"open", all}, {"unacknowledged", unacknowledged}};
  }
  return counts;
}

base::Result<json> ListOf(const http::Request& request, AlarmQueries& queries, base::UtcTime now) {
  YB_ASSIGN(const Wanted wanted, ReadWanted(request));
  YB_ASSIGN(std::vector<AlarmView> open, queries.List(AlarmFilter::kOpen, kMostOpen));
  const auto hidden = [&](const AlarmView& view) { return !request.MaySee(view.site.text()); };
  std::erase_if(open, hidden);
  std::vector<AlarmView> views = open;
  if (wanted.tab == Tab::kHistory) {
    YB_ASSIGN(views, queries.List(AlarmFilter::kClosed, kMostClosed));
    std::erase_if(views, hidden);
  }
  std::erase_if(views, [&](const AlarmView& view) {
    return !IsIn(wanted.tab, view.row.alarm) || (wanted.priority && view.row.rule.priority != *wanted.priority) ||
           (!wanted.site.empty() && view.site.text() != wanted.site);
  });
  std::ranges::sort(views, [&](const AlarmView& a, const AlarmView& b) { return Before(wanted.tab, a, b); });
  const std::size_t total = views.size();
  views.resize(std::min(total, kMostListed), views.empty() ? AlarmView{} : views.front());
  telemetry::AlarmFigures shift;
  std::size_t shelved = 0, chattering = 0, stale = 0;
  for (const AlarmView& view : open) {
    shelved += view.row.alarm.shelved ? 1U : 0U;
    chattering += view.row.alarm.chattering ? 1U : 0U;
    stale += alarms::IsStale(view.row.alarm, now) ? 1U : 0U;
  }
  YB_ASSIGN(const std::vector<base::SiteId> all_sites, queries.Sites());
  for (const base::SiteId& site : all_sites) {
    if (!request.MaySee(site.text())) continue;
    YB_ASSIGN(const telemetry::AlarmFigures of_site, queries.RaisedSince(site, now - kShift));
    shift.raised += of_site.raised;
    shift.urgent += of_site.urgent;
  }
  json rows = json::array();
  for (const AlarmView& view : views) rows.push_back(ToJson(view, now));
  return json{{"now_us", now.micros},
              {"counts", Counts(open)},
              {"shelved", shelved},
              {"quality",
               {{"window_us", kShift.count()},
                {"raised", shift.raised},
                {"urgent", shift.urgent},
                {"chattering", chattering},
                {"stale", stale}}},
              {"total", total},
              {"alarms", std::move(rows)}};
}

json EventToJson(const telemetry::AlarmEvent& one) {
  if (const auto* act = std::get_if<Act>(&one.event)) {
    json out = ToJson(*act);
    out["kind"] = "act";
    out["effective"] = one.effective;
    out["refused"] = act->refused.empty() ? json(nullptr) : ToJson(Words{act->refused, act->refused_zh});
    return out;
  }
  const auto& transition = std::get<alarms::Transition>(one.event);
  return {{"kind", alarms::ToString(transition.step)},
          {"time_us", transition.time.micros},
          {"value", transition.value ? json(transition.value->ToString()) : json(nullptr)},
          {"detail", transition.detail},
          {"detail_zh", transition.detail_zh},
          {"effective", one.effective}};
}

base::Result<base::SiteId> SiteOf(const http::Request& request) {
  return base::SiteId::Parse(request.path_parameters.at("site"));
}

base::Result<json> OneOf(const http::Request& request, AlarmQueries& queries, base::UtcTime now) {
  YB_ASSIGN(const base::SiteId site, SiteOf(request));
  const std::string& id = request.path_parameters.at("alarm");
  YB_ASSIGN(const AlarmView view, queries.Find(site, id));
  YB_ASSIGN(const std::vector<telemetry::AlarmEvent> found, queries.Events(site, id));
  json events = json::array();
  for (const telemetry::AlarmEvent& event : found) events.push_back(EventToJson(event));
  return json{{"now_us", now.micros}, {"alarm", ToJson(view, now)}, {"events", std::move(events)}};
}

base::Result<Act> ReadAct(const http::Request& request) {
  const json body = json::parse(request.body, nullptr, false);
  const auto wrong = [](const char* key, const char* expected) {
    return Fail(ErrorCode::kInvalidArgument,
                Words{std::string(key) + ": expected " + expected, std::string(key) + " 应为 " + expected});
  };
  if (!body.is_object()) return wrong("body", "{\"act\": \"acknowledge\" | \"assign\" | \"shelve\" | \"unshelve\"}");
  for (const auto& [key, value] : body.items()) {
    const bool text = key == "act" || key == "reason" || key == "assignee";
    if (!text && key != "until_us") return wrong(key.c_str(), "act, reason, until_us, assignee");
    if (text && !value.is_string()) return wrong(key.c_str(), "text");
    if (!text && !value.is_null() && !value.is_number_unsigned()) return wrong(key.c_str(), "microseconds, or null");
  }
  const auto kind = alarms::ParseActKind(body.value("act", ""));
  if (!kind) return wrong("act", "acknowledge, assign, shelve, unshelve");
  Act act{.time = {}, .act = *kind, .alarm = request.path_parameters.at("alarm"), .user = {}, .name = {}};
  act.reason = body.value("reason", "");
  act.assignee = body.value("assignee", "");
  if (body.contains("until_us") && !body["until_us"].is_null()) {
    act.until = base::UtcTime{body["until_us"].get<std::int64_t>()};
  }
  // Without log-in whoever reaches this machine acts, and is named so.
  act.user = request.principal ? std::to_string(request.principal->user) : "local";
  act.name = request.principal ? request.principal->name : "local";
  return act;
}

base::Result<json> Do(const http::Request& request, AlarmQueries& queries, base::UtcTime now) {
  YB_ASSIGN(const base::SiteId site, SiteOf(request));
  YB_ASSIGN(Act act, ReadAct(request));
  YB_ASSIGN(const AlarmView view, queries.Act(site, std::move(act)));
  return json{{"now_us", now.micros}, {"alarm", ToJson(view, now)}};
}

/// The tag ignores `now_us`, as with all answers.
http::Response Answer(const http::Request& request, const base::Result<json>& body) {
  if (!body) return http::ErrorResponse(body.error());
  json tagged = *body;
  tagged.erase("now_us");
  http::Response response;
  response.body = body->dump();
  return http::WithEntityTag(request, std::move(response), http::EntityTag(tagged.dump()));
}

}  // namespace

void AddAlarmRoutes(http::Router& router, AlarmQueries& queries, const base::Clock& clock) {
  router.Add("GET", "/api/v1/alarms", http::kSignedIn, [&queries, &clock](const http::Request& request) {
    return Answer(request, ListOf(request, queries, clock.Now()));
  });
  router.Add("GET", "/api/v1/sites/{site}/alarms/{alarm}", http::kSignedIn,
             [&queries, &clock](const http::Request& request) {
               return Answer(request, OneOf(request, queries, clock.Now()));
             });
  router.Add(
      "POST", "/api/v1/sites/{site}/alarms/{alarm}/acts", http::kOperators,
      [&queries, &clock](const http::Request& request) { return AnswerUncached(Do(request, queries, clock.Now())); });
}

}  // namespace yb::api
