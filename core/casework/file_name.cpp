#include "core/casework/file_name.hpp"

#include <algorithm>

namespace yb::casework {

std::string FileName(const base::Digest& sha) {
  std::string name = base::ToHex(sha);
  std::ranges::transform(name, name.begin(),
                         [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c; });
  return name;
}

std::optional<base::Digest> ParseFileName(std::string_view name) {
  const bool fits = name.size() == 2 * std::tuple_size_v<base::Digest> && std::ranges::all_of(name, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  });
  if (!fits) return std::nullopt;
  const auto bytes = base::FromHex(name);
  if (!bytes) return std::nullopt;
  base::Digest sha{};
  std::ranges::copy(*bytes, sha.begin());
  return sha;
}

}  // namespace yb::casework
