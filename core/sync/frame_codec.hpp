// Frame codec: the bytes of sync.proto, to and from the values of lane.hpp. Decoding trusts nothing: a frame is good
// only if its digest fits, its payload unpacks within kMaxFrameBytes and its bodies are as many as its sequences say.
// Pure functions; any thread.
#pragma once

#include <variant>

#include "core/base/digest.hpp"
#include "core/sync/lane.hpp"

namespace yb::sync {

/// Version of the payload written here: 2 (since 0.2) has packed slices.
inline constexpr std::uint32_t kSchema = 2;
/// The oldest reader that can apply a lane's payload.
[[nodiscard]] constexpr std::uint32_t MinReaderOf(Lane lane) {
  return lane == Lane::kHistory ? 2 : 1;
}

/// Most bytes of a frame's bodies, unpacked.
inline constexpr std::size_t kMaxFrameBytes = 8U << 20;

/// Bodies as they travel: the zstd block of a `Records`, and its SHA-256.
struct PackedBodies {
  std::string payload;
  base::Digest digest{};
};
[[nodiscard]] PackedBodies PackBodies(const std::vector<base::Bytes>& bodies);
/// kCorrupt where the digest does not fit, or what unpacks is none or too large.
[[nodiscard]] base::Result<std::vector<base::Bytes>> UnpackBodies(const std::string& payload, base::ByteView digest);

[[nodiscard]] base::Bytes EncodeUp(const Hello& hello);
[[nodiscard]] base::Bytes EncodeUp(const Frame& frame);
[[nodiscard]] base::Bytes EncodeUp(const Fetch& fetch);
[[nodiscard]] base::Bytes EncodeUp(const Piece& resent);
[[nodiscard]] base::Bytes EncodeDown(const Welcome& welcome);
[[nodiscard]] base::Bytes EncodeDown(const Ack& ack);
[[nodiscard]] base::Bytes EncodeDown(const Piece& piece);
[[nodiscard]] base::Bytes EncodeDown(const Fetch& resend);

using UpMessage = std::variant<Hello, Frame, Fetch, Piece>;
using DownMessage = std::variant<Welcome, Ack, Piece, Fetch>;

/// kCorrupt for what is no message, a wrong digest or a wrong count; kUnsupported where min_reader is above kSchema.
[[nodiscard]] base::Result<UpMessage> DecodeUp(base::ByteView bytes);
[[nodiscard]] base::Result<DownMessage> DecodeDown(base::ByteView bytes);

}  // namespace yb::sync
