#include "core/sync/topics.hpp"

#include <vector>

namespace yb::sync {
namespace {

constexpr std::string_view kPrefix = "yb/1/";

std::string Base(const base::CityId& city, const base::SiteId& site) {
  return std::string(kPrefix) + city.text() + "/" + site.text();
}

std::vector<std::string_view> Split(std::string_view text) {
  std::vector<std::string_view> parts;
  for (std::size_t at = 0;;) {
    const std::size_t slash = text.find('/', at);
    parts.push_back(text.substr(at, slash - at));
    if (slash == std::string_view::npos) return parts;
    at = slash + 1;
  }
}

}  // namespace

std::string UpTopic(const base::CityId& city, const base::SiteId& site, Lane lane) {
  return Base(city, site) + "/up/" + std::string(ToString(lane));
}

std::string DownTopic(const base::CityId& city, const base::SiteId& site, Lane lane) {
  return Base(city, site) + "/down/" + std::string(ToString(lane));
}

std::string AllUpTopics(const base::CityId& city) {
  return std::string(kPrefix) + city.text() + "/+/up/+";
}

std::string OwnDownTopics(const base::CityId& city, const base::SiteId& site) {
  return Base(city, site) + "/down/+";
}

base::Result<TopicParts> ParseTopic(std::string_view topic) {
  const auto refuse = [&] {
    return base::Fail(base::ErrorCode::kInvalidArgument,
                      "'" + std::string(topic) + "' is none of this protocol's topics");
  };
  const std::vector<std::string_view> parts = Split(topic);
  if (parts.size() != 6 || parts[0] != "yb" || parts[1] != "1" || (parts[4] != "up" && parts[4] != "down"))
    return refuse();
  const auto city = base::CityId::Parse(parts[2]);
  const auto site = base::SiteId::Parse(parts[3]);
  const auto lane = ParseLane(parts[5]);
  if (!city || !site || !lane) return refuse();
  return TopicParts{*city, *site, parts[4] == "up", *lane};
}

}  // namespace yb::sync
