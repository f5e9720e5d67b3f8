#include "core/casework/uploads.hpp"

#include <algorithm>

#include "core/base/log.hpp"
#include "core/base/uuid.hpp"
#include "core/files/harmful_content.hpp"

namespace yb::casework {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Result;
using base::Status;
using base::Words;

const base::Logger kLog("uploads");

tl::unexpected<base::Error> NoSuchUpload() {
  return Fail(ErrorCode::kNotFound, Words{"there is no such upload", "没有这个上传"},
              Words{"begin it anew", "请重新上传"});
}

tl::unexpected<base::Error> AnotherPlace(std::uint64_t received) {
  const std::string at = std::to_string(received);
  return Fail(ErrorCode::kAlreadyExists, Words{"the upload is at byte " + at, "上传已到第 " + at + " 字节"},
              Words{"go on there", "请从该处继续"});
}

}  // namespace

Result<std::unique_ptr<Uploads>> Uploads::Open(UploadOptions options, files::FileStore& files,
                                               const base::Clock& clock) {
  std::unique_ptr<Uploads> uploads(new Uploads(options, files, clock));
  YB_ASSIGN(const auto drafts, files.Drafts());
  for (const files::FileStore::DraftNote& note : drafts) uploads->TakeUp(note);
  return uploads;
}

void Uploads::TakeUp(const files::FileStore::DraftNote& note) {
  // By a clock that was ahead meanwhile it would be forgotten never.
  const base::Duration age = std::max<base::Duration>(clock_.Now() - note.touched, base::Duration(0));
  if (age >= options_.forgotten_after) {
    (void)Discard(note.id);
    return;
  }
  auto upload = std::make_shared<UnderWay>();
  upload->user = note.owner;
  upload->touched = clock_.Steady() + -age;
  upload->shown = {note.id, note.name, note.size, note.kept, {}};
  open_.emplace(note.id, std::move(upload));
}

bool Uploads::Discard(const std::string& id) {
  const Status discarded = files_.Discard(id);
  if (!discarded) kLog.Warn("an old upload is not deleted, it is tried again", {{"why", discarded.error().Describe()}});
  return discarded.has_value();
}

void Uploads::ForgetOld(base::Monotonic now) {
  std::erase_if(open_, [&](const auto& entry) {
    const std::unique_lock lock(entry.second->mutex, std::try_to_lock);
    if (!lock.owns_lock() || now - entry.second->touched < options_.forgotten_after) return false;
    if (entry.second->shown.file) return true;
    entry.second->draft.reset();
    return Discard(entry.first);
  });
}

Result<Upload> Uploads::Begin(const std::string& user, const std::string& name, std::uint64_t bytes) {
  if (bytes == 0 || bytes > options_.largest) {
    const std::string most = std::to_string(options_.largest >> 20);
    return Fail(ErrorCode::kInvalidArgument,
                Words{"a file has 1 byte to " + most + " MiB", "文件大小须为 1 字节至 " + most + " MiB"});
  }
  const base::Monotonic now = clock_.Steady();
  auto made = std::make_shared<UnderWay>();
  made->user = user;
  made->touched = now;
  made->shown = {base::DrawUuid7(clock_.Now()), name, bytes, 0, {}};
  const std::scoped_lock lock(mutex_);
  ForgetOld(now);
  std::size_t all = 0, own = 0;
  for (const auto& [id, one] : open_) {
    const std::scoped_lock looking(one->mutex);
    if (one->shown.file) continue;
    ++all;
    own += one->user == user ? 1U : 0U;
  }
  if (all >= options_.most_open || own >= options_.most_open_of_one) {
    return Fail(ErrorCode::kUnavailable, Words{"too many files are on their way in", "同时上传的文件过多"},
                Words{"wait until others are in", "请等其他文件传完再试"});
  }
  YB_ASSIGN(made->draft, files_.Begin({made->shown.id, user, name, bytes}));
  open_.emplace(made->shown.id, made);
  return made->shown;
}

Result<Uploads::Handle> Uploads::Of(const std::string& user, const std::string& id) {
  const std::scoped_lock lock(mutex_);
  const auto found = open_.find(id);
  if (found == open_.end() || found->second->user != user) return NoSuchUpload();
  return found->second;
}

Result<Upload> Uploads::Find(const std::string& user, const std::string& id) {
  YB_ASSIGN(const Handle handle, Of(user, id));
  const std::scoped_lock lock(handle->mutex);
  return handle->shown;
}

Result<Upload> Uploads::Put(const std::string& user, const std::string& id, std::uint64_t offset,
                            base::ByteView piece) {
  YB_ASSIGN(const Handle handle, Of(user, id));
  Result<Upload> put = PutInto(*handle, offset, piece);
  if (!put) {
    const std::scoped_lock lock(mutex_);  // before that of the upload, as elsewhere
    const std::scoped_lock looking(handle->mutex);
    if (handle->refused) open_.erase(id);
  }
  return put;
}

Result<Upload> Uploads::PutInto(UnderWay& upload, std::uint64_t offset, base::ByteView piece) {
  const std::scoped_lock lock(upload.mutex);
  Upload& shown = upload.shown;
  if (upload.refused) return NoSuchUpload();
  if (offset != shown.received) return AnotherPlace(shown.received);
  if (piece.empty() || piece.size() > shown.bytes - shown.received) {
    return Fail(ErrorCode::kInvalidArgument, Words{"the piece is empty, or reaches beyond the size that was announced",
                                                   "分片为空，或超出声明的大小"});
  }
  if (const Status judged = Judge(upload, piece); !judged) {
    upload.refused = true;
    upload.draft.reset();
    (void)Discard(shown.id);
    return Fail(judged.error());
  }
  if (!upload.draft) {
    auto opened = files_.GoOn({shown.id, upload.user, shown.name, shown.bytes, shown.received});
    if (!opened && (opened.error().code == ErrorCode::kNotFound || opened.error().code == ErrorCode::kCorrupt)) {
      kLog.Warn("what has come of an upload is not there any more, it begins anew",
                {{"upload", shown.id}, {"why", opened.error().Describe()}});
      YB_TRY(files_.Discard(shown.id));
      YB_ASSIGN(upload.draft, files_.Begin({shown.id, upload.user, shown.name, shown.bytes}));
      shown.received = 0;
      return AnotherPlace(0);
    }
    if (!opened) return Fail(opened.error());
    upload.draft = std::move(*opened);
  }
  const Status stored = Store(upload, piece);
  if (!stored) {
    shown.received = upload.draft->synced();
    upload.draft.reset();
    return Fail(stored.error());
  }
  upload.touched = clock_.Steady();
  return shown;
}

Status Uploads::Judge(UnderWay& upload, base::ByteView piece) {
  const std::uint64_t at = upload.shown.received;
  if (at >= files::kTellingBytes) return {};                                    // judged before
  upload.beginning.resize(std::min<std::size_t>(upload.beginning.size(), at));  // it may have gone back
  if (upload.beginning.size() < at) return {};                                  // of before the program ended
  const base::ByteView more = piece.first(std::min<std::size_t>(piece.size(), files::kTellingBytes - at));
  upload.beginning.insert(upload.beginning.end(), more.begin(), more.end());
  const bool enough = upload.beginning.size() == files::kTellingBytes || at + piece.size() == upload.shown.bytes;
  return enough ? files::CheckContent(upload.beginning) : Status();
}

Status Uploads::Store(UnderWay& upload, base::ByteView piece) {
  YB_TRY(upload.draft->Append(piece));
  if (upload.shown.received + piece.size() == upload.shown.bytes) {
    YB_ASSIGN(const files::KeptFile kept, upload.draft->Finish());
    upload.draft.reset();
    upload.shown.file = kept.sha;
  }
  upload.shown.received += piece.size();
  return {};
}

}  // namespace yb::casework
