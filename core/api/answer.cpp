#include "core/api/answer.hpp"

#include <charconv>

#include "core/http/entity_tag.hpp"

namespace yb::api {

base::Result<metering::PointNo> ReadPoint(const http::Request& request) {
  const std::string& text = request.path_parameters.at("point");
  metering::PointNo point = 0;
  const auto [stop, code] = std::from_chars(text.data(), text.data() + text.size(), point);
  if (code != std::errc() || stop != text.data() + text.size() || point == 0) {
    return base::Fail(base::ErrorCode::kInvalidArgument,
                      base::Words{"'" + text + "' is no point number", "“" + text + "”不是测点编号"});
  }
  return point;
}

http::Response AnswerTagged(const http::Request& request, std::string body, const std::string& tagged) {
  http::Response response;
  response.body = std::move(body);
  return http::WithEntityTag(request, std::move(response), http::EntityTag(tagged));
}

}  // namespace yb::api
