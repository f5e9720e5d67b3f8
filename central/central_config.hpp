// CentralConfig: `central.toml`, read once at start.
#pragma once

#include <filesystem>

#include "core/base/ids.hpp"
#include "core/config/file_room.hpp"
#include "core/config/web_access.hpp"

namespace yb::central {

struct CentralConfig {
  base::CityId city;
  std::filesystem::path data_dir;
  struct Broker {
    std::string address;  // mqtts://host:port
    std::filesystem::path roots;
    std::filesystem::path certificate;
    std::filesystem::path key;
  } broker;
  struct Web {
    std::uint16_t port = 0;
    config::WebAccess access;
    std::filesystem::path certificate;  // certificate, chain and key in one PEM file
    std::filesystem::path pages;        // empty: none
    std::filesystem::path port_file;    // where the chosen port is written; empty: nowhere
  } web;
  /// (办件) Everything has a default.
  struct Cases {
    std::string organisation = "市政务服务中心";  // on papers that are printed here
    std::string contact;                          // on papers: place, hours and telephone
    std::string review_authority = "市人民政府";  // 行政复议机关
    std::string court = "有管辖权的人民法院";
    std::filesystem::path catalogue;    // empty: items are shown by what their cases say
    std::filesystem::path delegations;  // empty: none
    std::filesystem::path calendar;     // empty: the notices published with this version
    std::filesystem::path key_dir;      // of master.key
  } cases;
  config::FileRoom files;
  std::filesystem::path pki_dir;  // empty: no box can join here
};

/// Errors name file, line, key, what was found and what was expected.
[[nodiscard]] base::Result<CentralConfig> LoadCentralConfig(const std::filesystem::path& file);

}  // namespace yb::central
