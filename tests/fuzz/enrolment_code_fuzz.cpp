// Enrolment codes: what is accepted comes out the same when it is written and read again.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/security/enrolment_code.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto code = yb::security::ParseEnrolmentCode({reinterpret_cast<const char*>(data), size});
  if (code) {
    const auto again = yb::security::ParseEnrolmentCode(code->ToString());
    YB_CHECK(again && again->secret == code->secret && again->root_check == code->root_check, "a code reads back");
  }
  yb::security::EnrolmentCode made;
  for (std::size_t i = 0; i < made.secret.size() && i < size; ++i) made.secret[i] = data[i];
  const auto read = yb::security::ParseEnrolmentCode(made.ToString());
  YB_CHECK(read && read->secret == made.secret, "what is written reads back");
  return 0;
}
