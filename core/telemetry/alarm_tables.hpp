// AlarmTables: the alarms of each site as the records of the lane `alarm` tell them, folded one by one in the
// transaction that stores the record, so that box and central show the same. Part of a RecordLog, on its connection.
//
// Stored names (since 0.3): table `alarm` (one row per alarm, with what its list asks for), `alarm_event` (each event
// as its record's bytes; the same bytes twice are one), `alarm_rules` (each version).
#pragma once

#include <memory>
#include <vector>

#include "core/storage/database.hpp"
#include "core/telemetry/alarm_record.hpp"

namespace yb::telemetry {

struct AlarmRow {
  alarms::Alarm alarm;
  alarms::AlarmRule rule;  // as it was when the alarm was raised; only its id where that version is not known here
};

enum class AlarmFilter : std::uint8_t { kOpen, kClosed, kAll };

/// What an alarm met, in the order of its records.
struct AlarmEvent {
  alarms::Event event;
  bool effective = true;
};

/// Alarms raised since a time, by priority.
struct AlarmFigures {
  std::int64_t raised = 0;  // each time that one was raised
  std::int64_t urgent = 0;
};

class AlarmTables {
 public:
  /// Adds the tables where they are missing. `database` outlives this.
  [[nodiscard]] static base::Result<std::unique_ptr<AlarmTables>> Open(storage::Database& database);

  /// Within a transaction. A body that cannot be read, or is of another kind, changes nothing.
  [[nodiscard]] base::Status Fold(std::int64_t site, base::ByteView body);
  /// Within a transaction: forgets what was folded, the rules excepted.
  [[nodiscard]] base::Status Clear(std::int64_t site);

  /// Newest first by when they were raised.
  [[nodiscard]] base::Result<std::vector<AlarmRow>> List(std::int64_t site, AlarmFilter filter, int most);
  [[nodiscard]] base::Result<std::optional<AlarmRow>> Find(std::int64_t site, const std::string& alarm);
  [[nodiscard]] base::Result<std::vector<AlarmEvent>> Events(std::int64_t site, const std::string& alarm, int most);
  [[nodiscard]] base::Result<AlarmFigures> RaisedSince(std::int64_t site, base::UtcTime since);
  /// What became of a command of central; nullopt: the box has not answered it.
  [[nodiscard]] base::Result<std::optional<alarms::Act>> AnswerTo(std::int64_t site, const std::string& command);
  /// The newest; nullopt where there was none.
  [[nodiscard]] base::Result<std::optional<AlarmRuleSet>> NewestRules(std::int64_t site);

 private:
  using StatementPtr = std::unique_ptr<storage::Statement>;
  AlarmTables() = default;

  [[nodiscard]] base::Status FoldTransition(std::int64_t site, const alarms::Transition& transition,
                                            base::ByteView body);
  [[nodiscard]] base::Status FoldAct(std::int64_t site, const alarms::Act& act, base::ByteView body);
  [[nodiscard]] base::Status AddEvent(std::int64_t site, const std::string& alarm, const alarms::Event& event,
                                      bool effective, base::ByteView body);
  [[nodiscard]] base::Result<bool> HasEvent(std::int64_t site, const std::string& alarm, base::ByteView body);
  [[nodiscard]] base::Status Save(std::int64_t site, const alarms::Alarm& alarm);
  [[nodiscard]] base::Result<std::optional<alarms::Alarm>> OpenOf(std::int64_t site, const std::string& key);
  [[nodiscard]] static base::Result<alarms::Alarm> ReadAlarm(const storage::Statement& row);
  [[nodiscard]] base::Result<alarms::AlarmRule> RuleOf(std::int64_t site, const alarms::Transition& transition);

  StatementPtr save_, open_of_, find_, list_open_, list_closed_, list_all_, figures_;
  StatementPtr add_event_, has_event_, events_, answer_to_;
  StatementPtr save_rules_, newest_rules_, rules_;
  StatementPtr clear_alarms_, clear_events_;
};

}  // namespace yb::telemetry
