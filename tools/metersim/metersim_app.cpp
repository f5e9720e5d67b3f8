#include "tools/metersim/metersim_app.hpp"

#include <fstream>

#include "core/base/log.hpp"
#include "tools/metersim/dlt645_2007_meter.hpp"
#include "tools/metersim/electric_source.hpp"
#include "tools/metersim/io_loop.hpp"
#include "tools/metersim/seeded.hpp"

namespace yb::metersim {
namespace {

using base::Result;
using base::Status;

constexpr std::int64_t kHighestPower = 799'999;  // XX.XXXX kW below the sign's bit

struct SourceContext {
  const ProfileCatalogue& profiles;
  std::uint64_t seed;
  const std::filesystem::path& replay_dir;
  ReplayClock replay_clock;
};

Result<std::unique_ptr<BusMeter>> BuildElectricMeter(const MeterConfig& config, const std::string& address,
                                                     const SourceContext& context) {
  const Profile* profile = context.profiles.Find(config.profile);
  const std::int64_t ct_ratio = config.ct_ratio.value_or(profile == nullptr ? 1 : profile->ct_ratio);
  const std::uint64_t seed = Mix(context.seed, address);
  std::unique_ptr<ElectricSource> source;
  if (profile != nullptr) {
    source = MakeProfileFeeder(*profile, ct_ratio, seed);
  } else {
    YB_ASSIGN(FeederReplay replay,
              LoadFeederReplay(context.replay_dir / config.csv, context.replay_clock, ct_ratio, seed));
    source = std::move(replay.source);
    if (replay.peak_power > kHighestPower) {
      base::Logger("metersim")
          .Warn("power_does_not_fit", {{"meter", config.where},
                                       {"peak_0.1W", replay.peak_power},
                                       {"hint", "answers FF above 79.9999 kW; set ct_ratio"}});
    }
  }
  Dlt645Options options{.nameplate = {address, address, ct_ratio, config.tariffs},
                        .preamble = config.preamble,
                        .longest_data = config.longest_data};
  return std::unique_ptr<BusMeter>(std::make_unique<Dlt645Meter2007>(std::move(options), std::move(source)));
}

Result<std::unique_ptr<BusMeter>> BuildVolumeMeter(const MeterConfig& config, const std::string& address,
                                                   const SourceContext& context) {
  std::unique_ptr<VolumeSource> source;
  if (const Profile* profile = context.profiles.Find(config.profile)) {
    source = MakeProfileVolume(*profile, Mix(context.seed, address));
  } else {
    YB_ASSIGN(source, LoadVolumeReplay(context.replay_dir / config.csv, config.csv_meter, context.replay_clock));
  }
  Cjt188Options options{
      .address = address, .di_order = config.di_order, .preamble = config.preamble, .status = config.status};
  return MakeCjt188VolumeMeter(std::move(options), std::move(source));
}

/// Written beside its place and renamed, so that whoever waits for the file finds it whole.
Status WritePortFile(const std::filesystem::path& file, const std::string& text) {
  const std::filesystem::path draft = file.string() + ".draft";
  std::ofstream out(draft, std::ios::trunc);
  out << text;
  out.close();
  std::error_code code;
  if (out) std::filesystem::rename(draft, file, code);
  if (!out || code) return base::Fail(base::ErrorCode::kIo, "cannot write the port file " + file.string());
  return {};
}

}  // namespace

Result<std::unique_ptr<LineBus>> BuildLine(const LineConfig& config, const ProfileCatalogue& profiles,
                                           std::uint64_t seed, const std::filesystem::path& replay_dir,
                                           ReplayClock replay_clock) {
  const SourceContext context{profiles, seed, replay_dir, replay_clock};
  std::vector<std::unique_ptr<BusMeter>> meters;
  for (const MeterConfig& meter : config.meters) {
    for (int index = 0; index < meter.count; ++index) {
      YB_ASSIGN(const std::string address, AddressAfter(meter.address, index));
      Result<std::unique_ptr<BusMeter>> built = meter.protocol == Protocol::kCjt188
                                                    ? BuildVolumeMeter(meter, address, context)
                                                    : BuildElectricMeter(meter, address, context);
      if (!built) return base::Fail(built.error().At(meter.where));
      meters.push_back(std::move(*built));
    }
  }
  return std::make_unique<LineBus>(
      LineSettings{
          .key = config.key, .baud = config.baud, .reply_delay = config.reply_delay, .collisions = config.collisions},
      std::move(meters));
}

Status RunMetersim(const MetersimOptions& options, const base::Clock& clock, int stop_fd) {
  const base::Logger logger("metersim");
  const ProfileCatalogue profiles;
  YB_ASSIGN(const SimConfig config, LoadSimConfig(options.config, profiles));
  const ReplayClock replay_clock{options.replay_start.value_or(clock.Now()), options.speed_milli, config.replay_loop};
  std::optional<TruthLog> log;
  if (options.log) {
    YB_ASSIGN(TruthLog opened, TruthLog::Open(*options.log));
    log.emplace(std::move(opened));
  }
  IoLoop loop(clock, log ? &*log : nullptr, stop_fd);
  std::string ports;
  std::size_t meters = 0;
  for (const LineConfig& line : config.lines) {
    YB_ASSIGN(std::unique_ptr<LineBus> bus, BuildLine(line, profiles, options.seed, options.replay, replay_clock));
    meters += bus->meter_count();
    YB_ASSIGN(const std::uint16_t port, loop.AddListeningLine(std::move(bus), line.listen));
    ports += line.key + " " + std::to_string(port) + "\n";
    logger.Info("listening", {{"line", line.key}, {"host", line.listen.host}, {"port", port}});
  }
  if (options.port_file) YB_TRY(WritePortFile(*options.port_file, ports));
  logger.Info("serving", {{"lines", config.lines.size()}, {"meters", meters}, {"seed", options.seed}});
  YB_TRY(loop.Run());
  logger.Info("stopped");
  return {};
}

}  // namespace yb::metersim
