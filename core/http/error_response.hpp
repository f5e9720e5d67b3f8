// The one place where errors become HTTP answers: `{"error": {"code", "message", "hint"}}`.
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/http/http_server.hpp"

namespace yb::http {

/// The status an error of the code is answered with.
[[nodiscard]] int StatusOf(base::ErrorCode code);

/// The error's context (which may name files) is told for errors of the client (4xx) only; for the others it belongs
/// in the log, which is the caller's part.
[[nodiscard]] Response ErrorResponse(const base::Error& error);

/// For errors that HTTP alone knows, such as 405; `code` is in the spelling of base::ToString(ErrorCode).
[[nodiscard]] Response ErrorResponse(int status, std::string_view code, std::string_view message,
                                     std::string_view hint = {});

}  // namespace yb::http
