// The routes of a box's lines (线路) and their commissioning (调试), see core/contract/http-api.yaml. A box only.
#pragma once

#include "core/http/router.hpp"
#include "edge/field/commission/commission_desk.hpp"
#include "edge/telemetry/edge_store.hpp"

namespace yb::edge {

/// The references outlive the router.
void AddLineRoutes(http::Router& router, const field::FieldSide& field, field::commission::CommissionDesk& desk,
                   const base::Clock& clock);

}  // namespace yb::edge
