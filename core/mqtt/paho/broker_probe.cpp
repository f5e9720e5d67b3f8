#include "core/mqtt/paho/broker_probe.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <system_error>

namespace yb::mqtt {
namespace {

std::string ErrnoText(int number) {
  return std::error_code(number, std::system_category()).message();
}

/// 0, or the errno of connecting.
int Connect(const addrinfo& address, base::Duration limit) {
  const int descriptor = ::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return errno;
  int error = ::connect(descriptor, address.ai_addr, address.ai_addrlen) == 0 ? 0 : errno;
  if (error == EINPROGRESS) {
    pollfd watched{descriptor, POLLOUT, 0};
    const auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(limit).count();
    socklen_t size = sizeof error;
    if (::poll(&watched, 1, static_cast<int>(wait)) <= 0) {
      error = ETIMEDOUT;
    } else if (::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) != 0) {
      error = errno;
    }
  }
  ::close(descriptor);
  return error;
}

}  // namespace

Fault ProbeTcp(const std::string& broker, base::Duration limit) {
  const std::size_t scheme = broker.find("://");
  const std::string place = scheme == std::string::npos ? broker : broker.substr(scheme + 3);
  const std::size_t colon = place.rfind(':');
  if (colon == std::string::npos) return {FaultKind::kOther, "'" + broker + "' names no port"};
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int code = ::getaddrinfo(place.substr(0, colon).c_str(), place.substr(colon + 1).c_str(), &hints, &found);
  if (code != 0) return {FaultKind::kNameUnknown, ::gai_strerror(code)};
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(found, &::freeaddrinfo);
  int error = ETIMEDOUT;
  for (const addrinfo* address = found; address != nullptr && error != 0; address = address->ai_next) {
    error = Connect(*address, limit);
  }
  if (error == 0) return {};
  return {error == ECONNREFUSED ? FaultKind::kTcpRefused : FaultKind::kTcpNoAnswer, ErrnoText(error)};
}

}  // namespace yb::mqtt
