#include "tools/metersim/io_loop.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace yb::metersim {
namespace {

constexpr std::size_t kMostQueuedBytes = std::size_t{1} << 20;  // a reader this far behind is cut off
constexpr int kBacklog = 64;

std::string ErrnoText() {
  return std::generic_category().message(errno);
}

}  // namespace

IoLoop::IoLoop(const base::Clock& clock, TruthLog* log, int stop_fd) : clock_(clock), log_(log), stop_fd_(stop_fd) {}

IoLoop::~IoLoop() = default;

base::Result<std::uint16_t> IoLoop::AddListeningLine(std::unique_ptr<LineBus> line, const ListenAddress& address) {
  const std::string where = address.host + ":" + std::to_string(address.port);
  const auto refuse = [&](const char* what) {
    return base::Fail(base::ErrorCode::kUnavailable,
                      std::string(what) + " " + where + " for line '" + line->key() + "': " + ErrnoText());
  };
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_port = htons(address.port);
  if (::inet_pton(AF_INET, address.host.c_str(), &name.sin_addr) != 1) {
    return base::Fail(base::ErrorCode::kInvalidArgument, "'" + address.host + "' is no IPv4 address",
                      "write listen = \"127.0.0.1:4001\"");
  }
  FileDescriptor listener(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!listener.valid()) return refuse("no socket for");
  const int on = 1;
  ::setsockopt(listener.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  socklen_t length = sizeof name;
  auto* any_name = reinterpret_cast<sockaddr*>(&name);
  if (::bind(listener.get(), any_name, length) != 0) return refuse("cannot bind");
  if (::listen(listener.get(), kBacklog) != 0) return refuse("cannot listen on");
  ::getsockname(listener.get(), any_name, &length);
  lines_.push_back(Line{std::move(line), std::move(listener), {}});
  return ntohs(name.sin_port);
}

base::Status IoLoop::Run() {
  struct Watched {
    Line* line;
    ChannelId channel;  // 0 is the listener
  };
  std::vector<pollfd> fds;
  std::vector<Watched> watched;
  while (true) {
    fds.assign(1, {stop_fd_, POLLIN, 0});
    watched.assign(1, {nullptr, 0});
    for (Line& line : lines_) {
      fds.push_back({line.listener.get(), POLLIN, 0});
      watched.push_back({&line, 0});
      for (auto& [id, channel] : line.channels) {
        const short events = channel.outgoing.empty() ? POLLIN : POLLIN | POLLOUT;
        fds.push_back({channel.fd.get(), events, 0});
        watched.push_back({&line, id});
      }
    }
    if (::poll(fds.data(), fds.size(), PollTimeout()) < 0 && errno != EINTR) {
      return base::Fail(base::ErrorCode::kIo, "poll failed: " + ErrnoText());
    }
    if (fds[0].revents != 0) return {};
    for (std::size_t i = 1; i < fds.size(); ++i) {
      if (fds[i].revents == 0) continue;
      Line& line = *watched[i].line;
      if (watched[i].channel == 0) {
        Accept(line);
        continue;
      }
      const auto found = line.channels.find(watched[i].channel);
      if (found == line.channels.end()) continue;
      bool alive = (fds[i].revents & POLLOUT) == 0 || Flush(found->second);
      if (alive && (fds[i].revents & (POLLIN | POLLHUP | POLLERR)) != 0) {
        alive = Receive(line, found->first, found->second);
      }
      if (!alive) Close(line, watched[i].channel);
    }
    for (Line& line : lines_) EmitDue(line);
  }
}

int IoLoop::PollTimeout() const {
  std::optional<base::Monotonic> next;
  for (const Line& line : lines_) {
    const std::optional<base::Monotonic> due = line.bus->NextDue();
    if (due && (!next || *due < *next)) next = due;
  }
  if (!next) return -1;
  const std::int64_t micros = (*next - clock_.Steady()).count();
  return static_cast<int>(std::clamp<std::int64_t>((micros + 999) / 1000, 0, 60'000));
}

void IoLoop::Accept(Line& line) {
  while (true) {
    FileDescriptor fd(::accept4(line.listener.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!fd.valid()) return;
    const int on = 1;
    ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    logger_.Debug("connected", {{"line", line.bus->key()}, {"channel", next_channel_}});
    line.channels.emplace(next_channel_++, Channel{std::move(fd), {}, 0});
  }
}

bool IoLoop::Receive(Line& line, ChannelId id, Channel& channel) {
  std::uint8_t buffer[4096];
  const ssize_t count = ::read(channel.fd.get(), buffer, sizeof buffer);
  if (count > 0) {
    line.bus->OnBytes(id, base::ByteView(buffer, static_cast<std::size_t>(count)), Now());
    return true;
  }
  return count < 0 && (errno == EAGAIN || errno == EINTR);
}

bool IoLoop::Flush(Channel& channel) {
  while (!channel.outgoing.empty()) {
    OutgoingBytes& next = channel.outgoing.front();
    const ssize_t count =
        ::send(channel.fd.get(), next.bytes.data() + next.sent, next.bytes.size() - next.sent, MSG_NOSIGNAL);
    if (count < 0) return errno == EAGAIN || errno == EINTR;
    next.sent += static_cast<std::size_t>(count);
    if (next.sent < next.bytes.size()) return true;
    if (next.truth && log_ != nullptr) {
      if (const base::Status logged = log_->Append(*next.truth, clock_.Now()); !logged) {
        logger_.Error("truth_lost", {{"reason", logged.error().Describe()}});
      }
    }
    channel.outgoing_bytes -= next.bytes.size();
    channel.outgoing.pop_front();
  }
  return true;
}

void IoLoop::EmitDue(Line& line) {
  for (Emission& emission : line.bus->TakeDue(clock_.Steady())) {
    std::vector<ChannelId> finished;
    for (auto& [id, channel] : line.channels) {
      const bool asked = id == emission.asker;
      if (!asked && !emission.to_all) continue;
      OutgoingBytes outgoing{emission.bytes, 0, std::nullopt};
      if (asked) outgoing.truth = std::move(emission.truth);
      channel.outgoing_bytes += outgoing.bytes.size();
      channel.outgoing.push_back(std::move(outgoing));
      if (channel.outgoing_bytes > kMostQueuedBytes || !Flush(channel)) finished.push_back(id);
    }
    for (const ChannelId id : finished) Close(line, id);
  }
}

void IoLoop::Close(Line& line, ChannelId id) {
  logger_.Debug("disconnected", {{"line", line.bus->key()}, {"channel", id}});
  line.bus->OnChannelClosed(id);
  line.channels.erase(id);
}

}  // namespace yb::metersim
