// Process: one program under test, with its output in a log file. Killed when the test ends.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

namespace yb::test {

class Process {
 public:
  /// `arguments[0]` is the program. Aborts the test program if it cannot be started.
  Process(const std::vector<std::string>& arguments, const std::filesystem::path& log);
  ~Process();
  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) noexcept;

  [[nodiscard]] bool Running();
  /// SIGKILL: the program notices nothing.
  void Kill();
  /// SIGTERM; true if it then ended by itself with status 0 within ten seconds.
  bool Terminate();
  [[nodiscard]] pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
};

/// A port of 127.0.0.1 that nobody listened on just now.
[[nodiscard]] int FreePort();
/// Whether somebody accepts connections there within `tries` × 100 ms.
[[nodiscard]] bool WaitForPort(int port, int tries = 200);
/// Runs a program to its end; its standard output. Its exit status goes to `status`.
[[nodiscard]] std::string RunToEnd(const std::string& command, int& status);

}  // namespace yb::test
