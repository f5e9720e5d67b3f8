// MetersimProcess runs the meter simulator, whose encoders share no code with the box's decoders, and reads its log of
// what it really answered. Owns the process and ends it.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <tuple>

#include "core/base/decimal.hpp"

namespace yb::test {

class MetersimProcess {
 public:
  /// `program` is started in `folder` with `config`; waits until its lines listen. Aborts where it does not start.
  MetersimProcess(const std::string& program, const std::filesystem::path& folder, const std::string& config);
  ~MetersimProcess();
  MetersimProcess(const MetersimProcess&) = delete;
  MetersimProcess& operator=(const MetersimProcess&) = delete;

  /// Of a line that listens.
  [[nodiscard]] int port(const std::string& line) const { return ports_.at(line); }

  /// Line, address and quantity, and every value that was told under them so far; powers in kW and kvar.
  using Truth = std::map<std::tuple<std::string, std::string, std::string>, std::set<base::Decimal>>;
  [[nodiscard]] Truth ReadTruth() const;
  /// How many answers of a line have left so far.
  [[nodiscard]] std::uint64_t Answers(const std::string& line) const;

 private:
  void ForEachEntry(const std::function<void(const nlohmann::json&)>& use) const;

  std::filesystem::path folder_;
  std::map<std::string, int> ports_;
  pid_t process_ = -1;
};

}  // namespace yb::test
