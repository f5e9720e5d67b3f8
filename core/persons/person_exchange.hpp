// PersonExchange: brings the entries of one site to the same set on both sides, over a way that loses, repeats and
// swaps (sync-protocol.md, lane `person`). Whoever opens sends a summary; where summaries differ, the entries concerned
// are offered; what is offered is offered again until the other side has acknowledged it as synced. There is no try
// count. It takes the time and returns what to send; what is stored is in PersonEntries.
//
// Owned by PersonLink; used on its thread only.
#pragma once

#include <variant>

#include "core/base/backoff.hpp"
#include "core/persons/person_entry.hpp"

namespace yb::persons {

/// Compare with mine; where `ask`, answer with yours.
struct PersonSummaryMessage {
  bool ask = false;
  PersonSummary summary{};
};
struct PersonOffer {
  std::uint64_t number = 0;
  std::vector<PersonEntry> entries;
};
/// All entries of the offer are synced here.
struct PersonAck {
  std::uint64_t number = 0;
};
using PersonMessage = std::variant<PersonSummaryMessage, PersonOffer, PersonAck>;

struct ExchangeOptions {
  base::Duration first_retry = std::chrono::seconds(1);
  base::Duration most_retry = std::chrono::seconds(60);
  base::Duration compare_again = std::chrono::hours(1);
  std::size_t most_entries = 64;  // of one offer
};

class PersonExchange {
 public:
  /// `entries` outlives this.
  PersonExchange(ExchangeOptions options, PersonEntries& entries) : options_(options), entries_(entries) {}

  /// `random` is any evenly distributed number, drawn for each call.
  void OnConnected(base::Monotonic now, std::uint64_t random);
  void OnDisconnected();

  /// What to send now; call until nullopt. An entry that cannot be read is an error, after which it tries again later.
  [[nodiscard]] base::Result<std::optional<PersonMessage>> Next(base::Monotonic now);
  /// The answer to it, if it asks for one. Where storing failed there is none, and the other side comes again.
  [[nodiscard]] base::Result<std::optional<PersonMessage>> OnMessage(const PersonMessage& message, base::Monotonic now);

  /// Something may wait that did not before.
  void OnWaiting(base::Monotonic now);

  [[nodiscard]] std::optional<base::Monotonic> WakeAt() const;
  /// The other side has answered since the connection.
  [[nodiscard]] bool open() const { return open_; }

 private:
  [[nodiscard]] std::uint64_t Draw();

  const ExchangeOptions options_;
  PersonEntries& entries_;
  base::Backoff summary_backoff_{options_.first_retry, options_.most_retry};
  base::Backoff offer_backoff_{options_.first_retry, options_.most_retry};
  bool connected_ = false;
  bool open_ = false;
  std::uint64_t random_ = 0;
  base::Monotonic summary_at_{};  // when to send the next one
  base::Monotonic offer_at_{};    // when to offer, again or at all
  std::optional<PersonOffer> under_way_;
};

}  // namespace yb::persons
