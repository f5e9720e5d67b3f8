#include <CLI/CLI.hpp>
#include <cstdio>

#include "central/central_app.hpp"
#include "core/base/log.hpp"
#include "core/base/shutdown.hpp"
#include "core/base/version.hpp"

int main(int argc, char** argv) {
  const yb::base::Shutdown shutdown;
  CLI::App cli(
      "yuanban-central (市级平台): takes in what the boxes of the city's parks send and serves the pages of it.\n"
      "Runs until SIGINT or SIGTERM. Logs to standard error, one line per event.");
  std::string config_file = "central.toml";
  std::string log_level = "info";
  cli.add_option("-c,--config", config_file, "Configuration file (docs/configuration.md)")->capture_default_str();
  cli.add_option("--log-level", log_level, "debug, info, warn or error")->capture_default_str();
  cli.set_version_flag("--version", std::string("yuanban-central ") + yb::base::kVersion);
  CLI11_PARSE(cli, argc, argv);

  const auto fail = [](const yb::base::Error& error) {
    std::fprintf(stderr, "yuanban-central: %s\n", error.Describe().c_str());
    return 1;
  };
  const auto level = yb::base::ParseLogLevel(log_level);
  if (!level) return fail(level.error());
  yb::base::SetLogLevel(*level);
  const auto config = yb::central::LoadCentralConfig(config_file);
  if (!config) return fail(config.error());
  const auto app = yb::central::CentralApp::Start(*config);
  if (!app) return fail(app.error());
  const int signal = shutdown.Wait();
  yb::base::Logger("central").Info("ending", {{"signal", signal}});
  return 0;
}
