#include "core/security/enrolment_store.hpp"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <mutex>
#include <system_error>

#include "core/security/certificate.hpp"
#include "core/security/certificate_authority.hpp"

namespace yb::security {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Result;
using base::Status;

constexpr int kSchemaVersion = 1;
constexpr int kBusyMilliseconds = 10'000;

// Stored names, all since version 1. Times are UTC microseconds.
//   invitation   one row per code ever given out; secret_hash is EnrolmentCode::SecretHash
//   certificate  one row per certificate ever issued; invitation_id is null for those that needed no code
constexpr const char* kSchema = R"(
  CREATE TABLE invitation (
    id          INTEGER PRIMARY KEY,
    secret_hash BLOB    NOT NULL UNIQUE,
    site        TEXT    NOT NULL,
    name        TEXT    NOT NULL,
    issued_at   INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    used_at     INTEGER
  ) STRICT;
  CREATE TABLE certificate (
    serial          TEXT    PRIMARY KEY,
    role            TEXT    NOT NULL,
    common_name     TEXT    NOT NULL,
    invitation_id   INTEGER REFERENCES invitation (id),
    certificate_pem TEXT    NOT NULL,
    key_digest      BLOB    NOT NULL,
    issued_at       INTEGER NOT NULL,
    not_after       INTEGER NOT NULL,
    revoked_at      INTEGER
  ) STRICT;
  CREATE INDEX certificate_of_name ON certificate (common_name);
  PRAGMA user_version = 1;
)";

base::Words AskForNewCode() {
  return {"ask for a new code", "请索取新的入网码"};
}

tl::unexpected<base::Error> SqlError(sqlite3* database, const char* doing) {
  const int code = sqlite3_extended_errcode(database) & 0xFF;
  const ErrorCode kind = code == SQLITE_FULL                               ? ErrorCode::kDiskFull
                         : code == SQLITE_BUSY                             ? ErrorCode::kUnavailable
                         : code == SQLITE_CORRUPT || code == SQLITE_NOTADB ? ErrorCode::kCorrupt
                         : code == SQLITE_READONLY || code == SQLITE_PERM  ? ErrorCode::kPermission
                                                                           : ErrorCode::kIo;
  return Fail(kind, std::string("the enrolment store failed while ") + doing + ": " + sqlite3_errmsg(database));
}

/// One prepared statement. Parameters are bound in order; a statement that failed to prepare fails at its first step.
class Statement {
 public:
  Statement(sqlite3* database, const char* sql) { sqlite3_prepare_v2(database, sql, -1, &statement_, nullptr); }
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  Statement& Bind(std::string_view text) {
    sqlite3_bind_text(statement_, ++bound_, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
    return *this;
  }
  Statement& Bind(const base::Digest& digest) {
    sqlite3_bind_blob(statement_, ++bound_, digest.data(), static_cast<int>(digest.size()), SQLITE_TRANSIENT);
    return *this;
  }
  Statement& Bind(base::UtcTime time) { return Bind(time.micros); }
  Statement& Bind(std::int64_t number) {
    sqlite3_bind_int64(statement_, ++bound_, number);
    return *this;
  }
  Statement& BindNull() {
    ++bound_;
    return *this;
  }

  int Step() { return statement_ != nullptr ? sqlite3_step(statement_) : SQLITE_ERROR; }

  [[nodiscard]] std::string Text(int column) const {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    return text != nullptr ? std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))) : "";
  }
  [[nodiscard]] std::int64_t Number(int column) const { return sqlite3_column_int64(statement_, column); }
  [[nodiscard]] bool IsNull(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  [[nodiscard]] base::UtcTime Time(int column) const { return {Number(column)}; }
  [[nodiscard]] std::optional<base::UtcTime> MaybeTime(int column) const {
    return IsNull(column) ? std::nullopt : std::optional(Time(column));
  }
  [[nodiscard]] base::Digest Digest(int column) const {
    base::Digest digest{};
    if (static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)) == digest.size()) {
      std::memcpy(digest.data(), sqlite3_column_blob(statement_, column), digest.size());
    }
    return digest;
  }

 private:
  sqlite3_stmt* statement_ = nullptr;
  int bound_ = 0;
};

/// Rolls back unless committed. IMMEDIATE, so that what was read stays true until the commit, also beside the other
/// process.
class Transaction {
 public:
  explicit Transaction(sqlite3* database) : database_(database) {
    open_ = sqlite3_exec(database_, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) == SQLITE_OK;
  }
  ~Transaction() {
    if (open_) sqlite3_exec(database_, "ROLLBACK", nullptr, nullptr, nullptr);
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  [[nodiscard]] bool open() const { return open_; }
  Status Commit() {
    if (sqlite3_exec(database_, "COMMIT", nullptr, nullptr, nullptr) != SQLITE_OK) {
      return SqlError(database_, "committing");
    }
    open_ = false;
    return {};
  }

 private:
  sqlite3* database_;
  bool open_ = false;
};

struct FoundInvitation {
  std::int64_t id = 0;
  Invitation invitation;
};

}  // namespace

struct EnrolmentStore::State {
  mutable std::mutex mutex;
  sqlite3* database = nullptr;  // under the mutex

  ~State() { sqlite3_close_v2(database); }

  [[nodiscard]] Status Run(Statement& statement, const char* doing) const {
    if (statement.Step() != SQLITE_DONE) return SqlError(database, doing);
    return {};
  }

  /// Looks at every code in constant time each, so that the time taken tells nothing about the hashes.
  [[nodiscard]] Result<FoundInvitation> Find(const base::Digest& secret_hash) const {
    Statement all(database, "SELECT id, secret_hash, site, name, issued_at, expires_at, used_at FROM invitation");
    std::optional<FoundInvitation> found;
    int step = 0;
    while ((step = all.Step()) == SQLITE_ROW) {
      const base::Digest candidate = all.Digest(1);
      if (CRYPTO_memcmp(candidate.data(), secret_hash.data(), candidate.size()) != 0) continue;
      YB_ASSIGN(base::SiteId site, base::SiteId::Parse(all.Text(2)));
      found =
          FoundInvitation{all.Number(0), {site, all.Text(3), candidate, all.Time(4), all.Time(5), all.MaybeTime(6)}};
    }
    if (step != SQLITE_DONE) return SqlError(database, "looking for a code");
    if (!found)
      return Fail(ErrorCode::kRefused, base::Words{"the enrolment code is not known here", "没有这个入网码"},
                  AskForNewCode());
    return *std::move(found);
  }

  [[nodiscard]] Status Record(std::string_view role, std::string_view pem, std::optional<std::int64_t> invitation,
                              base::UtcTime now) const {
    YB_ASSIGN(const CertificateInfo info, InspectCertificate(pem));
    Statement insert(database,
                     "INSERT INTO certificate (serial, role, common_name, invitation_id, certificate_pem, key_digest, "
                     "issued_at, not_after) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    insert.Bind(info.serial).Bind(role).Bind(info.common_name);
    if (invitation) {
      insert.Bind(*invitation);
    } else {
      insert.BindNull();
    }
    insert.Bind(pem).Bind(info.key_digest).Bind(now).Bind(info.not_after);
    return Run(insert, "recording a certificate");
  }

  /// The certificate that the used code gave, if it was for this key and may still be given again.
  [[nodiscard]] Result<std::string> GivenBefore(const FoundInvitation& found, const base::Digest& key_digest) const {
    Statement select(database,
                     "SELECT certificate_pem, key_digest FROM certificate WHERE invitation_id = ? AND revoked_at IS "
                     "NULL");
    select.Bind(found.id);
    if (select.Step() == SQLITE_ROW && select.Digest(1) == key_digest) return select.Text(0);
    return Fail(ErrorCode::kRefused,
                base::Words{"the enrolment code was used at " + base::ToIso(*found.invitation.used_at),
                            "入网码已于 " + base::ToIso(*found.invitation.used_at) + " 使用"},
                base::Words{"ask for a new code; if it was not you who used it, have the site's certificate revoked",
                            "请索取新的入网码；如非本人使用，请吊销该站点的证书"});
  }
};

EnrolmentStore::EnrolmentStore(std::unique_ptr<State> state) : state_(std::move(state)) {}
EnrolmentStore::~EnrolmentStore() = default;

Result<std::unique_ptr<EnrolmentStore>> EnrolmentStore::Open(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    return Fail(errno == ENOENT ? ErrorCode::kNotFound : ErrorCode::kPermission,
                file.string() + " cannot be opened: " + std::generic_category().message(errno));
  }
  ::close(descriptor);
  auto state = std::make_unique<State>();
  sqlite3*& database = state->database;
  if (sqlite3_open_v2(file.c_str(), &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_FULLMUTEX, nullptr) != SQLITE_OK) {
    return SqlError(database, "opening its file");
  }
  sqlite3_busy_timeout(database, kBusyMilliseconds);
  // EXTRA syncs the folder as well after the rollback journal is removed.
  if (sqlite3_exec(database, "PRAGMA journal_mode=DELETE; PRAGMA synchronous=EXTRA; PRAGMA foreign_keys=ON", nullptr,
                   nullptr, nullptr) != SQLITE_OK) {
    return SqlError(database, "setting up");
  }
  Transaction transaction(database);
  if (!transaction.open()) return SqlError(database, "setting up");
  std::int64_t version = 0;
  {
    Statement read(database, "PRAGMA user_version");
    if (read.Step() != SQLITE_ROW) return SqlError(database, "reading its version");
    version = read.Number(0);
  }
  if (version > kSchemaVersion) {
    return Fail(ErrorCode::kUnsupported, file.string() + " was written by a newer version", "install that version");
  }
  if (version == 0 && sqlite3_exec(database, kSchema, nullptr, nullptr, nullptr) != SQLITE_OK) {
    return SqlError(database, "making its tables");
  }
  YB_TRY(transaction.Commit());
  return std::unique_ptr<EnrolmentStore>(new EnrolmentStore(std::move(state)));
}

Status EnrolmentStore::Invite(const Invitation& invitation) {
  if (IsReservedName(invitation.site.text())) {
    return Fail(ErrorCode::kInvalidArgument, "'" + invitation.site.text() + "' is reserved and cannot be a site",
                "choose another id, such as lvye-01");
  }
  const std::scoped_lock lock(state_->mutex);
  sqlite3* database = state_->database;
  Transaction transaction(database);
  if (!transaction.open()) return SqlError(database, "waiting for its lock");
  {
    Statement valid(database,
                    "SELECT not_after FROM certificate WHERE role = 'site' AND common_name = ? AND revoked_at IS NULL "
                    "AND not_after > ?");
    valid.Bind(invitation.site.text()).Bind(invitation.issued_at);
    const int step = valid.Step();
    if (step == SQLITE_ROW) {
      return Fail(
          ErrorCode::kAlreadyExists,
          invitation.site.text() + " has a certificate that is valid until " + base::ToIso(valid.Time(0)),
          "if a new box takes its place, revoke that first: yuanbanctl pki revoke --site " + invitation.site.text());
    }
    if (step != SQLITE_DONE) return SqlError(database, "looking for certificates");
  }
  Statement insert(database,
                   "INSERT INTO invitation (secret_hash, site, name, issued_at, expires_at) VALUES (?, ?, ?, ?, ?)");
  insert.Bind(invitation.secret_hash)
      .Bind(invitation.site.text())
      .Bind(invitation.name)
      .Bind(invitation.issued_at)
      .Bind(invitation.expires_at);
  YB_TRY(state_->Run(insert, "recording a code"));
  return transaction.Commit();
}

Result<Redeemed> EnrolmentStore::Redeem(const base::Digest& secret_hash, const base::Digest& key_digest,
                                        base::UtcTime now, const SignForSite& sign) {
  const std::scoped_lock lock(state_->mutex);
  sqlite3* database = state_->database;
  Transaction transaction(database);
  if (!transaction.open()) return SqlError(database, "waiting for its lock");
  YB_ASSIGN(const FoundInvitation found, state_->Find(secret_hash));
  const Invitation& invitation = found.invitation;
  if (now >= invitation.expires_at) {
    return Fail(ErrorCode::kRefused,
                base::Words{"the enrolment code ended at " + base::ToIso(invitation.expires_at),
                            "入网码已于 " + base::ToIso(invitation.expires_at) + " 失效"},
                AskForNewCode());
  }
  if (invitation.used_at) {
    YB_ASSIGN(std::string again, state_->GivenBefore(found, key_digest));
    return Redeemed{invitation.site, invitation.name, std::move(again)};
  }
  YB_ASSIGN(std::string certificate, sign(invitation.site));
  {
    Statement use(database, "UPDATE invitation SET used_at = ? WHERE id = ? AND used_at IS NULL");
    use.Bind(now).Bind(found.id);
    YB_TRY(state_->Run(use, "using up a code"));
    YB_CHECK(sqlite3_changes(database) == 1, "an immediate transaction sees the code as it is");
  }
  YB_TRY(state_->Record("site", certificate, found.id, now));
  YB_TRY(transaction.Commit());
  return Redeemed{invitation.site, invitation.name, std::move(certificate)};
}

Status EnrolmentStore::RecordIssued(std::string_view role, std::string_view certificate_pem, base::UtcTime now) {
  const std::scoped_lock lock(state_->mutex);
  return state_->Record(role, certificate_pem, std::nullopt, now);
}

Result<std::size_t> EnrolmentStore::RevokeSite(const base::SiteId& site, base::UtcTime now) {
  const std::scoped_lock lock(state_->mutex);
  sqlite3* database = state_->database;
  Transaction transaction(database);
  if (!transaction.open()) return SqlError(database, "waiting for its lock");
  Statement mark(
      database, "UPDATE certificate SET revoked_at = ? WHERE role = 'site' AND common_name = ? AND revoked_at IS NULL");
  mark.Bind(now).Bind(site.text());
  YB_TRY(state_->Run(mark, "revoking certificates"));
  const auto marked = static_cast<std::size_t>(sqlite3_changes(database));
  Statement close(database, "UPDATE invitation SET used_at = ? WHERE site = ? AND used_at IS NULL");
  close.Bind(now).Bind(site.text());
  YB_TRY(state_->Run(close, "using up codes"));
  if (marked == 0 && sqlite3_changes(database) == 0) {
    return Fail(ErrorCode::kNotFound, site.text() + " has neither a certificate nor a code to revoke",
                "see what there is: yuanbanctl pki list");
  }
  YB_TRY(transaction.Commit());
  return marked;
}

Status EnrolmentStore::RevokeSerial(const std::string& serial, base::UtcTime now) {
  const std::scoped_lock lock(state_->mutex);
  Statement mark(state_->database,
                 "UPDATE certificate SET revoked_at = coalesce(revoked_at, ?) WHERE serial = upper(?)");
  mark.Bind(now).Bind(serial);
  YB_TRY(state_->Run(mark, "revoking a certificate"));
  if (sqlite3_changes(state_->database) == 1) return {};
  return Fail(ErrorCode::kNotFound, "no certificate with the serial number '" + serial + "' was issued here",
              "see what there is: yuanbanctl pki list");
}

Result<std::vector<IssuedCertificate>> EnrolmentStore::Certificates() const {
  const std::scoped_lock lock(state_->mutex);
  Statement select(state_->database,
                   "SELECT serial, role, common_name, certificate_pem, key_digest, issued_at, not_after, revoked_at "
                   "FROM certificate ORDER BY issued_at, rowid");
  std::vector<IssuedCertificate> certificates;
  int step = 0;
  while ((step = select.Step()) == SQLITE_ROW) {
    certificates.push_back({select.Text(0), select.Text(1), select.Text(2), select.Text(3), select.Digest(4),
                            select.Time(5), select.Time(6), select.MaybeTime(7)});
  }
  if (step != SQLITE_DONE) return SqlError(state_->database, "listing certificates");
  return certificates;
}

Result<std::vector<Invitation>> EnrolmentStore::Invitations() const {
  const std::scoped_lock lock(state_->mutex);
  Statement select(state_->database,
                   "SELECT site, name, secret_hash, issued_at, expires_at, used_at FROM invitation ORDER BY id");
  std::vector<Invitation> invitations;
  int step = 0;
  while ((step = select.Step()) == SQLITE_ROW) {
    YB_ASSIGN(base::SiteId site, base::SiteId::Parse(select.Text(0)));
    invitations.push_back(
        {site, select.Text(1), select.Digest(2), select.Time(3), select.Time(4), select.MaybeTime(5)});
  }
  if (step != SQLITE_DONE) return SqlError(state_->database, "listing codes");
  return invitations;
}

}  // namespace yb::security
