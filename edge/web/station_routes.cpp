#include "edge/web/station_routes.hpp"

#include <nlohmann/json.hpp>

#include "core/api/form.hpp"
#include "core/api/uncached.hpp"
#include "core/base/uuid.hpp"
#include "core/files/file_store.hpp"
#include "core/http/error_response.hpp"

namespace yb::edge {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Result;
using base::Words;
using http::Request;
using http::Response;
using nlohmann::json;

constexpr std::size_t kTitle = 200;
constexpr std::size_t kUuid = 36;

json ToJson(const Draft& draft) {
  return {{"draft", draft.id}, {"title", draft.title}, {"saved_us", draft.saved.micros}};
}

std::int64_t UserOf(const Request& request) {
  return request.principal ? request.principal->user : 0;
}

Result<std::string> IdOf(const Request& request) {
  const std::string& id = request.path_parameters.at("draft");
  if (base::IsUuid(id)) return id;
  return Fail(ErrorCode::kNotFound, Words{"there is no such draft", "没有这份草稿"});
}

Result<json> List(const Request& request, DraftStore& drafts, base::UtcTime now) {
  YB_ASSIGN(const std::vector<Draft> found, drafts.List(UserOf(request)));
  json out = json::array();
  for (const Draft& draft : found) out.push_back(ToJson(draft));
  return json{{"now_us", now.micros}, {"drafts", std::move(out)}};
}

Result<json> One(const Request& request, DraftStore& drafts) {
  YB_ASSIGN(const std::string id, IdOf(request));
  YB_ASSIGN(const Draft draft, drafts.Find(UserOf(request), id));
  json out = ToJson(draft);
  out["body"] = json::parse(draft.body, nullptr, false);
  return out;
}

Result<json> Save(const Request& request, DraftStore& drafts) {
  YB_ASSIGN(const std::string id, IdOf(request));
  YB_ASSIGN(api::Form form, api::Form::Parse(request.body));
  Draft draft{
      id, form.Text("title", kTitle), {}, form.Object("body", DraftStore::kMostBytes), form.Text("writer", kUuid)};
  const std::optional<std::int64_t> known = form.Whole("known_us", 0, INT64_MAX);
  if (!draft.writer.empty() && !base::IsUuid(draft.writer)) form.Fault("writer", {"is not a UUID", "不是 UUID"});
  YB_TRY(form.Finish());
  YB_ASSIGN(draft, drafts.Save(UserOf(request), std::move(draft),
                               known ? std::optional(base::UtcTime{*known}) : std::nullopt));
  return ToJson(draft);
}

Result<json> ThrowAway(const Request& request, DraftStore& drafts) {
  YB_ASSIGN(const std::string id, IdOf(request));
  YB_TRY(drafts.ThrowAway(UserOf(request), id));
  return json::object();
}

Result<json> Scans(ScanFolder& folder, base::UtcTime now) {
  YB_ASSIGN(const std::vector<Scan> scans, folder.List());
  json out = json::array();
  for (const Scan& scan : scans) {
    out.push_back({{"name", scan.name},
                   {"bytes", scan.bytes},
                   {"modified_us", scan.modified.micros},
                   {"settled", scan.settled},
                   {"refused", scan.refused}});
  }
  return json{{"now_us", now.micros},
              {"folder", folder.folder().empty() ? json(nullptr) : json(folder.folder().filename().string())},
              {"scans", std::move(out)}};
}

Result<json> Take(const Request& request, ScanFolder& folder) {
  YB_ASSIGN(const auto taken, folder.Take(request.path_parameters.at("name")));
  return json{{"file", files::HexOf(taken.file.sha)}, {"name", taken.name}, {"bytes", taken.file.size}};
}

}  // namespace

void AddStationRoutes(http::Router& router, DraftStore& drafts, ScanFolder& scans, const base::Clock& clock) {
  router.Add("GET", "/api/v1/drafts", http::kClerks, [&drafts, &clock](const Request& request) {
    return api::AnswerUncached(List(request, drafts, clock.Now()));
  });
  router.Add("GET", "/api/v1/drafts/{draft}", http::kClerks,
             [&drafts](const Request& request) { return api::AnswerUncached(One(request, drafts)); });
  router.Add("PUT", "/api/v1/drafts/{draft}", http::kClerks,
             [&drafts](const Request& request) { return api::AnswerAct(Save(request, drafts)); });
  router.Add("DELETE", "/api/v1/drafts/{draft}", http::kClerks,
             [&drafts](const Request& request) { return api::AnswerUncached(ThrowAway(request, drafts)); });
  router.Add("GET", "/api/v1/scans", http::kClerks,
             [&scans, &clock](const Request&) { return api::AnswerUncached(Scans(scans, clock.Now())); });
  router.Add("POST", "/api/v1/scans/{name}/take", http::kClerks,
             [&scans](const Request& request) { return api::AnswerAct(Take(request, scans)); });
}

}  // namespace yb::edge
