// Targets of requests: whatever comes, a path that is accepted is plain.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/http/url.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view raw(reinterpret_cast<const char*>(data), size);
  if (const auto path = yb::http::DecodePath(raw)) {
    YB_CHECK(path->front() == '/', "an accepted path begins with '/'");
    YB_CHECK((*path + "/").find("/../") == std::string::npos, "an accepted path does not climb");
    YB_CHECK(path->find('\0') == std::string::npos, "an accepted path has no NUL");
  }
  static_cast<void>(yb::http::ParseQuery(raw));
  return 0;
}
