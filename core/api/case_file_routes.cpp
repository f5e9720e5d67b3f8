#include "core/api/case_file_routes.hpp"

#include <nlohmann/json.hpp>

#include "core/api/form.hpp"
#include "core/api/uncached.hpp"
#include "core/base/uuid.hpp"
#include "core/base/whole_number.hpp"
#include "core/files/file_store.hpp"
#include "core/http/error_response.hpp"

namespace yb::api {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Result;
using base::Words;
using http::Request;
using http::Response;
using nlohmann::json;

constexpr std::size_t kSentAtATime = 256U << 10;
constexpr std::size_t kName = 200;

json ToJson(const casework::Upload& upload) {
  return {{"upload", upload.id},
          {"name", upload.name},
          {"bytes", upload.bytes},
          {"received", upload.received},
          {"file", upload.file ? json(files::HexOf(*upload.file)) : json(nullptr)}};
}

json ToJson(const casework::PrintJob& job, bool chinese) {
  const std::string& message = chinese ? job.message.zh : job.message.en;
  return {{"job", job.id},
          {"paper", casework::NameOf(job.paper)},
          {"state", casework::ToString(job.state)},
          {"again", job.again},
          {"message", message.empty() ? json(nullptr) : json(message)},
          {"made_us", job.made ? json(job.made->micros) : json(nullptr)}};
}

std::string UserOf(const Request& request) {
  return request.principal ? std::to_string(request.principal->user) + ":" + request.principal->name : "local";
}

/// RFC 8187: a name of any characters in a header.
std::string AsAttachment(const std::string& name) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
    if (plain) {
      encoded += c;
    } else {
      encoded += {'%', kDigits[byte >> 4U], kDigits[byte & 0xFU]};
    }
  }
  return "attachment; filename*=UTF-8''" + encoded;
}

struct Place {
  base::SiteId site;
  std::string case_id;
};
Result<Place> PlaceOf(const Request& request) {
  auto site = base::SiteId::Parse(request.path_parameters.at("site"));
  const std::string& case_id = request.path_parameters.at("case");
  if (!site || !base::IsUuid(case_id)) {
    return Fail(ErrorCode::kNotFound, Words{"there is no such case", "没有这个办件"});
  }
  return Place{std::move(*site), case_id};
}

class CaseFileRoutes {
 public:
  CaseFileRoutes(casework::CaseDesk& desk, casework::Uploads& uploads, casework::PrintQueue& prints)
      : desk_(desk), uploads_(uploads), prints_(prints) {}

  Result<json> Begin(const Request& request) const {
    YB_ASSIGN(Form form, Form::Parse(request.body));
    const std::string name = form.Text("name", kName);
    const bool sized = form.Has("bytes");
    const auto bytes = form.Whole("bytes", 1, std::int64_t{200} << 20);
    if (!sized) form.Missing("bytes");
    YB_TRY(form.Finish());
    YB_ASSIGN(const casework::Upload upload, uploads_.Begin(UserOf(request), name, static_cast<std::uint64_t>(*bytes)));
    return ToJson(upload);
  }

  Result<json> How(const Request& request) const {
    YB_ASSIGN(const casework::Upload upload, uploads_.Find(UserOf(request), request.path_parameters.at("upload")));
    return ToJson(upload);
  }

  Result<json> Put(const Request& request) const {
    const std::string& text = request.path_parameters.at("offset");
    const auto offset = base::ParseWhole<std::uint64_t>(text);
    if (!offset) {
      return Fail(ErrorCode::kInvalidArgument, Words{"'" + text + "' is no offset", "“" + text + "”不是位置"});
    }
    YB_ASSIGN(const casework::Upload upload, uploads_.Put(UserOf(request), request.path_parameters.at("upload"),
                                                          *offset, base::AsBytes(request.body)));
    return ToJson(upload);
  }

  Response File(const Request& request) const {
    auto response = Open(request);
    return response ? std::move(*response) : AnswerAct(Fail(response.error()));
  }

  Result<json> Print(const Request& request) const {
    YB_ASSIGN(const Place place, PlaceOf(request));
    YB_TRY(desk_.ledger().Find(place.site, place.case_id));
    YB_ASSIGN(Form form, Form::Parse(request.body));
    const std::string word = form.Word("paper", {casework::kPaperNames.begin(), casework::kPaperNames.end()});
    YB_TRY(form.Finish());
    const auto worker =
        casework::WorkerOf(request.principal.value_or(http::Principal{0, "local", {}, {}}), desk_.side());
    YB_ASSIGN(const casework::PrintJob job,
              prints_.Print(worker, place.site, place.case_id, *casework::ParsePaper(word)));
    return ToJson(job, http::PrefersChinese(request));
  }

  Result<json> Job(const Request& request) const {
    YB_ASSIGN(const casework::PrintJob job, Visible(request));
    return ToJson(job, http::PrefersChinese(request));
  }

  Response Pdf(const Request& request) const {
    const auto job = Visible(request);
    if (!job) return AnswerAct(Fail(job.error()));
    auto pdf = prints_.Pdf(job->id);
    if (!pdf) return AnswerAct(Fail(pdf.error()));
    Response response;
    response.content_type = "application/pdf";
    response.body = std::move(*pdf);
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
  }

 private:
  [[nodiscard]] Result<casework::PrintJob> Visible(const Request& request) const {
    YB_ASSIGN(casework::PrintJob job, prints_.Find(request.path_parameters.at("job")));
    if (request.MaySee(job.site.text())) return job;
    return Fail(ErrorCode::kNotFound, Words{"there is no such print job", "没有这个打印任务"});
  }

  [[nodiscard]] Result<Response> Open(const Request& request) const {
    YB_ASSIGN(const Place place, PlaceOf(request));
    YB_ASSIGN(const ledger::CaseFile file, desk_.ledger().Find(place.site, place.case_id));
    const std::string& name = request.path_parameters.at("file");
    const auto sha = files::ParseHex(name);
    if (!sha || !casework::CaseDesk::Names(file, name)) {
      return Fail(ErrorCode::kNotFound, Words{"the case has no such file", "办件中没有这个文件"});
    }
    if (!desk_.files().Has(*sha)) {
      if (desk_.PersonOf(place.site, file.state).state == casework::PersonView::State::kErased) {
        return Fail(ErrorCode::kRefused, Words{"the file was destroyed with the personal data of the applicant",
                                               "文件已随申请人的个人信息销毁"});
      }
      return Fail(ErrorCode::kRefused, Words{"the file has not arrived here yet", "文件尚未传到本方"},
                  Words{"it comes by itself once the other side is connected", "与对方连通后会自动传来"});
    }
    YB_ASSIGN(files::ContainerReader reader, desk_.files().OpenFile(*sha));
    std::string shown = name;
    for (const auto& [key, material] : file.state.materials) {
      if (material.file != name) continue;
      if (const auto own = desk_.Unsealed(place.site, file.state, material.name)) shown = base::AsText(*own);
    }
    Response response;
    response.content_type = "application/octet-stream";
    response.headers.emplace_back("Cache-Control", "no-store");
    response.headers.emplace_back("Content-Disposition", AsAttachment(shown));
    struct Rest {
      files::ContainerReader reader;
      std::uint64_t at = 0;
    };
    // Owned by the answer's stream.
    auto rest = std::make_shared<Rest>(Rest{std::move(reader)});
    response.stream = [rest]() -> Result<std::string> {
      YB_ASSIGN(const base::Bytes piece, rest->reader.Read(rest->at, kSentAtATime));
      rest->at += piece.size();
      return std::string(base::AsText(piece));
    };
    return response;
  }

  casework::CaseDesk& desk_;
  casework::Uploads& uploads_;
  casework::PrintQueue& prints_;
};

}  // namespace

void AddCaseFileRoutes(http::Router& router, casework::CaseDesk& desk, casework::Uploads& uploads,
                       casework::PrintQueue& prints) {
  const CaseFileRoutes routes(desk, uploads, prints);
  router.Add("POST", "/api/v1/uploads", http::kCaseHandlers,
             [routes](const Request& r) { return AnswerAct(routes.Begin(r)); });
  router.Add("GET", "/api/v1/uploads/{upload}", http::kCaseHandlers,
             [routes](const Request& r) { return AnswerAct(routes.How(r)); });
  router.Add("PUT", "/api/v1/uploads/{upload}/{offset}", http::kCaseHandlers,
             [routes](const Request& r) { return AnswerAct(routes.Put(r)); });
  router.Add("GET", "/api/v1/sites/{site}/cases/{case}/files/{file}", http::kCaseWorkers,
             [routes](const Request& r) { return routes.File(r); });
  router.Add("POST", "/api/v1/sites/{site}/cases/{case}/prints", http::kCaseHandlers,
             [routes](const Request& r) { return AnswerAct(routes.Print(r)); });
  router.Add("GET", "/api/v1/prints/{job}", http::kCaseHandlers,
             [routes](const Request& r) { return AnswerAct(routes.Job(r)); });
  router.Add("GET", "/api/v1/prints/{job}/pdf", http::kCaseHandlers,
             [routes](const Request& r) { return routes.Pdf(r); });
}

}  // namespace yb::api
