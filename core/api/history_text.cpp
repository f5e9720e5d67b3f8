#include "core/api/history_text.hpp"

#include <charconv>
#include <nlohmann/json.hpp>
#include "core/api/answer.hpp"

namespace yb::api {
namespace {

using nlohmann::json;

void Put(std::string& text, std::int64_t number) {
  char digits[24];
  text.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

void PutQuoted(std::string& text, const std::optional<base::Decimal>& value) {
  if (!value) {
    text += "null";
    return;
  }
  ((text += '"') += value->ToString()) += '"';
}

void PutReadings(std::string& text, const PointSeries& answer) {
  constexpr std::size_t kOne = 44;  // bytes, about
  text.reserve(text.size() + answer.history.series.readings.size() * kOne);
  text += "\"readings\":[";
  for (const metering::Reading& reading : answer.history.series.readings) {
    text += text.back() == '[' ? "[" : ",[";
    Put(text, reading.time.micros);
    text += ',';
    PutQuoted(text, reading.value);
    ((text += ",\"") += metering::ToString(reading.quality)) += "\"]";
  }
  text += ']';
}

void PutBuckets(std::string& text, const PointSeries& answer, base::UtcTime now) {
  constexpr std::size_t kOne = 120;
  const bool is_register = answer.definition.point.kind == metering::PointKind::kRegister;
  text.reserve(text.size() + answer.history.buckets.size() * kOne);
  text += "\"buckets\":[";
  for (const telemetry::Bucket& b : answer.history.buckets) {
    const auto completeness = telemetry::CompletenessOf(b, answer.history.made_from, answer.definition, now);
    text += text.back() == '[' ? "[" : ",[";
    Put(text, b.start.micros);
    text += ',';
    Put(text, static_cast<std::int64_t>(b.count));
    for (const std::optional<base::Decimal>& value :
         {std::optional(b.min), std::optional(b.max), telemetry::MeanOf(b), std::optional(b.first),
          std::optional(b.last), is_register ? b.consumption : std::nullopt}) {
      text += ',';
      PutQuoted(text, value);
    }
    text += ',';
    text += completeness ? ShareText(*completeness) : "null";
    text += ']';
  }
  text += ']';
}

}  // namespace

std::string HistoryText(const base::SiteId& site, const PointSeries& answer, base::UtcTime now) {
  const metering::Point& point = answer.definition.point;
  json gaps = json::array();
  for (const telemetry::Gap& gap : answer.history.series.gaps) {
    gaps.push_back(
        {{"from_us", gap.from.micros}, {"to_us", gap.to.micros}, {"reason", telemetry::ToString(gap.reason)}});
  }
  std::string text = json{
      {"site", site.text()},
      {"point", point.no},
      {"key", point.key},
      {"unit", point.unit},
      {"kind", metering::ToString(point.kind)},
      {"total", answer.history.series.total},
      {"thinned", answer.history.series.thinned},
      {"made_from", telemetry::ToString(answer.history.made_from)},
      {"gaps",
       std::move(gaps)}}.dump();
  text.back() = ',';
  PutReadings(text, answer);
  text += ',';
  PutBuckets(text, answer, now);
  return text += '}';
}

}  // namespace yb::api
