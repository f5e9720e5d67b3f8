// metersim plays the meters of a park over their real protocols; see docs/metersim.md.
#include <sys/signalfd.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <csignal>
#include <cstdio>

#include "core/base/log.hpp"
#include "tools/metersim/metersim_app.hpp"

namespace {

constexpr int kWrongUse = 2;
constexpr double kMostSpeed = 1e6;

/// SIGTERM and SIGINT as a descriptor that becomes readable.
int OpenStopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "Plays the meters of a park: DL/T 645 and CJ/T 188 meters behind serial servers, each line a TCP port.\n"
      "Registers follow from --seed and the time alone, so a restarted simulator goes on where it would have been.\n"
      "The keys of the configuration are described in docs/metersim.md."};
  yb::metersim::MetersimOptions options;
  std::string log, port_file, replay_start, level = "info";
  double speed = 1.0;
  app.add_option("--config", options.config, "Lines and meters to play (TOML)")->required();
  app.add_option("--seed", options.seed, "Number that all jitter and all start registers follow from")
      ->capture_default_str();
  app.add_option("--log", log, "Truth log: appends one JSON line per answer that was really sent");
  app.add_option("--replay", options.replay, "Folder of the CSV files that meters with 'csv' replay")
      ->capture_default_str();
  app.add_option("--speed", speed, "File time of a replay runs so many times faster than wall time")
      ->capture_default_str()
      ->check(CLI::Range(0.001, kMostSpeed));
  app.add_option("--replay-start", replay_start,
                 "Instant (2026-03-02T06:08:00Z) at which replayed files begin; the program's start if absent. With it "
                 "a restarted simulator goes on in the file");
  app.add_option("--port-file", port_file, "Writes '<line> <port>' lines here, at once, when all lines listen");
  app.add_option("--log-level", level, "debug, info, warn or error, on standard error")->capture_default_str();
  CLI11_PARSE(app, argc, argv);

  const auto refuse = [](const yb::base::Error& error) {
    std::fprintf(stderr, "metersim: %s\n", error.Describe().c_str());
    return kWrongUse;
  };
  options.speed_milli = std::llround(speed * 1000);
  if (!log.empty()) options.log = log;
  if (!port_file.empty()) options.port_file = port_file;
  if (!replay_start.empty()) {
    const auto start = yb::base::FromIso(replay_start);
    if (!start) return refuse(start.error().At("--replay-start"));
    options.replay_start = *start;
  }
  const auto log_level = yb::base::ParseLogLevel(level);
  if (!log_level) return refuse(log_level.error().At("--log-level"));
  yb::base::SetLogLevel(*log_level);

  const int stop_fd = OpenStopSignals();
  const yb::base::SystemClock clock;
  const yb::base::Status status = yb::metersim::RunMetersim(options, clock, stop_fd);
  if (!status) {
    std::fprintf(stderr, "metersim: %s\n", status.error().Describe().c_str());
    return 1;
  }
  return 0;
}
