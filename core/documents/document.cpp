#include "core/documents/document.hpp"

#include <algorithm>

namespace yb::documents {

std::string_view ToString(Kind kind) {
  switch (kind) {
    case Kind::kCalendar: return "calendar";
    case Kind::kCatalogue: return "catalogue";
    case Kind::kDelegations: return "delegations";
    case Kind::kDirectory: return "directory";
  }
  return "unknown";
}

std::optional<Kind> ParseKind(std::string_view text) {
  const auto* const found = std::ranges::find(kAllKinds, text, [](Kind kind) { return ToString(kind); });
  return found == kAllKinds.end() ? std::nullopt : std::optional(*found);
}

std::optional<Kind> KindOf(std::int64_t number) {
  const auto* const found =
      std::ranges::find(kAllKinds, number, [](Kind kind) { return static_cast<std::int64_t>(kind); });
  return found == kAllKinds.end() ? std::nullopt : std::optional(*found);
}

Document MakeDocument(Kind kind, std::uint64_t version, std::string text) {
  Head head{kind, version, base::Sha256(base::AsBytes(text)), text.size()};
  return {head, std::move(text)};
}

const Head* Find(const std::vector<Head>& heads, Kind kind) {
  const auto found = std::ranges::find(heads, kind, &Head::kind);
  return found == heads.end() ? nullptr : &*found;
}

}  // namespace yb::documents
