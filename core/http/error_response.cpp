#include "core/http/error_response.hpp"

#include <nlohmann/json.hpp>

namespace yb::http {

using base::ErrorCode;

int StatusOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument: return 400;
    case ErrorCode::kRefused: return 403;
    case ErrorCode::kPermission: return 403;
    case ErrorCode::kNotFound: return 404;
    case ErrorCode::kAlreadyExists: return 409;
    case ErrorCode::kCorrupt: return 500;
    case ErrorCode::kIo: return 500;
    case ErrorCode::kUnsupported: return 501;
    case ErrorCode::kUnavailable: return 503;
    case ErrorCode::kTimeout: return 504;
    case ErrorCode::kDiskFull: return 507;
  }
  return 500;
}

Response ErrorResponse(const base::Error& error) {
  const int status = StatusOf(error.code);
  const bool tell_context = status < 500 && !error.context.empty();
  return ErrorResponse(status, base::ToString(error.code),
                       tell_context ? error.context + ": " + error.message : error.message, error.hint);
}

Response ErrorResponse(int status, std::string_view code, std::string_view message, std::string_view hint) {
  nlohmann::json error = {{"code", code}, {"message", message}};
  if (!hint.empty()) error["hint"] = hint;
  Response response;
  response.status = status;
  // Messages may quote what the client sent, which need not be UTF-8.
  response.body = nlohmann::json{{"error", error}}.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

}  // namespace yb::http
