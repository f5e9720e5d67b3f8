// FieldSetup makes the box read what field.toml and the meter profiles say, and judge it as alarms.toml says: at the
// start, and again whenever somebody asks, without a restart. Files that are wrong are refused as a whole, and what
// runs goes on.
//
// Owned by the composition root. All methods are safe to call from any thread; one Reload runs at a time.
#pragma once

#include <atomic>
#include <mutex>
#include <optional>

#include "core/base/guarded.hpp"
#include "edge/alarms/alarm_desk.hpp"
#include "edge/edge_config.hpp"
#include "edge/field/field_side.hpp"
#include "edge/telemetry/edge_store.hpp"

namespace yb::edge {

struct ReloadCounters {
  std::atomic<std::uint64_t> applied{0};
  std::atomic<std::uint64_t> refused{0};
  std::atomic<bool> files_are_in_force{true};  // false from a refused Reload until one is applied
};

/// All that the files say.
struct FieldFiles {
  field::FieldConfig config;
  std::vector<alarms::AlarmRule> rules;
};
[[nodiscard]] base::Result<FieldFiles> LoadFieldFiles(const EdgeConfig::Field& files);

class FieldSetup {
 public:
  /// The references outlive this.
  FieldSetup(EdgeConfig::Field files, EdgeStore& store, field::FieldSide& side, AlarmDesk& alarms)
      : files_(std::move(files)), store_(store), side_(side), alarms_(alarms) {}

  /// Points are defined, those that are no longer there are retired, durably; then the lines change, and what is read
  /// is judged by the rules. The errors of EdgeStore::DefinePoints, before anything has changed, and of
  /// FieldSide::Apply.
  [[nodiscard]] base::Result<field::LineChanges> Apply(const FieldFiles& files);

  /// Reads the files again and applies them. A wrong one is an error with file, line, key and what was expected, and is
  /// counted; the running configuration stays.
  [[nodiscard]] base::Result<field::LineChanges> Reload();

  [[nodiscard]] const ReloadCounters& counters() const { return counters_; }
  /// Why the last Reload was refused; nullopt where it was not.
  [[nodiscard]] std::optional<base::Words> refusal() const {
    return refusal_.With([](const auto& refusal) { return refusal; });
  }

 private:
  const EdgeConfig::Field files_;
  EdgeStore& store_;
  field::FieldSide& side_;
  AlarmDesk& alarms_;
  std::mutex reloading_;
  ReloadCounters counters_;
  base::Guarded<std::optional<base::Words>> refusal_;
};

}  // namespace yb::edge
