#include "tools/metersim/metersim_app.hpp"

#include <fstream>

#include "core/base/log.hpp"
#include "tools/metersim/io_loop.hpp"
#include "tools/metersim/line_builder.hpp"
#include "tools/metersim/sim_config.hpp"

namespace yb::metersim {
namespace {

using base::Status;

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

/// Puts the line where its configuration says; a listening one adds its line to `ports`.
Status Connect(const LineConfig& config, std::unique_ptr<LineBus> bus, IoLoop& loop, std::string& ports) {
  const base::Logger logger("metersim");
  if (config.dial) {
    logger.Info("dialling", {{"line", config.key}, {"host", config.dial->host}, {"port", config.dial->port}});
    return loop.AddDiallingLine(std::move(bus), *config.dial);
  }
  if (config.terminal) {
    logger.Info("terminal", {{"line", config.key}, {"link", config.terminal->string()}});
    return loop.AddTerminalLine(std::move(bus), *config.terminal);
  }
  YB_ASSIGN(const std::uint16_t port, loop.AddListeningLine(std::move(bus), *config.listen));
  ports += config.key + " " + std::to_string(port) + "\n";
  logger.Info("listening", {{"line", config.key}, {"host", config.listen->host}, {"port", port}});
  return {};
}

}  // namespace

Status RunMetersim(const MetersimOptions& options, const base::Clock& clock, int stop_fd) {
  const base::Logger logger("metersim");
  const ProfileCatalogue profiles;
  const base::UtcTime start = clock.Now();
  YB_ASSIGN(const SimConfig config, LoadSimConfig(options.config, profiles, start));
  const ParkSettings park{profiles,
                          options.seed,
                          options.replay,
                          {options.replay_start.value_or(start), options.speed_milli, config.replay_loop}};
  std::optional<TruthLog> log;
  if (options.log) {
    YB_ASSIGN(TruthLog opened, TruthLog::Open(*options.log));
    log.emplace(std::move(opened));
  }
  IoLoop loop(clock, log ? &*log : nullptr, stop_fd);
  std::string ports;
  std::size_t meters = 0;
  for (const LineConfig& line : config.lines) {
    YB_ASSIGN(std::unique_ptr<LineBus> bus, BuildLine(line, park));
    meters += bus->meter_count();
    YB_TRY(Connect(line, std::move(bus), loop, ports));
  }
  if (options.port_file) YB_TRY(WritePortFile(*options.port_file, ports));
  logger.Info("serving", {{"lines", config.lines.size()}, {"meters", meters}, {"seed", options.seed}});
  YB_TRY(loop.Run());
  logger.Info("stopped");
  return {};
}

}  // namespace yb::metersim
