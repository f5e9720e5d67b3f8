// Masking (脱敏): personal fields as they are shown by default. What is not of the expected form shows less, never
// more. Pure functions over UTF-8.
#pragma once

#include <string>
#include <string_view>

namespace yb::codes {

/// 王小明 → 王**: the first character stays, one star for each other. Of one character nothing is shown.
[[nodiscard]] std::string MaskName(std::string_view name);

/// 13812348000 → 138****8000. Of a number with 7 to 10 characters the last two stay, of a shorter one none.
[[nodiscard]] std::string MaskPhone(std::string_view phone);

/// 公民身份号码: the first 3 and the last 4 stay. Of what is not 18 characters long nothing is shown.
[[nodiscard]] std::string MaskIdentityNumber(std::string_view number);

}  // namespace yb::codes
