#include "tests/support/tcp_proxy.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <deque>
#include <random>
#include <vector>

#include "core/base/result.hpp"

namespace yb::test {
namespace {

constexpr int kTickMs = 50;
constexpr int kSlowTickMs = 5;
constexpr std::size_t kSegment = 1400;
constexpr std::size_t kMostQueued = 64 * 1024;  // what routers and sockets on the way hold

constexpr SlowLink kSoundLink = {.bytes_per_second = 1'000'000'000,
                                 .delay = std::chrono::milliseconds(0),
                                 .lost_per_mille = 0,
                                 .retransmission = std::chrono::milliseconds(0),
                                 .broken_per_mille = 0};

using Clock = std::chrono::steady_clock;

/// Bytes on their way over a slow link.
struct Segment {
  Clock::time_point arrives;
  std::vector<char> bytes;
};

/// One direction of a connection.
struct Flow {
  int from;
  int to;
  std::deque<Segment> under_way = {};
  std::size_t queued = 0;
  Clock::time_point line_free = {};
};

struct Pair {
  Flow up;
  Flow down;
};

bool SendAll(int to, const char* bytes, std::size_t size) {
  for (std::size_t sent = 0; sent < size;) {
    const ssize_t more = ::send(to, bytes + sent, size - sent, MSG_NOSIGNAL);
    if (more <= 0) return false;
    sent += static_cast<std::size_t>(more);
  }
  return true;
}

/// Moves what is there from one side to the other; false at the end of either.
bool Forward(Flow& flow) {
  std::array<char, 64 * 1024> part{};
  const ssize_t size = ::recv(flow.from, part.data(), part.size(), 0);
  return size > 0 && SendAll(flow.to, part.data(), static_cast<std::size_t>(size));
}

/// Takes one segment onto the slow link; false at the end or where the link breaks the connection.
bool Queue(Flow& flow, const SlowLink& link, std::mt19937_64& random, Clock::time_point now) {
  std::vector<char> bytes(kSegment);
  const ssize_t size = ::recv(flow.from, bytes.data(), bytes.size(), 0);
  if (size <= 0) return false;
  bytes.resize(static_cast<std::size_t>(size));
  const auto drawn = static_cast<int>(random() % 1000);
  if (drawn < link.broken_per_mille) return false;
  flow.line_free = std::max(flow.line_free, now) +
                   std::chrono::microseconds(static_cast<std::int64_t>(size) * 1'000'000 / link.bytes_per_second);
  if (drawn < link.broken_per_mille + link.lost_per_mille) flow.line_free += link.retransmission;
  flow.queued += bytes.size();
  flow.under_way.push_back({flow.line_free + link.delay, std::move(bytes)});
  return true;
}

bool Deliver(Flow& flow, Clock::time_point now) {
  while (!flow.under_way.empty() && flow.under_way.front().arrives <= now) {
    const std::vector<char>& bytes = flow.under_way.front().bytes;
    if (!SendAll(flow.to, bytes.data(), bytes.size())) return false;
    flow.queued -= bytes.size();
    flow.under_way.pop_front();
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

void TcpProxy::Restore() {
  slow_ = false;
  cut_ = false;
}

void TcpProxy::Slow(const SlowLink& link) {
  link_.With([&](SlowLink& mine) { mine = link; });
  slow_ = true;
}

void TcpProxy::Run(const std::stop_token& stop) {
  std::vector<Pair> pairs;
  SlowLink link;
  std::mt19937_64 random;
  bool was_slow = false;
  while (!stop.stop_requested()) {
    if (cut_) {
      std::this_thread::sleep_for(std::chrono::milliseconds(kTickMs));
      continue;
    }
    const bool slow = slow_;
    if (slow && !was_slow) {
      link = link_.With([](const SlowLink& mine) { return mine; });
      random.seed(link.seed);
    }
    was_slow = slow;
    bool under_way = false;
    std::vector<pollfd> waits = {{listener_, POLLIN, 0}};
    for (const Pair& pair : pairs) {
      for (const Flow* flow : {&pair.up, &pair.down}) {
        const bool room = flow->queued < kMostQueued;
        waits.push_back({flow->from, static_cast<short>(room ? POLLIN : 0), 0});
        under_way = under_way || !flow->under_way.empty();
      }
    }
    const int ready = ::poll(waits.data(), waits.size(), under_way ? kSlowTickMs : kTickMs);
    if (ready <= 0 && !under_way) continue;
    const Clock::time_point now = Clock::now();
    std::size_t at = 1;
    std::erase_if(pairs, [&](Pair& pair) {
      bool alive = true;
      for (Flow* flow : {&pair.up, &pair.down}) {
        const bool readable = waits[at++].revents != 0;
        if (readable && alive) {
          // What came while the link was slow goes first.
          const bool queue = slow || !flow->under_way.empty();
          alive = queue ? Queue(*flow, slow ? link : kSoundLink, random, now) : Forward(*flow);
        }
        alive = alive && Deliver(*flow, now);
      }
      if (alive) return false;
      ::close(pair.up.from);
      ::close(pair.up.to);
      return true;
    });
    if (waits[0].revents != 0) {
      const int client = ::accept(listener_, nullptr, nullptr);
      const int server = client < 0 ? -1 : ConnectTo(target_);
      if (server >= 0) {
        pairs.push_back({{client, server}, {server, client}});
      } else if (client >= 0) {
        ::close(client);
      }
    }
  }
  for (const Pair& pair : pairs) {
    ::close(pair.up.from);
    ::close(pair.up.to);
  }
}

}  // namespace yb::test
