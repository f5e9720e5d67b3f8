#include "core/documents/document_reader.hpp"

#include <algorithm>

namespace yb::documents {

std::uint64_t DocumentReader::Draw() {
  random_ = random_ * 6364136223846793005U + 1442695040888963407U;
  return random_ ^ random_ >> 29;
}

void DocumentReader::OnConnected(base::Monotonic now, std::uint64_t random) {
  random_ = random;
  connected_ = true;
  want_backoff_.Reset();
  want_at_ = now;
  ReportAnew(now);
}

void DocumentReader::ReportAnew(base::Monotonic now) {
  report_backoff_.Reset();
  report_at_ = now;
  number_ = 0;  // an answer to an earlier one knows less
}

base::Result<std::optional<Message>> DocumentReader::Next(base::Monotonic now) {
  if (!connected_) return std::nullopt;
  if (now >= report_at_) {
    report_at_ = now + report_backoff_.Next(Draw());
    number_ = Draw() | 1;  // never 0
    Report report{number_, {}};
    YB_ASSIGN(report.state.applied, kept_.Heads());
    for (const auto& [kind, refused] : refused_) {
      report.state.refused.push_back({refused.document.head, refused.why});
    }
    return report;
  }
  if (wanted_.empty() || now < want_at_) return std::nullopt;
  want_at_ = now + want_backoff_.Next(Draw());
  const Head& head = wanted_.begin()->second;
  if (coming_.head != head) coming_ = {head, {}};
  return Want{head, coming_.text.size(), std::min<std::uint64_t>(options_.piece, head.size - coming_.text.size())};
}

base::Result<std::optional<Message>> DocumentReader::OnMessage(const Message& message, base::Monotonic now) {
  if (const auto* offer = std::get_if<Offer>(&message)) {
    YB_TRY(TakeOffer(*offer, now));
  } else if (const auto* piece = std::get_if<Piece>(&message)) {
    YB_TRY(TakePiece(*piece, now));
  }
  return std::nullopt;
}

base::Status DocumentReader::TakeOffer(const Offer& offer, base::Monotonic now) {
  YB_ASSIGN(const std::vector<Head> applied, kept_.Heads());
  for (const Head& head : offer.heads) {
    const Head* const present = Find(applied, head.kind);
    const auto refused = refused_.find(head.kind);
    if (present != nullptr && *present == head && on_current_) on_current_(head.kind);
    if (present != nullptr && present->version >= head.version) continue;
    if (refused != refused_.end() && refused->second.document.head == head) continue;
    const auto wanted = wanted_.find(head.kind);
    if (wanted != wanted_.end() && (wanted->second == head || wanted->second.version > head.version)) continue;
    wanted_[head.kind] = head;
    want_backoff_.Reset();
    want_at_ = now;
  }
  if (offer.number == 0) {
    // Central does not know what is here, or has not what was asked for: what it says to a report counts.
    report_at_ = std::min(report_at_, now + options_.first_retry);
    return {};
  }
  if (offer.number != number_) return {};
  // It may have been restored and not know what it offered before.
  std::erase_if(wanted_,
                [&](const auto& one) { return std::ranges::find(offer.heads, one.second) == offer.heads.end(); });
  report_backoff_.Reset();
  report_at_ = now + options_.report_again +
               base::Duration(static_cast<std::int64_t>(Draw() % 256) * options_.report_again.count() / 1024);
  return {};
}

base::Status DocumentReader::TakePiece(const Piece& piece, base::Monotonic now) {
  if (wanted_.empty() || piece.head != coming_.head || wanted_.begin()->second != coming_.head) return {};
  if (piece.offset != coming_.text.size() || piece.content.size() > coming_.head.size - piece.offset) return {};
  if (piece.content.empty() && coming_.head.size != 0) return {};
  coming_.text += piece.content;
  want_backoff_.Reset();
  want_at_ = now;
  if (coming_.text.size() < coming_.head.size) return {};
  const Document whole = std::move(coming_);
  coming_ = {};
  want_at_ = now + want_backoff_.Next(Draw());  // where it fails here or was not whole: not at once
  if (base::Sha256(base::AsBytes(whole.text)) != whole.head.sha) return {};
  return TakeUp(whole, now);
}

base::Status DocumentReader::TakeUp(const Document& document, base::Monotonic now) {
  YB_ASSIGN(const bool taken, Try(document));
  wanted_.erase(document.head.kind);
  want_backoff_.Reset();
  want_at_ = now;
  ReportAnew(now);
  if (taken && on_current_) on_current_(document.head.kind);
  return taken ? TryRefusedAgain() : base::Status();
}

base::Status DocumentReader::TryRefusedAgain() {
  for (bool changed = true; changed;) {
    changed = false;
    std::vector<Document> again;
    for (const auto& [kind, refused] : refused_) again.push_back(refused.document);
    for (const Document& document : again) {
      YB_ASSIGN(const bool taken, Try(document));
      changed = changed || taken;
    }
  }
  return {};
}

base::Result<bool> DocumentReader::Try(const Document& document) {
  const base::Status applied = apply_(document);
  if (applied) {
    YB_TRY(kept_.Keep(document, clock_.Now()));
    refused_.erase(document.head.kind);
    return true;
  }
  const base::Error& error = applied.error();
  if (error.Class() == base::ErrorClass::kRetry || error.code == base::ErrorCode::kDiskFull ||
      error.code == base::ErrorCode::kIo) {
    return base::Fail(error.At(ToString(document.head.kind)));
  }
  refused_[document.head.kind] = {document, {error.Describe(), error.message_zh}};
  return false;
}

std::optional<base::Monotonic> DocumentReader::WakeAt() const {
  if (!connected_) return std::nullopt;
  return wanted_.empty() ? report_at_ : std::min(report_at_, want_at_);
}

}  // namespace yb::documents
