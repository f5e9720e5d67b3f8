#include "core/files/file_store.hpp"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <set>

#include "core/base/log.hpp"
#include "core/files/file_store_statements.hpp"
#include "core/security/private_file.hpp"

namespace yb::files {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;
using base::Fail;
using base::Result;
using base::Status;
using storage::Rows;
using storage::Statement;
using storage::Transaction;

constexpr std::array<std::string_view, 3> kMigrations = {R"(
  CREATE TABLE file (sha BLOB PRIMARY KEY, size INTEGER NOT NULL, kept INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE incoming (sha BLOB NOT NULL, site TEXT NOT NULL, kept INTEGER NOT NULL, PRIMARY KEY (sha, site))
    STRICT, WITHOUT ROWID;
  CREATE TABLE wanted (site TEXT NOT NULL, sha BLOB NOT NULL, size INTEGER NOT NULL, PRIMARY KEY (site, sha))
    STRICT, WITHOUT ROWID;
  CREATE TABLE shared (sha BLOB NOT NULL, site TEXT NOT NULL, PRIMARY KEY (sha, site)) STRICT, WITHOUT ROWID;
)",
                                                         R"(
  CREATE TABLE draft (id TEXT PRIMARY KEY, owner TEXT NOT NULL, name TEXT NOT NULL, size INTEGER NOT NULL,
    kept INTEGER NOT NULL, touched INTEGER NOT NULL) STRICT, WITHOUT ROWID;
)",
                                                         R"(
  ALTER TABLE draft DROP COLUMN name;
  ALTER TABLE draft ADD COLUMN name BLOB NOT NULL DEFAULT x'';  -- sealed
)"};

constexpr std::string_view kDraft = "put-";
constexpr std::string_view kPart = ".part";

const base::Logger kLog("files");

std::string MiB(std::uint64_t bytes) {
  return std::to_string(bytes >> 20);
}

base::Digest ToDigest(base::ByteView bytes) {
  base::Digest digest{};
  std::copy_n(bytes.begin(), std::min(bytes.size(), digest.size()), digest.begin());
  return digest;
}

/// "<64 hex>.<site>.part": file and site.
std::optional<std::pair<base::Digest, std::string>> ParsePart(std::string_view name) {
  constexpr std::size_t kHex = 64;
  if (name.size() <= kHex + 1 + kPart.size() || name[kHex] != '.' || !name.ends_with(kPart)) return std::nullopt;
  const auto sha = ParseHex(name.substr(0, kHex));
  if (!sha) return std::nullopt;
  return std::pair(*sha, std::string(name.substr(kHex + 1, name.size() - kHex - 1 - kPart.size())));
}

Status Unlink(const fs::path& file) {
  if (::unlink(file.c_str()) != 0 && errno != ENOENT) return FailAt(file, errno);
  return {};
}

}  // namespace

std::string HexOf(const base::Digest& sha) {
  std::string hex = base::ToHex(sha);
  std::ranges::transform(hex, hex.begin(), [](char c) { return static_cast<char>(c >= 'A' ? c + 32 : c); });
  return hex;
}

std::optional<base::Digest> ParseHex(std::string_view hex) {
  const auto bytes = base::FromHex(hex);
  if (!bytes || bytes->size() != base::Digest{}.size()) return std::nullopt;
  return ToDigest(*bytes);
}

// ---- opening ----

FileStore::FileStore(FileStoreOptions options, const security::MasterKey& master, const base::Clock& clock,
                     std::unique_ptr<storage::Database> database)
    : options_(std::move(options)), sealer_(master.Derive("files")), clock_(clock), database_(std::move(database)) {}

FileStore::~FileStore() = default;

Result<std::unique_ptr<FileStore>> FileStore::Open(storage::DatabaseOpener& opener, FileStoreOptions options,
                                                   const security::MasterKey& master, const base::Clock& clock) {
  YB_TRY(security::MakePrivateFolder(options.folder));
  YB_TRY(security::MakePrivateFolder(options.folder / "incoming"));
  YB_ASSIGN(auto database, opener.Open());
  YB_TRY(storage::Migrate(*database, kMigrations));
  std::unique_ptr<FileStore> store(new FileStore(std::move(options), master, clock, std::move(database)));
  YB_TRY(store->Prepare());
  YB_TRY(store->Sweep());
  return store;
}

Status FileStore::Prepare() {
  auto s = std::make_unique<Statements>();
  const std::array<std::pair<std::unique_ptr<Statement>*, std::string_view>, 20> all = {{
      {&s->find, "SELECT size FROM file WHERE sha = ?"},
      {&s->all, "SELECT sha, size FROM file ORDER BY sha"},
      {&s->keep, "INSERT INTO file (sha, size, kept) VALUES (?, ?, ?) ON CONFLICT (sha) DO NOTHING"},
      {&s->remove, "DELETE FROM file WHERE sha = ?"},
      {&s->progress, "SELECT kept FROM incoming WHERE sha = ? AND site = ?"},
      {&s->note,
       "INSERT INTO incoming (sha, site, kept) VALUES (?, ?, ?) ON CONFLICT (sha, site) DO UPDATE SET"
       " kept = excluded.kept"},
      {&s->forget, "DELETE FROM incoming WHERE sha = ?"},
      {&s->forget_one, "DELETE FROM incoming WHERE sha = ? AND site = ?"},
      {&s->want,
       "INSERT INTO wanted (site, sha, size) VALUES (?, ?, ?) ON CONFLICT (site, sha) DO UPDATE SET"
       " size = excluded.size"},
      {&s->wanted, "SELECT site, sha, size FROM wanted ORDER BY site, sha"},
      {&s->told, "DELETE FROM wanted WHERE site = ? AND sha = ?"},
      {&s->want_no_more, "DELETE FROM wanted WHERE sha = ?"},
      {&s->share, "INSERT INTO shared (sha, site) VALUES (?, ?) ON CONFLICT (sha, site) DO NOTHING"},
      {&s->is_shared, "SELECT 1 FROM shared WHERE sha = ? AND site IN (?, '')"},
      {&s->share_no_more, "DELETE FROM shared WHERE sha = ?"},
      {&s->sum, "SELECT coalesce(sum(size), 0) FROM file"},
      {&s->draft, "INSERT INTO draft (id, owner, name, size, kept, touched) VALUES (?, ?, ?, ?, 0, ?)"},
      {&s->draft_kept, "UPDATE draft SET kept = ?, touched = ? WHERE id = ?"},
      {&s->drafts, "SELECT id, owner, name, size, kept, touched FROM draft ORDER BY id"},
      {&s->draft_no_more, "DELETE FROM draft WHERE id = ?"},
  }};
  for (const auto& [statement, sql] : all) {
    YB_ASSIGN(*statement, database_->Prepare(sql));
  }
  statements_ = std::move(s);
  const Rows reset(*statements_->sum);
  YB_TRY(statements_->sum->Step());
  bytes_kept_ = static_cast<std::uint64_t>(statements_->sum->Int(0));
  return {};
}

Status FileStore::Sweep() {
  YB_ASSIGN(const std::vector<DraftNote> drafts, Drafts());
  std::set<std::string> noted_drafts;
  std::error_code failed;
  for (const DraftNote& draft : drafts) {
    if (fs::exists(FileOf(draft.id), failed)) {
      noted_drafts.insert(FileOf(draft.id).filename().string());
    } else {
      const Status forgotten = ForgetDraft(draft.id);  // it was finished in the moment in which the program ended
      if (!forgotten) kLog.Warn("a draft is still noted", {{"why", forgotten.error().Describe()}});
    }
  }
  for (const fs::directory_entry& entry : fs::directory_iterator(options_.folder / "incoming", failed)) {
    const std::string name = entry.path().filename().string();
    if (noted_drafts.contains(name)) continue;
    if (!name.starts_with(kDraft)) {
      const auto part = ParsePart(name);
      if (!part) continue;  // not ours
      Statement& progress =
          statements_->progress->Bind(1, base::ByteView(part->first)).Bind(2, std::string_view(part->second));
      const Rows reset(progress);
      YB_ASSIGN(const bool noted, progress.Step());
      if (noted) continue;
    }
    YB_TRY(Unlink(entry.path()));
  }
  if (failed) return FailAt(options_.folder / "incoming", failed.value());
  return {};
}

fs::path FileStore::PathOf(const base::Digest& sha) const {
  const std::string hex = HexOf(sha);
  return options_.folder / hex.substr(0, 2) / hex;
}

fs::path FileStore::FileOf(const std::string& draft) const {
  return options_.folder / "incoming" / (std::string(kDraft) + draft);
}

fs::path FileStore::PartOf(const base::SiteId& from, const base::Digest& sha) const {
  return options_.folder / "incoming" / (HexOf(sha) + "." + from.text() + std::string(kPart));
}

bool FileStore::IsThere(const KeptFile& file) const {
  const auto reader = ContainerReader::Open(PathOf(file.sha), sealer_);
  return reader && reader->size() == file.size;
}

std::uint64_t FileStore::bytes_kept() const {
  const std::scoped_lock lock(mutex_);
  return bytes_kept_;
}

Status FileStore::Room(std::uint64_t size, std::uint64_t more) const {
  if (size > options_.largest) {
    return Fail(ErrorCode::kInvalidArgument,
                base::Words{"the file is larger than " + MiB(options_.largest) + " MiB",
                            "文件超过 " + MiB(options_.largest) + " MiB 上限"},
                base::Words{"split it, or scan it with fewer dots per inch", "请拆分文件，或降低扫描分辨率"});
  }
  if (options_.quota != 0 && bytes_kept() + size > options_.quota) {
    return Fail(ErrorCode::kDiskFull,
                base::Words{"the quota for files, " + MiB(options_.quota) + " MiB, is used up",
                            "文件库配额（" + MiB(options_.quota) + " MiB）已用完"},
                base::Words{"ask the administrator to raise it", "请联系系统管理员调整配额"});
  }
  struct statvfs disk {};
  if (::statvfs(options_.folder.c_str(), &disk) != 0) return FailAt(options_.folder, errno);
  const std::uint64_t left = std::uint64_t{disk.f_bavail} * disk.f_frsize;
  if (left < options_.keep_free + more) {
    return Fail(ErrorCode::kDiskFull,
                base::Words{"the disk has " + MiB(left) + " MiB left, of which " + MiB(options_.keep_free) +
                                " MiB are kept for the databases",
                            "磁盘仅剩 " + MiB(left) + " MiB，其中 " + MiB(options_.keep_free) + " MiB 须留给数据库"},
                base::Words{"free space on the disk", "请清理磁盘空间"});
  }
  return {};
}

// ---- putting ----

Result<KeptFile> FileStore::Keep(const fs::path& draft, const KeptFile& file) {
  const fs::path path = PathOf(file.sha);
  const std::scoped_lock keeping(keeping_);
  YB_ASSIGN(const auto known, Known(file.sha));
  if (known && IsThere(*known)) {
    YB_TRY(Unlink(draft));
  } else {
    YB_TRY(security::MakePrivateFolder(path.parent_path()));
    if (::rename(draft.c_str(), path.c_str()) != 0) return FailAt(draft, errno);
    YB_TRY(SyncFolder(path.parent_path()));
  }
  not_whole_.erase(file.sha);
  YB_TRY(Record(file, !known));
  return file;
}

Status FileStore::Record(const KeptFile& file, bool fresh) {
  const std::scoped_lock lock(mutex_);
  YB_ASSIGN(Transaction transaction, Transaction::Begin(*database_));
  YB_TRY(statements_->keep->Bind(1, base::ByteView(file.sha))
             .Bind(2, static_cast<std::int64_t>(file.size))
             .Bind(3, clock_.Now().micros)
             .Run());
  YB_TRY(statements_->forget->Bind(1, base::ByteView(file.sha)).Run());
  YB_TRY(transaction.Commit());
  if (fresh) bytes_kept_ += file.size;
  return {};
}

Result<KeptFile> FileStore::PutFile(const fs::path& file) {
  const Descriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC, 0));
  if (in.number() < 0) return FailAt(file, errno);
  YB_ASSIGN(const auto draft, Begin());
  base::Bytes part(kPieceBytes);
  while (true) {
    const ssize_t count = ::read(in.number(), part.data(), part.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return FailAt(file, errno);
    if (count == 0) return draft->Finish();
    YB_TRY(draft->Append(base::ByteView(part).first(static_cast<std::size_t>(count))));
  }
}

// ---- finding ----

Result<std::optional<KeptFile>> FileStore::Find(const base::Digest& sha) {
  YB_ASSIGN(const auto known, Known(sha));
  if (known) return known;
  return TakeIn(sha);
}

Result<std::optional<KeptFile>> FileStore::Known(const base::Digest& sha) {
  const std::scoped_lock lock(mutex_);
  Statement& find = statements_->find->Bind(1, base::ByteView(sha));
  const Rows reset(find);
  YB_ASSIGN(const bool row, find.Step());
  if (!row) return std::nullopt;
  return KeptFile{sha, static_cast<std::uint64_t>(find.Int(0))};
}

bool FileStore::Has(const base::Digest& sha) {
  const auto found = Find(sha);
  return found && found->has_value();
}

Result<ContainerReader> FileStore::OpenFile(const base::Digest& sha) {
  YB_ASSIGN(const auto known, Find(sha));
  if (!known) return Fail(ErrorCode::kNotFound, base::Words{"the file is not here", "文件不在本机"});
  YB_ASSIGN(ContainerReader reader, ContainerReader::Open(PathOf(sha), sealer_));
  if (reader.size() != known->size) {
    return Fail(ErrorCode::kCorrupt,
                base::Words{"the file has not the length it was kept with", "文件长度不符，已损坏"});
  }
  return reader;
}

Status FileStore::Remove(const base::Digest& sha) {
  const std::scoped_lock keeping(keeping_);
  YB_ASSIGN(const auto known, Known(sha));
  // The content first: a line in `files.db` without a content is found, a content without a line would be taken in.
  YB_TRY(RemoveParts(sha));
  std::error_code none;
  if (known || fs::exists(PathOf(sha), none)) {
    YB_TRY(Unlink(PathOf(sha)));
    YB_TRY(SyncFolder(PathOf(sha).parent_path()));
  }
  const std::scoped_lock lock(mutex_);
  YB_ASSIGN(Transaction transaction, Transaction::Begin(*database_));
  for (Statement* one : {statements_->remove.get(), statements_->forget.get(), statements_->want_no_more.get(),
                         statements_->share_no_more.get()}) {
    YB_TRY(one->Bind(1, base::ByteView(sha)).Run());
  }
  YB_TRY(transaction.Commit());
  if (known) bytes_kept_ -= known->size;
  return {};
}

Status FileStore::RemoveParts(const base::Digest& sha) {
  const fs::path folder = options_.folder / "incoming";
  std::error_code failed;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, failed)) {
    const auto part = ParsePart(entry.path().filename().string());
    if (part && part->first == sha) YB_TRY(Unlink(entry.path()));
  }
  if (failed) return FailAt(folder, failed.value());
  return SyncFolder(folder);
}

Result<std::vector<KeptFile>> FileStore::All() {
  const std::scoped_lock lock(mutex_);
  const Rows reset(*statements_->all);
  std::vector<KeptFile> files;
  while (true) {
    YB_ASSIGN(const bool row, statements_->all->Step());
    if (!row) return files;
    files.push_back({ToDigest(statements_->all->Blob(0)), static_cast<std::uint64_t>(statements_->all->Int(1))});
  }
}

}  // namespace yb::files
