// Difference (差异): what a new field configuration changes against the running one, in words, and what stands still
// while it is applied. Pure functions; any thread.
#pragma once

#include <vector>

#include "edge/field/field_config.hpp"

namespace yb::edge {

enum class ChangeKind : std::uint8_t { kAdded, kChanged, kRemoved };
/// "added", "changed", "removed".
[[nodiscard]] std::string_view ToString(ChangeKind kind);

struct Change {
  ChangeKind kind = ChangeKind::kChanged;
  std::string line;   // its key
  std::string meter;  // its key; empty: the line itself
  base::Words words;
};

/// A line that is ended and begun again: its meters are not read meanwhile.
struct StandStill {
  std::string line;
  std::size_t meters = 0;
};

struct Difference {
  std::vector<Change> changes;          // none: nothing to apply
  bool needs_keeping = false;           // the way to a line that runs changes: it may be cut off
  std::vector<StandStill> stand_still;  // for some seconds
  std::size_t untouched_lines = 0;
  std::size_t untouched_meters = 0;
};

[[nodiscard]] Difference Compare(const std::vector<field::LineConfig>& running,
                                 const std::vector<field::LineConfig>& wanted);

}  // namespace yb::edge
