// The routes of alarms (core/contract/http-api.yaml): the list across sites, one alarm with its history, acts.
#pragma once

#include "core/api/alarm_queries.hpp"
#include "core/http/router.hpp"

namespace yb::api {

/// The references outlive the router.
void AddAlarmRoutes(http::Router& router, AlarmQueries& queries, const base::Clock& clock);

}  // namespace yb::api
