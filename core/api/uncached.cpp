#include "core/api/uncached.hpp"

#include <nlohmann/json.hpp>

#include "core/http/error_response.hpp"

namespace yb::api {

http::Response AnswerUncached(const nlohmann::json& body, int status) {
  http::Response response;
  response.status = status;
  response.body = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

http::Response AnswerUncached(const base::Result<nlohmann::json>& body, int status) {
  return body ? AnswerUncached(*body, status) : http::ErrorResponse(body.error());
}

http::Response AnswerAct(const base::Result<nlohmann::json>& body) {
  http::Response response = AnswerUncached(body);
  if (!body && body.error().code == base::ErrorCode::kRefused) response.status = 409;
  return response;
}

}  // namespace yb::api
