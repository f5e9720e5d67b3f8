// Identities. A site (one box of one park, 站点) keeps its SiteId for good: certificates, topics, streams and tables
// are keyed by it, while parks and districts are dated groupings of sites.
// Values; no threads.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace yb::base {

/// 3 to 32 characters of a-z, 0-9 and '-', beginning with a letter and not ending with '-'; safe in MQTT topics, file
/// names and certificate common names.
class SiteId {
 public:
  SiteId() = default;
  [[nodiscard]] static Result<SiteId> Parse(std::string_view text);
  [[nodiscard]] const std::string& text() const { return text_; }
  friend auto operator<=>(const SiteId&, const SiteId&) = default;

 private:
  std::string text_;
};

/// Six digits, the administrative division code (行政区划代码) of the city: 150200 is Baotou (包头市).
class CityId {
 public:
  CityId() = default;
  [[nodiscard]] static Result<CityId> Parse(std::string_view text);
  [[nodiscard]] const std::string& text() const { return text_; }
  friend auto operator<=>(const CityId&, const CityId&) = default;

 private:
  std::string text_;
};

}  // namespace yb::base
