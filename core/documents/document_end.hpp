// DocumentEnd: one end of the lane `document` of one site. It takes the time and returns what to send; DocumentLink
// does the sending. Used on the link's thread only.
#pragma once

#include "core/base/backoff.hpp"
#include "core/documents/document_messages.hpp"

namespace yb::documents {

struct ExchangeOptions {
  base::Duration first_retry = std::chrono::seconds(1);
  base::Duration most_retry = std::chrono::seconds(60);
  base::Duration report_again = std::chrono::hours(1);
  std::size_t piece = 16 * 1024;  // half a second at 256 kbit/s; at most kMostPiece
};

class DocumentEnd {
 public:
  virtual ~DocumentEnd() = default;

  /// `random` is any evenly distributed number, drawn for each call.
  virtual void OnConnected(base::Monotonic now, std::uint64_t random) = 0;
  virtual void OnDisconnected() = 0;
  /// What is to be in force may have changed.
  virtual void OnChanged(base::Monotonic now) = 0;
  /// Takes it in and gives the answer, if there is one. Where storing failed there is none, and the other end comes
  /// again.
  [[nodiscard]] virtual base::Result<std::optional<Message>> OnMessage(const Message& message, base::Monotonic now) = 0;
  /// What to send now; call until nullopt. After an error it tries again later.
  [[nodiscard]] virtual base::Result<std::optional<Message>> Next(base::Monotonic now) = 0;
  [[nodiscard]] virtual std::optional<base::Monotonic> WakeAt() const = 0;
};

}  // namespace yb::documents
