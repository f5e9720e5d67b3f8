#include "central/web/document_routes.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>

#include "core/api/uncached.hpp"

namespace yb::central {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Result;
using base::Words;
using documents::Document;
using documents::Head;
using documents::Kind;
using nlohmann::json;

/// As in sha256sum.
std::string Hex(const base::Digest& sha) {
  std::string text = base::ToHex(sha);
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
  return text;
}

json ToJson(const documents::Published& one) {
  return {{"kind", documents::ToString(one.head.kind)},
          {"version", one.head.version},
          {"sha256", Hex(one.head.sha)},
          {"bytes", one.head.size},
          {"site", one.site ? json(one.site->text()) : json(nullptr)},
          {"published_us", one.time.micros},
          {"who", one.who}};
}

/// How a box stands with one kind. Not having told is not the same as not having it in force.
const char* StateOf(const Head* desired, const Head* applied, const documents::Refusal* refused, bool reported) {
  if (!reported) return "not_reported";
  if (desired == nullptr) return applied == nullptr ? "own_file" : "other";
  if (applied != nullptr && *applied == *desired) return "in_force";
  if (refused != nullptr && refused->head == *desired) return "refused";
  if (applied != nullptr && applied->version >= desired->version) return "other";
  return "waiting";
}

json ToJson(Kind kind, const std::vector<Head>& desired, const documents::Told* told) {
  const documents::State none;
  const documents::State& state = told != nullptr ? told->state : none;
  const Head* const wanted = documents::Find(desired, kind);
  const Head* const applied = documents::Find(state.applied, kind);
  const auto found =
      std::ranges::find(state.refused, kind, [](const documents::Refusal& one) { return one.head.kind; });
  const documents::Refusal* const refused = found == state.refused.end() ? nullptr : &*found;
  json out = {{"kind", documents::ToString(kind)},
              {"desired", wanted != nullptr ? json(wanted->version) : json(nullptr)},
              {"applied", applied != nullptr ? json(applied->version) : json(nullptr)},
              {"refused", nullptr},
              {"state", StateOf(wanted, applied, refused, told != nullptr)}};
  if (refused != nullptr) {
    out["refused"] = {
        {"version", refused->head.version},
        {"why", {{"en", refused->why.en}, {"zh", refused->why.zh.empty() ? refused->why.en : refused->why.zh}}}};
  }
  return out;
}

/// The last extension of the log-in term at a box, as the ledger says; null: there was none.
json ExtensionOf(const std::vector<ledger::SiteEvent>& events) {
  const ledger::SiteEvent* last = ledger::LastExtension(events);
  if (last == nullptr) return nullptr;
  return {{"side", last->id.writer == cases::Side::kPark ? "park" : "city"},
          {"who", last->actor.name},
          {"time_us", last->time.micros},
          {"until_us", std::get<ledger::ExtendLogIn>(last->act).until.micros}};
}

Result<json> List(const http::Request& request, documents::PublishedDocuments& published,
                  const DocumentSources& sources, base::UtcTime now) {
  YB_ASSIGN(const auto all, published.All());
  YB_ASSIGN(const auto reports, published.AllTold());
  std::map<base::SiteId, const documents::Told*> sites;
  for (const base::SiteId& site : sources.sites()) sites[site] = nullptr;
  for (const auto& [site, report] : reports) sites[site] = &report;
  json documents = json::array();
  for (const documents::Published& one : all) documents.push_back(ToJson(one));
  json boxes = json::array();
  for (const auto& [site, report] : sites) {
    if (!request.MaySee(site.text())) continue;
    YB_ASSIGN(const std::vector<Head> desired, published.Desired(site));
    YB_ASSIGN(const std::vector<ledger::SiteEvent> events, sources.site_events(site));
    json kinds = json::array();
    for (const Kind kind : documents::kAllKinds) kinds.push_back(ToJson(kind, desired, report));
    boxes.push_back({{"site", site.text()},
                     {"reported_us", report != nullptr ? json(report->time.micros) : json(nullptr)},
                     {"extension", ExtensionOf(events)},
                     {"documents", std::move(kinds)}});
  }
  const std::optional<int> missing = sources.missing_year();
  return json{{"now_us", now.micros},
              {"missing_year", missing ? json(*missing) : json(nullptr)},
              {"documents", std::move(documents)},
              {"sites", std::move(boxes)}};
}

struct Wish {
  Kind kind = Kind::kCalendar;
  std::optional<base::SiteId> site;
  std::string text;
};

Result<Wish> ReadWish(const std::string& body) {
  const json parsed = json::parse(body, nullptr, false);
  const auto text = [&](const char* key) {
    return parsed.is_object() && parsed.contains(key) && parsed[key].is_string() ? parsed[key].get<std::string>()
                                                                                 : std::string();
  };
  Wish wish;
  const auto kind = documents::ParseKind(text("kind"));
  wish.text = text("text");
  if (!kind || *kind == Kind::kDirectory || wish.text.empty()) {
    return Fail(ErrorCode::kInvalidArgument,
                Words{"the body is no JSON object with kind (calendar, catalogue or delegations) and text",
                      "请求应为 JSON 对象，含 kind（calendar、catalogue 或 delegations）与 text"});
  }
  wish.kind = *kind;
  for (const auto& [key, value] : parsed.items()) {
    const bool known = key == "kind" || key == "text" || (key == "site" && (value.is_string() || value.is_null()));
    if (!known) {
      return Fail(ErrorCode::kInvalidArgument, Words{"'" + key + "' is not expected here", "不应有“" + key + "”"});
    }
  }
  if (parsed.contains("site") && parsed["site"].is_string()) {
    YB_ASSIGN(wish.site, base::SiteId::Parse(text("site")));
  }
  return wish;
}

/// Whether it may be published; a document without a version.
Result<Document> Checked(const Wish& wish, casework::ReferenceDocuments& reference, const DocumentSources& sources) {
  if (wish.site) {
    const std::vector<base::SiteId> known = sources.sites();
    if (std::ranges::find(known, *wish.site) == known.end()) {
      return Fail(ErrorCode::kNotFound,
                  Words{"no site " + wish.site->text() + " is known here", "没有站点 " + wish.site->text()});
    }
  }
  Document document = documents::MakeDocument(wish.kind, 0, wish.text);
  // Only what is for all is in force here too; that of a site has to fit what is there, which the box says.
  base::Status good = casework::ReferenceDocuments::Read(document);
  if (good && !wish.site) good = reference.Check(document);
  if (!good) {
    base::Error error = good.error();
    if (error.message_zh.empty()) error.message_zh = "参考文件有误：" + error.Describe();
    return Fail(std::move(error));
  }
  return document;
}

Result<json> Check(const http::Request& request, documents::PublishedDocuments& published,
                   casework::ReferenceDocuments& reference, const DocumentSources& sources) {
  YB_ASSIGN(const Wish wish, ReadWish(request.body));
  YB_ASSIGN(const Document document, Checked(wish, reference, sources));
  YB_ASSIGN(const base::Words summary, casework::ReferenceDocuments::Summary(document));
  YB_ASSIGN(const std::vector<Head> desired, published.Desired(wish.site));
  const Head* const present = documents::Find(desired, wish.kind);
  return json{{"kind", documents::ToString(wish.kind)},
              {"says", {{"en", summary.en}, {"zh", summary.zh}}},
              {"present", present != nullptr ? json(present->version) : json(nullptr)},
              {"same", present != nullptr && present->sha == document.head.sha}};
}

Result<json> Publish(const http::Request& request, documents::PublishedDocuments& published,
                     casework::ReferenceDocuments& reference, const DocumentSources& sources, base::UtcTime now) {
  YB_ASSIGN(const Wish wish, ReadWish(request.body));
  YB_ASSIGN(const Document document, Checked(wish, reference, sources));
  const std::string who = request.principal ? request.principal->name : "";
  YB_ASSIGN(const Head head, published.Publish(wish.kind, wish.site, wish.text, who, now));
  if (!wish.site) YB_TRY(reference.Apply(document));
  return json{{"kind", documents::ToString(head.kind)}, {"version", head.version}, {"sha256", Hex(head.sha)}};
}

}  // namespace

void AddDocumentRoutes(http::Router& router, documents::PublishedDocuments& published,
                       casework::ReferenceDocuments& reference, const DocumentSources& sources,
                       const base::Clock& clock) {
  // One after another, so that what was published last is in force; owned by the route.
  const auto publishing = std::make_shared<std::mutex>();
  router.Add("GET", "/api/v1/documents", http::kAdministrators,
             [&published, sources, &clock](const http::Request& request) {
               return api::AnswerUncached(List(request, published, sources, clock.Now()));
             });
  router.Add("POST", "/api/v1/documents/check", http::kAdministrators,
             [&published, &reference, sources](const http::Request& request) {
               return api::AnswerUncached(Check(request, published, reference, sources));
             });
  router.Add("POST", "/api/v1/documents", http::kAdministrators,
             [&published, &reference, sources, &clock, publishing](const http::Request& request) {
               const std::scoped_lock lock(*publishing);
               return api::AnswerUncached(Publish(request, published, reference, sources, clock.Now()));
             });
}

}  // namespace yb::central
