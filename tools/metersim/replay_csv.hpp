// CsvReader: rows of a comma-separated file without quoting, by column name.
// One owner, one thread.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/decimal.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"

namespace yb::metersim {

class CsvReader {
 public:
  /// Opens `file` and finds `columns` in its first line. kNotFound where the file is missing, kCorrupt where a column
  /// is.
  [[nodiscard]] static base::Result<CsvReader> Open(const std::filesystem::path& file,
                                                    const std::vector<std::string_view>& columns);

  /// The next row that is not empty; false at the end of the file.
  bool Next();

  /// Field of the present row, by the position of its column in `columns`; empty where the row is too short.
  [[nodiscard]] std::string_view Text(std::size_t column) const;
  /// The field as hundredths (places = 2) and the like; digits beyond are cut off. kCorrupt names file, line, column.
  [[nodiscard]] base::Result<std::int64_t> Scaled(std::size_t column, int places) const;
  /// "2018-01-01T00:15:00".
  [[nodiscard]] base::Result<base::UtcTime> Time(std::size_t column) const;

 private:
  CsvReader() = default;
  [[nodiscard]] tl::unexpected<base::Error> Refuse(std::size_t column, std::string_view expected) const;

  std::filesystem::path file_;
  std::ifstream in_;
  std::vector<std::string> names_;
  std::vector<std::size_t> positions_;
  std::string line_;
  std::vector<std::string_view> fields_;
  std::size_t line_no_ = 0;
};

}  // namespace yb::metersim
