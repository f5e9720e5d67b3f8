#include "tools/metersim/register_events.hpp"

#include <algorithm>

namespace yb::metersim {
namespace {

constexpr std::int64_t kDialEnd = 100'000'000;  // 999999.99 and one

/// What governs the main register at an instant: value = raw(time) - raw(base) + start.
struct Regime {
  bool shifted = false;
  base::UtcTime base;
  std::int64_t start = 0;
  bool reset = false;  // concerns every register
};

class Events {
 public:
  explicit Events(std::vector<RegisterEvent> events) : events_(std::move(events)) {
    std::stable_sort(events_.begin(), events_.end(),
                     [](const RegisterEvent& a, const RegisterEvent& b) { return a.at < b.at; });
  }

  /// A roll-over governs from the event before it on, so that the register comes up to it from below.
  [[nodiscard]] Regime At(base::UtcTime time) const {
    Regime regime;
    for (const RegisterEvent& event : events_) {
      const bool past = event.at <= time;
      if (past && event.kind == RegisterEventKind::kReset) regime = {true, event.at, event.start, true};
      if (event.kind == RegisterEventKind::kRollover) {
        regime.shifted = true;
        regime.base = event.at;
        regime.start = 0;
      }
      if (!past) break;
    }
    return regime;
  }
  /// The last reset at or before `time`, for the registers that do not roll over.
  [[nodiscard]] const RegisterEvent* LastReset(base::UtcTime time) const {
    const RegisterEvent* last = nullptr;
    for (const RegisterEvent& event : events_) {
      if (event.kind == RegisterEventKind::kReset && event.at <= time) last = &event;
    }
    return last;
  }

 private:
  std::vector<RegisterEvent> events_;
};

/// The main register's value from the raw one now and at the regime's base.
std::int64_t Shifted(std::int64_t now, std::int64_t at_base, const Regime& regime) {
  const std::int64_t value = (now - at_base + regime.start) % kDialEnd;
  return value < 0 ? value + kDialEnd : value;
}

/// A settlement from before a reset is gone with it.
std::int64_t ShiftedSettlement(std::int64_t settlement, std::int64_t at_base, const Regime& regime) {
  return regime.reset && settlement < at_base ? 0 : Shifted(settlement, at_base, regime);
}

class EventfulFeeder final : public ElectricSource {
 public:
  EventfulFeeder(std::unique_ptr<ElectricSource> source, std::vector<RegisterEvent> events)
      : source_(std::move(source)), events_(std::move(events)) {}

  [[nodiscard]] EnergyRegisters RegistersAt(base::UtcTime time) const override {
    const EnergyRegisters raw = source_->RegistersAt(time);
    EnergyRegisters shown = raw;
    if (const RegisterEvent* reset = events_.LastReset(time)) {
      const EnergyRegisters then = source_->RegistersAt(reset->at);
      const auto subtract = [](auto& values, const auto& base_values) {
        for (std::size_t i = 0; i < values.size(); ++i) values[i] -= base_values[i];
      };
      subtract(shown.forward, then.forward);
      subtract(shown.reverse, then.reverse);
      subtract(shown.quadrant_reactive, then.quadrant_reactive);
    }
    const Regime regime = events_.At(time);
    if (regime.shifted) {
      shown.forward[0] = Shifted(raw.forward[0], source_->RegistersAt(regime.base).forward[0], regime);
    }
    return shown;
  }
  [[nodiscard]] ElectricState StateAt(base::UtcTime time) const override { return source_->StateAt(time); }

 private:
  std::unique_ptr<ElectricSource> source_;
  Events events_;
};

class EventfulVolume final : public VolumeSource {
 public:
  EventfulVolume(std::unique_ptr<VolumeSource> source, std::vector<RegisterEvent> events)
      : source_(std::move(source)), events_(std::move(events)) {}

  [[nodiscard]] std::int64_t VolumeAt(base::UtcTime time) const override {
    const Regime regime = events_.At(time);
    const std::int64_t raw = source_->VolumeAt(time);
    return regime.shifted ? Shifted(raw, source_->VolumeAt(regime.base), regime) : raw;
  }
  [[nodiscard]] std::int64_t SettlementAt(base::UtcTime time) const override {
    const Regime regime = events_.At(time);
    const std::int64_t raw = source_->SettlementAt(time);
    return regime.shifted ? ShiftedSettlement(raw, source_->VolumeAt(regime.base), regime) : raw;
  }
  [[nodiscard]] VolumeUnit unit() const override { return source_->unit(); }

 private:
  std::unique_ptr<VolumeSource> source_;
  Events events_;
};

class EventfulHeat final : public HeatSource {
 public:
  EventfulHeat(std::unique_ptr<HeatSource> source, std::vector<RegisterEvent> events)
      : source_(std::move(source)), events_(std::move(events)) {}

  [[nodiscard]] HeatState StateAt(base::UtcTime time) const override {
    HeatState state = source_->StateAt(time);
    if (const RegisterEvent* reset = events_.LastReset(time)) {
      const HeatState then = source_->StateAt(reset->at);
      state.volume -= then.volume;
      state.work_hours -= then.work_hours;
    }
    const Regime regime = events_.At(time);
    if (regime.shifted) {
      const std::int64_t at_base = source_->StateAt(regime.base).heat;
      state.heat = Shifted(state.heat, at_base, regime);
      state.settlement_heat = ShiftedSettlement(state.settlement_heat, at_base, regime);
    }
    return state;
  }

 private:
  std::unique_ptr<HeatSource> source_;
  Events events_;
};

}  // namespace

std::unique_ptr<ElectricSource> WithEvents(std::unique_ptr<ElectricSource> source, std::vector<RegisterEvent> events) {
  if (events.empty()) return source;
  return std::make_unique<EventfulFeeder>(std::move(source), std::move(events));
}

std::unique_ptr<VolumeSource> WithEvents(std::unique_ptr<VolumeSource> source, std::vector<RegisterEvent> events) {
  if (events.empty()) return source;
  return std::make_unique<EventfulVolume>(std::move(source), std::move(events));
}

std::unique_ptr<HeatSource> WithEvents(std::unique_ptr<HeatSource> source, std::vector<RegisterEvent> events) {
  if (events.empty()) return source;
  return std::make_unique<EventfulHeat>(std::move(source), std::move(events));
}

}  // namespace yb::metersim
