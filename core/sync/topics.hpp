// MQTT topics: `yb/1/<city>/<site>/up/<lane>` from a box, `…/down/<lane>` to it (core/contract/mqtt-topics.md).
// Pure functions; any thread.
#pragma once

#include "core/base/ids.hpp"
#include "core/sync/lane.hpp"

namespace yb::sync {

[[nodiscard]] std::string UpTopic(const base::CityId& city, const base::SiteId& site, Lane lane);
[[nodiscard]] std::string DownTopic(const base::CityId& city, const base::SiteId& site, Lane lane);
/// What central subscribes to, and what a box does.
[[nodiscard]] std::string AllUpTopics(const base::CityId& city);
[[nodiscard]] std::string OwnDownTopics(const base::CityId& city, const base::SiteId& site);

struct TopicParts {
  base::CityId city;
  base::SiteId site;
  bool up = false;
  Lane lane = Lane::kHistory;
};

/// kInvalidArgument for any topic that is not one of ours.
[[nodiscard]] base::Result<TopicParts> ParseTopic(std::string_view topic);

}  // namespace yb::sync
