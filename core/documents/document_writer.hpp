// DocumentWriter: central's end of the lane `document` of one site (sync-protocol.md). It keeps what the box tells,
// offers what is to be in force until the box has told of it, and answers the box's wants.
//
// Owned by DocumentLink; used on its thread only.
#pragma once

#include "core/documents/document_end.hpp"
#include "core/documents/published_documents.hpp"

namespace yb::documents {

class DocumentWriter final : public DocumentEnd {
 public:
  /// `published` and `clock` outlive this.
  DocumentWriter(ExchangeOptions options, base::SiteId site, PublishedDocuments& published, const base::Clock& clock)
      : options_(options), site_(std::move(site)), published_(published), clock_(clock) {}

  void OnConnected(base::Monotonic now, std::uint64_t random) override;
  void OnDisconnected() override { connected_ = false; }
  void OnChanged(base::Monotonic now) override;
  [[nodiscard]] base::Result<std::optional<Message>> OnMessage(const Message& message, base::Monotonic now) override;
  [[nodiscard]] base::Result<std::optional<Message>> Next(base::Monotonic now) override;
  [[nodiscard]] std::optional<base::Monotonic> WakeAt() const override;

 private:
  [[nodiscard]] static bool KnowsOf(const State& told, const Head& head);

  const ExchangeOptions options_;
  const base::SiteId site_;
  PublishedDocuments& published_;
  const base::Clock& clock_;
  base::Backoff backoff_{options_.first_retry, options_.most_retry};
  bool connected_ = false;
  std::uint64_t random_ = 0;
  base::Monotonic offer_at_{};
};

}  // namespace yb::documents
