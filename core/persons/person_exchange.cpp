#include "core/persons/person_exchange.hpp"

#include <algorithm>
#include <limits>

namespace yb::persons {

std::uint64_t PersonExchange::Draw() {
  random_ = random_ * 6364136223846793005U + 1442695040888963407U;
  return random_ ^ random_ >> 29;
}

void PersonExchange::OnConnected(base::Monotonic now, std::uint64_t random) {
  random_ = random;
  connected_ = true;
  open_ = false;
  under_way_.reset();
  summary_backoff_.Reset();
  offer_backoff_.Reset();
  summary_at_ = offer_at_ = now;
}

void PersonExchange::OnDisconnected() {
  connected_ = false;
  open_ = false;
  under_way_.reset();
}

base::Result<std::optional<PersonMessage>> PersonExchange::Next(base::Monotonic now) {
  if (!connected_) return std::nullopt;
  if (now >= summary_at_) {
    summary_at_ = now + summary_backoff_.Next(Draw());
    YB_ASSIGN(const PersonSummary summary, entries_.Summary());
    return PersonSummaryMessage{true, summary};
  }
  if (now < offer_at_) return std::nullopt;
  // Read anew each time: an entry of an offer that was lost may have been erased since.
  under_way_.reset();
  offer_at_ = now + offer_backoff_.Next(Draw());
  YB_ASSIGN(std::vector<PersonEntry> waiting, entries_.Waiting(options_.most_entries));
  if (waiting.empty()) {
    offer_at_ = base::Monotonic{std::numeric_limits<std::int64_t>::max()};
    return std::nullopt;
  }
  under_way_ = PersonOffer{Draw(), std::move(waiting)};
  return *under_way_;
}

base::Result<std::optional<PersonMessage>> PersonExchange::OnMessage(const PersonMessage& message,
                                                                     base::Monotonic now) {
  if (const auto* other = std::get_if<PersonSummaryMessage>(&message)) {
    YB_TRY(entries_.Compare(other->summary));
    OnWaiting(now);
    if (!other->ask) {
      open_ = true;
      summary_backoff_.Reset();
      summary_at_ = now + options_.compare_again +
                    base::Duration(static_cast<std::int64_t>(Draw() % 256) * options_.compare_again.count() / 1024);
      return std::nullopt;
    }
    YB_ASSIGN(const PersonSummary summary, entries_.Summary());
    return PersonSummaryMessage{false, summary};
  }
  if (const auto* offer = std::get_if<PersonOffer>(&message)) {
    YB_TRY(entries_.TakeIn(offer->entries));
    OnWaiting(now);  // an erasure that the other side does not know
    return PersonAck{offer->number};
  }
  const auto& ack = std::get<PersonAck>(message);
  if (!under_way_ || under_way_->number != ack.number) return std::nullopt;
  YB_TRY(entries_.OnTold(under_way_->entries));
  under_way_.reset();
  offer_backoff_.Reset();
  offer_at_ = now;
  return std::nullopt;
}

void PersonExchange::OnWaiting(base::Monotonic now) {
  if (!under_way_ && offer_at_ > now) offer_at_ = now;
}

std::optional<base::Monotonic> PersonExchange::WakeAt() const {
  if (!connected_) return std::nullopt;
  return std::min(summary_at_, offer_at_);
}

}  // namespace yb::persons
