// The one place where errors become HTTP answers: `{"error": {"code", "message", "hint", "fields", "before"}}`.
#pragma once

#include "core/base/result.hpp"
#include "core/http/http_server.hpp"

namespace yb::http {

/// The status an error of the code is answered with.
[[nodiscard]] int StatusOf(base::ErrorCode code);

/// The error's context (which may name files) is told for errors of the client (4xx) only; for the others it belongs
/// in the log, which is the caller's part.
[[nodiscard]] Response ErrorResponse(const base::Error& error);

/// For errors that HTTP alone knows, such as 405.
[[nodiscard]] Response ErrorResponse(int status, ErrorText text);

/// 404: there is nothing at `path`.
[[nodiscard]] Response NothingAt(const std::string& path);

/// Whether Accept-Language asks for Chinese before English.
[[nodiscard]] bool PrefersChinese(const Request& request);

/// An error answer in the language that the request's Accept-Language asks for first; anything else as it is.
[[nodiscard]] Response InLanguageOf(const Request& request, Response response);

}  // namespace yb::http
