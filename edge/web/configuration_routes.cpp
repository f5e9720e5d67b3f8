#include "edge/web/configuration_routes.hpp"

#include <nlohmann/json.hpp>

#include "core/api/uncached.hpp"
#include "core/base/whole_number.hpp"
#include "core/http/error_response.hpp"

namespace yb::edge {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Words;
using nlohmann::json;

constexpr std::uint64_t kMostSecondsToKeep = 86'400;

json ToJson(const ConfigurationVersion& version) {
  return {{"version", version.version},
          {"applied_us", version.applied.micros},
          {"who", version.who},
          {"note", version.note}};
}

json ToJson(const Difference& difference, bool zh) {
  json changes = json::array();
  for (const Change& change : difference.changes) {
    changes.push_back({{"kind", ToString(change.kind)},
                       {"line", change.line},
                       {"meter", change.meter},
                       {"text", zh ? change.words.zh : change.words.en}});
  }
  json still = json::array();
  for (const StandStill& line : difference.stand_still) still.push_back({{"line", line.line}, {"meters", line.meters}});
  return {{"changes", std::move(changes)},
          {"needs_keeping", difference.needs_keeping},
          {"stand_still", std::move(still)},
          {"untouched_lines", difference.untouched_lines},
          {"untouched_meters", difference.untouched_meters}};
}

base::Result<json> Show(ConfigurationDesk& desk, bool in_force, base::UtcTime now) {
  YB_ASSIGN(const std::string text, desk.Running());
  const std::optional<WaitingVersion> waiting = desk.Waiting();
  const std::vector<ConfigurationVersion> versions = desk.Versions();
  json out = json::array();
  for (const ConfigurationVersion& version : versions) out.push_back(ToJson(version));
  return json{{"now_us", now.micros},
              {"running", versions.empty() ? 0 : versions.front().version},
              {"waiting", waiting ? json{{"version", waiting->version},
                                         {"back_to", waiting->back_to},
                                         {"keep_until_us", waiting->keep_until.micros}}
                                  : json(nullptr)},
              {"in_force", in_force},
              {"text", text},
              {"versions", std::move(out)}};
}

base::Result<json> BodyOf(const http::Request& request) {
  json body = json::parse(request.body, nullptr, false);
  if (body.is_object()) return body;
  return Fail(ErrorCode::kInvalidArgument, Words{"the body is no JSON object", "请求体不是 JSON 对象"});
}

base::Result<std::string> TextOf(const json& body, const char* key) {
  if (body.contains(key) && body[key].is_string()) return body[key].get<std::string>();
  return Fail(ErrorCode::kInvalidArgument,
              Words{std::string(key) + " is missing or no text", "缺少 " + std::string(key) + " 或它不是文本"});
}

/// A file that is wrong is an answer, not a failed request: where, what was found and what was expected.
json CheckText(const ConfigurationDesk& desk, const std::string& text, bool zh, base::UtcTime now) {
  json out = {{"now_us", now.micros}, {"text", text}, {"fault", nullptr}, {"difference", nullptr}};
  if (const auto difference = desk.Check(text)) {
    out["difference"] = ToJson(*difference, zh);
  } else {
    const base::Error& error = difference.error();
    const bool has_zh = zh && !error.message_zh.empty();
    out["fault"] = {{"where", error.context},
                    {"message", has_zh ? error.message_zh : error.message},
                    {"hint", has_zh ? error.hint_zh : error.hint}};
  }
  return out;
}

base::Result<json> Check(const http::Request& request, const ConfigurationDesk& desk, base::UtcTime now) {
  YB_ASSIGN(const json body, BodyOf(request));
  YB_ASSIGN(const std::string text, TextOf(body, "text"));
  return CheckText(desk, text, http::PrefersChinese(request), now);
}

/// For the list of versions.
std::string WhoAsks(const http::Request& request) {
  return request.principal ? request.principal->name : request.remote;
}

/// Nullopt where the request leaves it to the box.
base::Result<std::optional<std::chrono::seconds>> KeepWithin(const json& body) {
  if (!body.contains("confirm_within_s")) return std::nullopt;
  const json& wish = body["confirm_within_s"];
  if (wish.is_number_unsigned() && wish.get<std::uint64_t>() <= kMostSecondsToKeep) {
    return std::chrono::seconds(wish.get<std::uint64_t>());
  }
  return Fail(ErrorCode::kInvalidArgument,
              Words{"confirm_within_s is no whole number from 0 to 86400", "confirm_within_s 应为 0 至 86400 的整数"});
}

json Applied(std::uint32_t version, const std::optional<WaitingVersion>& waiting) {
  const bool waits = waiting && waiting->version == version;
  return {{"version", version}, {"keep_until_us", waits ? json(waiting->keep_until.micros) : json(nullptr)}};
}

base::Result<json> Apply(const http::Request& request, ConfigurationDesk& desk) {
  YB_ASSIGN(const json body, BodyOf(request));
  YB_ASSIGN(const std::string text, TextOf(body, "text"));
  YB_ASSIGN(const std::string note, TextOf(body, "note"));
  if (!body.contains("running") || !body["running"].is_number_unsigned()) {
    return Fail(ErrorCode::kInvalidArgument,
                Words{"running is missing: the version that the difference was taken against",
                      "缺少 running：差异所依据的版本"});
  }
  YB_ASSIGN(const auto keep_within, KeepWithin(body));
  YB_ASSIGN(const std::uint32_t version,
            desk.Apply(text, body["running"].get<std::uint32_t>(), WhoAsks(request), note, keep_within));
  return Applied(version, desk.Waiting());
}

base::Result<std::uint32_t> WaitingVersionOf(const http::Request& request) {
  YB_ASSIGN(const json body, BodyOf(request));
  if (body.contains("version") && body["version"].is_number_unsigned()) return body["version"].get<std::uint32_t>();
  return Fail(ErrorCode::kInvalidArgument,
              Words{"version is missing: the one that waits to be kept", "缺少 version：待保留的版本"});
}

base::Result<json> Keep(const http::Request& request, ConfigurationDesk& desk) {
  YB_ASSIGN(const std::uint32_t version, WaitingVersionOf(request));
  YB_TRY(desk.Keep(version));
  return Applied(version, std::nullopt);
}

base::Result<json> RollBack(const http::Request& request, ConfigurationDesk& desk) {
  YB_ASSIGN(const std::uint32_t version, WaitingVersionOf(request));
  YB_ASSIGN(const std::uint32_t former, desk.RollBack(version, WhoAsks(request)));
  return Applied(former, std::nullopt);
}

base::Result<json> ShowVersion(const http::Request& request, const ConfigurationDesk& desk, base::UtcTime now) {
  const std::string& text = request.path_parameters.at("version");
  const auto version = base::ParseWhole<std::uint32_t>(text);
  if (!version) {
    return Fail(ErrorCode::kInvalidArgument, Words{"'" + text + "' is no version", "“" + text + "”不是版本号"});
  }
  YB_ASSIGN(const std::string kept, desk.TextOf(*version));
  return json{{"now_us", now.micros}, {"version", *version}, {"text", kept}};
}

base::Result<json> AddMeter(const http::Request& request, const ConfigurationDesk& desk, base::UtcTime now) {
  YB_ASSIGN(const json body, BodyOf(request));
  NewMeter meter;
  YB_ASSIGN(meter.key, TextOf(body, "key"));
  YB_ASSIGN(meter.name, TextOf(body, "name"));
  YB_ASSIGN(meter.profile, TextOf(body, "profile"));
  YB_ASSIGN(meter.protocol, TextOf(body, "protocol"));
  YB_ASSIGN(meter.address, TextOf(body, "address"));
  if (body.contains("interval_s") && body["interval_s"].is_number_integer()) meter.interval_s = body["interval_s"];
  YB_ASSIGN(const std::string text, desk.WithMeter(request.path_parameters.at("line"), meter));
  return CheckText(desk, text, http::PrefersChinese(request), now);
}

}  // namespace

void AddConfigurationRoutes(http::Router& router, ConfigurationDesk& desk, std::function<bool()> in_force,
                            const base::Clock& clock) {
  router.Add("GET", "/api/v1/configuration", http::kSignedIn,
             [&desk, in_force = std::move(in_force), &clock](const http::Request&) {
               return api::AnswerUncached(Show(desk, in_force(), clock.Now()));
             });
  router.Add("GET", "/api/v1/configuration/{version}", http::kSignedIn, [&desk, &clock](const http::Request& request) {
    return api::AnswerUncached(ShowVersion(request, desk, clock.Now()));
  });
  router.Add("POST", "/api/v1/configuration/check", http::kEngineers, [&desk, &clock](const http::Request& request) {
    return api::AnswerUncached(Check(request, desk, clock.Now()));
  });
  router.Add("POST", "/api/v1/configuration/apply", http::kEngineers,
             [&desk](const http::Request& request) { return api::AnswerUncached(Apply(request, desk)); });
  router.Add("POST", "/api/v1/configuration/keep", http::kEngineers,
             [&desk](const http::Request& request) { return api::AnswerUncached(Keep(request, desk)); });
  router.Add("POST", "/api/v1/configuration/roll-back", http::kEngineers,
             [&desk](const http::Request& request) { return api::AnswerUncached(RollBack(request, desk)); });
  router.Add("POST", "/api/v1/lines/{line}/meters", http::kEngineers, [&desk, &clock](const http::Request& request) {
    return api::AnswerUncached(AddMeter(request, desk, clock.Now()));
  });
}

}  // namespace yb::edge
