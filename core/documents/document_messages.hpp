// The bytes of the lane `document` (core/contract/sync.proto, DocumentMessage). Reading trusts nothing.
// Pure functions; any thread.
#pragma once

#include <variant>

#include "core/documents/document.hpp"

namespace yb::documents {

/// Bytes of the longest piece.
inline constexpr std::size_t kMostPiece = 64 * 1024;

struct Report {
  std::uint64_t number = 0;
  State state;
};
struct Offer {
  std::uint64_t number = 0;  // of the report it answers; 0: of its own accord
  std::vector<Head> heads;
};
struct Want {
  Head head;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};
struct Piece {
  Head head;
  std::uint64_t offset = 0;
  std::string content;
};
using Message = std::variant<Report, Offer, Want, Piece>;

[[nodiscard]] base::Bytes EncodeMessage(const Message& message);
/// kCorrupt for what is no message: no SHA-256, too long, too many. What is of a kind of a later version is left out of
/// reports and offers, and kUnsupported elsewhere.
[[nodiscard]] base::Result<Message> DecodeDocumentMessage(base::ByteView bytes);

}  // namespace yb::documents
