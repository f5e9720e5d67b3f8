#include "core/http/entity_tag.hpp"

#include <algorithm>

#include "core/base/digest.hpp"

namespace yb::http {
namespace {

constexpr std::size_t kTagBytes = 16;

std::string_view Trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool HasHeader(const Response& response, std::string_view name) {
  return std::any_of(response.headers.begin(), response.headers.end(),
                     [&](const auto& header) { return header.first == name; });
}

}  // namespace

std::string EntityTag(std::string_view content) {
  const base::Digest digest = base::Sha256(base::AsBytes(content));
  return "\"" + base::ToHex(base::ByteView(digest).first(kTagBytes)) + "\"";
}

bool ClientHolds(const Request& request, std::string_view tag) {
  const auto header = request.headers.find("if-none-match");
  if (header == request.headers.end()) return false;
  std::string_view rest = header->second;
  if (Trim(rest) == "*") return true;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(','), rest.size());
    std::string_view held = Trim(rest.substr(0, end));
    if (held.starts_with("W/")) held.remove_prefix(2);
    if (held == tag) return true;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

Response WithEntityTag(const Request& request, Response response, std::string_view tag) {
  if (response.status != 200) return response;
  response.headers.emplace_back("ETag", tag);
  if (!HasHeader(response, "Cache-Control")) response.headers.emplace_back("Cache-Control", "no-cache");
  if (ClientHolds(request, tag)) {
    response.status = 304;
    response.body.clear();
  }
  return response;
}

Response WithEntityTag(const Request& request, Response response) {
  const std::string tag = EntityTag(response.body);
  return WithEntityTag(request, std::move(response), tag);
}

}  // namespace yb::http
