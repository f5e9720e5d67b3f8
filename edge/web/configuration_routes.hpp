// The routes of a box's configuration (配置), see core/contract/http-api.yaml. A box only.
#pragma once

#include <functional>

#include "core/http/router.hpp"
#include "edge/configuration/configuration_desk.hpp"

namespace yb::edge {

/// `in_force`: whether the files on disk are what runs. The references outlive the router.
void AddConfigurationRoutes(http::Router& router, ConfigurationDesk& desk, std::function<bool()> in_force,
                            const base::Clock& clock);

}  // namespace yb::edge
