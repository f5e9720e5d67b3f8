// The routes of the station (服务站) that only a box has: drafts and the scanner's folder.
#pragma once

#include "core/http/router.hpp"
#include "edge/station/draft_store.hpp"
#include "edge/station/scan_folder.hpp"

namespace yb::edge {

/// All of them outlive the router.
void AddStationRoutes(http::Router& router, DraftStore& drafts, ScanFolder& scans, const base::Clock& clock);

}  // namespace yb::edge
