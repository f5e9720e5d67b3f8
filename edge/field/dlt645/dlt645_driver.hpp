// Dlt645Driver polls one electricity meter (电能表) of either edition: blocks where the profile has them, single items
// otherwise, follow-up frames where the meter cuts an answer, and no more questions that the meter has refused.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "edge/field/dlt645/answer.hpp"
#include "edge/field/dlt645/frame.hpp"
#include "edge/field/field_driver.hpp"

namespace yb::field::dlt645 {

class Dlt645Driver final : public FieldDriver {
 public:
  /// kInvalidArgument names the address, identifier or block that does not fit, or the option, of which there are none.
  [[nodiscard]] static base::Result<std::unique_ptr<FieldDriver>> Make(Edition edition, const MeterSettings& settings);

  [[nodiscard]] std::unique_ptr<Poll> BeginPoll(Instant now) override;

 private:
  friend class Dlt645Poll;

  Dlt645Driver(Edition edition, Address address, std::vector<PointRule> rules)
      : edition_(edition), address_(address), rules_(std::move(rules)) {}

  const Edition edition_;
  const Address address_;
  const std::vector<PointRule> rules_;
  std::vector<std::uint32_t> point_dis_;  // parallel to rules_
  std::vector<std::uint32_t> blocks_;
  std::map<std::uint32_t, base::Monotonic> refused_;  // identifier → when the meter said it has none
};

}  // namespace yb::field::dlt645
