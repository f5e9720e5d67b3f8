#include "edge/station/draft_store.hpp"

#include <array>

namespace yb::edge {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Result;
using base::Status;
using base::Words;
using storage::Statement;

constexpr std::array<std::string_view, 2> kMigrations = {R"(
  CREATE TABLE draft (
    user  INTEGER NOT NULL,
    id    TEXT    NOT NULL,
    title TEXT    NOT NULL,
    saved INTEGER NOT NULL,
    body  BLOB    NOT NULL,
    PRIMARY KEY (user, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX draft_saved ON draft (saved);
)",
                                                         R"(
  ALTER TABLE draft ADD COLUMN writer TEXT NOT NULL DEFAULT '';
)"};

/// What a sealed body belongs to: nobody's draft opens under another's name.
std::string BoundTo(std::int64_t user, const std::string& id) {
  return "draft " + std::to_string(user) + " " + id;
}

Result<std::unique_ptr<Statement>> Prepare(storage::Database& database, std::string_view sql, std::int64_t user,
                                           const std::string& id) {
  YB_ASSIGN(auto statement, database.Prepare(sql));
  statement->Bind(1, user).Bind(2, std::string_view(id));
  return statement;
}

/// Success where `draft` may be written: by the page that wrote it last, or by one that knows what it writes over. A
/// page whose answer was lost tries again, and is still the one that wrote it.
Status IsKnown(storage::Database& database, std::int64_t user, const Draft& draft, std::optional<base::UtcTime> known) {
  YB_ASSIGN(const auto rows,
            Prepare(database, "SELECT saved, writer FROM draft WHERE user = ? AND id = ?", user, draft.id));
  YB_ASSIGN(const bool row, rows->Step());
  if (!row && known) {
    return Fail(ErrorCode::kRefused,
                Words{"the draft is not there any more: another window has received it or thrown it away",
                      "草稿已不在：另一窗口已收件或丢弃"});
  }
  if (row && rows->Text(1) != draft.writer && known != base::UtcTime{rows->Int(0)}) {
    return Fail(ErrorCode::kRefused, Words{"another window has saved this draft since", "另一窗口已改动这份草稿"});
  }
  return {};
}

}  // namespace

DraftStore::DraftStore(std::unique_ptr<storage::Database> database, const security::MasterKey& master,
                       const base::Clock& clock)
    : database_(std::move(database)), sealer_(master.Derive("drafts")), clock_(clock) {}
DraftStore::~DraftStore() = default;

Result<std::unique_ptr<DraftStore>> DraftStore::Open(storage::DatabaseOpener& opener, const security::MasterKey& master,
                                                     const base::Clock& clock) {
  YB_ASSIGN(auto database, opener.Open());
  YB_TRY(storage::Migrate(*database, kMigrations));
  return std::unique_ptr<DraftStore>(new DraftStore(std::move(database), master, clock));
}

Result<std::vector<Draft>> DraftStore::List(std::int64_t user) {
  const std::scoped_lock lock(mutex_);
  YB_ASSIGN(const auto rows,
            database_->Prepare("SELECT id, title, saved FROM draft WHERE user = ? ORDER BY saved DESC, id"));
  rows->Bind(1, user);
  std::vector<Draft> drafts;
  while (true) {
    YB_ASSIGN(const bool row, rows->Step());
    if (!row) return drafts;
    drafts.push_back({std::string(rows->Text(0)), std::string(rows->Text(1)), {rows->Int(2)}, "", ""});
  }
}

Result<Draft> DraftStore::Find(std::int64_t user, const std::string& id) {
  const std::scoped_lock lock(mutex_);
  YB_ASSIGN(const auto rows,
            Prepare(*database_, "SELECT title, saved, body FROM draft WHERE user = ? AND id = ?", user, id));
  YB_ASSIGN(const bool row, rows->Step());
  if (!row) return Fail(ErrorCode::kNotFound, Words{"there is no such draft", "没有这份草稿"});
  const std::string bound = BoundTo(user, id);
  YB_ASSIGN(const base::Bytes body, sealer_.Open(base::AsBytes(bound), rows->Blob(2)));
  return Draft{id, std::string(rows->Text(0)), {rows->Int(1)}, std::string(base::AsText(body)), ""};
}

Result<Draft> DraftStore::Save(std::int64_t user, Draft draft, std::optional<base::UtcTime> known) {
  draft.saved = clock_.Now();
  const std::string bound = BoundTo(user, draft.id);
  const base::Bytes sealed = sealer_.Seal(base::AsBytes(bound), base::AsBytes(draft.body));
  const std::scoped_lock lock(mutex_);
  YB_ASSIGN(storage::Transaction transaction, storage::Transaction::Begin(*database_));
  YB_ASSIGN(const auto old, database_->Prepare("DELETE FROM draft WHERE saved < ?"));
  YB_TRY(old->Bind(1, (draft.saved - kForgottenAfter).micros).Run());
  YB_TRY(IsKnown(*database_, user, draft, known));
  YB_ASSIGN(const auto count,
            Prepare(*database_, "SELECT count(*) FROM draft WHERE user = ? AND id <> ?", user, draft.id));
  YB_ASSIGN(const bool row, count->Step());
  if (row && count->Int(0) >= static_cast<std::int64_t>(kMostOfOne)) {
    return Fail(ErrorCode::kUnavailable, Words{"there are too many drafts", "草稿过多"},
                Words{"receive some, or throw some away", "请先收件或删除部分草稿"});
  }
  count->Reset();
  YB_ASSIGN(const auto write, Prepare(*database_,
                                      "INSERT OR REPLACE INTO draft (user, id, title, saved, body, writer)"
                                      " VALUES (?, ?, ?, ?, ?, ?)",
                                      user, draft.id));
  YB_TRY(write->Bind(3, std::string_view(draft.title))
             .Bind(4, draft.saved.micros)
             .Bind(5, base::ByteView(sealed))
             .Bind(6, std::string_view(draft.writer))
             .Run());
  YB_TRY(transaction.Commit());
  return draft;
}

Status DraftStore::ThrowAway(std::int64_t user, const std::string& id) {
  const std::scoped_lock lock(mutex_);
  YB_ASSIGN(const auto forget, Prepare(*database_, "DELETE FROM draft WHERE user = ? AND id = ?", user, id));
  return forget->Run();
}

}  // namespace yb::edge
