// The routes of log-in, users and the record of acts (core/contract/http-api.yaml), the same on both sides.
#pragma once

#include <functional>

#include "core/http/router.hpp"
#include "core/identity/identity_service.hpp"

namespace yb::api {

/// Puts log-in in force: from now on the router asks `service` who somebody is, lets in whom a route's access names,
/// and has acts recorded. The references outlive the router. `on_extended`: at a box, after each extension of the
/// log-in term that was made here.
void AddIdentity(http::Router& router, identity::IdentityService& service, const base::Clock& clock,
                 std::function<void()> on_extended = {});

}  // namespace yb::api
