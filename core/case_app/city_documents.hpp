// CityDocuments: the reference documents that central publishes, those for all in force here too, and the link that
// brings them to the boxes.
//
// File in the data folder: documents.db.
#pragma once

#include <set>

#include "core/casework/reference_documents.hpp"
#include "core/documents/document_link.hpp"
#include "core/documents/published_documents.hpp"

namespace yb::case_app {

struct CityDocumentsOptions {
  std::function<base::Status(const base::SiteId&, sync::Lane, base::ByteView)> publish;
  /// The directory of each site as it is to be there now, of those given in any case; asked now and then, on the
  /// link's thread.
  std::function<base::Result<std::map<base::SiteId, std::string>>(const std::set<base::SiteId>&)> directories;
};

class CityDocuments {
 public:
  /// `reference`, `ledger` and `clock` outlive this.
  [[nodiscard]] static base::Result<std::unique_ptr<CityDocuments>> Open(CityDocumentsOptions options,
                                                                         storage::DatabaseOpener& opener,
                                                                         casework::Reference& reference,
                                                                         ledger::LedgerStore& ledger,
                                                                         const base::Clock& clock);
  ~CityDocuments();

  [[nodiscard]] documents::DocumentLink& link() { return *link_; }
  [[nodiscard]] documents::PublishedDocuments& published() { return *published_; }
  [[nodiscard]] casework::ReferenceDocuments& reference() { return reference_; }
  /// MissingYear of the calendar in force here.
  [[nodiscard]] std::optional<int> MissingYear() const;

 private:
  CityDocuments(CityDocumentsOptions options, std::unique_ptr<documents::PublishedDocuments> published,
                casework::Reference& reference, ledger::LedgerStore& ledger, const base::Clock& clock)
      : options_(std::move(options)),
        published_(std::move(published)),
        reference_(reference, ledger),
        ledger_(ledger),
        clock_(clock) {}
  [[nodiscard]] base::Status PutInForce();
  [[nodiscard]] base::Result<std::map<base::SiteId, std::string>> Directories();
  void Look();

  const CityDocumentsOptions options_;
  std::unique_ptr<documents::PublishedDocuments> published_;
  casework::ReferenceDocuments reference_;
  ledger::LedgerStore& ledger_;
  const base::Clock& clock_;
  base::UtcTime warned_{};  // of the missing calendar; on the link's thread
  std::unique_ptr<documents::DocumentLink> link_;
};

}  // namespace yb::case_app
