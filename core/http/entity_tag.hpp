// Entity tags (RFC 9110, 8.8.3 and 13.1.2): a client that already holds an answer gets 304 instead of the same bytes.
// Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "core/http/http_server.hpp"

namespace yb::http {

/// A strong tag, in its quotes: half the SHA-256 of `content`.
[[nodiscard]] std::string EntityTag(std::string_view content);

/// Does If-None-Match name `tag`, or is it "*"? Compares weakly, as the RFC asks here.
[[nodiscard]] bool ClientHolds(const Request& request, std::string_view tag);

/// Adds ETag to an answer with status 200, and `Cache-Control: no-cache` where no cache rule is set. Where the client
/// holds `tag` the answer becomes 304 without a body. Other statuses stay as they are.
/// Answers that carry now_us pass a tag taken from the body without it, since a clock alone is no change.
[[nodiscard]] Response WithEntityTag(const Request& request, Response response, std::string_view tag);

/// The same with the tag of the body.
[[nodiscard]] Response WithEntityTag(const Request& request, Response response);

}  // namespace yb::http
