#include "core/api/site_routes.hpp"

#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/http/entity_tag.hpp"
#include "core/http/error_response.hpp"

namespace yb::api {
namespace {

using base::ErrorCode;
using base::Fail;
using nlohmann::json;

constexpr std::int64_t kDefaultLimit = 2000;
constexpr std::int64_t kMostLimit = 4000;
constexpr std::int64_t kMicrosLimit = std::int64_t{1} << 53;  // what a browser's number holds exactly
constexpr base::Duration kLongestRange = std::chrono::hours(24 * 400);

json OrNull(const std::optional<base::UtcTime>& time) {
  return time ? json(time->micros) : json(nullptr);
}

json ToJson(const telemetry::LaneProgress& lane, base::UtcTime now) {
  json lag = nullptr;
  if (lane.oldest_waiting) lag = std::max<std::int64_t>((now - *lane.oldest_waiting).count(), 0);
  return {{"lane", sync::ToString(lane.lane)}, {"epoch", lane.epoch}, {"committed", lane.committed},
          {"last_known", lane.last_known},     {"holes", lane.holes}, {"lag_us", lag}};
}

json ToJson(const SiteSummary& site, base::UtcTime now) {
  json lanes = json::array();
  for (const telemetry::LaneProgress& lane : site.lanes) lanes.push_back(ToJson(lane, now));
  return {{"site", site.site.text()},
          {"name", site.name},
          {"link", telemetry::ToString(site.link)},
          {"link_since_us", OrNull(site.link_since)},
          {"data_time_us", OrNull(site.data_time)},
          {"meters", site.meters},
          {"points", site.points},
          {"points_good", site.points_good},
          {"lanes", std::move(lanes)}};
}

json ToJson(const PointLatest& entry) {
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
              {"value_us", nullptr}};
  if (!entry.latest) return out;
  out["quality"] = metering::ToString(entry.latest->attempt.quality);
  out["attempt_us"] = entry.latest->attempt.time.micros;
  if (entry.latest->value) {
    out["value"] = entry.latest->value->value->ToString();
    out["value_us"] = entry.latest->value->time.micros;
  }
  return out;
}

json ToJson(const SiteMeters& site, base::UtcTime now) {
  json meters = json::array();
  for (const MeterSummary& meter : site.meters) {
    json points = json::array();
    for (const PointLatest& point : meter.points) points.push_back(ToJson(point));
    meters.push_back({{"meter", meter.meter},
                      {"name", meter.name},
                      {"utility", metering::ToString(meter.utility)},
                      {"line", meter.line},
                      {"points", std::move(points)}});
  }
  return {{"now_us", now.micros}, {"site", site.site.text()}, {"name", site.name}, {"meters", std::move(meters)}};
}

std::string Quoted(const std::optional<base::Decimal>& value) {
  return value ? '"' + value->ToString() + '"' : "null";
}

/// `"buckets":[…]` as text: thousands of them cost more as JSON values than to make.
std::string BucketsText(const PointSeries& answer, base::UtcTime now) {
  const bool is_register = answer.definition.point.kind == metering::PointKind::kRegister;
  std::string text = "\"buckets\":[";
  for (const telemetry::Bucket& b : answer.history.buckets) {
    const auto completeness = telemetry::CompletenessOf(b, answer.history.resolution, answer.definition, now);
    const std::string fields[] = {
        std::to_string(b.start.micros),
        std::to_string(b.count),
        Quoted(b.min),
        Quoted(b.max),
        Quoted(telemetry::MeanOf(b)),
        Quoted(b.first),
        Quoted(b.last),
        is_register ? Quoted(b.consumption) : "null",
        completeness ? base::Decimal(std::lround(*completeness * 1000), 3).ToString() : "null"};
    text += text.back() == '[' ? "[" : ",[";
    for (const std::string& field : fields) (text += field) += ',';
    text.back() = ']';
  }
  return text + "]";
}

json ToJson(const base::SiteId& site, const PointSeries& answer, base::UtcTime now) {
  const metering::Point& point = answer.definition.point;
  json readings = json::array();
  for (const metering::Reading& reading : answer.history.series.readings) {
    readings.push_back({reading.time.micros, reading.value ? json(reading.value->ToString()) : json(nullptr),
                        metering::ToString(reading.quality)});
  }
  json gaps = json::array();
  for (const telemetry::Gap& gap : answer.history.series.gaps) {
    gaps.push_back(
        {{"from_us", gap.from.micros}, {"to_us", gap.to.micros}, {"reason", telemetry::ToString(gap.reason)}});
  }
  return {{"now_us", now.micros},
          {"site", site.text()},
          {"point", point.no},
          {"key", point.key},
          {"unit", point.unit},
          {"kind", metering::ToString(point.kind)},
          {"total", answer.history.series.total},
          {"thinned", answer.history.series.thinned},
          {"resolution", telemetry::ToString(answer.history.resolution)},
          {"readings", std::move(readings)},
          {"gaps", std::move(gaps)}};
}

/// The tag ignores `now_us`, so that an unchanged answer is 304 however late it is asked for.
/// `more` is text of further members; it may be empty.
http::Response Answer(const http::Request& request, json body, std::string_view more = {}) {
  const std::string now = body.at("now_us").dump();
  body.erase("now_us");
  std::string text = body.dump();
  if (!more.empty()) {
    text.back() = ',';
    (text += more) += '}';
  }
  http::Response response;
  response.body = "{\"now_us\":" + now + "," + text.substr(1);
  return http::WithEntityTag(request, std::move(response), http::EntityTag(text));
}

base::Result<std::int64_t> Number(const http::Request& request, const std::string& name, std::int64_t least,
                                  std::int64_t most, std::optional<std::int64_t> absent) {
  const auto found = request.query.find(name);
  const std::string expected = "expected a whole number from " + std::to_string(least) + " to " + std::to_string(most);
  if (found == request.query.end()) {
    if (absent) return *absent;
    return Fail(ErrorCode::kInvalidArgument, name + " is missing, " + expected);
  }
  const std::string& text = found->second;
  std::int64_t value = 0;
  const auto [stop, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || stop != text.data() + text.size() || value < least || value > most) {
    return Fail(ErrorCode::kInvalidArgument, name + " is '" + text + "', " + expected);
  }
  return value;
}

/// Nullopt where none or `auto` is asked for.
base::Result<std::optional<telemetry::Resolution>> ResolutionOf(const http::Request& request) {
  const auto found = request.query.find("resolution");
  if (found == request.query.end() || found->second == "auto") return std::nullopt;
  const auto resolution = telemetry::ParseResolution(found->second);
  if (resolution) return resolution;
  return Fail(ErrorCode::kInvalidArgument,
              "resolution is '" + found->second + "', expected auto, raw, quarter_hour, hour or day");
}

base::Result<PointSeries> ReadingsOf(const http::Request& request, SiteQueries& queries, base::UtcTime now) {
  YB_ASSIGN(const base::SiteId site, base::SiteId::Parse(request.path_parameters.at("site")));
  YB_ASSIGN(const std::int64_t from, Number(request, "from_us", 0, kMicrosLimit, std::nullopt));
  YB_ASSIGN(const std::int64_t to, Number(request, "to_us", 0, kMicrosLimit, std::nullopt));
  YB_ASSIGN(const std::int64_t limit, Number(request, "limit", 2, kMostLimit, kDefaultLimit));
  if (to <= from) return Fail(ErrorCode::kInvalidArgument, "to_us is not after from_us");
  if (base::Duration(to - from) > kLongestRange) {
    return Fail(ErrorCode::kInvalidArgument, "the range is longer than 400 days", "ask for a shorter one");
  }
  const std::string& text = request.path_parameters.at("point");
  metering::PointNo point = 0;
  const auto [stop, code] = std::from_chars(text.data(), text.data() + text.size(), point);
  if (code != std::errc() || stop != text.data() + text.size() || point == 0) {
    return Fail(ErrorCode::kInvalidArgument, "'" + text + "' is no point number");
  }
  YB_ASSIGN(const std::optional<telemetry::Resolution> resolution, ResolutionOf(request));
  return queries.Readings(site, point, {{from}, {to}, now, static_cast<std::size_t>(limit), resolution});
}

}  // namespace

void AddSiteRoutes(http::Router& router, About about, SiteQueries& queries, metrics::Metrics& metrics,
                   const base::Clock& clock) {
  router.Add("GET", "/api/v1/about", [about = std::move(about), &clock](const http::Request& request) {
    json body = {
        {"program", about.program}, {"version", about.version}, {"city", about.city}, {"now_us", clock.Now().micros}};
    if (!about.site.empty()) {
      body["site"] = about.site;
      body["site_name"] = about.site_name;
    }
    return Answer(request, std::move(body));
  });
  router.Add("GET", "/api/v1/sites", [&queries, &clock](const http::Request& request) {
    const base::UtcTime now = clock.Now();
    json sites = json::array();
    for (const SiteSummary& site : queries.Sites(now)) sites.push_back(ToJson(site, now));
    return Answer(request, {{"now_us", now.micros}, {"sites", std::move(sites)}});
  });
  router.Add("GET", "/api/v1/sites/{site}/meters", [&queries, &clock](const http::Request& request) {
    const auto site = base::SiteId::Parse(request.path_parameters.at("site"));
    if (!site) return http::ErrorResponse(site.error());
    const auto meters = queries.Meters(*site);
    return meters ? Answer(request, ToJson(*meters, clock.Now())) : http::ErrorResponse(meters.error());
  });
  router.Add("GET", "/api/v1/sites/{site}/points/{point}/readings", [&queries, &clock](const http::Request& request) {
    const base::UtcTime now = clock.Now();
    const auto series = ReadingsOf(request, queries, now);
    if (!series) return http::ErrorResponse(series.error());
    return Answer(request, ToJson(*base::SiteId::Parse(request.path_parameters.at("site")), *series, now),
                  BucketsText(*series, now));
  });
  router.Add("GET", "/metrics", [&metrics](const http::Request&) {
    http::Response response;
    response.content_type = metrics::Metrics::kContentType;
    response.body = metrics.Render();
    return response;
  });
}

}  // namespace yb::api
