// The HTTP server over CivetWeb and OpenSSL. Included by the `*_app.cpp` files and its own tests only.
#pragma once

#include <memory>

#include "core/http/http_server.hpp"

namespace yb::http {

/// Listens, with TLS 1.2 or 1.3, until the server is destroyed; destroying it waits for running handlers.
///
/// The certificate file is looked at with each handshake and read again when it changed; a new file that does not load
/// is logged and the old certificate stays in use. What a handler throws is logged and answered with 500. Every answer
/// carries the security headers, Date and Content-Length.
///
/// kInvalidArgument: the listen address is not a loopback address (only the machine itself may ask before log-in
/// exists), or the certificate file does not hold a usable certificate with its key. kUnavailable: the port is taken.
[[nodiscard]] base::Result<std::unique_ptr<HttpServer>> StartCivetWeb(ServerOptions options, Handler handler);

}  // namespace yb::http
