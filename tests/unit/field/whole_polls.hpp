// WholePolls puts the steps of polls together again, for tests of what a line reads. One thread.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "edge/field/line/line_scheduler.hpp"

namespace yb::field::line {

/// A poll that is over, with one value per point in the order of the settings.
struct WholePoll : PollOutcome {
  std::size_t meter = 0;
  std::vector<PointValue> values;
};

class WholePolls {
 public:
  void Take(const Actions& actions) {
    for (const PollStep& step : actions.steps) {
      std::vector<PointValue>& values = running_[step.meter];
      values.insert(values.end(), step.values.begin(), step.values.end());
      if (!step.outcome) continue;
      std::ranges::sort(values, {}, &PointValue::point);
      for (std::size_t i = 0; i < values.size(); ++i) EXPECT_EQ(values[i].point, i) << "each point once";
      polls_.push_back({*step.outcome, step.meter, std::exchange(values, {})});
    }
  }
  [[nodiscard]] std::size_t size() const { return polls_.size(); }
  [[nodiscard]] const WholePoll& operator[](std::size_t i) const { return polls_.at(i); }

 private:
  std::map<std::size_t, std::vector<PointValue>> running_;
  std::vector<WholePoll> polls_;
};

}  // namespace yb::field::line
