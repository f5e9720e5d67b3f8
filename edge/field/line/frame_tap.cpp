#include "edge/field/line/frame_tap.hpp"

#include <algorithm>

namespace yb::field::line {

void FrameTap::OnSent(base::ByteView bytes, base::UtcTime now) {
  ring_.With([&](Ring& ring) {
    ++ring.last;
    TappedExchange& exchange = ring.exchanges[ring.last % kExchanges];
    exchange = {};
    exchange.no = ring.last;
    exchange.sent_at = now;
    exchange.sent.assign(bytes.begin(), bytes.begin() + static_cast<long>(std::min(bytes.size(), kMostBytes)));
  });
}

void FrameTap::OnReceived(base::ByteView bytes, base::UtcTime now) {
  ring_.With([&](Ring& ring) {
    if (ring.last == 0) return;  // heard before anything was asked: it belongs to no exchange
    TappedExchange& exchange = ring.exchanges[ring.last % kExchanges];
    exchange.received_at = now;
    const std::size_t room = kMostBytes - exchange.received.size();
    exchange.cut = exchange.cut || bytes.size() > room;
    exchange.received.insert(exchange.received.end(), bytes.begin(),
                             bytes.begin() + static_cast<long>(std::min(bytes.size(), room)));
  });
}

std::vector<TappedExchange> FrameTap::After(std::uint64_t after) const {
  return ring_.With([&](const Ring& ring) {
    std::vector<TappedExchange> found;
    const std::uint64_t oldest = ring.last < kExchanges ? 1 : ring.last - kExchanges + 1;
    for (std::uint64_t no = std::max(after + 1, oldest); no <= ring.last; ++no) {
      found.push_back(ring.exchanges[no % kExchanges]);
    }
    return found;
  });
}

base::Result<base::Bytes> TapChannel::Read() {
  base::Result<base::Bytes> bytes = inner_->Read();
  if (bytes && !bytes->empty()) tap_.OnReceived(*bytes, clock_.Now());
  return bytes;
}

base::Status TapChannel::Write(base::ByteView bytes) {
  tap_.OnSent(bytes, clock_.Now());
  return inner_->Write(bytes);
}

}  // namespace yb::field::line
