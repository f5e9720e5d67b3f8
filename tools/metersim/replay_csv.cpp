#include "tools/metersim/replay_csv.hpp"

#include <algorithm>

namespace yb::metersim {
namespace {

std::vector<std::string_view> Split(std::string_view line) {
  std::vector<std::string_view> fields;
  std::size_t from = 0;
  for (std::size_t comma = line.find(','); comma != std::string_view::npos; comma = line.find(',', from)) {
    fields.push_back(line.substr(from, comma - from));
    from = comma + 1;
  }
  fields.push_back(line.substr(from));
  return fields;
}

void StripCarriageReturn(std::string& line) {
  if (!line.empty() && line.back() == '\r') line.pop_back();
}

}  // namespace

base::Result<CsvReader> CsvReader::Open(const std::filesystem::path& file,
                                        const std::vector<std::string_view>& columns) {
  CsvReader reader;
  reader.file_ = file;
  reader.in_.open(file);
  if (!reader.in_) {
    return base::Fail(base::ErrorCode::kNotFound, "cannot open the replay file " + file.string(),
                      "name the folder of the data with --replay DIR");
  }
  std::string header;
  std::getline(reader.in_, header);
  StripCarriageReturn(header);
  reader.line_no_ = 1;
  const std::vector<std::string_view> found = Split(header);
  for (const std::string_view column : columns) {
    const auto at = std::find(found.begin(), found.end(), column);
    if (at == found.end()) {
      return base::Fail(base::ErrorCode::kCorrupt,
                        file.string() + ":1: no column '" + std::string(column) + "' in '" + header + "'");
    }
    reader.names_.emplace_back(column);
    reader.positions_.push_back(static_cast<std::size_t>(at - found.begin()));
  }
  return reader;
}

bool CsvReader::Next() {
  while (std::getline(in_, line_)) {
    ++line_no_;
    StripCarriageReturn(line_);
    if (line_.empty()) continue;
    fields_ = Split(line_);
    return true;
  }
  return false;
}

std::string_view CsvReader::Text(std::size_t column) const {
  const std::size_t position = positions_[column];
  return position < fields_.size() ? fields_[position] : std::string_view();
}

tl::unexpected<base::Error> CsvReader::Refuse(std::size_t column, std::string_view expected) const {
  return base::Fail(base::ErrorCode::kCorrupt, file_.string() + ":" + std::to_string(line_no_) + ": " + names_[column] +
                                                   " is '" + std::string(Text(column)) + "', expected " +
                                                   std::string(expected));
}

base::Result<std::int64_t> CsvReader::Scaled(std::size_t column, int places) const {
  const base::Result<base::Decimal> number = base::Decimal::Parse(Text(column));
  if (!number) return Refuse(column, "a decimal number");
  std::int64_t mantissa = number->mantissa();
  int scale = number->scale();
  for (; scale > places; --scale) mantissa /= 10;
  for (; scale < places; ++scale) {
    if (mantissa > 1'000'000'000'000'000 || mantissa < -1'000'000'000'000'000) return Refuse(column, "a register");
    mantissa *= 10;
  }
  return mantissa;
}

base::Result<base::UtcTime> CsvReader::Time(std::size_t column) const {
  const base::Result<base::UtcTime> time = base::FromIso(std::string(Text(column)) + "Z");
  if (!time) return Refuse(column, "a time such as 2018-01-01T00:15:00");
  return *time;
}

}  // namespace yb::metersim
