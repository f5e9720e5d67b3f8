// FrameTap (报文监视) remembers the last exchanges of a line as they passed, in a ring of fixed size: what was sent,
// and what came back until the next request. TapChannel puts it between a line and its channel, so that polls and
// questions asked by hand are both seen.
//
// A FrameTap is safe to use from any thread; a TapChannel belongs to its line's thread.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/base/guarded.hpp"
#include "edge/field/line/byte_channel.hpp"

namespace yb::field::line {

/// One request and what came back, echoes and noise included.
struct TappedExchange {
  std::uint64_t no = 0;  // 1, 2, 3 … since the start of the line
  base::UtcTime sent_at{};
  std::optional<base::UtcTime> received_at;  // the last byte so far; nothing came back without it
  base::Bytes sent;
  base::Bytes received;
  bool cut = false;  // more came back than is kept
};

class FrameTap {
 public:
  static constexpr std::size_t kExchanges = 64;
  static constexpr std::size_t kMostBytes = 512;  // of each direction; a frame has 300 at most

  void OnSent(base::ByteView bytes, base::UtcTime now);
  void OnReceived(base::ByteView bytes, base::UtcTime now);

  /// Exchanges with numbers above `after`, ascending; the newest may still grow.
  [[nodiscard]] std::vector<TappedExchange> After(std::uint64_t after) const;

 private:
  struct Ring {
    std::array<TappedExchange, kExchanges> exchanges;  // number n stands at n modulo kExchanges
    std::uint64_t last = 0;
  };
  base::Guarded<Ring> ring_;
};

class TapChannel final : public ByteChannel {
 public:
  /// `tap` and `clock` outlive this.
  TapChannel(std::unique_ptr<ByteChannel> inner, FrameTap& tap, const base::Clock& clock)
      : inner_(std::move(inner)), tap_(tap), clock_(clock) {}

  [[nodiscard]] base::Status Open(base::Duration limit, int stop) override { return inner_->Open(limit, stop); }
  [[nodiscard]] int descriptor() const override { return inner_->descriptor(); }
  [[nodiscard]] base::Result<base::Bytes> Read() override;
  [[nodiscard]] base::Status Write(base::ByteView bytes) override;
  void Close() override { inner_->Close(); }
  [[nodiscard]] bool WaitsForPeer() const override { return inner_->WaitsForPeer(); }
  [[nodiscard]] std::string Describe() const override { return inner_->Describe(); }

 private:
  std::unique_ptr<ByteChannel> inner_;
  FrameTap& tap_;
  const base::Clock& clock_;
};

}  // namespace yb::field::line
