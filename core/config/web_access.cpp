#include "core/config/web_access.hpp"

#include <arpa/inet.h>

#include "core/config/fault_words.hpp"

namespace yb::config {

base::Result<WebAccess> ReadWebAccess(TomlTable& web) {
  WebAccess out;
  YB_ASSIGN(out.listen, web.TextOr("listen", out.listen));
  in_addr parsed{};
  if (::inet_pton(AF_INET, out.listen.c_str(), &parsed) != 1) {
    return base::Fail(web.Fault("listen", FoundText(out.listen),
                                Expected({"an IPv4 address of this machine, such as 127.0.0.1, or 0.0.0.0 for all",
                                          "本机的 IPv4 地址，如 127.0.0.1；0.0.0.0 表示所有地址"})));
  }
  YB_ASSIGN(const std::int64_t idle, web.WholeOr("session_idle_minutes", 5, 24 * 60, out.session_idle.count()));
  out.session_idle = std::chrono::minutes(idle);
  YB_ASSIGN(const std::int64_t longest, web.WholeOr("session_hours", 1, 24 * 7, out.session_longest.count()));
  out.session_longest = std::chrono::hours(longest);
  return out;
}

}  // namespace yb::config
