// Log: one structured line per event on standard error, `time level component event key=value …`. Text values are
// quoted where they need it, so that a line can be split again. No personal data and no secrets go in.
//
// A Logger is a cheap value; all loggers write through one lock, from any thread.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace yb::base {

enum class LogLevel : std::uint8_t { kDebug, kInfo, kWarn, kError };

[[nodiscard]] Result<LogLevel> ParseLogLevel(std::string_view text);

/// Lines below this level are dropped, process-wide. The program's start calls it once.
void SetLogLevel(LogLevel level);

struct LogField {
  LogField(std::string_view name, std::string_view text) : key(name), value(text) {}
  LogField(std::string_view name, const char* text) : key(name), value(text) {}
  LogField(std::string_view name, const std::string& text) : key(name), value(text) {}
  LogField(std::string_view name, bool flag) : key(name), value(flag ? "true" : "false") {}
  template <class Number>
  requires std::is_arithmetic_v<Number> LogField(std::string_view name, Number number)
      : key(name), value(std::to_string(number)) {}

  std::string_view key;
  std::string value;
};

class Logger {
 public:
  /// `component` outlives the logger: a string literal such as "uplink".
  explicit Logger(std::string_view component) : component_(component) {}

  using Fields = std::initializer_list<LogField>;
  void Debug(std::string_view event, Fields fields = {}) const { Write(LogLevel::kDebug, event, fields); }
  void Info(std::string_view event, Fields fields = {}) const { Write(LogLevel::kInfo, event, fields); }
  void Warn(std::string_view event, Fields fields = {}) const { Write(LogLevel::kWarn, event, fields); }
  void Error(std::string_view event, Fields fields = {}) const { Write(LogLevel::kError, event, fields); }

 private:
  void Write(LogLevel level, std::string_view event, Fields fields) const;

  std::string_view component_;
};

}  // namespace yb::base
