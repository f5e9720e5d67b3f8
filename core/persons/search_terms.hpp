// What a person can be searched by: terms such as "code:91150203MA0N000164", made alike of what is stored and of what
// somebody types. The vault turns them into keyed hashes.
// Pure functions; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace yb::persons {

/// Fields of a person or enterprise to be found by; empty ones are left out.
struct Searchable {
  std::string name;
  std::string code;  // 统一社会信用代码 or 公民身份号码
  std::string agent;
  std::string phone;
};

/// Full-width forms U+FF01…U+FF5E in half width, U+3000 as a space; all else as it is.
[[nodiscard]] std::string HalfWidth(std::string_view text);

/// One line of typing in one form: white space and dashes out, full-width to half-width, letters to capitals.
[[nodiscard]] std::string Normalised(std::string_view text);

/// "name:…", "code:…", "phone:…" and "tail:…" (the phone's last 4).
[[nodiscard]] std::vector<std::string> TermsOf(const Searchable& fields);

/// What `typed` may mean: 18 letters and digits are a code, 4 digits a phone's tail, more digits a phone, anything but
/// digits a name. Empty where nothing was typed.
[[nodiscard]] std::vector<std::string> TermsIn(std::string_view typed);

}  // namespace yb::persons
