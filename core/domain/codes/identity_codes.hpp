// Codes of people and enterprises, and whether what somebody typed can be one.
// Pure functions of what they are given.
#pragma once

#include <string_view>

#include "core/base/result.hpp"
#include "core/domain/calendar/civil_date.hpp"

namespace yb::codes {

enum class Verdict : std::uint8_t {
  kGood,
  kWarning,  // cannot be told from a mistake, but is in use: shown, never refused
  kWrong,    // refused
};

struct Finding {
  Verdict verdict = Verdict::kGood;
  base::Words why;  // one clause
};

/// Unified social credit code (统一社会信用代码, GB 32100-2015): 18 characters of 0-9A-Z without I O S V Z, the last
/// one the check character. A failed check is a warning: some early codes in use fail it.
[[nodiscard]] Finding CheckCreditCode(std::string_view code);

/// Citizen's identity number (公民身份号码, GB 11643): 17 digits and a check character, 0-9 or X. A failed check and a
/// birth date that does not exist or is after `today` are wrong.
[[nodiscard]] Finding CheckIdentityNumber(std::string_view number, calendar::CivilDate today);

}  // namespace yb::codes
