#include "tools/metersim/line_builder.hpp"

#include "core/base/log.hpp"
#include "tools/metersim/dlt645_1997_meter.hpp"
#include "tools/metersim/dlt645_2007_meter.hpp"
#include "tools/metersim/electric_source.hpp"
#include "tools/metersim/register_events.hpp"
#include "tools/metersim/seeded.hpp"

namespace yb::metersim {
namespace {

using base::Result;
using base::Status;

constexpr std::int64_t kHighestPower = 799'999;  // XX.XXXX kW below the sign's bit

/// One meter as it hangs: its address, and the events of its time.
struct Identity {
  std::string address;
  std::uint64_t seed = 0;
  std::vector<RegisterEvent> events;
};

std::int64_t CtRatio(const MeterConfig& config, const Profile* profile) {
  return config.ct_ratio.value_or(profile == nullptr ? 1 : profile->ct_ratio);
}

Result<std::unique_ptr<ElectricSource>> BuildElectricSource(const MeterConfig& config, const Identity& identity,
                                                            const ParkSettings& park) {
  const Profile* profile = park.profiles.Find(config.profile);
  const std::int64_t ct_ratio = CtRatio(config, profile);
  if (profile != nullptr) return WithEvents(MakeProfileFeeder(*profile, ct_ratio, identity.seed), identity.events);
  YB_ASSIGN(FeederReplay replay,
            LoadFeederReplay(park.replay_dir / config.csv, park.replay_clock, ct_ratio, identity.seed));
  if (replay.peak_power > kHighestPower) {
    base::Logger("metersim")
        .Warn("power_does_not_fit", {{"meter", config.where},
                                     {"peak_0.1W", replay.peak_power},
                                     {"hint", "DL/T 645 answers FF above 79.9999 kW; set ct_ratio"}});
  }
  return WithEvents(std::move(replay.source), identity.events);
}

Result<std::unique_ptr<BusMeter>> BuildElectricMeter(const MeterConfig& config, const Identity& identity,
                                                     const ParkSettings& park) {
  YB_ASSIGN(std::unique_ptr<ElectricSource> source, BuildElectricSource(config, identity, park));
  const std::int64_t ct_ratio = CtRatio(config, park.profiles.Find(config.profile));
  const ElectricNameplate nameplate{identity.address, identity.address, ct_ratio, config.tariffs};
  std::unique_ptr<BusMeter> meter;
  switch (config.protocol) {
    case Protocol::kDlt645In1997:
      meter = std::make_unique<Dlt645Meter1997>(
          Dlt645In1997Options{nameplate, config.preamble, config.clock_error, config.answers_broadcast,
                              config.echoes_wildcard, config.ends_block_with_aa},
          std::move(source));
      break;
    case Protocol::kModbusRtu:
    case Protocol::kModbusTcp:
      meter = MakeModbusMeter({static_cast<std::uint8_t>(std::stoi(identity.address)),
                               config.protocol == Protocol::kModbusTcp ? Framing::kModbusTcp : Framing::kModbusRtu,
                               config.most_registers, ct_ratio},
                              config.map == ModbusMap::kAcrelDtsd1352
                                  ? AcrelDtsd1352()
                                  : ChintDtsu666(config.scaling, config.energy_registers),
                              std::move(source));
      break;
    default:
      meter = std::make_unique<Dlt645Meter2007>(
          Dlt645Options{nameplate, config.preamble, config.longest_data, config.clock_error}, std::move(source));
  }
  return meter;
}

Result<std::unique_ptr<BusMeter>> BuildCjt188Meter(const MeterConfig& config, const Identity& identity,
                                                   const ParkSettings& park) {
  Cjt188Options options{.address = identity.address,
                        .type = config.type,
                        .di_order = config.di_order,
                        .preamble = config.preamble,
                        .status = config.status,
                        .clock_error = config.clock_error};
  const Profile* profile = park.profiles.Find(config.profile);
  if (profile != nullptr && profile->medium == Medium::kHeat) {
    return MakeCjt188HeatMeter(std::move(options), config.heat_layout,
                               WithEvents(MakeProfileHeat(*profile, identity.seed), identity.events));
  }
  std::unique_ptr<VolumeSource> source;
  if (profile != nullptr) {
    source = MakeProfileVolume(*profile, identity.seed);
  } else {
    YB_ASSIGN(source, LoadVolumeReplay(park.replay_dir / config.csv, config.csv_meter, park.replay_clock));
  }
  return MakeCjt188VolumeMeter(std::move(options), WithEvents(std::move(source), identity.events));
}

/// Events of `config` within [from, to).
std::vector<RegisterEvent> EventsBetween(const MeterConfig& config, base::UtcTime from, base::UtcTime to) {
  std::vector<RegisterEvent> events;
  for (const RegisterEvent& event : config.events) {
    if (event.at >= from && event.at < to) events.push_back(event);
  }
  return events;
}

/// The meters that hang at one place, one after the other.
Status BuildPlace(const MeterConfig& config, const std::string& address, const FaultConfig& line_faults,
                  const ParkSettings& park, std::vector<MountedMeter>& meters) {
  Absence always;
  base::UtcTime installed = always.from;
  Identity identity{address, Mix(park.seed, address), {}};
  std::vector<RegisterEvent> first_events;
  for (std::size_t i = 0; i <= config.replacements.size(); ++i) {
    const base::UtcTime removed = i < config.replacements.size() ? config.replacements[i].at : always.to;
    identity.events = first_events;
    for (const RegisterEvent& event : EventsBetween(config, installed, removed)) identity.events.push_back(event);
    Result<std::unique_ptr<BusMeter>> meter = config.protocol == Protocol::kCjt188
                                                  ? BuildCjt188Meter(config, identity, park)
                                                  : BuildElectricMeter(config, identity, park);
    if (!meter) return base::Fail(meter.error().At(config.where));
    MountedMeter mounted{std::move(*meter), config.faults.rules, config.faults.power_off};
    mounted.absences.insert(mounted.absences.end(), line_faults.power_off.begin(), line_faults.power_off.end());
    mounted.absences.push_back({always.from, installed});
    mounted.absences.push_back({removed, always.to});
    meters.push_back(std::move(mounted));
    if (i == config.replacements.size()) break;
    const Replacement& replacement = config.replacements[i];
    installed = replacement.at + replacement.gap;
    if (!replacement.address.empty()) identity.address = replacement.address;
    identity.seed = Mix(park.seed, identity.address);
    first_events = {{RegisterEventKind::kReset, installed, replacement.start}};
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<LineBus>> BuildLine(const LineConfig& config, const ParkSettings& park) {
  std::vector<MountedMeter> meters;
  bool has_rtu = false;
  for (const MeterConfig& meter : config.meters) {
    has_rtu = has_rtu || meter.protocol == Protocol::kModbusRtu;
    for (int index = 0; index < meter.count; ++index) {
      YB_ASSIGN(const std::string address, AddressAfter(meter.address, index));
      YB_TRY(BuildPlace(meter, address, config.faults, park, meters));
    }
  }
  const ScanFor bus = has_rtu ? ScanFor::kMeterBusWithRtu : ScanFor::kMeterBus;
  return std::make_unique<LineBus>(LineSettings{.key = config.key,
                                                .seed = Mix(park.seed, config.key),
                                                .baud = config.baud,
                                                .reply_delay = config.reply_delay,
                                                .collisions = config.collisions,
                                                .scan_for = config.IsModbusTcp() ? ScanFor::kModbusTcp : bus,
                                                .faults = config.faults.rules,
                                                .registration = config.registration,
                                                .heartbeat = config.heartbeat,
                                                .heartbeat_every = config.heartbeat_every},
                                   std::move(meters));
}

}  // namespace yb::metersim
