// RegisterWalk follows one register from reading to reading and says what was consumed (用量) between them, and what
// happened to the register instead. Consumption is derived from registers, never measured by itself; it is never
// negative and never spans a step that something else explains.
//
// Rules of plausibility (似真性): the register of a meter must not fall, and must not rise by more than can have
// flowed. A reading that breaks them is doubted, and the next one decides: either it goes on from where the register
// was before, and the doubted reading was wrong, or it goes on from the doubted one, and the step is real.
//
// A value; one thread at a time.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/domain/metering/meter_event.hpp"

namespace yb::metering {

/// What is known of a register, in the unit of its readings, transformer ratios included.
struct RegisterRules {
  /// Where it begins at 0 again: 1000000.00 for a dial of six digits. Absent: a fall is never a roll-over.
  std::optional<base::Decimal> range{};
  /// The most that can flow in an hour. Absent: no rise is a jump.
  std::optional<base::Decimal> most_per_hour{};
  /// Between two readings. 0: gaps are not looked for.
  base::Duration interval{0};

  friend bool operator==(const RegisterRules&, const RegisterRules&) = default;
};

/// Two values further apart than this have a gap between them: one reading is missing, or, of those more often than a
/// minute, what comes in half a minute.
[[nodiscard]] base::Duration GapAfter(base::Duration interval);

/// From one believed reading to the next: consumption + explained = after - before, exactly.
struct RegisterStep {
  base::UtcTime from{};
  base::UtcTime to{};
  base::Decimal before{};
  base::Decimal after{};
  base::Decimal consumption{};                    // >= 0
  base::Decimal explained{};                      // the part that is no consumption
  MeterEventKind why = MeterEventKind::kUnknown;  // of `explained`, where it is not 0
};

class RegisterWalk {
 public:
  RegisterWalk(std::string meter, PointNo point, RegisterRules rules)
      : meter_(std::move(meter)), point_(point), rules_(rules) {}

  struct Outcome {
    std::optional<RegisterStep> step{};  // none for the first reading, and while a reading is doubted
    std::vector<MeterEvent> events{};
    bool doubted = false;  // the reading fails plausibility: its quality is suspect
  };

  /// The next reading in order of time; one that is not later than the last is passed over. Readings without a value
  /// are not for here. kInvalidArgument where a difference does not fit a Decimal; the walk begins anew then.
  [[nodiscard]] base::Result<Outcome> Take(base::UtcTime time, base::Decimal value);

  /// What happens between the last reading and the next is explained by `why`: kReplacement or kConfigurationChanged,
  /// with `detail` for its event. From the next reading on `rules` hold.
  void Break(MeterEventKind why, std::string detail, RegisterRules rules);

  /// From the next reading on `rules` hold; the register goes on.
  void Adopt(RegisterRules rules) { rules_ = rules; }

  [[nodiscard]] std::optional<base::UtcTime> last_time() const { return last_time_; }

 private:
  struct Mark {
    base::UtcTime time{};
    base::Decimal value{};
  };
  struct Pending {
    MeterEventKind why = MeterEventKind::kUnknown;
    std::string detail;
  };
  /// What a rise or fall from `from` to `to` looks like; nullopt: ordinary consumption.
  [[nodiscard]] std::optional<MeterEventKind> Judge(const Mark& from, const Mark& to, base::Decimal difference) const;
  [[nodiscard]] bool CanFlow(base::Decimal amount, base::Duration elapsed) const;
  /// From near 0, after a fall, back to where the register was before: the zeros were wrong.
  [[nodiscard]] bool IsReturn(const Mark& from, const Mark& to) const;
  [[nodiscard]] base::Status Step(const Mark& now, Outcome& outcome);
  [[nodiscard]] base::Status StepOverBreak(const Mark& now, Outcome& outcome);
  [[nodiscard]] base::Status Decide(const Mark& now, Outcome& outcome);
  void Emit(Outcome& outcome, MeterEventKind kind, const Mark& before, const Mark& after, std::string detail) const;
  void Believe(const Mark& now);

  std::string meter_;
  PointNo point_;
  RegisterRules rules_;
  std::optional<base::UtcTime> last_time_;  // of any reading, doubted ones included
  std::optional<Mark> believed_;
  std::optional<Mark> doubted_;               // waits for the next reading to decide
  std::optional<Pending> break_;              // set by Break
  std::optional<base::Decimal> fallen_from_;  // after a reset, until the register has left the neighbourhood of 0
};

}  // namespace yb::metering
