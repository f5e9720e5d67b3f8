#include "central/web/enrolment_route.hpp"

#include <nlohmann/json.hpp>

#include "core/api/uncached.hpp"
#include "core/base/log.hpp"
#include "core/http/error_response.hpp"

namespace yb::central {
namespace {

using nlohmann::json;

const base::Logger kLog("enrolment");

struct Wish {
  std::string code;
  std::string csr_pem;
};

base::Result<Wish> ReadWish(const std::string& body) {
  const json parsed = json::parse(body, nullptr, false);
  const auto text = [&](const char* key) {
    return parsed.is_object() && parsed.contains(key) && parsed[key].is_string();
  };
  if (!text("code") || !text("csr_pem")) {
    return base::Fail(base::ErrorCode::kInvalidArgument,
                      base::Words{"the body is no JSON object with the texts code and csr_pem",
                                  "正文应为含文本 code 与 csr_pem 的 JSON 对象"});
  }
  return Wish{parsed["code"].get<std::string>(), parsed["csr_pem"].get<std::string>()};
}

}  // namespace

void AddEnrolmentRoute(http::Router& router, security::EnrolmentService& service, const base::Clock& clock) {
  router.Add("POST", "/api/v1/enroll", http::Access::Public(), [&service, &clock](const http::Request& request) {
    const auto wish = ReadWish(request.body);
    if (!wish) return http::ErrorResponse(wish.error());
    const auto enrolled = service.Enrol(wish->code, wish->csr_pem, request.remote, clock.Now());
    if (!enrolled) {
      kLog.Warn("a box did not join", {{"remote", request.remote}, {"why", enrolled.error().Describe()}});
      return http::ErrorResponse(enrolled.error());
    }
    kLog.Info("a box joined", {{"site", enrolled->site.text()}, {"remote", request.remote}});
    const json out = {{"site", enrolled->site.text()},    {"city", enrolled->city.text()},
                      {"name", enrolled->name},           {"certificate_pem", enrolled->certificate_pem},
                      {"chain_pem", enrolled->chain_pem}, {"roots_pem", enrolled->roots_pem},
                      {"broker", enrolled->broker}};
    return api::AnswerUncached(out);
  });
}

}  // namespace yb::central
