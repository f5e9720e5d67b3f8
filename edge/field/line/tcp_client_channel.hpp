// TcpClientChannel: a serial server (串口服务器) or DTU that listens, as a raw pipe to its bus.
#pragma once

#include <cstdint>
#include <string>

#include "edge/field/line/byte_channel.hpp"
#include "edge/field/line/file_descriptor.hpp"

struct addrinfo;

namespace yb::field::line {

class TcpClientChannel final : public ByteChannel {
 public:
  /// `host` is an address, or a name that is resolved at each opening; resolving is not cut short by `stop`.
  TcpClientChannel(std::string host, std::uint16_t port) : host_(std::move(host)), port_(port) {}

  base::Status Open(base::Duration limit, int stop) override;
  int descriptor() const override { return socket_.number(); }
  base::Result<base::Bytes> Read() override;
  base::Status Write(base::ByteView bytes) override;
  void Close() override { socket_.Close(); }
  std::string Describe() const override;

 private:
  [[nodiscard]] base::Status OpenTo(const addrinfo& address, base::Duration limit, int stop);

  std::string host_;
  std::uint16_t port_;
  FileDescriptor socket_;
};

/// Keep-alive as a line needs it: after 30 s of silence, 3 probes, 10 s apart.
[[nodiscard]] base::Status WatchForHalfOpen(int socket);

}  // namespace yb::field::line
