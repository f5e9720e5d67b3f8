// TcpListenChannel: a cellular DTU that dials in. It says who it is in a registration packet (注册包) and sends
// heartbeats (心跳包) now and then, which the frame scanners skip like any noise.
#pragma once

#include <cstdint>
#include <string>

#include "edge/field/line/byte_channel.hpp"
#include "edge/field/line/file_descriptor.hpp"

namespace yb::field::line {

struct DialInSettings {
  std::string host = "0.0.0.0";  // address to listen on
  std::uint16_t port = 0;
  base::Bytes registration;  // must come within the first bytes; empty: anybody may dial in

  friend bool operator==(const DialInSettings&, const DialInSettings&) = default;
};

class TcpListenChannel final : public ByteChannel {
 public:
  explicit TcpListenChannel(DialInSettings settings) : settings_(std::move(settings)) {}

  /// Waits for a DTU that registers; of several that wait, the one that dialled last, because the others are most
  /// likely its own lost connections. kTimeout when none came. The port stays open between connections.
  base::Status Open(base::Duration limit, int stop) override;
  int descriptor() const override { return connection_.number(); }
  base::Result<base::Bytes> Read() override;
  base::Status Write(base::ByteView bytes) override;
  void Close() override { connection_.Close(); }
  std::string Describe() const override;
  bool WaitsForPeer() const override { return true; }

 private:
  [[nodiscard]] base::Status Listen();
  [[nodiscard]] FileDescriptor AcceptLast();
  [[nodiscard]] base::Status AwaitRegistration(int connection, base::Duration limit, int stop) const;

  const DialInSettings settings_;
  FileDescriptor listener_;
  FileDescriptor connection_;
};

}  // namespace yb::field::line
