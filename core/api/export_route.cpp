#include "core/api/export_route.hpp"

#include <algorithm>

#include "core/api/answer.hpp"
#include "core/domain/calendar/civil_day.hpp"
#include "core/http/error_response.hpp"

namespace yb::api {
namespace {

using telemetry::Resolution;

constexpr std::string_view kBom = "\xEF\xBB\xBF";
/// Days of one piece: some 6,000 raw readings, or 9,000 quarters of an hour.
constexpr calendar::DayNo kRawDays = 1;
constexpr calendar::DayNo kRollupDays = 90;
/// Roll-ups of one piece, which a query limits.
constexpr std::size_t kMost = 4000;

/// "2026-03-02T14:08:00.250000+08:00": the site's own time.
std::string LocalIso(base::UtcTime time) {
  std::string text = base::ToIso(time + calendar::kBeijingOffset);
  text.back() = '+';
  return text + "08:00";
}

/// RFC 4180, and nothing that a spreadsheet takes for a formula.
std::string Cell(std::string_view text) {
  std::string cell = "\"";
  if (!text.empty() && std::string_view("=+-@").find(text.front()) != std::string_view::npos) cell += '\'';
  for (const char c : text) {
    if (c == '"') cell += '"';
    cell += c;
  }
  return cell + '"';
}

std::string Row(std::string_view what, std::string_view value) {
  return Cell(what) + "," + Cell(value) + "\r\n";
}

std::string Value(const std::optional<base::Decimal>& value) {
  return value ? value->ToString() : "";
}

/// Makes the table from one day to the next.
class Export {
 public:
  Export(PointSpan of, Resolution step, telemetry::PointDefinition point, SiteQueries& queries, base::UtcTime now)
      : of_(std::move(of)), step_(step), point_(std::move(point)), queries_(queries), now_(now), next_(of_.from) {}

  /// The next piece; empty at the end.
  base::Result<std::string> Next() {
    std::string text;
    if (!begun_) text = Head();
    begun_ = true;
    while (text.empty() && next_ < of_.to) {
      const calendar::DayNo days = step_ == Resolution::kRaw ? kRawDays : kRollupDays;
      const base::UtcTime end = std::min(of_.to, calendar::StartOf(calendar::DayOf(next_) + days));
      YB_ASSIGN(text, step_ == Resolution::kRaw ? Raw(end) : Rollups(end));
      next_ = end;
    }
    return text;
  }

 private:
  std::string Head() const {
    const metering::Point& point = point_.point;
    const bool is_register = point.kind == metering::PointKind::kRegister;
    std::string text(kBom);
    text += Row("站点 site", of_.site.text());
    text += Row("表计 meter", point.meter_name + " (" + point.meter + ")");
    text += Row("测点 point", point.key);
    text += Row("单位 unit", point.unit);
    text += Row("类型 kind", is_register ? "表底数 register" : "瞬时量 gauge");
    text += Row("起 from", LocalIso(of_.from));
    text += Row("止（不含） to, exclusive", LocalIso(of_.to));
    text += Row("导出时间 exported", LocalIso(now_));
    text += Row("步长 step", telemetry::ToString(step_));
    if (step_ == Resolution::kRaw) {
      text += Row("说明 note",
                  "数值为表计原值，空为无读数，不等于 0；values exactly as read, empty: no value, which is not 0");
      return text + "\r\n时间 time,数值 value,质量 quality\r\n";
    }
    text += Row("说明 note",
                "用量按表底数推算，复位、翻转、换表不计入；完整率为实有读数与应有读数之比；"
                "consumption follows the register, resets, roll-overs and replacements left out; "
                "completeness: readings had of those expected");
    return text +
           "\r\n时段起 start,读数个数 count,最小 min,最大 max,平均 mean,首值 first,末值 last,用量 consumption,"
           "完整率 completeness\r\n";
  }

  base::Result<std::string> Raw(base::UtcTime end) {
    YB_ASSIGN(const std::vector<metering::Reading> readings, queries_.RawReadings(of_.site, of_.point, next_, end));
    std::string text;
    for (const metering::Reading& reading : readings) {
      text += LocalIso(reading.time) + "," + Value(reading.value) + ",";
      (text += metering::ToString(reading.quality)) += "\r\n";
    }
    return text;
  }

  base::Result<std::string> Rollups(base::UtcTime end) {
    YB_ASSIGN(const PointSeries series, queries_.Readings(of_.site, of_.point, {next_, end, now_, kMost, step_}));
    std::string text;
    for (const telemetry::Bucket& b : series.history.buckets) {
      const auto completeness = telemetry::CompletenessOf(b, step_, point_, now_);
      text += LocalIso(b.start) + "," + std::to_string(b.count) + "," + Value(b.min) + "," + Value(b.max) + "," +
              Value(telemetry::MeanOf(b)) + "," + Value(b.first) + "," + Value(b.last) + "," + Value(b.consumption) +
              "," + (completeness ? ShareText(*completeness) : "") + "\r\n";
    }
    return text;
  }

  const PointSpan of_;
  const Resolution step_;
  const telemetry::PointDefinition point_;
  SiteQueries& queries_;
  const base::UtcTime now_;
  base::UtcTime next_;
  bool begun_ = false;
};

/// "feeder-1_fwd_active_energy_2026-03-02.csv"
std::string FileName(const telemetry::PointDefinition& point, base::UtcTime from) {
  std::string name = point.point.key + "_" + LocalIso(from).substr(0, 10) + ".csv";
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  };
  std::ranges::replace_if(
      name, [&](char c) { return !is_plain(c); }, '_');
  return name;
}

base::Result<http::Response> ExportOf(const http::Request& request, SiteQueries& queries, base::UtcTime now) {
  YB_ASSIGN(const PointSpan of, ReadPointSpan(request));
  YB_ASSIGN(const Resolution step, ReadStep(request));
  // Of no time at all: for the point's definition, and so that an unknown point is answered as such.
  YB_ASSIGN(PointSeries series, queries.Readings(of.site, of.point, {of.from, of.from, now, 2, Resolution::kRaw}));
  http::Response response;
  response.content_type = "text/csv; charset=utf-8";
  response.headers.emplace_back("Content-Disposition",
                                "attachment; filename=\"" + FileName(series.definition, of.from) + "\"");
  response.headers.emplace_back("Cache-Control", "no-store");
  const auto table = std::make_shared<Export>(of, step, std::move(series.definition), queries, now);
  response.stream = [table] { return table->Next(); };
  return response;
}

}  // namespace

void AddExportRoute(http::Router& router, SiteQueries& queries, const base::Clock& clock) {
  router.Add("GET", "/api/v1/sites/{site}/points/{point}/export.csv", http::kSignedIn,
             [&queries, &clock](const http::Request& request) {
               auto response = ExportOf(request, queries, clock.Now());
               return response ? std::move(*response) : http::ErrorResponse(response.error());
             });
}

}  // namespace yb::api
