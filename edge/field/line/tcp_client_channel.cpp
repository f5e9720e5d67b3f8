#include "edge/field/line/tcp_client_channel.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <memory>

#include "edge/field/line/descriptor_io.hpp"

namespace yb::field::line {
namespace {

using base::ErrorCode;
using base::Fail;

base::Status SetOption(int socket, int level, int option, int value) {
  if (::setsockopt(socket, level, option, &value, sizeof value) != 0) {
    return Fail(ErrorCode::kIo, "a socket option was refused: " + ErrnoText(errno));
  }
  return {};
}

}  // namespace

base::Status WatchForHalfOpen(int socket) {
  YB_TRY(SetOption(socket, SOL_SOCKET, SO_KEEPALIVE, 1));
  YB_TRY(SetOption(socket, IPPROTO_TCP, TCP_KEEPIDLE, 30));
  YB_TRY(SetOption(socket, IPPROTO_TCP, TCP_KEEPINTVL, 10));
  YB_TRY(SetOption(socket, IPPROTO_TCP, TCP_KEEPCNT, 3));
  // Requests are small and wait for an answer each.
  return SetOption(socket, IPPROTO_TCP, TCP_NODELAY, 1);
}

base::Status TcpClientChannel::Open(base::Duration limit, int stop) {
  Close();
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int code = ::getaddrinfo(host_.c_str(), std::to_string(port_).c_str(), &hints, &found);
  if (code != 0) return Fail(ErrorCode::kNotFound, "host '" + host_ + "': " + ::gai_strerror(code));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(found, &::freeaddrinfo);
  base::Status last = Fail(ErrorCode::kUnavailable, "host '" + host_ + "' has no address");
  for (const addrinfo* address = found; address != nullptr; address = address->ai_next) {
    last = OpenTo(*address, limit, stop);
    if (last) return last;
  }
  return Fail(last.error().At(Describe()));
}

base::Status TcpClientChannel::OpenTo(const addrinfo& address, base::Duration limit, int stop) {
  FileDescriptor socket(::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket.is_open()) return Fail(ErrorCode::kUnavailable, ErrnoText(errno));
  YB_TRY(WatchForHalfOpen(socket.number()));
  if (::connect(socket.number(), address.ai_addr, address.ai_addrlen) != 0) {
    if (errno != EINPROGRESS) return Fail(CodeOf(errno), ErrnoText(errno));
    switch (WaitWritable(socket.number(), stop, limit)) {
      case Ready::kStop: return Fail(ErrorCode::kUnavailable, "the line is stopping");
      case Ready::kTimeout: return Fail(ErrorCode::kTimeout, "no connection in time");
      case Ready::kDescriptor: break;
    }
    int error = 0;
    socklen_t size = sizeof error;
    if (::getsockopt(socket.number(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
    if (error != 0) return Fail(CodeOf(error), ErrnoText(error));
  }
  socket_ = std::move(socket);
  return {};
}

base::Result<base::Bytes> TcpClientChannel::Read() {
  return ReadSome(socket_.number());
}

base::Status TcpClientChannel::Write(base::ByteView bytes) {
  return WriteAll(socket_.number(), bytes);
}

std::string TcpClientChannel::Describe() const {
  return "tcp " + host_ + ":" + std::to_string(port_);
}

}  // namespace yb::field::line
