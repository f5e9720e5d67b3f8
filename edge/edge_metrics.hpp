// What yuanban-edge tells Prometheus about itself.
#pragma once

#include <filesystem>

#include "core/metrics/metrics.hpp"
#include "edge/configuration/configuration_desk.hpp"
#include "edge/field_setup.hpp"
#include "edge/telemetry/edge_store.hpp"
#include "edge/telemetry/import_spool.hpp"
#include "edge/uplink/uplink.hpp"

namespace yb::edge {

/// `uplink` is null for a box that has not joined. All outlive `metrics`' last Render.
void AddEdgeMetrics(metrics::Metrics& metrics, const EdgeStore& store, const field::FieldSide& field,
                    const ReloadCounters& reloads, const Uplink* uplink, const base::Clock& clock);

void AddConfigurationMetrics(metrics::Metrics& metrics, const ConfigurationDesk& desk);

/// Of the folder that ImportSpool takes up.
void AddImportMetrics(metrics::Metrics& metrics, const std::filesystem::path& folder);

}  // namespace yb::edge
