#include "core/api/why_routes.hpp"

#include <nlohmann/json.hpp>

#include "core/api/answer.hpp"
#include "core/http/error_response.hpp"

namespace yb::api {
namespace {

using nlohmann::json;

json OrNull(const std::optional<base::UtcTime>& time) {
  return time ? json(time->micros) : json(nullptr);
}

json ToJson(const base::SiteId& site, const WhyFacts& facts, const WhyChain& chain, bool zh) {
  const auto in = [zh](const base::Words& words) { return zh ? words.zh : words.en; };
  json links = json::array();
  for (const LinkJudgement& link : chain.links) {
    links.push_back({{"link", ToString(link.link)},
                     {"state", ToString(link.verdict)},
                     {"name", in(link.name)},
                     {"since_us", OrNull(link.since)},
                     {"evidence", in(link.evidence)}});
  }
  const metering::Point& point = facts.definition.point;
  const bool has_value = facts.latest && facts.latest->value;
  return {{"now_us", facts.now.micros},
          {"site", site.text()},
          {"point", point.no},
          {"key", point.key},
          {"meter_name", point.meter_name},
          {"value_us", has_value ? json(facts.latest->value->time.micros) : json(nullptr)},
          {"state", ToString(chain.verdict)},
          {"broken", chain.broken ? json(ToString(*chain.broken)) : json(nullptr)},
          {"sentence", in(chain.sentence)},
          {"next", in(chain.next)},
          {"next_reading_us", OrNull(chain.next_reading)},
          {"lines_told_us", facts.central ? OrNull(facts.central->lines_told) : json(nullptr)},
          {"chain", std::move(links)}};
}

base::Result<json> WhyOf(const http::Request& request, const FindWhyFacts& find) {
  YB_ASSIGN(const base::SiteId site, base::SiteId::Parse(request.path_parameters.at("site")));
  YB_ASSIGN(const metering::PointNo point, ReadPoint(request));
  YB_ASSIGN(const WhyFacts facts, find(site, point));
  const auto lang = request.query.find("lang");
  if (lang != request.query.end() && lang->second != "zh" && lang->second != "en") {
    return base::Fail(base::ErrorCode::kInvalidArgument,
                      base::Words{"lang is '" + lang->second + "', expected zh or en",
                                  "lang 为“" + lang->second + "”，应为 zh 或 en"});
  }
  const bool zh = lang == request.query.end() ? http::PrefersChinese(request) : lang->second == "zh";
  return ToJson(site, facts, Judge(facts), zh);
}

}  // namespace

void AddWhyRoute(http::Router& router, FindWhyFacts find) {
  router.Add("GET", "/api/v1/sites/{site}/points/{point}/why", http::kSignedIn,
             [find = std::move(find)](const http::Request& request) {
               const auto why = WhyOf(request, find);
               if (!why) return http::ErrorResponse(why.error());
               json tagged = *why;
               tagged.erase("now_us");
               http::Response response = AnswerTagged(request, why->dump(), tagged.dump());
               response.headers.emplace_back("Vary", "Accept-Language");
               return response;
             });
}

}  // namespace yb::api
