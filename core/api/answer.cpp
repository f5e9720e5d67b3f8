#include "core/api/answer.hpp"

#include <cmath>

#include "core/base/decimal.hpp"
#include "core/base/whole_number.hpp"
#include "core/http/entity_tag.hpp"

namespace yb::api {
namespace {

using base::ErrorCode;
using base::Fail;

constexpr std::int64_t kMicrosLimit = std::int64_t{1} << 53;  // what a browser's number holds exactly
constexpr base::Duration kLongestRange = std::chrono::hours(24 * 400);

}  // namespace

base::Result<metering::PointNo> ReadPoint(const http::Request& request) {
  const std::string& text = request.path_parameters.at("point");
  const auto point = base::ParseWhole<metering::PointNo>(text);
  if (!point || *point == 0) {
    return Fail(ErrorCode::kInvalidArgument,
                base::Words{"'" + text + "' is no point number", "“" + text + "”不是测点编号"});
  }
  return *point;
}

base::Result<std::int64_t> ReadWhole(const http::Request& request, const std::string& name, std::int64_t least,
                                     std::int64_t most, std::optional<std::int64_t> absent) {
  const auto found = request.query.find(name);
  const std::string least_text = std::to_string(least);
  const std::string most_text = std::to_string(most);
  const base::Words expected = {", expected a whole number from " + least_text + " to " + most_text,
                                "，应为 " + least_text + " 至 " + most_text + " 的整数"};
  if (found == request.query.end()) {
    if (absent) return *absent;
    return Fail(ErrorCode::kInvalidArgument,
                base::Words{name + " is missing" + expected.en, "缺少 " + name + expected.zh});
  }
  const std::string& text = found->second;
  const auto value = base::ParseWhole<std::int64_t>(text);
  if (!value || *value < least || *value > most) {
    return Fail(ErrorCode::kInvalidArgument,
                base::Words{name + " is '" + text + "'" + expected.en, name + " 为“" + text + "”" + expected.zh});
  }
  return *value;
}

base::Result<PointSpan> ReadPointSpan(const http::Request& request) {
  YB_ASSIGN(base::SiteId site, base::SiteId::Parse(request.path_parameters.at("site")));
  YB_ASSIGN(const std::int64_t from, ReadWhole(request, "from_us", 0, kMicrosLimit, std::nullopt));
  YB_ASSIGN(const std::int64_t to, ReadWhole(request, "to_us", 0, kMicrosLimit, std::nullopt));
  if (to <= from) {
    return Fail(ErrorCode::kInvalidArgument, base::Words{"to_us is not after from_us", "to_us 不晚于 from_us"});
  }
  if (base::Duration(to - from) > kLongestRange) {
    return Fail(ErrorCode::kInvalidArgument, base::Words{"the range is longer than 400 days", "时间范围超过 400 天"},
                base::Words{"ask for a shorter one", "请缩短范围"});
  }
  YB_ASSIGN(const metering::PointNo point, ReadPoint(request));
  return PointSpan{std::move(site), point, {from}, {to}};
}

base::Result<telemetry::Resolution> ReadStep(const http::Request& request) {
  const auto found = request.query.find("step");
  if (found == request.query.end()) return telemetry::Resolution::kRaw;
  const auto step = telemetry::ParseResolution(found->second);
  if (step) return *step;
  return Fail(ErrorCode::kInvalidArgument,
              base::Words{"step is '" + found->second + "', expected raw, 15m, hour or day",
                          "step 为“" + found->second + "”，应为 raw、15m、hour 或 day"});
}

std::string ShareText(double share) {
  // The least that a binary fraction may lack of its decimal one is not cut off.
  constexpr double kTiny = 1e-9;
  return base::Decimal(static_cast<std::int64_t>(std::floor((share + kTiny) * 1000)), 3).ToString();
}

http::Response AnswerTagged(const http::Request& request, std::string body, const std::string& tagged) {
  http::Response response;
  response.body = std::move(body);
  return http::WithEntityTag(request, std::move(response), http::EntityTag(tagged));
}

}  // namespace yb::api
