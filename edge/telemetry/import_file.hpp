// ImportFile: readings on their way into a box's store, as `yuanbanctl reading import` leaves them in the spool and the
// box takes them up. Text, one reading per line behind a heading:
//
//   yuanban-import 1
//   water-1/current_volume,1456790400000000,314.305
//
// the point's key, UTC microseconds, an exact decimal in the point's unit. Pure functions; any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/domain/metering/reading.hpp"

namespace yb::edge {

struct ImportedValue {
  std::string key;  // "water-1/current_volume"
  base::UtcTime time;
  base::Decimal value;
};

[[nodiscard]] std::string WriteImportFile(std::span<const ImportedValue> values);

/// kCorrupt names the line.
[[nodiscard]] base::Result<std::vector<ImportedValue>> ReadImportFile(std::string_view text);

/// What became of an import; equal readings that were there already are `known`, others at the same time `differing`.
/// The stored ones stay in both cases.
struct ImportResult {
  std::size_t added = 0;
  std::size_t known = 0;
  std::size_t differing = 0;
  std::size_t events = 0;
  std::string refused;  // why nothing was taken; empty: taken
};

/// "added 68150\nknown 0\n…", and back; kCorrupt for anything else.
[[nodiscard]] std::string WriteImportResult(const ImportResult& result);
[[nodiscard]] base::Result<ImportResult> ReadImportResult(std::string_view text);

}  // namespace yb::edge
