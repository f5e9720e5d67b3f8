// EdgeConfig: `edge.toml` of a box, read once at start.
#pragma once

#include <chrono>
#include <filesystem>

#include "core/base/ids.hpp"
#include "core/config/web_access.hpp"

namespace yb::edge {

struct EdgeConfig {
  base::CityId city;
  base::SiteId site;
  std::string site_name;
  std::filesystem::path data_dir;
  std::chrono::milliseconds commit_interval{1000};
  std::chrono::milliseconds live_interval{100};  // latest values go up at most this often
  struct Field {
    std::filesystem::path config;    // lines and meters
    std::filesystem::path profiles;  // folder of meter profiles
    std::filesystem::path alarms;    // alarm rules; empty: none but those of the box itself
  } field;
  std::filesystem::path identity_dir;  // what enrolment left; the box works by itself until it has joined
  struct Web {
    std::uint16_t port = 0;
    config::WebAccess access;
    std::filesystem::path pages;      // empty: none
    std::filesystem::path port_file;  // where the chosen port is written; empty: nowhere
  } web;
  struct Keep {
    std::int64_t history_mib = 8192;  // what history may take
    std::int64_t free_mib = 64;       // what the disk has to have free; below that it is nearly full
  } keep;
  int flash_endurance_tb = 30;  // (写入寿命) what the box's flash can be written with, in 10^12 bytes

  /// Where history waits to be taken up.
  [[nodiscard]] std::filesystem::path import_folder() const { return data_dir / "import"; }
};

/// Errors name file, line, key, what was found and what was expected.
[[nodiscard]] base::Result<EdgeConfig> LoadEdgeConfig(const std::filesystem::path& file);

}  // namespace yb::edge
