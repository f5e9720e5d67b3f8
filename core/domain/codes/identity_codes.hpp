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
/// one the check character. Warnings: a failed check, for some early codes in use fail it; a first character under
/// which no office registers; a province that there is not; small letters, which are read as capitals.
[[nodiscard]] Finding CheckCreditCode(std::string_view typed);

/// Citizen's identity number (公民身份号码, GB 11643), or that of a foreigner's permanent residence card of 2023, which
/// begins with 9: 17 digits and a check character, 0-9 or X. A failed check, a birth date that does not exist or is
/// after `today` and the old form of 15 digits are wrong. Warnings: a province that there is not; a small x.
[[nodiscard]] Finding CheckIdentityNumber(std::string_view typed, calendar::CivilDate today);

}  // namespace yb::codes
