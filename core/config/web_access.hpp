// WebAccess: what the tables [web] of edge.toml and central.toml say about who reaches the pages and for how long.
#pragma once

#include <chrono>
#include <string>

#include "core/config/toml_table.hpp"

namespace yb::config {

struct WebAccess {
  std::string listen = "127.0.0.1";        // an IPv4 address of this machine; 0.0.0.0: all
  std::chrono::minutes session_idle{30};   // a session ends after this long without use …
  std::chrono::hours session_longest{12};  // … and after this long in any case
};

/// Reads listen, session_idle_minutes and session_hours.
[[nodiscard]] base::Result<WebAccess> ReadWebAccess(TomlTable& web);

}  // namespace yb::config
