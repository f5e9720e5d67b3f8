#include "core/documents/applied_documents.hpp"

#include <algorithm>

namespace yb::documents {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Result;

// Since 0.4. Times are UTC microseconds.
constexpr std::array<std::string_view, 1> kMigrations = {R"(
  CREATE TABLE applied (
    kind       INTEGER PRIMARY KEY,  -- Kind
    version    INTEGER NOT NULL,
    sha        BLOB    NOT NULL,
    text       TEXT    NOT NULL,
    applied_us INTEGER NOT NULL
  ) STRICT;
)"};

Result<Head> ReadHead(const storage::Statement& row) {
  Head head;
  const auto kind = KindOf(row.Int(0));
  if (!kind || row.Blob(2).size() != head.sha.size()) return Fail(ErrorCode::kCorrupt, "a row is no document");
  head.kind = *kind;
  head.version = static_cast<std::uint64_t>(row.Int(1));
  std::ranges::copy(row.Blob(2), head.sha.begin());
  head.size = static_cast<std::uint64_t>(row.Int(3));
  return head;
}

}  // namespace

Result<std::unique_ptr<AppliedDocuments>> AppliedDocuments::Open(storage::DatabaseOpener& opener) {
  YB_ASSIGN(auto database, opener.Open());
  YB_TRY(storage::Migrate(*database, kMigrations));
  return std::unique_ptr<AppliedDocuments>(new AppliedDocuments(std::move(database)));
}

Result<std::vector<Head>> AppliedDocuments::Heads() {
  const std::scoped_lock lock(mutex_);
  YB_ASSIGN(const auto rows,
            database_->Prepare("SELECT kind, version, sha, length(CAST(text AS BLOB)) FROM applied ORDER BY kind"));
  std::vector<Head> heads;
  while (true) {
    YB_ASSIGN(const bool row, rows->Step());
    if (!row) return heads;
    YB_ASSIGN(const Head head, ReadHead(*rows));
    heads.push_back(head);
  }
}

Result<std::optional<Document>> AppliedDocuments::Find(Kind kind) {
  const std::scoped_lock lock(mutex_);
  YB_ASSIGN(
      const auto rows,
      database_->Prepare("SELECT kind, version, sha, length(CAST(text AS BLOB)), text FROM applied WHERE kind = ?"));
  rows->Bind(1, static_cast<std::int64_t>(kind));
  YB_ASSIGN(const bool row, rows->Step());
  if (!row) return std::nullopt;
  YB_ASSIGN(const Head head, ReadHead(*rows));
  Document document{head, std::string(rows->Text(4))};
  if (base::Sha256(base::AsBytes(document.text)) != head.sha) {
    return Fail(ErrorCode::kCorrupt, "the stored " + std::string(ToString(kind)) + " is not what was stored");
  }
  return document;
}

base::Status AppliedDocuments::Keep(const Document& document, base::UtcTime now) {
  const std::scoped_lock lock(mutex_);
  YB_ASSIGN(storage::Transaction transaction, storage::Transaction::Begin(*database_));
  YB_ASSIGN(const auto put, database_->Prepare("INSERT OR REPLACE INTO applied (kind, version, sha, text, applied_us) "
                                               "VALUES (?, ?, ?, ?, ?)"));
  YB_TRY(put->Bind(1, static_cast<std::int64_t>(document.head.kind))
             .Bind(2, static_cast<std::int64_t>(document.head.version))
             .Bind(3, base::ByteView(document.head.sha))
             .Bind(4, std::string_view(document.text))
             .Bind(5, now.micros)
             .Run());
  return transaction.Commit();
}

}  // namespace yb::documents
