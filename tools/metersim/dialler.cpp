#include "tools/metersim/dialler.hpp"

#include <netdb.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <memory>

#include "tools/metersim/seeded.hpp"

namespace yb::metersim {

base::Result<Dialler> Dialler::Create(const std::string& host, std::uint16_t port, std::uint64_t seed) {
  addrinfo hints{};
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0 || found == nullptr) {
    return base::Fail(base::ErrorCode::kInvalidArgument, "'" + host + "' is no host to dial",
                      "write dial = \"127.0.0.1:9000\"");
  }
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, ::freeaddrinfo);
  sockaddr_in address = *reinterpret_cast<const sockaddr_in*>(found->ai_addr);
  address.sin_port = htons(port);
  return Dialler(address, seed);
}

void Dialler::Retry(base::Monotonic now) {
  attempt_ = FileDescriptor();
  next_attempt_ = now + backoff_.Next(Mix(seed_, ++attempts_));
}

std::optional<FileDescriptor> Dialler::OnTime(base::Monotonic now) {
  if (!next_attempt_ || *next_attempt_ > now) return std::nullopt;
  next_attempt_.reset();
  attempt_ = FileDescriptor(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int on = 1;
  ::setsockopt(attempt_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(attempt_.get(), reinterpret_cast<const sockaddr*>(&address_), sizeof address_) == 0) {
    return OnWritable(now);
  }
  if (errno != EINPROGRESS) Retry(now);
  return std::nullopt;
}

std::optional<FileDescriptor> Dialler::OnWritable(base::Monotonic now) {
  int failure = 0;
  socklen_t length = sizeof failure;
  if (::getsockopt(attempt_.get(), SOL_SOCKET, SO_ERROR, &failure, &length) != 0 || failure != 0) {
    Retry(now);
    return std::nullopt;
  }
  backoff_.Reset();
  return std::move(attempt_);
}

void Dialler::OnLost(base::Monotonic now) {
  Retry(now);
}

}  // namespace yb::metersim
