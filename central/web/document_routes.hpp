// Routes of reference documents (参考文件) at central: what was published, what each box has in force, publishing.
#pragma once

#include <functional>

#include "core/casework/reference_documents.hpp"
#include "core/documents/published_documents.hpp"
#include "core/http/router.hpp"
#include "core/ledger/site_event.hpp"

namespace yb::central {

struct DocumentSources {
  /// All sites that central knows.
  std::function<std::vector<base::SiteId>()> sites;
  /// Of the calendar in force at central: MissingYear.
  std::function<std::optional<int>()> missing_year;
  /// What the ledger has of a site itself.
  std::function<base::Result<std::vector<ledger::SiteEvent>>(const base::SiteId&)> site_events;
};

/// `published`, `reference` and `clock` outlive the router.
void AddDocumentRoutes(http::Router& router, documents::PublishedDocuments& published,
                       casework::ReferenceDocuments& reference, const DocumentSources& sources,
                       const base::Clock& clock);

}  // namespace yb::central
