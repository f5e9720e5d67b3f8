// TruthLog: what was really sent, one JSON line per answer whose last byte was handed to the kernel. Tests compare
// databases with it, so a line exists exactly when the answer left, and says exactly what its bytes say.
//
// A line: {"t_us": 1798061167123456, "line": "line-1", "address": "000000000161", "protocol": "DLT645-2007",
//   "di": "00010000", "values": [{"quantity": "fwd_active_energy", "value": "1842.36", "unit": "kWh"}],
//   "frame_hex": "FEFEFEFE68…16"}. A value of FF bytes is null. "fault" is there only where misbehaviour was at work.
//
// Each line is one write(2), so a killed simulator loses at most the end of its last line. One owner, one thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "tools/metersim/answer.hpp"

namespace yb::metersim {

/// An answer on its way out, as the log will write it.
struct TruthEntry {
  std::string line;
  std::string address;
  std::string protocol;
  Answer answer;
  std::string fault;  // "" for an answer as it should be
};

class TruthLog {
 public:
  /// Creates `file` or appends to it, on a new line where a killed run left a torn one. kIo where that fails.
  [[nodiscard]] static base::Result<TruthLog> Open(const std::filesystem::path& file);
  TruthLog(TruthLog&& other) noexcept;
  TruthLog& operator=(TruthLog&&) = delete;
  ~TruthLog();

  /// `sent` is when the last byte went out. kIo or kDiskFull: the line may be torn.
  [[nodiscard]] base::Status Append(const TruthEntry& entry, base::UtcTime sent);

 private:
  explicit TruthLog(int fd) : fd_(fd) {}
  int fd_;
};

/// The line of `entry`, without the end of line.
[[nodiscard]] std::string ToJsonLine(const TruthEntry& entry, base::UtcTime sent);

}  // namespace yb::metersim
