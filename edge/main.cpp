#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>

#include "core/base/heap.hpp"
#include "core/base/log.hpp"
#include "core/base/shutdown.hpp"
#include "core/base/version.hpp"
#include "edge/edge_app.hpp"

int main(int argc, char** argv) {
  yb::base::KeepHeapSmall();
  const yb::base::Shutdown shutdown(yb::base::Shutdown::Hangup::kIsWaitedFor);
  CLI::App cli(
      "yuanban-edge (园区盒子): reads the meters of a park, keeps every reading, serves its pages and sends it all to "
      "central.\n"
      "Runs until SIGINT or SIGTERM; on SIGHUP reads field.toml and the meter profiles again. Logs to standard error, "
      "one line per event.");
  std::string config_file = "edge.toml";
  std::string log_level = "info";
  cli.add_option("-c,--config", config_file, "Configuration file (docs/configuration.md)")->capture_default_str();
  cli.add_option("--log-level", log_level, "debug, info, warn or error")->capture_default_str();
  cli.set_version_flag("--version", std::string("yuanban-edge ") + yb::base::kVersion);
  CLI11_PARSE(cli, argc, argv);

  const auto fail = [](const yb::base::Error& error) {
    std::fprintf(stderr, "yuanban-edge: %s\n", error.Describe().c_str());
    return 1;
  };
  const auto level = yb::base::ParseLogLevel(log_level);
  if (!level) return fail(level.error());
  yb::base::SetLogLevel(*level);
  const auto config = yb::edge::LoadEdgeConfig(config_file);
  if (!config) return fail(config.error());
  const auto app = yb::edge::EdgeApp::Start(*config);
  if (!app) return fail(app.error());
  const yb::base::Logger log("edge");
  int signal = shutdown.Wait();
  for (; signal == SIGHUP; signal = shutdown.Wait()) {
    const auto reloaded = (*app)->ReloadField();
    if (!reloaded) log.Error("configuration refused, the former one runs on", {{"why", reloaded.error().Describe()}});
  }
  log.Info("ending", {{"signal", signal}});
  return 0;
}
