#include "core/base/log.hpp"

#include <atomic>
#include <cstdio>

#include "core/base/time.hpp"

namespace yb::base {
namespace {

std::atomic<LogLevel> lowest_level{LogLevel::kInfo};

constexpr std::string_view kNames[] = {"debug", "info", "warn", "error"};

bool NeedsQuotes(std::string_view value) {
  if (value.empty()) return true;
  for (char c : value) {
    if (c == ' ' || c == '"' || c == '=' || c == '\\' || static_cast<unsigned char>(c) < 0x20) return true;
  }
  return false;
}

void AppendValue(std::string& line, std::string_view value) {
  if (!NeedsQuotes(value)) {
    line += value;
    return;
  }
  line += '"';
  for (char c : value) {
    if (c == '"' || c == '\\') line += '\\';
    if (c == '\n') {
      line += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20) {
      line += ' ';
    } else {
      line += c;
    }
  }
  line += '"';
}

}  // namespace

Result<LogLevel> ParseLogLevel(std::string_view text) {
  for (std::size_t i = 0; i < std::size(kNames); ++i) {
    if (text == kNames[i]) return static_cast<LogLevel>(i);
  }
  return Fail(ErrorCode::kInvalidArgument, "'" + std::string(text) + "' is no log level", "debug, info, warn or error");
}

void SetLogLevel(LogLevel level) {
  lowest_level = level;
}

void Logger::Write(LogLevel level, std::string_view event, Fields fields) const {
  if (level < lowest_level) return;
  std::string line = ToIso(SystemClock().Now());
  line += ' ';
  line += kNames[static_cast<std::size_t>(level)];
  line += ' ';
  line += component_;
  line += ' ';
  AppendValue(line, event);
  for (const LogField& field : fields) {
    line += ' ';
    line += field.key;
    line += '=';
    AppendValue(line, field.value);
  }
  line += '\n';
  std::fwrite(line.data(), 1, line.size(), stderr);  // one call per line: stdio locks the stream
}

}  // namespace yb::base
