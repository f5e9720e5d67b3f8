#include "tests/support/tcp_proxy.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <vector>

#include "core/base/result.hpp"

namespace yb::test {
namespace {

constexpr int kTickMs = 50;

struct Pair {
  int client;
  int server;
  bool dead = false;
};

/// Moves what is there from one side to the other; false at the end of either.
bool Forward(int from, int to) {
  std::array<char, 64 * 1024> part{};
  const ssize_t size = ::recv(from, part.data(), part.size(), 0);
  if (size <= 0) return false;
  for (ssize_t sent = 0; sent < size;) {
    const ssize_t more = ::send(to, part.data() + sent, static_cast<std::size_t>(size - sent), MSG_NOSIGNAL);
    if (more <= 0) return false;
    sent += more;
  }
  return true;
}

int ConnectTo(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
  if (::connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return descriptor;
  ::close(descriptor);
  return -1;
}

}  // namespace

TcpProxy::TcpProxy(int target) : target_(target) {
  listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const bool listens = ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                       ::listen(listener_, 64) == 0 &&
                       ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  YB_CHECK(listens, "the system gives no port for a proxy");
  port_ = ntohs(address.sin_port);
  thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
}

TcpProxy::~TcpProxy() {
  thread_.request_stop();
  thread_.join();
  ::close(listener_);
}

void TcpProxy::Run(const std::stop_token& stop) {
  std::vector<Pair> pairs;
  while (!stop.stop_requested()) {
    if (cut_) {
      std::this_thread::sleep_for(std::chrono::milliseconds(kTickMs));
      continue;
    }
    std::vector<pollfd> waits = {{listener_, POLLIN, 0}};
    for (const Pair& pair : pairs) {
      waits.push_back({pair.client, POLLIN, 0});
      waits.push_back({pair.server, POLLIN, 0});
    }
    if (::poll(waits.data(), waits.size(), kTickMs) <= 0) continue;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      Pair& pair = pairs[i];
      const bool up = waits[1 + 2 * i].revents == 0 || Forward(pair.client, pair.server);
      const bool down = waits[2 + 2 * i].revents == 0 || Forward(pair.server, pair.client);
      if (up && down) continue;
      ::close(pair.client);
      ::close(pair.server);
      pair.dead = true;
    }
    std::erase_if(pairs, [](const Pair& pair) { return pair.dead; });
    if (waits[0].revents != 0) {
      const int client = ::accept(listener_, nullptr, nullptr);
      const int server = client < 0 ? -1 : ConnectTo(target_);
      if (server >= 0) {
        pairs.push_back({client, server});
      } else if (client >= 0) {
        ::close(client);
      }
    }
  }
  for (const Pair& pair : pairs) {
    ::close(pair.client);
    ::close(pair.server);
  }
}

}  // namespace yb::test
