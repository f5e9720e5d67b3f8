// Document (参考文件): reference data that the city publishes and a box takes up whole or not at all: the working
// calendar, the catalogue, delegations, the directory of users. Values; pure functions.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/digest.hpp"
#include "core/base/time.hpp"

namespace yb::documents {

/// The numbers are on the wire and in databases.
enum class Kind : std::uint8_t {
  kCalendar = 1,     // 工作日历: notices of years
  kCatalogue = 2,    // 事项目录
  kDelegations = 3,  // 赋权清单
  kDirectory = 4,    // 用户名录: the city's users of one site
};
inline constexpr std::array kAllKinds = {Kind::kCalendar, Kind::kCatalogue, Kind::kDelegations, Kind::kDirectory};

/// "calendar", "catalogue", "delegations", "directory".
[[nodiscard]] std::string_view ToString(Kind kind);
[[nodiscard]] std::optional<Kind> ParseKind(std::string_view text);
[[nodiscard]] std::optional<Kind> KindOf(std::int64_t number);

/// Bytes of the longest text.
inline constexpr std::size_t kMostBytes = 1 << 20;

/// Which document: `version` counts what was published of its kind, whatever version the text says of itself.
struct Head {
  Kind kind = Kind::kCalendar;
  std::uint64_t version = 0;
  base::Digest sha{};  // of the text
  std::uint64_t size = 0;
  friend bool operator==(const Head&, const Head&) = default;
};

struct Document {
  Head head;
  std::string text;  // TOML
};
[[nodiscard]] Document MakeDocument(Kind kind, std::uint64_t version, std::string text);

/// A document that was not taken up, and why.
struct Refusal {
  Head head;
  base::Words why;
  friend bool operator==(const Refusal& a, const Refusal& b) {
    return a.head == b.head && a.why.en == b.why.en && a.why.zh == b.why.zh;
  }
};

/// What a box has of each kind; a kind that is not named stands as the program's own files have it.
struct State {
  std::vector<Head> applied;
  std::vector<Refusal> refused;
};

[[nodiscard]] const Head* Find(const std::vector<Head>& heads, Kind kind);

}  // namespace yb::documents
