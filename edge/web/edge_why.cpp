#include "edge/web/edge_why.hpp"

#include <algorithm>

#include "core/api/site_queries.hpp"

namespace yb::edge {

base::Result<api::WhyFacts> EdgeWhy::Find(const base::SiteId& site, metering::PointNo point) const {
  if (site != site_) {
    return base::Fail(base::ErrorCode::kNotFound,
                      base::Words{"this box is site " + site_.text() + ", not " + site.text(),
                                  "本机是站点 " + site_.text() + "，不是 " + site.text()});
  }
  api::WhyFacts facts;
  facts.now = clock_.Now();
  YB_TRY(store_.state().With([&](const telemetry::SiteState& state) -> base::Status {
    YB_ASSIGN(facts.definition, api::FindPoint(state, site, point));
    if (const telemetry::Latest* latest = state.latest.Find(point)) facts.latest = *latest;
    return {};
  }));
  const std::vector<metering::LineState> lines = field_.States();
  const auto line = std::ranges::find(lines, facts.definition.point.line, &metering::LineState::line);
  if (line != lines.end()) facts.line = *line;
  facts.box = box_();
  return facts;
}

}  // namespace yb::edge
