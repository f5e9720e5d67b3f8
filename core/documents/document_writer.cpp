#include "core/documents/document_writer.hpp"

#include <algorithm>
#include <limits>

namespace yb::documents {
namespace {

constexpr base::Monotonic kNever{std::numeric_limits<std::int64_t>::max()};

}  // namespace

void DocumentWriter::OnConnected(base::Monotonic now, std::uint64_t random) {
  random_ = random;
  connected_ = true;
  OnChanged(now);
}

void DocumentWriter::OnChanged(base::Monotonic now) {
  backoff_.Reset();
  offer_at_ = now;
}

bool DocumentWriter::KnowsOf(const State& told, const Head& head) {
  const Head* const applied = Find(told.applied, head.kind);
  if (applied != nullptr && applied->version >= head.version) return true;
  return std::ranges::find(told.refused, head, &Refusal::head) != told.refused.end();
}

base::Result<std::optional<Message>> DocumentWriter::Next(base::Monotonic now) {
  if (!connected_ || now < offer_at_) return std::nullopt;
  random_ = random_ * 6364136223846793005U + 1442695040888963407U;
  offer_at_ = now + backoff_.Next(random_ ^ random_ >> 29);
  YB_ASSIGN(const std::optional<Told> told, published_.ToldOf(site_));
  YB_ASSIGN(std::vector<Head> desired, published_.Desired(site_));
  // A box that never told anything does so of itself, and again until it is answered.
  if (!told || std::ranges::all_of(desired, [&](const Head& head) { return KnowsOf(told->state, head); })) {
    offer_at_ = kNever;
    return std::nullopt;
  }
  return Offer{0, std::move(desired)};
}

base::Result<std::optional<Message>> DocumentWriter::OnMessage(const Message& message, base::Monotonic now) {
  if (const auto* report = std::get_if<Report>(&message)) {
    YB_TRY(published_.Note(site_, report->state, clock_.Now()));
    YB_ASSIGN(std::vector<Head> desired, published_.Desired(site_));
    backoff_.Reset();
    offer_at_ = now + options_.most_retry;  // the answer is an offer already
    return Offer{report->number, std::move(desired)};
  }
  const auto* want = std::get_if<Want>(&message);
  if (want == nullptr) return std::nullopt;
  YB_ASSIGN(const std::vector<Head> desired, published_.Desired(site_));
  const Head* const newest = Find(desired, want->head.kind);
  // What is asked for has been replaced, or was never for this site: it is told what is there instead.
  if (newest == nullptr || *newest != want->head) return Offer{0, desired};
  YB_ASSIGN(const std::string text, published_.Text(site_, want->head));
  if (want->offset > text.size()) return std::nullopt;
  return Piece{want->head, want->offset, text.substr(want->offset, std::min<std::uint64_t>(want->length, kMostPiece))};
}

std::optional<base::Monotonic> DocumentWriter::WakeAt() const {
  if (!connected_ || offer_at_ == kNever) return std::nullopt;
  return offer_at_;
}

}  // namespace yb::documents
