#include "edge/field/line/tcp_listen_channel.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

#include "edge/field/line/descriptor_io.hpp"
#include "edge/field/line/tcp_client_channel.hpp"

namespace yb::field::line {
namespace {

using base::ErrorCode;
using base::Fail;

constexpr std::size_t kMostBeforeRegistration = 512;
constexpr base::Duration kStep = std::chrono::milliseconds(100);

}  // namespace

base::Status TcpListenChannel::Listen() {
  if (listener_.is_open()) return {};
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(settings_.port);
  if (::inet_pton(AF_INET, settings_.host.c_str(), &address.sin_addr) != 1) {
    return Fail(ErrorCode::kInvalidArgument, "'" + settings_.host + "' is no IPv4 address to listen on");
  }
  FileDescriptor listener(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int reuse = 1;
  if (!listener.is_open() || ::setsockopt(listener.number(), SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof reuse) != 0 ||
      ::bind(listener.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(listener.number(), 8) != 0) {
    return Fail(ErrorCode::kUnavailable, ErrnoText(errno));
  }
  listener_ = std::move(listener);
  return {};
}

FileDescriptor TcpListenChannel::AcceptLast() {
  FileDescriptor last;
  while (true) {
    FileDescriptor next(::accept4(listener_.number(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!next.is_open()) return last;
    last = std::move(next);
  }
}

base::Status TcpListenChannel::AwaitRegistration(int connection, base::Duration limit, int stop) const {
  if (settings_.registration.empty()) return {};
  base::Bytes received;
  for (base::Duration waited{0}; waited < limit && received.size() < kMostBeforeRegistration; waited += kStep) {
    const Ready ready = WaitReadable(connection, stop, kStep);
    if (ready == Ready::kStop) return Fail(ErrorCode::kUnavailable, "the line is stopping");
    if (ready == Ready::kTimeout) continue;
    YB_ASSIGN(const base::Bytes bytes, ReadSome(connection));
    received.insert(received.end(), bytes.begin(), bytes.end());
    const auto found =
        std::search(received.begin(), received.end(), settings_.registration.begin(), settings_.registration.end());
    if (found != received.end()) return {};
  }
  return Fail(ErrorCode::kRefused, "a connection did not register as expected");
}

base::Status TcpListenChannel::Open(base::Duration limit, int stop) {
  Close();
  const base::Status listening = Listen();
  if (!listening) return Fail(listening.error().At(Describe()));
  switch (WaitReadable(listener_.number(), stop, limit)) {
    case Ready::kStop: return Fail(ErrorCode::kUnavailable, "the line is stopping");
    case Ready::kTimeout: return Fail(base::Error{ErrorCode::kTimeout, "nobody has dialled in", Describe(), ""});
    case Ready::kDescriptor: break;
  }
  FileDescriptor connection = AcceptLast();
  if (!connection.is_open()) return Fail(base::Error{ErrorCode::kTimeout, "the caller hung up", Describe(), ""});
  YB_TRY(WatchForHalfOpen(connection.number()));
  const base::Status registered = AwaitRegistration(connection.number(), limit, stop);
  if (!registered) return Fail(registered.error().At(Describe()));
  connection_ = std::move(connection);
  return {};
}

base::Result<base::Bytes> TcpListenChannel::Read() {
  return ReadSome(connection_.number());
}

base::Status TcpListenChannel::Write(base::ByteView bytes) {
  return WriteAll(connection_.number(), bytes);
}

std::string TcpListenChannel::Describe() const {
  return "tcp dial-in on " + settings_.host + ":" + std::to_string(settings_.port);
}

}  // namespace yb::field::line
