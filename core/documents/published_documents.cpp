#include "core/documents/published_documents.hpp"

#include <algorithm>

namespace yb::documents {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Result;
using base::Status;
using storage::Statement;

// Since 0.4. Times are UTC microseconds; site '' is all sites. `told` holds what boxes said they had applied and, where
// they refused one, why.
constexpr std::array<std::string_view, 1> kMigrations = {R"(
  CREATE TABLE document (
    kind         INTEGER NOT NULL,  -- Kind
    version      INTEGER NOT NULL,
    site         TEXT    NOT NULL,
    sha          BLOB    NOT NULL,
    size         INTEGER NOT NULL,
    text         TEXT,              -- NULL: an earlier directory, of which the text is not kept
    published_us INTEGER NOT NULL,
    who          TEXT    NOT NULL,
    PRIMARY KEY (kind, version)
  ) STRICT;
  CREATE INDEX document_site ON document (site, kind, version);
  CREATE TABLE reported (
    site        TEXT    PRIMARY KEY,
    reported_us INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE told (
    site    TEXT    NOT NULL,
    kind    INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    version INTEGER NOT NULL,
    sha     BLOB    NOT NULL,
    size    INTEGER NOT NULL,
    why     TEXT    NOT NULL,
    why_zh  TEXT    NOT NULL,
    PRIMARY KEY (site, kind, refused)
  ) STRICT, WITHOUT ROWID;
)"};

constexpr std::string_view kHead = "kind, version, sha, size";

Result<Head> ReadHead(const Statement& row) {
  Head head;
  const auto kind = KindOf(row.Int(0));
  if (!kind || row.Blob(2).size() != head.sha.size()) return Fail(ErrorCode::kCorrupt, "a row is no document");
  head.kind = *kind;
  head.version = static_cast<std::uint64_t>(row.Int(1));
  std::ranges::copy(row.Blob(2), head.sha.begin());
  head.size = static_cast<std::uint64_t>(row.Int(3));
  return head;
}

std::string_view Text(const std::optional<base::SiteId>& site) {
  return site ? std::string_view(site->text()) : std::string_view();
}

Status PutTold(storage::Database& database, const base::SiteId& site, const Head& head, bool refused,
               const base::Words& why) {
  YB_ASSIGN(const auto put,
            database.Prepare("INSERT OR REPLACE INTO told (site, kind, refused, version, sha, size, why, why_zh) "
                             "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"));
  return put->Bind(1, std::string_view(site.text()))
      .Bind(2, static_cast<std::int64_t>(head.kind))
      .Bind(3, static_cast<std::int64_t>(refused))
      .Bind(4, static_cast<std::int64_t>(head.version))
      .Bind(5, base::ByteView(head.sha))
      .Bind(6, static_cast<std::int64_t>(head.size))
      .Bind(7, std::string_view(why.en))
      .Bind(8, std::string_view(why.zh))
      .Run();
}

Result<std::vector<Head>> ReadDesired(storage::Database& database, const std::optional<base::SiteId>& site) {
  // With a bare max() SQLite gives the other columns of that row.
  YB_ASSIGN(const auto rows, database.Prepare("SELECT kind, max(version), sha, size FROM document "
                                              "WHERE site IN ('', ?) GROUP BY kind ORDER BY kind"));
  rows->Bind(1, Text(site));
  std::vector<Head> heads;
  while (true) {
    YB_ASSIGN(const bool row, rows->Step());
    if (!row) return heads;
    YB_ASSIGN(const Head head, ReadHead(*rows));
    heads.push_back(head);
  }
}

}  // namespace

Result<std::unique_ptr<PublishedDocuments>> PublishedDocuments::Open(storage::DatabaseOpener& opener) {
  YB_ASSIGN(auto database, opener.Open());
  YB_TRY(database->Execute("PRAGMA secure_delete = ON"));
  YB_TRY(storage::Migrate(*database, kMigrations));
  return std::unique_ptr<PublishedDocuments>(new PublishedDocuments(std::move(database)));
}

Result<Head> PublishedDocuments::Publish(Kind kind, const std::optional<base::SiteId>& site, std::string text,
                                         const std::string& who, base::UtcTime now) {
  if (text.size() > kMostBytes) {
    return Fail(ErrorCode::kInvalidArgument, base::Words{"a document has 1 MiB at most", "参考文件不能超过 1 MiB"});
  }
  Document document = MakeDocument(kind, 0, std::move(text));
  {
    const std::scoped_lock lock(mutex_);
    YB_ASSIGN(storage::Transaction transaction, storage::Transaction::Begin(*database_));
    YB_ASSIGN(const std::vector<Head> desired, ReadDesired(*database_, site));
    const Head* const present = documents::Find(desired, kind);
    if (present != nullptr && present->sha == document.head.sha) return *present;
    YB_ASSIGN(const auto next, database_->Prepare("SELECT max(coalesce((SELECT max(version) FROM document WHERE kind = "
                                                  "?1), 0), coalesce((SELECT max(version) FROM told WHERE kind = ?1), "
                                                  "0)) + 1"));
    next->Bind(1, static_cast<std::int64_t>(kind));
    YB_TRY(next->Step());
    document.head.version = static_cast<std::uint64_t>(next->Int(0));
    if (kind == Kind::kDirectory) {
      YB_ASSIGN(const auto forget, database_->Prepare("UPDATE document SET text = NULL WHERE kind = ? AND site = ?"));
      YB_TRY(forget->Bind(1, static_cast<std::int64_t>(kind)).Bind(2, documents::Text(site)).Run());
    }
    YB_ASSIGN(const auto put,
              database_->Prepare("INSERT INTO document (kind, version, site, sha, size, text, published_us, who) "
                                 "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"));
    YB_TRY(put->Bind(1, static_cast<std::int64_t>(kind))
               .Bind(2, static_cast<std::int64_t>(document.head.version))
               .Bind(3, documents::Text(site))
               .Bind(4, base::ByteView(document.head.sha))
               .Bind(5, static_cast<std::int64_t>(document.head.size))
               .Bind(6, std::string_view(document.text))
               .Bind(7, now.micros)
               .Bind(8, std::string_view(who))
               .Run());
    YB_TRY(transaction.Commit());
  }
  told_.With([](const std::function<void()>& told) {
    if (told) told();
  });
  return document.head;
}

Result<std::vector<Published>> PublishedDocuments::All() {
  const std::scoped_lock lock(mutex_);
  YB_ASSIGN(const auto rows, database_->Prepare("SELECT " + std::string(kHead) +
                                                ", site, published_us, who FROM document "
                                                "ORDER BY published_us DESC, kind, version DESC"));
  std::vector<Published> all;
  while (true) {
    YB_ASSIGN(const bool row, rows->Step());
    if (!row) return all;
    YB_ASSIGN(const Head head, ReadHead(*rows));
    Published one{head, std::nullopt, {rows->Int(5)}, std::string(rows->Text(6))};
    if (!rows->Text(4).empty()) {
      YB_ASSIGN(one.site, base::SiteId::Parse(rows->Text(4)));
    }
    all.push_back(std::move(one));
  }
}

Result<std::vector<Head>> PublishedDocuments::Desired(const std::optional<base::SiteId>& site) {
  const std::scoped_lock lock(mutex_);
  return ReadDesired(*database_, site);
}

Result<std::string> PublishedDocuments::Text(const std::optional<base::SiteId>& site, const Head& head) {
  const std::scoped_lock lock(mutex_);
  YB_ASSIGN(const auto rows, database_->Prepare("SELECT text FROM document WHERE kind = ? AND version = ? AND sha = ? "
                                                "AND site IN ('', ?) AND text IS NOT NULL"));
  rows->Bind(1, static_cast<std::int64_t>(head.kind))
      .Bind(2, static_cast<std::int64_t>(head.version))
      .Bind(3, base::ByteView(head.sha))
      .Bind(4, documents::Text(site));
  YB_ASSIGN(const bool row, rows->Step());
  if (!row) return Fail(ErrorCode::kNotFound, base::Words{"there is no such document", "没有这个参考文件"});
  return std::string(rows->Text(0));
}

Status PublishedDocuments::Note(const base::SiteId& site, const State& state, base::UtcTime now) {
  const std::scoped_lock lock(mutex_);
  YB_ASSIGN(storage::Transaction transaction, storage::Transaction::Begin(*database_));
  YB_ASSIGN(const auto forget, database_->Prepare("DELETE FROM told WHERE site = ?"));
  YB_TRY(forget->Bind(1, std::string_view(site.text())).Run());
  for (const Head& head : state.applied) YB_TRY(PutTold(*database_, site, head, false, {}));
  for (const Refusal& refusal : state.refused) YB_TRY(PutTold(*database_, site, refusal.head, true, refusal.why));
  YB_ASSIGN(const auto put, database_->Prepare("INSERT OR REPLACE INTO reported (site, reported_us) VALUES (?, ?)"));
  YB_TRY(put->Bind(1, std::string_view(site.text())).Bind(2, now.micros).Run());
  return transaction.Commit();
}

Result<std::map<base::SiteId, Told>> PublishedDocuments::AllTold() {
  const std::scoped_lock lock(mutex_);
  std::map<base::SiteId, Told> sites;
  YB_ASSIGN(const auto reported, database_->Prepare("SELECT site, reported_us FROM reported"));
  while (true) {
    YB_ASSIGN(const bool row, reported->Step());
    if (!row) break;
    YB_ASSIGN(const base::SiteId site, base::SiteId::Parse(reported->Text(0)));
    sites[site].time = {reported->Int(1)};
  }
  YB_ASSIGN(const auto rows, database_->Prepare("SELECT " + std::string(kHead) +
                                                ", site, refused, why, why_zh FROM told ORDER BY site, kind"));
  while (true) {
    YB_ASSIGN(const bool row, rows->Step());
    if (!row) return sites;
    YB_ASSIGN(const Head head, ReadHead(*rows));
    YB_ASSIGN(const base::SiteId site, base::SiteId::Parse(rows->Text(4)));
    State& state = sites[site].state;
    if (rows->Int(5) == 0) {
      state.applied.push_back(head);
    } else {
      state.refused.push_back({head, {std::string(rows->Text(6)), std::string(rows->Text(7))}});
    }
  }
}

Result<std::optional<Told>> PublishedDocuments::ToldOf(const base::SiteId& site) {
  YB_ASSIGN(auto all, AllTold());
  const auto found = all.find(site);
  return found == all.end() ? std::nullopt : std::optional(std::move(found->second));
}

void PublishedDocuments::SetOnChange(std::function<void()> told) {
  told_.With([&](std::function<void()>& held) { held = std::move(told); });
}

}  // namespace yb::documents
