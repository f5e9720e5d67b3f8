#include "tools/metersim/io_loop.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
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

base::Result<std::uint16_t> IoLoop::AddListeningLine(std::unique_ptr<LineBus> line, const HostPort& address) {
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
  lines_.push_back(Line{.bus = std::move(line), .listener = std::move(listener)});
  return ntohs(name.sin_port);
}

base::Status IoLoop::AddDiallingLine(std::unique_ptr<LineBus> line, const HostPort& address) {
  YB_ASSIGN(Dialler dialler, Dialler::Create(address.host, address.port, lines_.size()));
  lines_.push_back(Line{.bus = std::move(line), .dialler = std::move(dialler)});
  return {};
}

base::Status IoLoop::AddTerminalLine(std::unique_ptr<LineBus> line, const std::filesystem::path& link) {
  YB_ASSIGN(PseudoTerminal terminal, PseudoTerminal::Open(link));
  lines_.push_back(Line{.bus = std::move(line), .terminal = std::move(terminal)});
  OpenChannel(lines_.back(), lines_.back().terminal->TakeMaster(), false);
  return {};
}

base::Status IoLoop::Run() {
  std::vector<pollfd> fds;
  std::vector<Watched> watched;
  while (true) {
    for (Line& line : lines_) {
      if (!line.dialler) continue;
      if (std::optional<FileDescriptor> made = line.dialler->OnTime(clock_.Steady())) {
        OpenChannel(line, std::move(*made), true);
      }
    }
    Watch(fds, watched);
    if (::poll(fds.data(), fds.size(), PollTimeout()) < 0 && errno != EINTR) {
      return base::Fail(base::ErrorCode::kIo, "poll failed: " + ErrnoText());
    }
    if (fds[0].revents != 0) return {};
    for (std::size_t i = 1; i < fds.size(); ++i) {
      if (fds[i].revents != 0) Serve(fds[i], watched[i]);
    }
    for (Line& line : lines_) EmitDue(line);
  }
}

void IoLoop::Watch(std::vector<pollfd>& fds, std::vector<Watched>& watched) {
  fds.assign(1, {stop_fd_, POLLIN, 0});
  watched.assign(1, {nullptr, 0});
  const auto add = [&](int fd, short events, Line& line, ChannelId channel) {
    fds.push_back({fd, events, 0});
    watched.push_back({&line, channel});
  };
  for (Line& line : lines_) {
    if (line.listener.valid()) add(line.listener.get(), POLLIN, line, 0);
    if (line.dialler && line.dialler->pending_fd() >= 0) add(line.dialler->pending_fd(), POLLOUT, line, 0);
    for (auto& [id, channel] : line.channels) {
      add(channel.fd.get(), channel.outgoing.empty() ? POLLIN : POLLIN | POLLOUT, line, id);
    }
  }
}

void IoLoop::Serve(const pollfd& ready, const Watched& watched) {
  Line& line = *watched.line;
  if (watched.channel == 0 && line.dialler) {
    if (std::optional<FileDescriptor> made = line.dialler->OnWritable(clock_.Steady())) {
      OpenChannel(line, std::move(*made), true);
    }
    return;
  }
  if (watched.channel == 0) return Accept(line);
  const auto found = line.channels.find(watched.channel);
  if (found == line.channels.end()) return;
  bool alive = (ready.revents & POLLOUT) == 0 || Flush(found->second);
  if (alive && (ready.revents & (POLLIN | POLLHUP | POLLERR)) != 0) alive = Receive(line, found->first, found->second);
  if (!alive) Close(line, watched.channel);
}

int IoLoop::PollTimeout() const {
  std::optional<base::Monotonic> next;
  const auto consider = [&next](std::optional<base::Monotonic> due) {
    if (due && (!next || *due < *next)) next = due;
  };
  for (const Line& line : lines_) {
    consider(line.bus->NextDue());
    if (line.dialler) consider(line.dialler->next_attempt());
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
    OpenChannel(line, std::move(fd), true);
  }
}

void IoLoop::OpenChannel(Line& line, FileDescriptor fd, bool is_socket) {
  const ChannelId id = next_channel_++;
  logger_.Debug("connected", {{"line", line.bus->key()}, {"channel", id}});
  line.channels.emplace(id, Channel{std::move(fd), is_socket, {}, 0});
  line.bus->OnChannelOpened(id, clock_.Steady());
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
    const std::uint8_t* from = next.bytes.data() + next.sent;
    const std::size_t left = next.bytes.size() - next.sent;
    const ssize_t count =
        channel.is_socket ? ::send(channel.fd.get(), from, left, MSG_NOSIGNAL) : ::write(channel.fd.get(), from, left);
    if (count < 0) return errno == EAGAIN || errno == EINTR;
    next.sent += static_cast<std::size_t>(count);
    if (next.sent < next.bytes.size()) return true;
    for (const TruthEntry& truth : next.truths) {
      if (log_ == nullptr) break;
      if (const base::Status logged = log_->Append(truth, clock_.Now()); !logged) {
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
      OutgoingBytes outgoing{emission.bytes, 0, {}};
      if (asked) outgoing.truths = std::move(emission.truths);
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
  if (line.dialler) line.dialler->OnLost(clock_.Steady());
}

}  // namespace yb::metersim
