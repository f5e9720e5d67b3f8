#include "core/api/event_words.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace yb::api {
namespace {

constexpr std::string_view kArrow = " -> ";

constexpr auto kNames = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"protocol", "规约"},
    {"address", "表号"},
    {"pt", "PT 变比"},
    {"ct", "CT 变比"},
    {"source", "数据项"},
    {"unit", "单位"},
    {"factor", "系数"},
});

std::string InChinese(std::string_view part) {
  const std::size_t blank = part.find(' ');
  if (blank == std::string_view::npos) return std::string(part);
  const std::string_view name = part.substr(0, blank), rest = part.substr(blank + 1);
  if (name == "limit" && rest.ends_with(" s")) {
    return "限值 " + std::string(rest.substr(0, rest.size() - 2)) + " 秒";
  }
  const auto* const known = std::ranges::find(kNames, name, &std::pair<std::string_view, std::string_view>::first);
  const std::size_t arrow = rest.find(kArrow);
  if (known == kNames.end() || arrow == std::string_view::npos) return std::string(part);
  return std::string(known->second) + " " + std::string(rest.substr(0, arrow)) + " → " +
         std::string(rest.substr(arrow + kArrow.size()));
}

}  // namespace

base::Words EventDetail(std::string_view detail) {
  base::Words words{std::string(detail), ""};
  while (!detail.empty()) {
    const std::size_t end = std::min(detail.find(", "), detail.size());
    if (!words.zh.empty()) words.zh += "，";
    words.zh += InChinese(detail.substr(0, end));
    detail.remove_prefix(std::min(end + 2, detail.size()));
  }
  return words;
}

}  // namespace yb::api
