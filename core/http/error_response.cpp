#include "core/http/error_response.hpp"

#include <cstdlib>
#include <nlohmann/json.hpp>

namespace yb::http {
namespace {

using base::ErrorCode;
using nlohmann::json;

std::string Body(const ErrorText& text, const std::string& message, bool chinese) {
  json error = {{"code", text.code}, {"message", message}};
  const std::string& hint = chinese && !text.hint.zh.empty() ? text.hint.zh : text.hint.en;
  if (!hint.empty()) error["hint"] = hint;
  for (const base::FieldFault& fault : text.fields) {
    error["fields"].push_back({{"field", fault.field}, {"message", chinese ? fault.words.zh : fault.words.en}});
  }
  if (text.before) {
    error["before"] = {{"act", chinese ? text.before->act.zh : text.before->act.en},
                       {"who", text.before->who},
                       {"department", text.before->department},
                       {"time_us", text.before->time.micros}};
  }
  // Messages may quote what the client sent, which need not be UTF-8.
  return json{{"error", error}}.dump(-1, ' ', false, json::error_handler_t::replace);
}

/// What stands before a message that exists in English only.
std::string_view KindInChinese(int status) {
  switch (status) {
    case 400: return "请求有误";
    case 403: return "不允许";
    case 404: return "没有找到";
    case 409: return "已经存在";
    case 503: return "暂时不可用";
    case 504: return "超时未答";
    case 507: return "磁盘已满";
    default: return status < 500 ? "请求被拒绝" : "服务出错";
  }
}

/// The weight of `language` in an Accept-Language header: "zh-CN,zh;q=0.9,en;q=0.8".
double WeightOf(std::string_view header, std::string_view language) {
  double best = 0;
  while (!header.empty()) {
    const std::size_t end = std::min(header.find(','), header.size());
    std::string_view part = header.substr(0, end);
    header.remove_prefix(std::min(end + 1, header.size()));
    part.remove_prefix(std::min(part.find_first_not_of(' '), part.size()));
    const std::string_view tag = part.substr(0, part.find_first_of("-; "));
    if (tag != language) continue;
    const std::size_t q = part.find("q=");
    const double weight =
        q == std::string_view::npos ? 1 : std::strtod(std::string(part.substr(q + 2)).c_str(), nullptr);
    best = std::max(best, weight);
  }
  return best;
}

}  // namespace

int StatusOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument: return 400;
    case ErrorCode::kRefused:
    case ErrorCode::kPermission: return 403;
    case ErrorCode::kNotFound: return 404;
    case ErrorCode::kAlreadyExists: return 409;
    case ErrorCode::kCorrupt:
    case ErrorCode::kIo: return 500;
    case ErrorCode::kErased: return 410;
    case ErrorCode::kUnsupported: return 501;
    case ErrorCode::kUnavailable: return 503;
    case ErrorCode::kTimeout: return 504;
    case ErrorCode::kDiskFull: return 507;
  }
  return 500;
}

Response ErrorResponse(const base::Error& error) {
  const int status = StatusOf(error.code);
  const std::string context = status < 500 && !error.context.empty() ? error.context + ": " : "";
  const std::string zh = error.message_zh.empty() ? "" : context + error.message_zh;
  return ErrorResponse(status, {std::string(base::ToString(error.code)),
                                {context + error.message, zh},
                                {error.hint, error.hint_zh},
                                error.fields});
}

Response ErrorResponse(int status, ErrorText text) {
  Response response;
  response.status = status;
  response.body = Body(text, text.message.en, false);
  response.headers.emplace_back("Cache-Control", "no-store");
  response.error = std::move(text);
  return response;
}

Response NothingAt(const std::string& path) {
  return ErrorResponse(404, {"not_found", {"there is nothing at " + path, path + " 处没有内容"}, {}});
}

bool PrefersChinese(const Request& request) {
  const auto header = request.headers.find("accept-language");
  return header != request.headers.end() && WeightOf(header->second, "zh") > WeightOf(header->second, "en");
}

Response InLanguageOf(const Request& request, Response response) {
  if (!response.error) return response;
  response.headers.emplace_back("Vary", "Accept-Language");
  if (!PrefersChinese(request)) return response;
  const ErrorText& text = *response.error;
  const std::string message =
      text.message.zh.empty() ? std::string(KindInChinese(response.status)) + "：" + text.message.en : text.message.zh;
  response.body = Body(text, message, true);
  return response;
}

}  // namespace yb::http
