// EdgeConfig: `edge.toml` of a box, read once at start.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/config/file_room.hpp"
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
  /// (服务站) Everything has a default: a box without a station receives nothing.
  struct Station {
    std::string organisation;    // 铝业园区政务服务工作站; the site's name where it is left out
    std::string receipt_prefix;  // "JY03"; the site's id in capitals where it is left out
    std::string contact;         // place, hours and telephone, for papers
    std::string review_authority = "市人民政府";  // 行政复议机关
    std::string court = "有管辖权的人民法院";
    std::filesystem::path catalogue;         // empty: no item can be received
    std::filesystem::path delegations;       // empty: the park decides nothing
    std::filesystem::path calendar;          // empty: the notices published with this version
    std::filesystem::path scans;             // where scanners write; empty: none
    std::vector<std::string> print_command;  // takes a PDF on standard input; empty: none
    std::filesystem::path key_dir;           // of master.key
  } station;
  config::FileRoom files;
  int flash_endurance_tb = 30;  // (写入寿命) what the box's flash can be written with, in 10^12 bytes

  /// Where history waits to be taken up.
  [[nodiscard]] std::filesystem::path import_folder() const { return data_dir / "import"; }
};

/// Errors name file, line, key, what was found and what was expected.
[[nodiscard]] base::Result<EdgeConfig> LoadEdgeConfig(const std::filesystem::path& file);

}  // namespace yb::edge
