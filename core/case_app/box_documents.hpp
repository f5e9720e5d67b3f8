// BoxDocuments: the reference documents of a box: what it took up last, in force since its start, and the link that
// brings what is newer. Files that the configuration names are what there is until the city has published.
//
// File in the data folder: documents.db.
#pragma once

#include "core/casework/reference_documents.hpp"
#include "core/documents/applied_documents.hpp"
#include "core/documents/document_link.hpp"
#include "core/documents/document_reader.hpp"

namespace yb::case_app {

struct BoxDocumentsOptions {
  base::SiteId site;
  std::function<base::Status(const base::SiteId&, sync::Lane, base::ByteView)> publish;
  /// Takes up the directory; on the link's thread.
  documents::DocumentReader::Apply directory;
  /// Central says that the directory in force is the newest; likewise.
  std::function<void()> on_directory_current;
};

class BoxDocuments {
 public:
  /// Puts the last good ones in force; one that does not fit any more is logged, and the file's stays. `reference`,
  /// `ledger` and `clock` outlive this.
  [[nodiscard]] static base::Result<std::unique_ptr<BoxDocuments>> Open(BoxDocumentsOptions options,
                                                                        storage::DatabaseOpener& opener,
                                                                        casework::Reference& reference,
                                                                        ledger::LedgerStore& ledger,
                                                                        const base::Clock& clock);

  [[nodiscard]] documents::DocumentLink& link() { return *link_; }

 private:
  BoxDocuments(std::unique_ptr<documents::AppliedDocuments> kept, casework::Reference& reference,
               ledger::LedgerStore& ledger)
      : kept_(std::move(kept)), reference_(reference, ledger) {}
  [[nodiscard]] base::Status PutInForce();

  std::unique_ptr<documents::AppliedDocuments> kept_;
  casework::ReferenceDocuments reference_;
  std::unique_ptr<documents::DocumentLink> link_;
};

}  // namespace yb::case_app
