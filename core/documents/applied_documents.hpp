// AppliedDocuments: what a box has taken up of each kind, the last good one, in `documents.db`.
//
// Safe from any thread; a document kept has been synced.
#pragma once

#include <memory>
#include <mutex>

#include "core/documents/document.hpp"
#include "core/storage/database.hpp"

namespace yb::documents {

class AppliedDocuments {
 public:
  [[nodiscard]] static base::Result<std::unique_ptr<AppliedDocuments>> Open(storage::DatabaseOpener& opener);

  [[nodiscard]] base::Result<std::vector<Head>> Heads();
  /// Nullopt: none was taken up yet. kCorrupt where the text is not what was stored.
  [[nodiscard]] base::Result<std::optional<Document>> Find(Kind kind);
  /// In the place of the earlier one of its kind.
  [[nodiscard]] base::Status Keep(const Document& document, base::UtcTime now);

 private:
  explicit AppliedDocuments(std::unique_ptr<storage::Database> database) : database_(std::move(database)) {}

  std::mutex mutex_;
  std::unique_ptr<storage::Database> database_;  // under the mutex
};

}  // namespace yb::documents
