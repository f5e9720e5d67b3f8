// TcpMeter is a serial server with one DL/T 645 meter behind it, for tests: it listens on a port of its own, answers
// the identifiers it has been given, refuses the others, and can be told to be silent, to hold an answer back or to
// hang up. Owns one thread.
#pragma once

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <map>
#include <thread>

#include "edge/field/dlt645/answer.hpp"
#include "edge/field/line/file_descriptor.hpp"
#include "tests/unit/field/dlt645_replies.hpp"

namespace yb::field {

class TcpMeter {
 public:
  TcpMeter(std::string address, std::map<std::uint32_t, base::Bytes> values)
      : address_(std::move(address)), values_(std::move(values)), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in any{};
    any.sin_family = AF_INET;
    any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof any;
    YB_CHECK(::bind(listener_.number(), reinterpret_cast<sockaddr*>(&any), size) == 0, "no port for the test meter");
    YB_CHECK(::listen(listener_.number(), 4) == 0, "the test meter cannot listen");
    YB_CHECK(::getsockname(listener_.number(), reinterpret_cast<sockaddr*>(&any), &size) == 0, "no port number");
    port_ = ntohs(any.sin_port);
    thread_ = std::jthread([this](const std::stop_token& stop) { Serve(stop); });
  }

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] int connections() const { return connections_; }
  void BeSilent(bool silent) { silent_ = silent; }
  void HangUp() { hang_up_ = true; }
  /// The answers to questions for `di` wait until it is another's turn; 0 holds none back.
  void HoldBack(std::uint32_t di) { held_ = di; }

 private:
  static constexpr int kTurnMs = 5;

  void Serve(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      pollfd waiting{listener_.number(), POLLIN, 0};
      if (::poll(&waiting, 1, kTurnMs) <= 0) continue;
      const line::FileDescriptor line(::accept(listener_.number(), nullptr, nullptr));
      ++connections_;
      FrameScanner scanner(dlt645::ExamineFrame);
      while (!stop.stop_requested() && !hang_up_.exchange(false)) {
        pollfd readable{line.number(), POLLIN, 0};
        if (::poll(&readable, 1, kTurnMs) <= 0) continue;
        base::Bytes bytes(512);
        const ssize_t got = ::read(line.number(), bytes.data(), bytes.size());
        if (got <= 0) break;
        scanner.Push(base::ByteView(bytes).first(static_cast<std::size_t>(got)));
        while (const auto whole = scanner.Next()) Answer(line.number(), dlt645::ParseFrame(*whole), stop);
      }
    }
  }

  void Answer(int line, const dlt645::Frame& request, const std::stop_token& stop) {
    if (silent_ || request.address.ToString() != address_) return;
    const std::uint32_t di = *dlt645::DiOf(dlt645::Edition::k2007, request.data);
    while (held_ == di && !stop.stop_requested()) ::poll(nullptr, 0, kTurnMs);
    base::Bytes reply = dlt645::Reply(address_, 0xD1, {0x02});
    const auto value = values_.find(di);
    if (value != values_.end()) {
      base::Bytes data = request.data;
      data.insert(data.end(), value->second.begin(), value->second.end());
      reply = dlt645::Reply(address_, 0x91, data);
    }
    // In two portions: a TCP segment is no frame.
    (void)!::send(line, reply.data(), 5, MSG_NOSIGNAL);
    (void)!::send(line, reply.data() + 5, reply.size() - 5, MSG_NOSIGNAL);
  }

  const std::string address_;
  const std::map<std::uint32_t, base::Bytes> values_;
  line::FileDescriptor listener_;
  int port_ = 0;
  std::atomic<int> connections_{0};
  std::atomic<bool> silent_{false};
  std::atomic<std::uint32_t> held_{0};
  std::atomic<bool> hang_up_{false};
  std::jthread thread_;
};

}  // namespace yb::field
