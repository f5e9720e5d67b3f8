// DocumentReader: the box's end of the lane `document` (sync-protocol.md). It tells what is in force until central has
// heard it, fetches what is newer piece by piece, and has it taken up whole or not at all.
//
// Owned by DocumentLink; used on its thread only.
#pragma once

#include <functional>
#include <map>

#include "core/documents/applied_documents.hpp"
#include "core/documents/document_end.hpp"

namespace yb::documents {

class DocumentReader final : public DocumentEnd {
 public:
  /// Puts a document in force, whole or not at all. An error that recovers by itself or a full disk is tried again;
  /// every other one is a refusal, which central is told.
  using Apply = std::function<base::Status(const Document&)>;
  /// Central says that the document of this kind which is in force here is the newest.
  using OnCurrent = std::function<void(Kind)>;

  /// `kept` and `clock` outlive this.
  DocumentReader(ExchangeOptions options, AppliedDocuments& kept, Apply apply, OnCurrent on_current,
                 const base::Clock& clock)
      : options_(options), kept_(kept), apply_(std::move(apply)), on_current_(std::move(on_current)), clock_(clock) {}

  void OnConnected(base::Monotonic now, std::uint64_t random) override;
  void OnDisconnected() override { connected_ = false; }
  void OnChanged(base::Monotonic now) override { ReportAnew(now); }
  [[nodiscard]] base::Result<std::optional<Message>> OnMessage(const Message& message, base::Monotonic now) override;
  [[nodiscard]] base::Result<std::optional<Message>> Next(base::Monotonic now) override;
  [[nodiscard]] std::optional<base::Monotonic> WakeAt() const override;

 private:
  [[nodiscard]] base::Status TakeOffer(const Offer& offer, base::Monotonic now);
  [[nodiscard]] base::Status TakePiece(const Piece& piece, base::Monotonic now);
  [[nodiscard]] base::Status TakeUp(const Document& document, base::Monotonic now);
  /// Those that did not fit what was in force: they may fit now.
  [[nodiscard]] base::Status TryRefusedAgain();
  /// False: refused.
  [[nodiscard]] base::Result<bool> Try(const Document& document);
  void ReportAnew(base::Monotonic now);
  [[nodiscard]] std::uint64_t Draw();

  struct Refused {
    Document document;
    base::Words why;
  };

  const ExchangeOptions options_;
  AppliedDocuments& kept_;
  const Apply apply_;
  const OnCurrent on_current_;
  const base::Clock& clock_;
  base::Backoff report_backoff_{options_.first_retry, options_.most_retry};
  base::Backoff want_backoff_{options_.first_retry, options_.most_retry};
  bool connected_ = false;
  std::uint64_t random_ = 0;
  std::uint64_t number_ = 0;  // of the last report
  base::Monotonic report_at_{};
  base::Monotonic want_at_{};
  std::map<Kind, Head> wanted_;
  Document coming_;                  // of the first that is wanted, as far as it has come
  std::map<Kind, Refused> refused_;  // since the start of the program, which may read more than the one before
};

}  // namespace yb::documents
