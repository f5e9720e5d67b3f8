// A real mosquitto for a test: free port, temporary folder, ended with the test. And its command line clients.
// One thread.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace yb::test {

/// Where the program is, or empty.
[[nodiscard]] std::string FindProgram(const std::string& name);

/// Free at the moment of asking.
[[nodiscard]] std::uint16_t FreePort();

struct Finished {
  int status = -1;
  std::string output;  // standard output and error
};

/// Runs a program to its end.
[[nodiscard]] Finished RunProgram(const std::vector<std::string>& command);

class BrokerProcess {
 public:
  /// Returns once the broker accepts connections; running() tells whether it came to that.
  BrokerProcess(std::filesystem::path config, std::uint16_t port);
  ~BrokerProcess();
  BrokerProcess(const BrokerProcess&) = delete;
  BrokerProcess& operator=(const BrokerProcess&) = delete;

  [[nodiscard]] bool running() const { return running_; }
  /// SIGHUP; returns once the broker has logged that it reloads.
  void Reload();
  [[nodiscard]] std::string Log() const;

 private:
  std::filesystem::path log_;
  pid_t process_ = -1;
  bool running_ = false;
};

}  // namespace yb::test
