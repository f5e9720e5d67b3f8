// SnapshotBorrower: the box's end of the lane `snapshot` (sync-protocol.md). It asks for a snapshot piece by piece, one
// question under way, until it is whole, the other side has none, or nobody answers.
//
// Owned by LedgerLink; used on its thread only.
#pragma once

#include "core/base/backoff.hpp"
#include "core/ledger/ledger_store.hpp"

namespace yb::ledger {

struct BorrowOptions {
  base::Duration first_retry = std::chrono::seconds(2);
  base::Duration most_retry = std::chrono::seconds(30);
  /// Without any answer over a connection: a central from before there was this lane.
  base::Duration give_up = std::chrono::minutes(2);
  /// While the other side takes one and does not come to an end: both lanes wait for it.
  base::Duration longest_later = std::chrono::minutes(15);
};

class SnapshotBorrower {
 public:
  /// `store` and `clock` outlive this.
  SnapshotBorrower(BorrowOptions options, LedgerStore& store, base::SiteId site, const base::Clock& clock)
      : options_(options), store_(store), site_(std::move(site)), clock_(clock) {}

  void OnConnected(std::uint64_t random);
  void OnDisconnected() { connected_ = false; }
  /// The cases that are seen by it.
  [[nodiscard]] base::Result<std::vector<std::string>> OnMessage(const SnapshotMessage& message);

  /// What is to be sent now.
  [[nodiscard]] base::Result<std::optional<SnapshotWant>> Next();
  [[nodiscard]] std::optional<base::Monotonic> WakeAt() const;
  /// There is nothing more to ask for.
  [[nodiscard]] bool over() const { return over_; }

 private:
  [[nodiscard]] base::Status GiveUp(std::string_view why);

  const BorrowOptions options_;
  LedgerStore& store_;
  const base::SiteId site_;
  const base::Clock& clock_;
  base::Backoff backoff_{options_.first_retry, options_.most_retry};
  bool connected_ = false;
  bool over_ = false;
  std::uint64_t random_ = 0;
  base::Monotonic ask_at_{};
  base::Monotonic heard_{};
  std::optional<base::Monotonic> later_since_{};
};

}  // namespace yb::ledger
