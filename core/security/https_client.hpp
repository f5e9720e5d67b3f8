// A small HTTPS client for the few requests that our own programs make of each other. Blocks; safe from
// any thread of a program that ignores SIGPIPE.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"

namespace yb::security {

/// How a server proves itself, and we to it. Always: TLS 1.2 or later, a chain for servers, valid now, with the host's
/// name.
struct ServerTrust {
  /// The chain ends in one of these roots (PEM) …
  std::string roots_pem;
  /// … or, where this is not empty, in a root that the server itself sends and whose SHA-256 begins with these bytes.
  base::Bytes root_check;
  /// Sent as Bearer token once the server has proved itself; empty: none.
  std::string token = {};
};

struct HttpsAnswer {
  int status = 0;
  std::string body;
};

/// Nothing is sent before the server has proved itself: kRefused when it does not. kInvalidArgument for an address
/// that is not `https://host[:port]/path`, kUnavailable and kTimeout for a server that cannot be reached or does not
/// answer in time. Every status the server answers with is a value; a body of more than 1 MiB is kCorrupt.
[[nodiscard]] base::Result<HttpsAnswer> PostJson(const std::string& url, std::string_view body,
                                                 const ServerTrust& trust, base::UtcTime now,
                                                 std::chrono::seconds timeout = std::chrono::seconds(20));

[[nodiscard]] base::Result<HttpsAnswer> GetJson(const std::string& url, const ServerTrust& trust, base::UtcTime now,
                                                std::chrono::seconds timeout = std::chrono::seconds(20));

}  // namespace yb::security
