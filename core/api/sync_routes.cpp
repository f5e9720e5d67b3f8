#include "core/api/sync_routes.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/api/uncached.hpp"
#include "core/base/whole_number.hpp"
#include "core/http/error_response.hpp"

namespace yb::api {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Words;
using nlohmann::json;

/// The newest of them; `dropped` counts the readings of all.
constexpr std::size_t kMostTombstones = 100;
constexpr base::Duration kMostHours = std::chrono::hours(24 * 100);

json ToJson(const LaneSync& lane, base::UtcTime now) {
  const telemetry::LaneProgress& progress = lane.progress;
  json epochs = json::array();
  for (const sync::EpochRange& epoch : lane.epochs) {
    json one = {{"epoch", epoch.epoch}, {"first_seq", epoch.first}, {"last_seq", epoch.last}};
    if (epoch.acked != 0) one["acked_seq"] = epoch.acked;
    epochs.push_back(std::move(one));
  }
  json missing = json::array();
  for (const telemetry::MissingRange& range : lane.missing) {
    missing.push_back({{"epoch", range.epoch},
                       {"first_seq", range.first},
                       {"last_seq", range.last == 0 ? json(nullptr) : json(range.last)},
                       {"reason", telemetry::ToString(range.reason)},
                       {"noticed_us", range.noticed.micros}});
  }
  json damage = json::array();
  for (const telemetry::Damage& one : lane.damage) {
    damage.push_back({{"epoch", one.segment.epoch},
                      {"first_seq", one.segment.first},
                      {"last_seq", one.segment.last},
                      {"rows", one.rows},
                      {"state", telemetry::ToString(one.state)},
                      {"noticed_us", one.noticed.micros}});
  }
  json tombstones = json::array();
  std::uint64_t dropped = 0;
  for (const telemetry::Tombstone& one : lane.tombstones) {
    dropped += one.count;
    if (tombstones.size() >= kMostTombstones) continue;
    json out = {{"dropped_us", one.dropped.micros},
                {"rule", telemetry::ToString(one.rule)},
                {"reason", telemetry::ToString(one.reason)},
                {"count", one.count},
                {"from_us", one.from.micros},
                {"to_us", one.to.micros}};
    if (one.epoch != 0) {
      out["epoch"] = one.epoch;
      out["first_seq"] = one.first_seq;
      out["last_seq"] = one.last_seq;
    }
    tombstones.push_back(std::move(out));
  }
  json lag = nullptr;
  if (progress.oldest_waiting) lag = std::max<std::int64_t>((now - *progress.oldest_waiting).count(), 0);
  return {{"lane", sync::ToString(progress.lane)},
          {"epoch", progress.epoch},
          {"committed", progress.committed},
          {"last_known", progress.last_known},
          {"holes", progress.holes},
          {"lag_us", std::move(lag)},
          {"recovering", lane.recovering},
          {"epochs", std::move(epochs)},
          {"missing", std::move(missing)},
          {"damage", std::move(damage)},
          {"dropped", dropped},
          {"tombstones", std::move(tombstones)},
          {"resend_left", lane.resend_left},
          {"hours", lane.hours.hours},
          {"newest_hour_us", lane.hours.newest ? json(lane.hours.newest->micros) : json(nullptr)}};
}

tl::unexpected<base::Error> NoLane(const http::Request& request) {
  const std::string& lane = request.path_parameters.at("lane");
  return Fail(ErrorCode::kNotFound, Words{"there is no lane " + lane, "没有通道 " + lane});
}

struct Wish {
  std::uint64_t epoch = 0;  // 0: the newest
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

base::Result<Wish> ReadWish(const std::string& body) {
  const json parsed = json::parse(body, nullptr, false);
  const auto number = [&](const char* key) -> std::uint64_t {
    return parsed.is_object() && parsed.contains(key) && parsed[key].is_number_unsigned()
               ? parsed[key].get<std::uint64_t>()
               : 0;
  };
  const Wish wish{number("epoch"), number("first_seq"), number("last_seq")};
  if (wish.first > 0 && wish.last >= wish.first) return wish;
  return Fail(ErrorCode::kInvalidArgument,
              Words{"the body is no JSON object with whole numbers 1 ≤ first_seq ≤ last_seq, and epoch where it is not "
                    "the newest",
                    "请求体应为 JSON 对象：整数 1 ≤ first_seq ≤ last_seq，epoch 不是最新时也要给出"});
}

base::Result<json> Resend(const http::Request& request, SiteQueries& queries, const AskAgain& ask_again) {
  YB_ASSIGN(const base::SiteId site, base::SiteId::Parse(request.path_parameters.at("site")));
  const auto lane = sync::ParseLane(request.path_parameters.at("lane"));
  if (!lane) return NoLane(request);
  YB_ASSIGN(Wish wish, ReadWish(request.body));
  YB_ASSIGN(const std::vector<SiteSync> sites, queries.Sync());
  const auto found = std::ranges::find(sites, site, &SiteSync::site);
  if (found == sites.end())
    return Fail(ErrorCode::kNotFound, Words{"no site " + site.text(), "没有站点 " + site.text()});
  const auto status = std::ranges::find(found->lanes, *lane, [](const LaneSync& one) { return one.progress.lane; });
  if (status == found->lanes.end() || status->epochs.empty()) {
    const std::string name(sync::ToString(*lane));
    return Fail(ErrorCode::kNotFound, Words{site.text() + " has sent nothing on the lane " + name,
                                            site.text() + " 在通道 " + name + " 上还没有发过数据"});
  }
  if (wish.epoch == 0) wish.epoch = status->epochs.back().epoch;
  const auto epoch = std::ranges::find(status->epochs, wish.epoch, &sync::EpochRange::epoch);
  if (epoch == status->epochs.end()) {
    const std::string number = std::to_string(wish.epoch);
    return Fail(ErrorCode::kNotFound, Words{"no epoch " + number, "没有纪元 " + number},
                Words{"sync status shows the epochs there are", "完整性页列有各纪元"});
  }
  if (wish.first > epoch->last) {
    const std::string last = std::to_string(epoch->last);
    return Fail(ErrorCode::kInvalidArgument, Words{"the epoch ends at " + last, "该纪元到 " + last + " 为止"});
  }
  wish.last = std::min(wish.last, epoch->last);
  ask_again(site, *lane, wish.epoch, wish.first, wish.last);
  return json{{"epoch", wish.epoch}, {"first_seq", wish.first}, {"last_seq", wish.last}};
}

base::Result<base::UtcTime> TimeOf(const http::Request& request, const std::string& name) {
  const auto found = request.query.find(name);
  if (found != request.query.end()) {
    if (const auto value = base::ParseWhole<std::int64_t>(found->second)) return base::UtcTime{*value};
  }
  return Fail(ErrorCode::kInvalidArgument,
              Words{name + " is missing or no whole number", "缺少 " + name + " 或它不是整数"});
}

base::Result<json> HoursOf(const http::Request& request, const FindHours& find, base::UtcTime now) {
  YB_ASSIGN(const base::SiteId site, base::SiteId::Parse(request.path_parameters.at("site")));
  const auto lane = sync::ParseLane(request.path_parameters.at("lane"));
  if (!lane) return NoLane(request);
  YB_ASSIGN(const base::UtcTime from, TimeOf(request, "from_us"));
  YB_ASSIGN(const base::UtcTime to, TimeOf(request, "to_us"));
  if (to - from > kMostHours || to < from) {
    return Fail(ErrorCode::kInvalidArgument,
                Words{"the range is not within 0 to 100 days", "时间范围应在 0 至 100 天之间"});
  }
  YB_ASSIGN(const LaneHours found, find(site, *lane, from, to));
  json declared = json::array();
  for (const DeclaredHour& hour : found.declared) {
    declared.push_back({{"hour_us", hour.hour.micros}, {"tombstones", hour.tombstones}, {"count", hour.count}});
  }
  json out = json::array();
  for (const HourState& hour : found.hours) {
    out.push_back({{"hour_us", hour.hour.micros},
                   {"epoch", hour.epoch},
                   {"first_seq", hour.first},
                   {"last_seq", hour.last},
                   {"lost", hour.lost},
                   {"state", ToString(hour.standing)}});
  }
  return json{{"now_us", now.micros},
              {"site", site.text()},
              {"lane", sync::ToString(*lane)},
              {"hours", std::move(out)},
              {"declared", std::move(declared)}};
}

}  // namespace

void AddHoursRoute(http::Router& router, FindHours find, const base::Clock& clock) {
  router.Add("GET", "/api/v1/sites/{site}/lanes/{lane}/hours", http::kSignedIn,
             [find = std::move(find), &clock](const http::Request& request) {
               return AnswerUncached(HoursOf(request, find, clock.Now()));
             });
}

void AddSyncStatusRoute(http::Router& router, SiteQueries& queries, const base::Clock& clock) {
  router.Add("GET", "/api/v1/sync", http::kSignedIn, [&queries, &clock](const http::Request& request) {
    const auto sites = queries.Sync();
    if (!sites) return http::ErrorResponse(sites.error());
    const base::UtcTime now = clock.Now();
    json out = json::array();
    for (const SiteSync& site : *sites) {
      if (!request.MaySee(site.site.text())) continue;
      json lanes = json::array();
      for (const LaneSync& lane : site.lanes) lanes.push_back(ToJson(lane, now));
      out.push_back({{"site", site.site.text()},
                     {"name", site.name},
                     {"link", telemetry::ToString(site.link)},
                     {"lanes", std::move(lanes)}});
    }
    return AnswerUncached(json{{"now_us", now.micros}, {"sites", std::move(out)}});
  });
}

void AddResendRoute(http::Router& router, SiteQueries& queries, AskAgain ask_again) {
  router.Add("POST", "/api/v1/sites/{site}/lanes/{lane}/resend", http::kEngineers,
             [&queries, ask_again = std::move(ask_again)](const http::Request& request) {
               return AnswerUncached(Resend(request, queries, ask_again), 202);
             });
}

}  // namespace yb::api
