// LiveWatch and AlarmWatch: how long values and acts that are made at a box take until central's API tells them, asked
// every ten milliseconds over one connection each. For benches; each owns its threads.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "core/base/guarded.hpp"
#include "tests/support/api_address.hpp"

namespace yb::bench {

/// Sorted; `part` from 0 to 1; −1 of nothing.
[[nodiscard]] double Quantile(const std::vector<double>& sorted, double part);

/// Notes how old each new value of the site was, by the box's own stamp, when it was first seen.
class LiveWatch {
 public:
  explicit LiveWatch(const test::ApiAddress& central);
  /// Ends; ages in order of size.
  [[nodiscard]] std::vector<double> Milliseconds();

 private:
  void Run(const std::stop_token& stop, const test::ApiAddress& address);
  void Note(const std::string& body);

  std::map<std::string, std::int64_t> newest_;
  std::vector<double> seen_;
  std::jthread thread_;
};

/// The id of an alarm that is open at the box; empty where none comes within a minute.
[[nodiscard]] std::string OpenAlarm(const test::ApiAddress& box);

/// Assigns an open alarm to another person at the box again and again. The time runs from before the box is asked until
/// central tells of this act or a later one.
class AlarmWatch {
 public:
  AlarmWatch(const test::ApiAddress& box, const test::ApiAddress& central, std::string alarm,
             std::chrono::milliseconds interval);
  /// Waits until all acts were seen, half a minute at most, and ends; those never seen count as that long.
  [[nodiscard]] std::vector<double> Milliseconds();

 private:
  using Clock = std::chrono::steady_clock;
  void Act(const std::stop_token& stop, const test::ApiAddress& address, std::chrono::milliseconds interval);
  void Look(const std::stop_token& stop, const test::ApiAddress& address);

  const std::string alarm_;
  base::Guarded<std::map<int, Clock::time_point>> waiting_;  // by the number in the assignee's name
  std::vector<double> seen_;                                 // of looking_
  std::jthread looking_;
  std::jthread acting_;
};

}  // namespace yb::bench
