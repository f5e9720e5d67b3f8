#include "edge/edge_metrics.hpp"

#include <algorithm>
#include <functional>

namespace yb::edge {
namespace {

double Seconds(base::Duration duration) {
  return static_cast<double>(duration.count()) / 1e6;
}

void AddStoreMetrics(metrics::Metrics& metrics, const EdgeStore& store) {
  const EdgeStoreCounters& counters = store.counters();
  const std::pair<const char*, const std::atomic<std::uint64_t>*> totals[] = {
      {"handed_over", &counters.readings}, {"committed", &counters.committed}, {"dropped", &counters.dropped}};
  for (const auto& [state, counter] : totals) {
    const metrics::Counter total =
        metrics.AddCounter("yb_edge_readings_total", "Readings, by what became of them", {{"state", state}});
    metrics.OnCollect([total, source = counter] { total.RaiseTo(static_cast<double>(source->load())); });
  }
  const metrics::Counter commits = metrics.AddCounter("yb_edge_commits_total", "Synced commits");
  const metrics::Counter failures = metrics.AddCounter("yb_edge_commit_failures_total", "Commits that failed");
  metrics.OnCollect([commits, failures, &counters] {
    commits.RaiseTo(static_cast<double>(counters.commits.load()));
    failures.RaiseTo(static_cast<double>(counters.commit_failures.load()));
  });
}

void AddLaneMetrics(metrics::Metrics& metrics, const EdgeStore& store, const base::Clock& clock) {
  metrics.OnCollect([&metrics, &store, &clock] {
    const base::UtcTime now = clock.Now();
    store.state().With([&](const telemetry::SiteState& state) {
      for (const auto& [lane, progress] : state.lanes) {
        const metrics::Labels labels = {{"lane", std::string(sync::ToString(lane))}};
        metrics.AddGauge("yb_lane_committed", "Last sequence committed at central", labels)
            .Set(static_cast<double>(progress.committed));
        metrics.AddGauge("yb_lane_waiting", "Records not yet committed at central", labels)
            .Set(static_cast<double>(progress.last_known - progress.committed));
        const base::Duration lag = progress.oldest_waiting ? now - *progress.oldest_waiting : base::Duration(0);
        metrics.AddGauge("yb_lane_lag_seconds", "Age of the oldest record not yet committed at central", labels)
            .Set(Seconds(lag));
      }
      if (state.latest.newest()) {
        metrics.AddGauge("yb_site_data_age_seconds", "Age of the newest value")
            .Set(Seconds(now - *state.latest.newest()));
      }
    });
  });
}

std::vector<double> LatencyBounds() {
  std::vector<double> bounds;
  bounds.reserve(field::line::LatencySpread::kBounds.size());
  for (const base::Duration bound : field::line::LatencySpread::kBounds) bounds.push_back(Seconds(bound));
  return bounds;
}

/// What a line has counted since the last scrape goes into its histogram. A line that a new configuration began anew
/// counts from nothing.
void ObserveSince(const metrics::Histogram& histogram, const field::line::LatencySpread& before,
                  const field::line::LatencySpread& now) {
  using Counts = field::line::LatencySpread::Counts;
  const bool anew = !std::ranges::equal(now.counts(), before.counts(), std::greater_equal<>());
  const Counts& from = anew ? Counts{} : before.counts();
  std::vector<double> more;
  for (std::size_t i = 0; i < from.size(); ++i) more.push_back(static_cast<double>(now.counts().at(i) - from.at(i)));
  histogram.ObserveMany(more, Seconds(now.sum() - (anew ? base::Duration(0) : before.sum())));
}

void AddLineMetrics(metrics::Metrics& metrics, const field::FieldSide& field) {
  metrics.OnCollect([&metrics, &field, connected = std::map<std::string, metrics::Gauge>(),
                     seen = std::map<std::string, field::line::LatencySpread>()]() mutable {
    // A line that a new configuration has taken away keeps its totals and is not connected.
    for (const auto& [line, gauge] : connected) gauge.Set(0);
    for (const field::LineSnapshot& line : field.Snapshot()) {
      const field::line::LineCounters& counters = line.status.counters;
      const std::pair<const char*, std::uint64_t> events[] = {
          {"request", counters.requests},          {"answer", counters.answers},
          {"timeout", counters.timeouts},          {"bad_checksum", counters.bad_checksum},
          {"error_reply", counters.error_replies}, {"stray", counters.stray},
          {"given_up", counters.given_up},         {"overrun", counters.overruns}};
      for (const auto& [event, count] : events) {
        metrics
            .AddCounter("yb_line_events_total", "What happened on a line, by kind",
                        {{"line", line.key}, {"event", event}})
            .RaiseTo(static_cast<double>(count));
      }
      const metrics::Labels labels = {{"line", line.key}};
      const metrics::Gauge gauge = metrics.AddGauge("yb_line_connected", "1 while the line is connected", labels);
      gauge.Set(line.status.connected ? 1 : 0);
      connected.insert_or_assign(line.key, gauge);
      metrics.AddGauge("yb_line_latency_seconds", "From the last request sent to its answer complete", labels)
          .Set(Seconds(counters.latency_last));
      ObserveSince(
          metrics.AddHistogram("yb_line_answer_seconds", "Answers, by the time from the last request sent to them",
                               LatencyBounds(), labels),
          seen[line.key], counters.latency);
      seen.insert_or_assign(line.key, counters.latency);
    }
  });
}

void AddReloadMetrics(metrics::Metrics& metrics, const ReloadCounters& reloads) {
  const char* const help = "Times the field configuration was read again since the start, by what came of it";
  const metrics::Gauge applied = metrics.AddGauge("yb_edge_reloads", help, {{"result", "applied"}});
  const metrics::Gauge refused = metrics.AddGauge("yb_edge_reloads", help, {{"result", "refused"}});
  const metrics::Gauge in_force = metrics.AddGauge(
      "yb_edge_config_in_force", "0 while the files on disk were refused and an earlier configuration is running");
  metrics.OnCollect([applied, refused, in_force, &reloads] {
    applied.Set(static_cast<double>(reloads.applied.load()));
    refused.Set(static_cast<double>(reloads.refused.load()));
    in_force.Set(reloads.files_are_in_force ? 1 : 0);
  });
}

void AddUplinkMetrics(metrics::Metrics& metrics, const Uplink& uplink) {
  metrics.OnCollect([&metrics, &uplink] {
    const UplinkStatus status = uplink.status();
    metrics.AddGauge("yb_edge_broker_connected", "1 while connected to the broker").Set(status.connected ? 1 : 0);
    metrics.AddGauge("yb_edge_central_answers", "1 while central answers").Set(status.central_answers ? 1 : 0);
    metrics.AddCounter("yb_edge_recycles_total", "Connections closed because nothing came back")
        .RaiseTo(static_cast<double>(status.recycles));
    for (const auto& [lane, counters] : status.lanes) {
      const std::pair<const char*, std::uint64_t> events[] = {{"frame_sent", counters.frames_sent},
                                                              {"ack", counters.acks},
                                                              {"session", counters.sessions},
                                                              {"recovery", counters.recoveries},
                                                              {"resent", counters.resent}};
      for (const auto& [event, count] : events) {
        metrics
            .AddCounter("yb_lane_events_total", "What happened on a lane, by kind",
                        {{"lane", std::string(sync::ToString(lane))}, {"event", event}})
            .RaiseTo(static_cast<double>(count));
      }
    }
  });
}

}  // namespace

void AddConfigurationMetrics(metrics::Metrics& metrics, const ConfigurationDesk& desk) {
  const metrics::Counter fallbacks = metrics.AddCounter("yb_edge_configuration_fallbacks_total",
                                                        "Configurations that nobody kept in time: the box fell back");
  metrics.OnCollect([fallbacks, &desk] { fallbacks.RaiseTo(static_cast<double>(desk.fallbacks())); });
}

void AddImportMetrics(metrics::Metrics& metrics, const std::filesystem::path& folder) {
  const metrics::Gauge waiting =
      metrics.AddGauge("yb_edge_import_files", "Files in the import folder that were not taken up yet");
  metrics.OnCollect([waiting, folder] { waiting.Set(static_cast<double>(ImportSpool::Waiting(folder).size())); });
}

void AddEdgeMetrics(metrics::Metrics& metrics, const EdgeStore& store, const field::FieldSide& field,
                    const ReloadCounters& reloads, const Uplink* uplink, const base::Clock& clock) {
  AddStoreMetrics(metrics, store);
  AddLaneMetrics(metrics, store, clock);
  AddLineMetrics(metrics, field);
  AddReloadMetrics(metrics, reloads);
  if (uplink != nullptr) AddUplinkMetrics(metrics, *uplink);
}

}  // namespace yb::edge
