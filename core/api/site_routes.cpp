#include "core/api/site_routes.hpp"

#include <nlohmann/json.hpp>

#include "core/api/answer.hpp"
#include "core/api/event_words.hpp"
#include "core/api/history_text.hpp"
#include "core/http/error_response.hpp"

namespace yb::api {
namespace {

using nlohmann::json;

constexpr std::int64_t kDefaultLimit = 2000;
constexpr std::int64_t kMostLimit = 4000;
constexpr std::int64_t kDefaultAlarms = 100;
constexpr std::int64_t kMostAlarms = 1000;
constexpr int kMostOpenAlarms = 2000;     // of one site
constexpr std::size_t kFirstAlarms = 12;  // of one site

json OrNull(const std::optional<base::UtcTime>& time) {
  return time ? json(time->micros) : json(nullptr);
}

json ToJson(const telemetry::LaneProgress& lane, base::UtcTime now) {
  json lag = nullptr;
  if (lane.oldest_waiting) lag = std::max<std::int64_t>((now - *lane.oldest_waiting).count(), 0);
  return {{"lane", sync::ToString(lane.lane)}, {"epoch", lane.epoch}, {"committed", lane.committed},
          {"last_known", lane.last_known},     {"holes", lane.holes}, {"lag_us", lag}};
}

/// Open and not shelved: how many, and the first few to look at.
json AlarmsOfSite(const base::SiteId& site, const std::vector<AlarmView>& open) {
  std::vector<const AlarmView*> of_site;
  for (const AlarmView& view : open) {
    if (view.site == site && !view.row.alarm.shelved) of_site.push_back(&view);
  }
  std::ranges::sort(of_site, [](const AlarmView* a, const AlarmView* b) { return LooksFirst(*a, *b); });
  json out = json::object();
  for (const auto priority : {alarms::Priority::kUrgent, alarms::Priority::kImportant, alarms::Priority::kGeneral}) {
    out[std::string(alarms::ToString(priority))] = {{"open", 0}, {"unacknowledged", 0}};
  }
  json first = json::array();
  for (const AlarmView* view : of_site) {
    const alarms::Alarm& alarm = view->row.alarm;
    const alarms::AlarmRule& rule = view->row.rule;
    json& count = out[std::string(alarms::ToString(rule.priority))];
    count["open"] = count["open"].get<int>() + 1;
    if (!alarm.acknowledged) count["unacknowledged"] = count["unacknowledged"].get<int>() + 1;
    if (first.size() >= kFirstAlarms) continue;
    first.push_back(
        {{"alarm", alarm.id},
         {"name", {{"zh", rule.name.zh}, {"en", rule.name.en}}},
         {"priority", alarms::ToString(rule.priority)},
         {"owner", view->owner == AlarmOwner::kBox ? "box" : "central"},
         {"known", view->known},
         {"state", alarms::ToString(alarm.state)},
         {"acknowledged", alarm.acknowledged.has_value()},
         {"subject", alarm.first.subject},
         {"meter_name", view->point ? json(view->point->point.meter_name) : json(nullptr)},
         {"quantity", alarm.first.point != 0 && view->point ? json(view->point->point.quantity) : json(nullptr)},
         {"utility", view->point ? json(metering::ToString(view->point->point.utility)) : json(nullptr)},
         {"raised_us", alarm.first.time.micros}});
  }
  out["first"] = std::move(first);
  return out;
}

json ToJson(const std::vector<UseOfDay>& today) {
  json out = json::array();
  for (const UseOfDay& use : today) {
    out.push_back({{"utility", metering::ToString(use.utility)},
                   {"unit", use.unit},
                   {"value", use.value ? json(use.value->ToString()) : json(nullptr)},
                   {"complete", use.complete},
                   {"registers", use.registers}});
  }
  return out;
}

json ToJson(const SiteSummary& site, base::UtcTime now) {
  json lanes = json::array();
  for (const telemetry::LaneProgress& lane : site.lanes) lanes.push_back(ToJson(lane, now));
  json utilities = json::array();
  for (const SiteSummary::Utility& one : site.utilities) {
    utilities.push_back(
        {{"utility", metering::ToString(one.utility)}, {"points", one.points}, {"points_good", one.points_good}});
  }
  return {{"site", site.site.text()},
          {"name", site.name},
          {"link", telemetry::ToString(site.link)},
          {"link_since_us", OrNull(site.link_since)},
          {"data_time_us", OrNull(site.data_time)},
          {"meters", site.meters},
          {"points", site.points},
          {"points_good", site.points_good},
          {"utilities", std::move(utilities)},
          {"lanes", std::move(lanes)}};
}

json LimitsOf(const alarms::Limits& limits, metering::PointNo point) {
  json out = json::array();
  const auto found = limits.find(point);
  if (found == limits.end()) return out;
  for (const alarms::Limit& limit : found->second) {
    out.push_back({{"rule", limit.rule},
                   {"priority", alarms::ToString(limit.priority)},
                   {"condition", alarms::ToString(limit.condition)},
                   {"limit", limit.limit.ToString()}});
  }
  return out;
}

json ToJson(const PointLatest& entry, const alarms::Limits& limits) {
  const metering::Point& point = entry.definition.point;
  json out = {{"point", point.no},
              {"key", point.key},
              {"quantity", point.quantity},
              {"unit", point.unit},
              {"kind", metering::ToString(point.kind)},
              {"limit_us", entry.definition.limit.count()},
              {"quality", "never"},
              {"attempt_us", nullptr},
              {"value", nullptr},
              {"value_us", nullptr},
              {"alarm_limits", LimitsOf(limits, point.no)}};
  if (!entry.latest) return out;
  out["quality"] = metering::ToString(entry.latest->attempt.quality);
  out["attempt_us"] = entry.latest->attempt.time.micros;
  if (entry.latest->value) {
    out["value"] = entry.latest->value->value->ToString();
    out["value_us"] = entry.latest->value->time.micros;
  }
  return out;
}

json ToJson(const SiteMeters& site, const alarms::Limits& limits) {
  json meters = json::array();
  for (const MeterSummary& meter : site.meters) {
    json points = json::array();
    for (const PointLatest& point : meter.points) points.push_back(ToJson(point, limits));
    meters.push_back({{"meter", meter.meter},
                      {"name", meter.name},
                      {"utility", metering::ToString(meter.utility)},
                      {"line", meter.line},
                      {"points", std::move(points)}});
  }
  return {{"site", site.site.text()}, {"name", site.name}, {"meters", std::move(meters)}};
}

json ToJson(const telemetry::Alarm& alarm) {
  return {{"time_us", alarm.time.micros}, {"what", telemetry::ToString(alarm.what)},
          {"cleared", alarm.cleared},     {"subject", alarm.subject},
          {"detail", alarm.detail},       {"detail_zh", alarm.detail_zh}};
}

/// Told of what does not change with the clock: the tag leaves `now_us` out, so that an unchanged answer is 304 however
/// late it is asked for. `tagged` is a JSON object with something in it.
http::Response Answer(const http::Request& request, const std::string& tagged, base::UtcTime now) {
  return AnswerTagged(request, "{\"now_us\":" + std::to_string(now.micros) + "," + tagged.substr(1), tagged);
}

base::Result<http::Response> ReadingsOf(const http::Request& request, SiteQueries& queries, base::UtcTime now) {
  YB_ASSIGN(const PointSpan of, ReadPointSpan(request));
  YB_ASSIGN(const std::int64_t limit, ReadWhole(request, "limit", 2, kMostLimit, kDefaultLimit));
  YB_ASSIGN(const telemetry::Resolution step, ReadStep(request));
  YB_ASSIGN(const PointSeries series,
            queries.Readings(of.site, of.point, {of.from, of.to, now, static_cast<std::size_t>(limit), step}));
  return Answer(request, HistoryText(of.site, series, now), now);
}

json OrNull(const std::optional<base::Decimal>& value) {
  return value ? json(value->ToString()) : json(nullptr);
}

json OrNull(const std::optional<metering::Reading>& reading) {
  return reading ? json::array({reading->time.micros, reading->value->ToString()}) : json(nullptr);
}

base::Result<json> EventsOf(const http::Request& request, SiteQueries& queries) {
  YB_ASSIGN(const PointSpan of, ReadPointSpan(request));
  YB_ASSIGN(const PointEvents found, queries.Events(of.site, of.point, of.from, of.to));
  json events = json::array();
  for (const metering::MeterEvent& event : found.events) {
    base::Words detail = EventDetail(event.detail);
    events.push_back({{"kind", metering::ToString(event.kind)},
                      {"meter", event.meter},
                      {"point", event.point == 0 ? json(nullptr) : json(event.point)},
                      {"since_us", event.since.micros},
                      {"time_us", event.time.micros},
                      {"before", OrNull(event.before)},
                      {"after", OrNull(event.after)},
                      {"detail", std::move(detail.en)},
                      {"detail_zh", std::move(detail.zh)}});
  }
  const metering::Point& point = found.definition.point;
  return json{{"site", of.site.text()},
              {"point", point.no},
              {"key", point.key},
              {"unit", point.unit},
              {"events", std::move(events)}};
}

base::Result<json> ConsumptionOf(const http::Request& request, SiteQueries& queries) {
  YB_ASSIGN(const PointSpan of, ReadPointSpan(request));
  YB_ASSIGN(const PointConsumption found, queries.Consumption(of.site, of.point, of.from, of.to));
  json steps = json::array();
  for (const metering::RegisterStep& step : found.consumption.steps) {
    steps.push_back({{"from_us", step.from.micros},
                     {"to_us", step.to.micros},
                     {"before", step.before.ToString()},
                     {"after", step.after.ToString()},
                     {"consumption", step.consumption.ToString()},
                     {"explained", step.explained.ToString()},
                     {"why", metering::ToString(step.why)}});
  }
  const metering::Point& point = found.definition.point;
  return json{{"site", of.site.text()},
              {"point", point.no},
              {"key", point.key},
              {"unit", point.unit},
              {"first", OrNull(found.consumption.first)},
              {"last", OrNull(found.consumption.last)},
              {"consumption", found.consumption.consumption.ToString()},
              {"explained", found.consumption.explained.ToString()},
              {"steps", std::move(steps)}};
}

base::Result<json> MetersOf(const http::Request& request, SiteQueries& queries, AlarmQueries& alarms) {
  YB_ASSIGN(const base::SiteId site, base::SiteId::Parse(request.path_parameters.at("site")));
  YB_ASSIGN(const SiteMeters meters, queries.Meters(site));
  YB_ASSIGN(const alarms::Limits limits, alarms.Limits(site));
  return ToJson(meters, limits);
}

base::Result<json> AlarmsOf(const http::Request& request, SiteQueries& queries) {
  YB_ASSIGN(const base::SiteId site, base::SiteId::Parse(request.path_parameters.at("site")));
  YB_ASSIGN(const std::int64_t limit, ReadWhole(request, "limit", 1, kMostAlarms, kDefaultAlarms));
  YB_ASSIGN(const std::vector<telemetry::Alarm> alarms, queries.Alarms(site, static_cast<int>(limit)));
  json out = json::array();
  for (const telemetry::Alarm& alarm : alarms) out.push_back(ToJson(alarm));
  return json{{"site", site.text()}, {"alarms", std::move(out)}};
}

}  // namespace

void AddSiteRoutes(http::Router& router, About about, SiteQueries& queries, AlarmQueries& alarms, const DayUse& use,
                   metrics::Metrics& metrics, const base::Clock& clock) {
  router.Add("GET", "/api/v1/about", http::Access::Public(),
             [about = std::move(about), &clock](const http::Request& request) {
               json body = {{"program", about.program}, {"version", about.version}, {"city", about.city}};
               if (!about.site.empty()) {
                 body["site"] = about.site;
                 body["site_name"] = about.site_name;
               }
               return Answer(request, body.dump(), clock.Now());
             });
  router.Add("GET", "/api/v1/sites", http::kSignedIn, [&queries, &alarms, &use, &clock](const http::Request& request) {
    const base::UtcTime now = clock.Now();
    const auto open = alarms.List(telemetry::AlarmFilter::kOpen, kMostOpenAlarms);
    if (!open) return http::ErrorResponse(open.error());
    json sites = json::array();
    for (const SiteSummary& site : queries.Sites(now)) {
      if (!request.MaySee(site.site.text())) continue;
      sites.push_back(ToJson(site, now));
      sites.back()["alarms"] = AlarmsOfSite(site.site, *open);
      sites.back()["today"] = ToJson(use.Of(site.site));
    }
    return Answer(request, json{{"sites", std::move(sites)}}.dump(), now);
  });
  router.Add("GET", "/api/v1/sites/{site}/meters", http::kSignedIn,
             [&queries, &alarms, &clock](const http::Request& request) {
               const auto meters = MetersOf(request, queries, alarms);
               return meters ? Answer(request, meters->dump(), clock.Now()) : http::ErrorResponse(meters.error());
             });
  router.Add("GET", "/api/v1/sites/{site}/points/{point}/readings", http::kSignedIn,
             [&queries, &clock](const http::Request& request) {
               auto readings = ReadingsOf(request, queries, clock.Now());
               return readings ? std::move(*readings) : http::ErrorResponse(readings.error());
             });
  router.Add("GET", "/api/v1/sites/{site}/alarms", http::kSignedIn, [&queries, &clock](const http::Request& request) {
    const auto told = AlarmsOf(request, queries);
    return told ? Answer(request, told->dump(), clock.Now()) : http::ErrorResponse(told.error());
  });
  router.Add("GET", "/api/v1/sites/{site}/points/{point}/events", http::kSignedIn,
             [&queries, &clock](const http::Request& request) {
               const auto events = EventsOf(request, queries);
               return events ? Answer(request, events->dump(), clock.Now()) : http::ErrorResponse(events.error());
             });
  router.Add("GET", "/api/v1/sites/{site}/points/{point}/consumption", http::kSignedIn,
             [&queries, &clock](const http::Request& request) {
               const auto consumption = ConsumptionOf(request, queries);
               return consumption ? Answer(request, consumption->dump(), clock.Now())
                                  : http::ErrorResponse(consumption.error());
             });
  router.Add("GET", "/metrics", http::Access::Monitoring(), [&metrics](const http::Request&) {
    http::Response response;
    response.content_type = metrics::Metrics::kContentType;
    response.body = metrics.Render();
    return response;
  });
}

}  // namespace yb::api
