// What a box knows of one of its points, for WhyChain (为什么没数).
#pragma once

#include <functional>

#include "core/api/why_chain.hpp"
#include "edge/field/field_side.hpp"
#include "edge/telemetry/edge_store.hpp"

namespace yb::edge {

class EdgeWhy {
 public:
  /// The references outlive this; `box` may be called from any thread.
  EdgeWhy(base::SiteId site, const EdgeStore& store, const field::FieldSide& field, std::function<api::BoxFacts()> box,
          const base::Clock& clock)
      : site_(std::move(site)), store_(store), field_(field), box_(std::move(box)), clock_(clock) {}

  /// kNotFound for another site, and for a point that is not there. Any thread.
  [[nodiscard]] base::Result<api::WhyFacts> Find(const base::SiteId& site, metering::PointNo point) const;

 private:
  const base::SiteId site_;
  const EdgeStore& store_;
  const field::FieldSide& field_;
  const std::function<api::BoxFacts()> box_;
  const base::Clock& clock_;
};

}  // namespace yb::edge
