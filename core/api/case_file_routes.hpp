// The routes of what belongs to a case beside its events: uploads, files, papers. The same at a box and at central.
#pragma once

#include "core/casework/print_queue.hpp"
#include "core/casework/uploads.hpp"
#include "core/http/router.hpp"

namespace yb::api {

/// All of them outlive the router.
void AddCaseFileRoutes(http::Router& router, casework::CaseDesk& desk, casework::Uploads& uploads,
                       casework::PrintQueue& prints);

}  // namespace yb::api
