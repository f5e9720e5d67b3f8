#include "edge/field/line_channel.hpp"

#include "edge/field/line/tcp_client_channel.hpp"

namespace yb::field {

std::unique_ptr<line::ByteChannel> MakeChannel(const LineConfig& config) {
  switch (config.kind) {
    case LineKind::kTcp: break;
    case LineKind::kTcpListen: return std::make_unique<line::TcpListenChannel>(config.dial_in);
    case LineKind::kSerial: return std::make_unique<line::SerialChannel>(config.serial);
  }
  return std::make_unique<line::TcpClientChannel>(config.host, config.port);
}

}  // namespace yb::field
