// FieldSetup makes the box read what field.toml and the meter profiles say: at the start, and again whenever somebody
// asks, without a restart. Files that are wrong are refused as a whole, and what runs goes on.
//
// Owned by the composition root. All methods are safe to call from any thread; one Reload runs at a time.
#pragma once

#include <atomic>
#include <mutex>

#include "edge/edge_config.hpp"
#include "edge/field/field_side.hpp"
#include "edge/telemetry/edge_store.hpp"

namespace yb::edge {

struct ReloadCounters {
  std::atomic<std::uint64_t> applied{0};
  std::atomic<std::uint64_t> refused{0};
  std::atomic<bool> files_are_in_force{true};  // false from a refused Reload until one is applied
};

class FieldSetup {
 public:
  /// `store` and `side` outlive this.
  FieldSetup(EdgeConfig::Field files, EdgeStore& store, field::FieldSide& side)
      : files_(std::move(files)), store_(store), side_(side) {}

  /// Points of `config` are defined, those it no longer has are retired, durably; then the lines change. The errors of
  /// EdgeStore::DefinePoints, before anything has changed, and of FieldSide::Apply.
  [[nodiscard]] base::Result<field::LineChanges> Apply(const field::FieldConfig& config);

  /// Reads the files again and applies them. A wrong one is an error with file, line, key and what was expected, and is
  /// counted; the running configuration stays.
  [[nodiscard]] base::Result<field::LineChanges> Reload();

  [[nodiscard]] const ReloadCounters& counters() const { return counters_; }

 private:
  const EdgeConfig::Field files_;
  EdgeStore& store_;
  field::FieldSide& side_;
  std::mutex reloading_;
  ReloadCounters counters_;
};

}  // namespace yb::edge
