#include "tools/ctl/history_csv.hpp"

#include <algorithm>
#include <set>

#include "edge/field/cjt188/unit_conversion.hpp"

namespace yb::ctl {
namespace {

using base::Decimal;
using base::ErrorCode;
using base::Fail;

struct Field {
  std::string_view text;
  std::size_t column = 1;  // of its first byte
};

std::vector<Field> Split(std::string_view line) {
  std::vector<Field> fields;
  std::size_t begin = 0;
  while (true) {
    const std::size_t end = std::min(line.find(',', begin), line.size());
    fields.push_back({line.substr(begin, end - begin), begin + 1});
    if (end == line.size()) return fields;
    begin = end + 1;
  }
}

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  return lower;
}

/// Reads row after row; what a row may be judged by is kept from the rows before.
class Reader {
 public:
  Reader(const base::TimeZone& zone, const HistoryOptions& options) : zone_(zone), options_(options) {}

  base::Status ReadHeading(std::string_view line) {
    const std::vector<Field> names = Split(line);
    for (std::size_t i = 0; i < names.size(); ++i) YB_TRY(Place(std::string(names[i].text), i));
    if (!time_at_) return Fail(ErrorCode::kInvalidArgument, "line 1 has no column 'time'", "the first line names them");
    if (values_at_.empty()) {
      return Fail(ErrorCode::kInvalidArgument, "no column of line 1 is known",
                  "say what it holds, such as --column volume=current_volume:m3");
    }
    if (meter_at_.has_value() == !options_.meter.empty()) {
      return Fail(ErrorCode::kInvalidArgument,
                  meter_at_ ? "the file has a column 'meter', and --meter is given" : "the file has no column 'meter'",
                  meter_at_ ? "leave --meter out" : "say whose readings they are with --meter KEY");
    }
    width_ = names.size();
    return {};
  }

  void ReadRow(std::string_view line, std::size_t line_no) {
    ++history_.rows;
    const std::vector<Field> fields = Split(line);
    if (fields.size() != width_) {
      Refuse(line_no, 1,
             "the row has " + std::to_string(fields.size()) + " fields, expected " + std::to_string(width_));
      return;
    }
    const std::string meter = meter_at_ ? MeterNamed(fields[*meter_at_].text) : options_.meter;
    const std::optional<base::UtcTime> time = TimeOf(fields[*time_at_], meter, line_no);
    if (!time) return;
    std::vector<edge::ImportedValue> row;
    for (const auto& [at, column] : values_at_) {
      if (fields[at].text.empty()) continue;  // no value is not 0
      std::optional<edge::ImportedValue> value = ValueOf(fields[at], *column, meter, line_no);
      if (!value) return;
      value->time = *time;
      row.push_back(std::move(*value));
    }
    last_[meter] = *time;
    history_.values.insert(history_.values.end(), row.begin(), row.end());
  }

  History Take() { return std::move(history_); }

 private:
  base::Status Place(const std::string& name, std::size_t at) {
    if (!seen_.insert(name).second) return Fail(ErrorCode::kInvalidArgument, "line 1 has '" + name + "' twice");
    if (name == "time") {
      time_at_ = at;
    } else if (name == "meter") {
      meter_at_ = at;
    } else if (const HistoryColumn* column = Find(name)) {
      values_at_.emplace_back(at, column);
    } else {
      history_.left_out.push_back(name);
    }
    return {};
  }

  const HistoryColumn* Find(std::string_view name) const {
    for (const auto* columns : {&options_.columns, &KnownHistoryColumns()}) {
      const auto found = std::ranges::find(*columns, name, &HistoryColumn::column);
      if (found != columns->end()) return &*found;
    }
    return nullptr;
  }

  std::string MeterNamed(std::string_view name) const {
    const auto found = options_.meters.find(std::string(name));
    return found == options_.meters.end() ? LowerCase(name) : found->second;
  }

  std::optional<base::UtcTime> TimeOf(const Field& field, const std::string& meter, std::size_t line_no) {
    const auto local = base::ParseLocalTime(field.text);
    if (!local) {
      Refuse(line_no, field.column, local.error().message + ", expected such as 2026-03-02T14:08:00");
      return std::nullopt;
    }
    const std::vector<base::UtcTime> instants = zone_.InstantsOf(*local);
    if (instants.empty()) {
      Refuse(line_no, field.column, "there is no " + std::string(field.text) + " in this zone: clocks skip that hour");
      return std::nullopt;
    }
    const auto before = last_.find(meter);
    for (const base::UtcTime instant : instants) {
      if (before == last_.end() || instant > before->second) return instant;
    }
    Refuse(line_no, field.column, std::string(field.text) + " is not later than the row before of the same meter");
    return std::nullopt;
  }

  std::optional<edge::ImportedValue> ValueOf(const Field& field, const HistoryColumn& column, const std::string& meter,
                                             std::size_t line_no) {
    const std::string key = meter + "/" + column.quantity;
    const std::optional<std::string> unit = options_.unit_of(key);
    const std::optional<Decimal> factor = unit ? field::cjt188::FactorBetween(column.unit, *unit) : std::nullopt;
    const base::Result<Decimal> number = Decimal::Parse(field.text);
    if (!unit) {
      Refuse(line_no, field.column, "the box has no point " + key);
    } else if (!factor) {
      Refuse(line_no, field.column, column.unit + " does not convert to '" + *unit + "' of " + key);
    } else if (!number) {
      Refuse(line_no, field.column, column.column + ": " + number.error().message);
    } else if (const base::Result<Decimal> value = number->Times(*factor)) {
      return edge::ImportedValue{key, {}, *value};
    } else {
      Refuse(line_no, field.column, column.column + ": " + value.error().message);
    }
    return std::nullopt;
  }

  void Refuse(std::size_t line, std::size_t column, std::string message) {
    history_.faults.push_back({line, column, std::move(message)});
  }

  const base::TimeZone& zone_;
  const HistoryOptions& options_;
  History history_;
  std::set<std::string> seen_;
  std::size_t width_ = 0;
  std::optional<std::size_t> time_at_;
  std::optional<std::size_t> meter_at_;
  std::vector<std::pair<std::size_t, const HistoryColumn*>> values_at_;
  std::map<std::string, base::UtcTime> last_;  // of each meter
};

}  // namespace

const std::vector<HistoryColumn>& KnownHistoryColumns() {
  static const std::vector<HistoryColumn> kColumns = {
      {"volume_l", "current_volume", "L"},
      {"volume_m3", "current_volume", "m3"},
      {"active_energy_kwh", "fwd_active_energy", "kWh"},
      {"active_power_kw", "active_power_total", "kW"},
      {"power_factor", "power_factor_total", ""},
  };
  return kColumns;
}

base::Result<History> ReadHistoryCsv(std::string_view text, const base::TimeZone& zone, const HistoryOptions& options) {
  Reader reader(zone, options);
  std::size_t line_no = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    ++line_no;
    if (line_no == 1) {
      YB_TRY(reader.ReadHeading(line));
    } else if (!line.empty()) {
      reader.ReadRow(line, line_no);
    }
  }
  if (line_no == 0) return Fail(ErrorCode::kInvalidArgument, "the file is empty");
  return reader.Take();
}

}  // namespace yb::ctl
