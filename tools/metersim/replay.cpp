#include "tools/metersim/replay.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <vector>

#include "tools/metersim/replay_csv.hpp"

namespace yb::metersim {
namespace {

constexpr std::int64_t kMicrosPerHour = 3'600'000'000;
constexpr std::int64_t kLitreDialEnd = 100'000'000;  // eight digits of XXXXXX.XX

/// The last row at or before `time`, the first row where there is none.
template <class Row>
const Row& RowAt(const std::vector<Row>& rows, base::UtcTime time) {
  const auto after =
      std::upper_bound(rows.begin(), rows.end(), time, [](base::UtcTime t, const Row& row) { return t < row.time; });
  return after == rows.begin() ? rows.front() : *(after - 1);
}

base::UtcTime MonthStartOfFile(base::UtcTime time) {
  const auto day =
      std::chrono::floor<std::chrono::days>(std::chrono::sys_time<base::Duration>{base::Duration(time.micros)});
  const std::chrono::year_month_day date{day};
  const std::chrono::sys_time<base::Duration> first = std::chrono::sys_days(date.year() / date.month() / 1);
  return {first.time_since_epoch().count()};
}

struct FeederRow {
  base::UtcTime time;
  EnergyRegisters registers;      // at the primary side
  std::int64_t active_power = 0;  // 0.0001 kW, primary
  std::int64_t power_factor = 1000;
};

class FeederFile final : public ElectricSource {
 public:
  FeederFile(std::vector<FeederRow> rows, ReplayClock clock, std::int64_t ct_ratio, std::uint64_t seed)
      : rows_(std::move(rows)), clock_(clock), ct_ratio_(ct_ratio), seed_(seed) {}

  [[nodiscard]] EnergyRegisters RegistersAt(base::UtcTime time) const override {
    EnergyRegisters registers = Now(time).registers;
    const auto divide = [this](auto& values) {
      for (std::int64_t& value : values) value /= ct_ratio_;
    };
    divide(registers.forward);
    divide(registers.reverse);
    divide(registers.quadrant_reactive);
    return registers;
  }

  [[nodiscard]] ElectricState StateAt(base::UtcTime time) const override {
    const FeederRow& row = Now(time);
    return CompleteState(row.active_power / ct_ratio_, row.power_factor, seed_, time);
  }

 private:
  [[nodiscard]] const FeederRow& Now(base::UtcTime time) const {
    return RowAt(rows_, clock_.FileTime(time, rows_.front().time, rows_.back().time));
  }

  std::vector<FeederRow> rows_;
  ReplayClock clock_;
  std::int64_t ct_ratio_;
  std::uint64_t seed_;
};

struct VolumeRow {
  base::UtcTime time;
  std::int64_t litres = 0;
};

class VolumeReplay final : public VolumeSource {
 public:
  VolumeReplay(std::vector<VolumeRow> rows, base::UtcTime first, base::UtcTime last, ReplayClock clock, VolumeUnit unit)
      : rows_(std::move(rows)), first_(first), last_(last), clock_(clock), unit_(unit) {}

  [[nodiscard]] std::int64_t VolumeAt(base::UtcTime time) const override {
    return Dial(RowAt(rows_, clock_.FileTime(time, first_, last_)));
  }
  [[nodiscard]] std::int64_t SettlementAt(base::UtcTime time) const override {
    return Dial(RowAt(rows_, MonthStartOfFile(clock_.FileTime(time, first_, last_))));
  }
  [[nodiscard]] VolumeUnit unit() const override { return unit_; }

 private:
  [[nodiscard]] std::int64_t Dial(const VolumeRow& row) const {
    return unit_ == VolumeUnit::kLitre ? row.litres * 100 : row.litres / 10;
  }

  std::vector<VolumeRow> rows_;
  base::UtcTime first_;  // of the file, not of this meter: all meters of a file share its time
  base::UtcTime last_;
  ReplayClock clock_;
  VolumeUnit unit_;
};

}  // namespace

base::UtcTime ReplayClock::FileTime(base::UtcTime now, base::UtcTime first, base::UtcTime last) const {
  // A wall millisecond is speed_milli microseconds of the file; one pass through the file takes `pass` of them.
  const std::int64_t wall_millis = std::max<std::int64_t>(0, (now - start).count() / 1000);
  const std::int64_t pass = (last - first).count() / speed_milli;
  if (wall_millis <= pass) return first + base::Duration(wall_millis * speed_milli);
  return loop && pass > 0 ? first + base::Duration(wall_millis % pass * speed_milli) : last;
}

base::Result<FeederReplay> LoadFeederReplay(const std::filesystem::path& file, ReplayClock clock, std::int64_t ct_ratio,
                                            std::uint64_t seed) {
  YB_ASSIGN(CsvReader csv, CsvReader::Open(file, {"time", "active_energy_kwh", "active_power_kw",
                                                  "reactive_lagging_kvarh", "reactive_leading_kvarh", "power_factor"}));
  std::vector<FeederRow> rows;
  EnergyRegisters running;
  std::int64_t peak_power = 0;
  while (csv.Next()) {
    FeederRow row;
    YB_ASSIGN(row.time, csv.Time(0));
    YB_ASSIGN(const std::int64_t energy, csv.Scaled(1, 2));
    YB_ASSIGN(row.active_power, csv.Scaled(2, 4));
    YB_ASSIGN(const std::int64_t lagging, csv.Scaled(3, 2));
    YB_ASSIGN(const std::int64_t leading, csv.Scaled(4, 2));
    YB_ASSIGN(row.power_factor, csv.Scaled(5, 3));
    row.power_factor = std::clamp<std::int64_t>(row.power_factor, 1, 1000);
    const int tariff = TariffOfHour(static_cast<int>(row.time.micros / kMicrosPerHour % 24));
    running.forward[static_cast<std::size_t>(tariff)] += energy - running.forward[0];
    running.forward[0] = energy;
    running.quadrant_reactive[0] += lagging;
    running.quadrant_reactive[3] += leading;
    row.registers = running;
    peak_power = std::max(peak_power, row.active_power / ct_ratio);
    rows.push_back(row);
  }
  if (rows.empty()) return base::Fail(base::ErrorCode::kCorrupt, file.string() + " has no rows");
  return FeederReplay{std::make_unique<FeederFile>(std::move(rows), clock, ct_ratio, seed), peak_power};
}

base::Result<std::unique_ptr<VolumeSource>> LoadVolumeReplay(const std::filesystem::path& file, std::string_view meter,
                                                             ReplayClock clock) {
  YB_ASSIGN(CsvReader csv, CsvReader::Open(file, {"time", "meter", "volume_l"}));
  std::vector<VolumeRow> rows;
  base::UtcTime first{std::numeric_limits<std::int64_t>::max()}, last{std::numeric_limits<std::int64_t>::min()};
  std::int64_t highest = 0;
  while (csv.Next()) {
    YB_ASSIGN(const base::UtcTime time, csv.Time(0));
    first = std::min(first, time);
    last = std::max(last, time);
    if (csv.Text(1) != meter) continue;
    YB_ASSIGN(const std::int64_t litres, csv.Scaled(2, 0));
    highest = std::max(highest, litres);
    rows.push_back({time, litres});
  }
  if (rows.empty()) {
    return base::Fail(base::ErrorCode::kNotFound,
                      "no meter '" + std::string(meter) + "' in the column 'meter' of " + file.string());
  }
  std::stable_sort(rows.begin(), rows.end(), [](const VolumeRow& a, const VolumeRow& b) { return a.time < b.time; });
  const VolumeUnit unit = highest * 100 < kLitreDialEnd ? VolumeUnit::kLitre : VolumeUnit::kCubicMetre;
  return std::unique_ptr<VolumeSource>(std::make_unique<VolumeReplay>(std::move(rows), first, last, clock, unit));
}

}  // namespace yb::metersim
