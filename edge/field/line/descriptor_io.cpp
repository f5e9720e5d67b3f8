#include "edge/field/line/descriptor_io.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <system_error>

namespace yb::field::line {
namespace {

using base::ErrorCode;
using base::Fail;

constexpr base::Duration kWriteLimit = std::chrono::milliseconds(500);
constexpr int kNoStop = -1;

Ready Wait(int descriptor, short events, int stop, base::Duration limit) {
  // Rounded up, so that a wake-up is never early and never spins.
  const std::int64_t wait = std::clamp<std::int64_t>((limit.count() + 999) / 1000, 0, 3'600'000);
  std::array<pollfd, 2> watched{{{descriptor, events, 0}, {stop, POLLIN, 0}}};
  const int ready = ::poll(watched.data(), watched.size(), static_cast<int>(wait));
  if (ready > 0 && watched[1].revents != 0) return Ready::kStop;
  if (ready > 0 && watched[0].revents != 0) return Ready::kDescriptor;
  return Ready::kTimeout;
}

// A closed socket must not raise SIGPIPE; serial ports are no sockets.
ssize_t WriteSome(int descriptor, base::ByteView bytes) {
  const ssize_t put = ::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  return put < 0 && errno == ENOTSOCK ? ::write(descriptor, bytes.data(), bytes.size()) : put;
}

}  // namespace

Ready WaitReadable(int descriptor, int stop, base::Duration limit) {
  return Wait(descriptor, POLLIN, stop, limit);
}

Ready WaitWritable(int descriptor, int stop, base::Duration limit) {
  return Wait(descriptor, POLLOUT, stop, limit);
}

base::Result<base::Bytes> ReadSome(int descriptor) {
  base::Bytes bytes(2048);
  const ssize_t got = ::read(descriptor, bytes.data(), bytes.size());
  if (got > 0) {
    bytes.resize(static_cast<std::size_t>(got));
    return bytes;
  }
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return base::Bytes{};
  return Fail(ErrorCode::kUnavailable, got == 0 ? "the other side closed the connection" : ErrnoText(errno));
}

base::Status WriteAll(int descriptor, base::ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t put = WriteSome(descriptor, bytes);
    if (put > 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(put));
      continue;
    }
    if (put < 0 && errno == EINTR) continue;
    if (put < 0 && errno != EAGAIN) return Fail(ErrorCode::kUnavailable, ErrnoText(errno));
    if (WaitWritable(descriptor, kNoStop, kWriteLimit) == Ready::kTimeout) {
      return Fail(ErrorCode::kUnavailable, "the line does not take a request");
    }
  }
  return {};
}

base::ErrorCode CodeOf(int number) {
  switch (number) {
    case ECONNREFUSED: return ErrorCode::kRefused;
    case ETIMEDOUT: return ErrorCode::kTimeout;
    case ENOENT:
    case ENODEV:
    case ENXIO: return ErrorCode::kNotFound;
    default: return ErrorCode::kUnavailable;
  }
}

std::string ErrnoText(int number) {
  return std::error_code(number, std::system_category()).message();
}

}  // namespace yb::field::line
