#include "core/api/case_routes.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/api/answer.hpp"
#include "core/api/case_bodies.hpp"
#include "core/api/case_json.hpp"
#include "core/api/form.hpp"
#include "core/api/uncached.hpp"
#include "core/base/uuid.hpp"
#include "core/http/error_response.hpp"

namespace yb::api {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Result;
using base::Words;
using casework::Worker;
using http::Request;
using http::Response;
using ledger::CaseFile;
using ledger::CaseFilter;
using ledger::CaseKey;
using ledger::Tab;
using nlohmann::json;

constexpr std::int64_t kDefaultRows = 50;
constexpr std::int64_t kMostRows = 200;
constexpr int kMostFound = 50;
constexpr std::int64_t kMostOffset = 10'000'000;

struct CasePlace {
  base::SiteId site;
  std::string case_id;
};
Result<CasePlace> PlaceOf(const Request& request) {
  const auto no_case = [] { return Fail(ErrorCode::kNotFound, Words{"there is no such case", "没有这个办件"}); };
  auto site = base::SiteId::Parse(request.path_parameters.at("site"));
  const std::string& case_id = request.path_parameters.at("case");
  if (!site || !base::IsUuid(case_id)) return no_case();
  return CasePlace{std::move(*site), case_id};
}

class CaseRoutes {
 public:
  CaseRoutes(casework::CaseDesk& desk, const CaseViewer& viewer, CaseRouteOptions options, const base::Clock& clock)
      : desk_(desk), viewer_(viewer), options_(std::move(options)), clock_(clock) {}

  Result<json> List(const Request& request) const {
    CaseFilter filter;
    const auto wanted = request.query.find("tab");
    if (wanted != request.query.end()) {
      const auto tab = ledger::ParseTab(wanted->second);
      if (!tab) {
        return Fail(ErrorCode::kInvalidArgument,
                    Words{"tab is '" + wanted->second + "', expected todo, doing, done, suspended, overdue, supervised",
                          "tab 为“" + wanted->second + "”，应为 todo、doing、done、suspended、overdue 或 supervised"});
      }
      filter.tab = *tab;
    }
    YB_ASSIGN(filter.offset, ReadWhole(request, "offset", 0, kMostOffset, 0));
    YB_ASSIGN(filter.limit, ReadWhole(request, "limit", 1, kMostRows, kDefaultRows));
    filter.who = casework::TurnOf(WorkerOf(request), desk_.side());
    filter.today = desk_.Today();
    YB_ASSIGN(const Rows rows, Find(request, filter));
    json out = {{"now_us", clock_.Now().micros},
                {"today", calendar::ToString(filter.today)},
                {"tabs", json::array()},
                {"total", 0},
                {"next_due", rows.next_due ? json(calendar::ToString(*rows.next_due)) : json(nullptr)},
                {"rows", json::array()}};
    for (const auto& [tab, count] : rows.counts) {
      out["tabs"].push_back({{"tab", ledger::ToString(tab)}, {"count", count}});
      if (tab == filter.tab) out["total"] = count;
    }
    for (const auto& [site, file] : rows.files) out["rows"].push_back(viewer_.Row(site, file));
    return out;
  }

  Result<json> Search(const Request& request) const {
    YB_ASSIGN(Form form, Form::Parse(request.body));
    const std::string text = form.Text("text", 200);
    if (!text.empty() && text.size() < 2) form.Fault("text", {"has at least 2 characters", "至少 2 个字符"});
    YB_TRY(form.Finish());
    YB_ASSIGN(const auto places, desk_.Search(text, kMostFound));
    json rows = json::array();
    for (const casework::CaseDesk::Place& place : places) {
      if (!request.MaySee(place.site.text())) continue;
      YB_ASSIGN(const CaseFile file, desk_.ledger().Find(place.site, place.case_id));
      rows.push_back(viewer_.Row(place.site, file));
    }
    return json{{"now_us", clock_.Now().micros}, {"rows", std::move(rows)}};
  }

  /// Of what the window is about to receive, before it is.
  Result<json> Duplicates(const Request& request) const {
    YB_ASSIGN(Form form, Form::Parse(request.body));
    const std::string item = form.Text("item", 128);
    const std::string code = form.Text("code", 128);
    YB_TRY(form.Finish());
    json rows = json::array();
    if (desk_.own_site()) {
      YB_ASSIGN(const auto places, desk_.OpenCasesOf(*desk_.own_site(), item, code));
      for (const casework::CaseDesk::Place& place : places) {
        YB_ASSIGN(const CaseFile file, desk_.ledger().Find(place.site, place.case_id));
        rows.push_back(viewer_.Row(place.site, file));
      }
    }
    return json{{"now_us", clock_.Now().micros}, {"rows", std::move(rows)}};
  }

  Response Receive(const Request& request) const {
    if (desk_.side() != cases::Side::kPark) {
      return http::ErrorResponse(base::Error{ErrorCode::kRefused, "cases are received at the window of a park", "", "",
                                             "收件在园区窗口办理", ""});
    }
    const auto received = DoReceive(request);
    return received ? AnswerUncached(*received) : http::ErrorResponse(received.error());
  }

  Result<json> One(const Request& request) const {
    YB_ASSIGN(const CasePlace place, PlaceOf(request));
    YB_ASSIGN(const CaseFile file, desk_.ledger().Find(place.site, place.case_id));
    return Answer(request, place.site, file);
  }

  /// A refusal names what was done before, where that is why.
  Response Act(const Request& request) const {
    std::optional<http::CameBefore> before;
    const Result<json> done = DoAct(request, before);
    Response response = AnswerAct(done);
    if (!before) return response;
    http::ErrorText text = *response.error;
    text.code = "conflict";
    text.before = std::move(before);
    return http::ErrorResponse(response.status, std::move(text));
  }

  Result<json> Unmask(const Request& request) const {
    YB_ASSIGN(const CasePlace place, PlaceOf(request));
    YB_TRY(desk_.ledger().Find(place.site, place.case_id));
    YB_ASSIGN(const std::string reason, ReadReason(request.body));
    YB_ASSIGN(const ledger::Applicant applicant, desk_.Unmask(WorkerOf(request), place.site, place.case_id, reason));
    return json{{"applicant", case_json::InFull(applicant)}};
  }

  /// The reason stays in the record of acts: the ledger tells of cases, not of whose they were.
  Response Erase(const Request& request) const {
    std::string reason;
    Response response = AnswerAct(DoErase(request, reason));
    response.recorded = std::move(reason);
    return response;
  }

 private:
  struct Rows {
    std::vector<std::pair<Tab, std::int64_t>> counts;
    std::vector<std::pair<base::SiteId, CaseFile>> files;
    std::optional<calendar::CivilDate> next_due;
  };

  [[nodiscard]] Worker WorkerOf(const Request& request) const {
    return casework::WorkerOf(request.principal.value_or(http::Principal{0, "local", {}, {}}), desk_.side());
  }

  /// A key is the user's own: nobody gets at somebody else's answer by guessing it.
  [[nodiscard]] ledger::Command CommandOf(const Request& request, const std::string& key) const {
    if (key.empty()) return {};
    const std::int64_t user = request.principal ? request.principal->user : 0;
    return {std::to_string(user) + ":" + key, options_.digest_of(base::AsBytes(request.path + "\n" + request.body))};
  }

  /// One state of the ledger: counts, and the rows of the page.
  [[nodiscard]] Result<Rows> Find(const Request& request, CaseFilter filter) const {
    const auto only = request.query.find("site");
    return desk_.ledger().Read([&](ledger::StreamLog& log, ledger::CaseTables& tables) -> Result<Rows> {
      YB_ASSIGN(const auto sites, log.Sites());
      const bool all = only == request.query.end() && (!request.principal || request.principal->sites.empty());
      for (const auto& [no, site] : sites) {
        const bool wanted = only == request.query.end() || site.text() == only->second;
        if (!all && wanted && request.MaySee(site.text())) filter.sites.push_back(no);
      }
      Rows rows;
      const bool none = !all && filter.sites.empty();
      for (const Tab tab : ledger::kTabs) {
        CaseFilter of_tab = filter;
        of_tab.tab = tab;
        std::int64_t count = 0;
        if (!none) {
          YB_ASSIGN(count, tables.Count(of_tab));
        }
        rows.counts.emplace_back(tab, count);
      }
      if (none) return rows;
      YB_ASSIGN(rows.next_due, tables.NextDue(filter.sites));
      YB_ASSIGN(const std::vector<CaseKey> keys, tables.List(filter));
      for (const CaseKey& key : keys) {
        const auto site = std::ranges::find(sites, key.site, [](const auto& one) { return one.first; });
        if (site == sites.end()) continue;
        YB_ASSIGN(CaseFile file, tables.Load(key));
        rows.files.emplace_back(site->second, std::move(file));
      }
      return rows;
    });
  }

  [[nodiscard]] Result<json> DoAct(const Request& request, std::optional<http::CameBefore>& before) const {
    YB_ASSIGN(const CasePlace place, PlaceOf(request));
    YB_TRY(desk_.ledger().Find(place.site, place.case_id));  // 404 before what is wrong with the body
    YB_ASSIGN(ActWish wish, ReadActWish(request.body));
    const Worker worker = WorkerOf(request);
    const auto file = desk_.Act(worker, place.site, place.case_id, wish.act, CommandOf(request, wish.idempotency_key));
    if (file) return Answer(request, place.site, *file);
    if (file.error().code == ErrorCode::kRefused) {
      const auto event = desk_.CameBefore(worker, place.site, place.case_id, std::move(wish.act));
      const auto now = desk_.ledger().Find(place.site, place.case_id);
      if (event && now) {
        const cases::Actor& actor = event->actor;
        before = http::CameBefore{case_json::NameOf(*now, *event), actor.name, actor.department, event->time};
      }
    }
    return Fail(file.error());
  }

  [[nodiscard]] Result<json> DoErase(const Request& request, std::string& reason) const {
    YB_ASSIGN(const CasePlace place, PlaceOf(request));
    YB_TRY(desk_.ledger().Find(place.site, place.case_id));
    YB_ASSIGN(reason, ReadReason(request.body));
    YB_ASSIGN(const CaseFile file, desk_.Erase(place.site, place.case_id));
    return Answer(request, place.site, file);
  }

  [[nodiscard]] Result<json> DoReceive(const Request& request) const {
    YB_ASSIGN(ReceptionWish wish, ReadReceptionWish(request.body));
    YB_ASSIGN(const casework::CaseDesk::Received received,
              desk_.Receive(WorkerOf(request), std::move(wish.reception), CommandOf(request, wish.idempotency_key)));
    if (options_.throw_away_draft && !wish.draft.empty() && request.principal) {
      options_.throw_away_draft(request.principal->user, wish.draft);
    }
    YB_ASSIGN(json out, Answer(request, *desk_.own_site(), received.file));
    out["warnings"] = json::array();
    for (const Words& warning : received.warnings) {
      out["warnings"].push_back(http::PrefersChinese(request) ? warning.zh : warning.en);
    }
    return out;
  }

  [[nodiscard]] Result<json> Answer(const Request& request, const base::SiteId& site, const CaseFile& file) const {
    YB_ASSIGN(json view, viewer_.View(WorkerOf(request), site, file, http::PrefersChinese(request)));
    return json{
        {"now_us", clock_.Now().micros}, {"today", calendar::ToString(desk_.Today())}, {"case", std::move(view)}};
  }

  casework::CaseDesk& desk_;
  const CaseViewer& viewer_;
  const CaseRouteOptions options_;
  const base::Clock& clock_;
};

/// With an entity tag that `now_us` alone does not change. What it says depends on who asks and in which language.
Response Tagged(const Request& request, const Result<json>& body) {
  if (!body) return AnswerAct(Fail(body.error()));
  json tagged = *body;
  tagged.erase("now_us");
  const auto replace = json::error_handler_t::replace;
  return AnswerTagged(request, body->dump(-1, ' ', false, replace), tagged.dump(-1, ' ', false, replace));
}

}  // namespace

void AddCaseRoutes(http::Router& router, casework::CaseDesk& desk, const CaseViewer& viewer, CaseRouteOptions options,
                   const base::Clock& clock) {
  const CaseRoutes routes(desk, viewer, std::move(options), clock);
  router.Add("GET", "/api/v1/cases", http::kCaseReaders,
             [routes](const Request& r) { return Tagged(r, routes.List(r)); });
  router.Add("POST", "/api/v1/cases", http::kClerks, [routes](const Request& r) { return routes.Receive(r); });
  router.Add("POST", "/api/v1/cases/search", http::kCaseReaders,
             [routes](const Request& r) { return AnswerAct(routes.Search(r)); });
  router.Add("POST", "/api/v1/cases/duplicates", http::kClerks,
             [routes](const Request& r) { return AnswerAct(routes.Duplicates(r)); });
  router.Add("GET", "/api/v1/sites/{site}/cases/{case}", http::kCaseReaders,
             [routes](const Request& r) { return Tagged(r, routes.One(r)); });
  router.Add("POST", "/api/v1/sites/{site}/cases/{case}/acts", http::kCaseWorkers,
             [routes](const Request& r) { return routes.Act(r); });
  router.Add("POST", "/api/v1/sites/{site}/cases/{case}/unmask", http::kCaseHandlers,
             [routes](const Request& r) { return AnswerAct(routes.Unmask(r)); });
  router.Add("POST", "/api/v1/sites/{site}/cases/{case}/erase", http::kSecurityAdministrators,
             [routes](const Request& r) { return routes.Erase(r); });
}

}  // namespace yb::api
