// The route by which a box joins with its one-time code (POST /api/v1/enroll).
#pragma once

#include "core/base/time.hpp"
#include "core/http/router.hpp"
#include "core/security/enrolment_service.hpp"

namespace yb::central {

/// The references outlive the router.
void AddEnrolmentRoute(http::Router& router, security::EnrolmentService& service, const base::Clock& clock);

}  // namespace yb::central
