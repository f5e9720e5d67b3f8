// What comes from other sides, and what they may have.
#include <unistd.h>

#include "core/base/log.hpp"
#include "core/files/file_store_statements.hpp"

namespace yb::files {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Result;
using base::Status;
using storage::Rows;
using storage::Statement;
using storage::Transaction;

constexpr std::uint64_t kSyncBytes = 256U << 10;

const base::Logger kLog("files");

}  // namespace

FileStore::Incoming::Incoming(FileStore& store, base::SiteId from, KeptFile wanted, std::filesystem::path file,
                              ContainerWriter writer)
    : store_(store),
      from_(std::move(from)),
      wanted_(wanted),
      file_(std::move(file)),
      writer_(std::move(writer)),
      synced_(writer_.size()) {}

Result<std::uint64_t> FileStore::Progress(const base::SiteId& from, const base::Digest& sha) {
  const std::scoped_lock lock(mutex_);
  Statement& progress = statements_->progress->Bind(1, base::ByteView(sha)).Bind(2, std::string_view(from.text()));
  const Rows reset(progress);
  YB_ASSIGN(const bool row, progress.Step());
  return row ? static_cast<std::uint64_t>(progress.Int(0)) : 0;
}

Result<std::unique_ptr<FileStore::Incoming>> FileStore::Receive(const base::SiteId& from, const base::Digest& sha,
                                                                std::uint64_t size) {
  if (Has(sha)) return Fail(ErrorCode::kAlreadyExists, "the file is here already");
  const std::filesystem::path part = PartOf(from, sha);
  YB_ASSIGN(const std::uint64_t kept, Progress(from, sha));
  YB_TRY(Room(size, size > kept ? size - kept : 0));
  const auto take = [&](ContainerWriter writer) {
    return std::unique_ptr<Incoming>(new Incoming(*this, from, KeptFile{sha, size}, part, std::move(writer)));
  };
  if (kept != 0) {
    auto writer = ContainerWriter::GoOn(part, sealer_, kept);
    if (writer) return take(std::move(*writer));
    kLog.Warn("what has come of a file is not there any more, it begins anew",
              {{"file", part.string()}, {"why", writer.error().Describe()}});
  }
  YB_ASSIGN(ContainerWriter writer, ContainerWriter::Make(part, sealer_));
  YB_TRY(SyncFolder(part.parent_path()));
  YB_TRY(NoteProgress(from, sha, 0));
  return take(std::move(writer));
}

Status FileStore::Incoming::Append(base::ByteView bytes) {
  if (writer_.size() + bytes.size() > wanted_.size) {
    return Fail(ErrorCode::kCorrupt, "more comes of the file than it is long");
  }
  YB_TRY(store_.Room(wanted_.size, bytes.size()));
  YB_TRY(writer_.Append(bytes));
  if (writer_.size() < synced_ + kSyncBytes) return {};
  YB_ASSIGN(synced_, writer_.Sync());
  return store_.NoteProgress(from_, wanted_.sha, synced_);
}

Result<KeptFile> FileStore::Incoming::Finish() {
  if (writer_.size() != wanted_.size) return Fail(ErrorCode::kInvalidArgument, "not all of the file has come");
  const auto digest = writer_.Finish();
  if (!digest && digest.error().code == ErrorCode::kDiskFull) return Fail(digest.error());
  if (digest && *digest == wanted_.sha) return store_.Keep(file_, wanted_);
  ::unlink(file_.c_str());
  YB_TRY(store_.ForgetProgress(from_, wanted_.sha));
  if (!digest) return Fail(digest.error());
  return Fail(ErrorCode::kCorrupt, base::Words{"what came is not the file that was wanted", "收到的内容与文件不符"});
}

Status FileStore::NoteProgress(const base::SiteId& from, const base::Digest& sha, std::uint64_t kept) {
  const std::scoped_lock lock(mutex_);
  return statements_->note->Bind(1, base::ByteView(sha))
      .Bind(2, std::string_view(from.text()))
      .Bind(3, static_cast<std::int64_t>(kept))
      .Run();
}

Status FileStore::ForgetProgress(const base::SiteId& from, const base::Digest& sha) {
  const std::scoped_lock lock(mutex_);
  return statements_->forget_one->Bind(1, base::ByteView(sha)).Bind(2, std::string_view(from.text())).Run();
}

Status FileStore::Share(const base::Digest& sha, const std::optional<base::SiteId>& site) {
  const std::scoped_lock lock(mutex_);
  const std::string text = site ? site->text() : std::string();
  return statements_->share->Bind(1, base::ByteView(sha)).Bind(2, std::string_view(text)).Run();
}

Result<bool> FileStore::IsShared(const base::Digest& sha, const base::SiteId& site) {
  const std::scoped_lock lock(mutex_);
  Statement& row = statements_->is_shared->Bind(1, base::ByteView(sha)).Bind(2, std::string_view(site.text()));
  const Rows reset(row);
  return row.Step();
}

Result<bool> FileStore::Want(const base::SiteId& site, const base::Digest& sha, std::uint64_t size) {
  if (size > options_.largest) {
    return Fail(ErrorCode::kInvalidArgument, base::Words{"the wanted file is larger than may be kept", "文件超过上限"});
  }
  {
    const std::scoped_lock lock(mutex_);
    YB_ASSIGN(Transaction transaction, Transaction::Begin(*database_));
    YB_TRY(statements_->want->Bind(1, std::string_view(site.text()))
               .Bind(2, base::ByteView(sha))
               .Bind(3, static_cast<std::int64_t>(size))
               .Run());
    YB_TRY(statements_->share->Bind(1, base::ByteView(sha)).Bind(2, std::string_view(site.text())).Run());
    YB_TRY(transaction.Commit());
  }
  YB_ASSIGN(const auto known, Find(sha));
  return known.has_value();
}

Result<std::vector<WantedFile>> FileStore::Wanted() {
  const std::scoped_lock lock(mutex_);
  Statement& rows = *statements_->wanted;
  const Rows reset(rows);
  std::vector<WantedFile> wanted;
  while (true) {
    YB_ASSIGN(const bool row, rows.Step());
    if (!row) return wanted;
    YB_ASSIGN(base::SiteId site, base::SiteId::Parse(rows.Text(0)));
    WantedFile file{std::move(site), {}, static_cast<std::uint64_t>(rows.Int(2))};
    const base::ByteView sha = rows.Blob(1);
    if (sha.size() != file.sha.size()) return Fail(ErrorCode::kCorrupt, "a wanted file has no SHA-256");
    std::copy(sha.begin(), sha.end(), file.sha.begin());
    wanted.push_back(std::move(file));
  }
}

Status FileStore::Told(const base::SiteId& site, const base::Digest& sha) {
  const std::scoped_lock lock(mutex_);
  return statements_->told->Bind(1, std::string_view(site.text())).Bind(2, base::ByteView(sha)).Run();
}

}  // namespace yb::files
