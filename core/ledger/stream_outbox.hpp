// StreamOutbox: the own stream of one site as a lane's outbox (core/sync). For LedgerLink only, on its thread.
#pragma once

#include <set>

#include "core/base/log.hpp"
#include "core/ledger/ledger_link.hpp"

namespace yb::ledger {

class StreamOutbox final : public sync::Outbox {
 public:
  StreamOutbox(LedgerStore& store, base::SiteId site, const LedgerLinkOptions& options, std::set<base::SiteId>& cut)
      : store_(store), site_(std::move(site)), options_(options), cut_(cut) {}

  std::vector<sync::EpochRange> Ranges() override { return store_.Outbox(site_); }
  bool Recovering() override { return store_.HasClosed(site_); }
  base::Result<std::vector<base::Bytes>> ReadBodies(sync::Position from, std::size_t most_bytes) override {
    return store_.ReadBodies(site_, from, most_bytes);
  }
  std::optional<sync::Chain> ChainAt(sync::Position at) override { return store_.ChainAt(site_, at); }
  base::Result<sync::Piece> Answer(const sync::Fetch& /*wanted*/, std::size_t /*most_bytes*/) override {
    return base::Fail(base::ErrorCode::kUnsupported, "nothing of a ledger is asked for again");
  }
  void OnAcknowledged(sync::Position at, const sync::Chain& chain) override {
    const base::Status noted = store_.OnAcknowledged(site_, at, chain);
    if (!noted) base::Logger("ledger").Error("an acknowledgement is not recorded", {{"why", noted.error().Describe()}});
  }
  void OnStanding(bool good) override { store_.OnStanding(site_, good); }
  base::Status Cut(std::span<const sync::Cut> cuts) override {
    cut_.insert(site_);
    return store_.Cut(site_, cuts);
  }
  base::Status StoreFetched(const sync::Piece& piece) override { return store_.StoreFetched(site_, piece); }
  base::Status Finish() override {
    const auto changed = store_.Finish(site_);
    if (!changed) return base::Fail(changed.error());
    if (options_.on_changed && !changed->empty()) options_.on_changed(site_, *changed);
    return {};
  }

 private:
  LedgerStore& store_;
  const base::SiteId site_;
  const LedgerLinkOptions& options_;
  std::set<base::SiteId>& cut_;
};

}  // namespace yb::ledger
