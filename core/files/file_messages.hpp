// The bytes of the lane `file` (core/contract/sync.proto, FileMessage). Reading trusts nothing.
// Pure functions; any thread.
#pragma once

#include <variant>

#include "core/base/digest.hpp"

namespace yb::files {

/// Asks for `length` bytes of a file from `offset` on.
struct FileWant {
  base::Digest sha{};
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};
/// Answers with the first of them, at least one but of an empty file.
struct FileChunk {
  base::Digest sha{};
  std::uint64_t size = 0;  // of the whole file
  std::uint64_t offset = 0;
  base::Bytes bytes;
};
/// The file is not here, or not for this site.
struct FileAbsent {
  base::Digest sha{};
};
using FileMessage = std::variant<FileWant, FileChunk, FileAbsent>;

/// Most bytes of one chunk: far below the broker's limit of 1 MiB for a message.
inline constexpr std::uint64_t kMostChunk = 256U << 10;

[[nodiscard]] base::Bytes EncodeMessage(const FileMessage& message);
/// kCorrupt for what is no message, a chunk whose digest does not fit or that lies outside of its file; kUnsupported
/// for a kind of a later version.
[[nodiscard]] base::Result<FileMessage> DecodeFileMessage(base::ByteView bytes);

}  // namespace yb::files
