// Answers that no cache keeps: what one person is told of now, and what an act came to. Pure functions; any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/http/http_server.hpp"

namespace yb::api {

/// Text in it that is not UTF-8, as a line or a file under examination may carry, is replaced.
[[nodiscard]] http::Response AnswerUncached(const nlohmann::json& body, int status = 200);
/// The same, or the answer of the error.
[[nodiscard]] http::Response AnswerUncached(const base::Result<nlohmann::json>& body, int status = 200);
/// The same of what people do: kRefused is a conflict (409) with how things stand, not a want of rights.
[[nodiscard]] http::Response AnswerAct(const base::Result<nlohmann::json>& body);

}  // namespace yb::api
