// alarms.toml: the alarm rules (报警规则) of a box. The format is in core/contract/field-config.md.
// A function over a file; any thread.
#pragma once

#include <filesystem>
#include <vector>

#include "core/domain/alarms/alarm_rule.hpp"

namespace yb::edge {

/// kInvalidArgument names file, line, key, what was found and what was expected; unknown keys and duplicate ids are
/// refused. kNotFound where the file is not there.
[[nodiscard]] base::Result<std::vector<alarms::AlarmRule>> LoadAlarmRules(const std::filesystem::path& file);

/// The same of a text; `file` is for messages.
[[nodiscard]] base::Result<std::vector<alarms::AlarmRule>> ParseAlarmRules(std::string_view text,
                                                                           const std::string& file);

}  // namespace yb::edge
