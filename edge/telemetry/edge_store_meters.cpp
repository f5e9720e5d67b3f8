// What EdgeStore does about meters: the configurations their readings are made under, and how the watch over their
// registers goes on after a start.
#include "edge/telemetry/edge_store.hpp"

namespace yb::edge {

using telemetry::AppliedConfiguration;

base::Status EdgeStore::ResumeWatch() {
  YB_ASSIGN(const std::vector<AppliedConfiguration> configurations, log_->meters().Configurations(site_no_));
  const telemetry::SiteState known = state_.With([](const telemetry::SiteState& state) { return state; });
  watch_.With([&](MeterWatch& watch) {
    for (const AppliedConfiguration& configuration : configurations) watch.Configure(configuration, known.points);
    for (const auto& [no, last] : known.latest.all()) {
      if (last.value) watch.Resume(*last.value);
    }
  });
  return {};
}

base::Result<std::uint32_t> EdgeStore::ApplyConfiguration(std::vector<telemetry::AppliedMeter> meters) {
  const base::UtcTime now = clock_.Now();
  const auto seconds = static_cast<std::uint32_t>(std::max<std::int64_t>(now.micros / 1'000'000, 1));
  AppliedConfiguration configuration{seconds, now, std::move(meters)};
  {
    const std::scoped_lock lock(writing_);
    YB_ASSIGN(const std::vector<AppliedConfiguration> former, log_->meters().Configurations(site_no_));
    const bool unchanged = !former.empty() && former.back().meters == configuration.meters;
    if (!former.empty()) {
      const std::uint32_t last = former.back().version;
      configuration.version = unchanged ? last : std::max(last + 1, seconds);
    }
    if (!unchanged) {
      const base::Bytes body = telemetry::EncodeConfiguration(configuration);
      YB_TRY(AppendRecords(sync::Lane::kHistory, {&body, 1}));
    }
  }
  const MeterWatch::Definitions definitions =
      state_.With([](const telemetry::SiteState& state) { return state.points; });
  watch_.With([&](MeterWatch& watch) { watch.Configure(configuration, definitions); });
  return configuration.version;
}

}  // namespace yb::edge
