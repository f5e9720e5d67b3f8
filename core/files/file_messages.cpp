#include "core/files/file_messages.hpp"

#include <algorithm>

#include "core/contract/message_bytes.hpp"
#include "core/contract/sync.pb.h"

namespace yb::files {
namespace {

using base::ErrorCode;
using base::Fail;

void SetSha(const base::Digest& sha, auto& out) {
  out.set_sha256(sha.data(), sha.size());
}

base::Result<base::Digest> ShaOf(const std::string& text) {
  base::Digest sha{};
  if (text.size() != sha.size()) return Fail(ErrorCode::kCorrupt, "a message names no SHA-256 of a file");
  std::ranges::copy(base::AsBytes(text), sha.begin());
  return sha;
}

void ToContract(const FileWant& want, contract::FileMessage& out) {
  SetSha(want.sha, *out.mutable_want());
  out.mutable_want()->set_offset(want.offset);
  out.mutable_want()->set_length(want.length);
}

void ToContract(const FileChunk& chunk, contract::FileMessage& out) {
  contract::FileChunk& to = *out.mutable_chunk();
  SetSha(chunk.sha, to);
  to.set_size(chunk.size);
  to.set_offset(chunk.offset);
  to.set_content(chunk.bytes.data(), chunk.bytes.size());
  const base::Digest digest = base::Sha256(chunk.bytes);
  to.set_digest(digest.data(), digest.size());
}

void ToContract(const FileAbsent& absent, contract::FileMessage& out) {
  SetSha(absent.sha, *out.mutable_absent());
}

base::Result<FileMessage> FromContract(const contract::FileWant& in) {
  YB_ASSIGN(const base::Digest sha, ShaOf(in.sha256()));
  return FileWant{sha, in.offset(), in.length()};
}

base::Result<FileMessage> FromContract(const contract::FileChunk& in) {
  YB_ASSIGN(const base::Digest sha, ShaOf(in.sha256()));
  const base::ByteView content = base::AsBytes(in.content());
  if (content.size() > kMostChunk) return Fail(ErrorCode::kCorrupt, "a chunk is longer than 256 KiB");
  if (in.offset() > in.size() || in.size() - in.offset() < content.size()) {
    return Fail(ErrorCode::kCorrupt, "a chunk lies outside of its file");
  }
  if (content.empty() && in.size() != 0) return Fail(ErrorCode::kCorrupt, "a chunk brings nothing");
  if (!std::ranges::equal(base::AsBytes(in.digest()), base::Sha256(content))) {
    return Fail(ErrorCode::kCorrupt, "the chunk's digest does not fit its content");
  }
  return FileChunk{sha, in.size(), in.offset(), base::Bytes(content.begin(), content.end())};
}

base::Result<FileMessage> FromContract(const contract::FileAbsent& in) {
  YB_ASSIGN(const base::Digest sha, ShaOf(in.sha256()));
  return FileAbsent{sha};
}

}  // namespace

base::Bytes EncodeMessage(const FileMessage& message) {
  contract::FileMessage out;
  std::visit([&](const auto& one) { ToContract(one, out); }, message);
  return ToBytes(out);
}

base::Result<FileMessage> DecodeFileMessage(base::ByteView bytes) {
  contract::FileMessage in;
  if (!in.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Fail(ErrorCode::kCorrupt, "the bytes are no message of the lane file");
  }
  switch (in.kind_case()) {
    case contract::FileMessage::kWant: return FromContract(in.want());
    case contract::FileMessage::kChunk: return FromContract(in.chunk());
    case contract::FileMessage::kAbsent: return FromContract(in.absent());
    case contract::FileMessage::KIND_NOT_SET: break;
  }
  return Fail(ErrorCode::kUnsupported, "the message is of a kind this version does not know");
}

}  // namespace yb::files
