#include "core/casework/uploads.hpp"

#include <algorithm>
#include <random>

#include "core/base/uuid.hpp"

namespace yb::casework {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Result;
using base::Words;

std::uint64_t Draw() {
  std::random_device random;
  return (std::uint64_t{random()} << 32) | random();
}

}  // namespace

void Uploads::ForgetOld(base::Monotonic now) {
  std::erase_if(open_, [&](const auto& entry) {
    const std::unique_lock lock(entry.second->mutex, std::try_to_lock);
    return lock.owns_lock() && now - entry.second->touched >= options_.forgotten_after;
  });
}

Result<Upload> Uploads::Begin(const std::string& user, const std::string& name, std::uint64_t bytes) {
  if (bytes == 0 || bytes > options_.largest) {
    const std::string most = std::to_string(options_.largest >> 20);
    return Fail(ErrorCode::kInvalidArgument,
                Words{"a file has 1 byte to " + most + " MiB", "文件大小须为 1 字节至 " + most + " MiB"});
  }
  const base::Monotonic now = clock_.Steady();
  auto made = std::make_shared<Open>();
  made->user = user;
  made->touched = now;
  made->shown = {base::MakeUuid7(clock_.Now(), Draw(), Draw()), name, bytes, 0, {}};
  YB_ASSIGN(made->draft, files_.Begin());
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
  open_.emplace(made->shown.id, made);
  return made->shown;
}

Result<Uploads::Handle> Uploads::Of(const std::string& user, const std::string& id) {
  const std::scoped_lock lock(mutex_);
  const auto found = open_.find(id);
  if (found == open_.end() || found->second->user != user) {
    return Fail(ErrorCode::kNotFound, Words{"there is no such upload", "没有这个上传"},
                Words{"begin it anew", "请重新上传"});
  }
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
  const std::scoped_lock lock(handle->mutex);
  Upload& shown = handle->shown;
  if (offset != shown.received) {
    const std::string at = std::to_string(shown.received);
    return Fail(ErrorCode::kAlreadyExists, Words{"the upload is at byte " + at, "上传已到第 " + at + " 字节"},
                Words{"go on there", "请从该处继续"});
  }
  if (piece.empty() || piece.size() > shown.bytes - shown.received) {
    return Fail(ErrorCode::kInvalidArgument, Words{"the piece is empty, or reaches beyond the size that was announced",
                                                   "分片为空，或超出声明的大小"});
  }
  if (!handle->draft) {  // writing it failed before
    return Fail(ErrorCode::kUnavailable, Words{"the upload has failed", "上传已失败"},
                Words{"begin it anew", "请重新上传"});
  }
  const base::Status stored = handle->draft->Append(piece);
  if (!stored) {
    handle->draft.reset();
    return Fail(stored.error());
  }
  shown.received += piece.size();
  handle->touched = clock_.Steady();
  if (shown.received == shown.bytes) {
    auto kept = handle->draft->Finish();
    handle->draft.reset();
    if (!kept) {
      shown.received -= piece.size();
      return Fail(kept.error());
    }
    shown.file = kept->sha;
  }
  return shown;
}

}  // namespace yb::casework
