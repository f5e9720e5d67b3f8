// What is put in piece by piece.
#include <unistd.h>

#include <cerrno>

#include "core/base/log.hpp"
#include "core/files/file_store_statements.hpp"
#include "core/security/random.hpp"

namespace yb::files {
namespace {

using base::Fail;
using base::Result;
using base::Status;
using storage::Rows;
using storage::Statement;

constexpr std::uint64_t kSyncBytes = 1U << 20;

const base::Logger kLog("files");

/// What a sealed name belongs to.
std::string BoundTo(const std::string& draft) {
  return "upload " + draft;
}

}  // namespace

FileStore::Draft::Draft(FileStore& store, std::filesystem::path file, std::string noted, ContainerWriter writer)
    : store_(store),
      file_(std::move(file)),
      noted_(std::move(noted)),
      writer_(std::move(writer)),
      synced_(writer_->size()) {}

FileStore::Draft::~Draft() {
  if (writer_ && noted_.empty()) ::unlink(file_.c_str());
}

Result<std::unique_ptr<FileStore::Draft>> FileStore::Begin() {
  YB_TRY(Room(0, kSealedPieceBytes));
  const std::filesystem::path file = FileOf(base::ToHex(security::RandomBytes(8)));
  YB_ASSIGN(ContainerWriter writer, ContainerWriter::Make(file, sealer_));
  return std::unique_ptr<Draft>(new Draft(*this, file, {}, std::move(writer)));
}

Result<std::unique_ptr<FileStore::Draft>> FileStore::Begin(const DraftNote& note) {
  YB_TRY(Room(note.size, kSealedPieceBytes));
  const std::filesystem::path file = FileOf(note.id);
  YB_ASSIGN(ContainerWriter writer, ContainerWriter::Make(file, sealer_));
  // Noted only once its name is on the disk, so that one without a file is one that was finished.
  Status noted = SyncFolder(file.parent_path());
  if (noted) {
    const base::Bytes name = sealer_.Seal(base::AsBytes(BoundTo(note.id)), base::AsBytes(note.name));
    const std::scoped_lock lock(mutex_);
    noted = statements_->draft->Bind(1, std::string_view(note.id))
                .Bind(2, std::string_view(note.owner))
                .Bind(3, base::ByteView(name))
                .Bind(4, static_cast<std::int64_t>(note.size))
                .Bind(5, clock_.Now().micros)
                .Run();
  }
  if (!noted) {
    ::unlink(file.c_str());
    return Fail(noted.error());
  }
  return std::unique_ptr<Draft>(new Draft(*this, file, note.id, std::move(writer)));
}

Result<std::unique_ptr<FileStore::Draft>> FileStore::GoOn(const DraftNote& note) {
  const std::filesystem::path file = FileOf(note.id);
  YB_ASSIGN(ContainerWriter writer, ContainerWriter::GoOn(file, sealer_, note.kept));
  return std::unique_ptr<Draft>(new Draft(*this, file, note.id, std::move(writer)));
}

Result<std::vector<FileStore::DraftNote>> FileStore::Drafts() {
  const std::scoped_lock lock(mutex_);
  Statement& rows = *statements_->drafts;
  const Rows reset(rows);
  std::vector<DraftNote> drafts;
  while (true) {
    YB_ASSIGN(const bool row, rows.Step());
    if (!row) return drafts;
    const std::string id(rows.Text(0));
    const auto name = sealer_.Open(base::AsBytes(BoundTo(id)), rows.Blob(2));
    if (!name) kLog.Warn("the name of an upload cannot be read", {{"upload", id}, {"why", name.error().Describe()}});
    drafts.push_back({id,
                      std::string(rows.Text(1)),
                      name ? std::string(base::AsText(*name)) : "",
                      static_cast<std::uint64_t>(rows.Int(3)),
                      static_cast<std::uint64_t>(rows.Int(4)),
                      {rows.Int(5)}});
  }
}

Status FileStore::Discard(const std::string& draft) {
  const std::filesystem::path file = FileOf(draft);
  if (::unlink(file.c_str()) != 0 && errno != ENOENT) return FailAt(file, errno);
  return ForgetDraft(draft);
}

Status FileStore::NoteDraft(const std::string& draft, std::uint64_t kept) {
  const std::scoped_lock lock(mutex_);
  return statements_->draft_kept->Bind(1, static_cast<std::int64_t>(kept))
      .Bind(2, clock_.Now().micros)
      .Bind(3, std::string_view(draft))
      .Run();
}

Status FileStore::ForgetDraft(const std::string& draft) {
  const std::scoped_lock lock(mutex_);
  return statements_->draft_no_more->Bind(1, std::string_view(draft)).Run();
}

Status FileStore::Draft::Append(base::ByteView bytes) {
  YB_CHECK(writer_.has_value(), "nothing is appended to a file that is kept already");
  YB_TRY(store_.Room(writer_->size() + bytes.size(), bytes.size()));
  YB_TRY(writer_->Append(bytes));
  if (noted_.empty() || writer_->size() < synced_ + kSyncBytes) return {};
  YB_ASSIGN(const std::uint64_t kept, writer_->Sync());
  YB_TRY(store_.NoteDraft(noted_, kept));
  synced_ = kept;
  return {};
}

Result<KeptFile> FileStore::Draft::Finish() {
  YB_CHECK(writer_.has_value(), "a file is finished once");
  KeptFile file{{}, writer_->size()};
  YB_ASSIGN(file.sha, writer_->Finish());
  YB_ASSIGN(const KeptFile kept, store_.Keep(file_, file));
  writer_.reset();
  if (noted_.empty()) return kept;
  const Status forgotten = store_.ForgetDraft(noted_);
  if (!forgotten) kLog.Warn("a draft is forgotten at the next start only", {{"why", forgotten.error().Describe()}});
  return kept;
}

}  // namespace yb::files
