// Frame codec: the bytes of sync.proto, to and from the values of lane.hpp. Decoding trusts nothing: a frame is good
// only if its digest fits, its payload unpacks within kMaxFrameBytes and its bodies are as many as its sequences say.
// Pure functions; any thread.
#pragma once

#include <variant>

#include "core/sync/lane.hpp"

namespace yb::sync {

/// Version of the payload written and read here, and the oldest reader that can apply it: bodies that stand for several
/// sequences came with version 2.
inline constexpr std::uint32_t kSchema = 2;
inline constexpr std::uint32_t kMinReader = 1;
inline constexpr std::uint32_t kMinReaderOfSpans = 2;

/// Most bytes of a frame's bodies, unpacked.
inline constexpr std::size_t kMaxFrameBytes = 8U << 20;

[[nodiscard]] base::Bytes EncodeUp(const Hello& hello);
[[nodiscard]] base::Bytes EncodeUp(const Frame& frame);
[[nodiscard]] base::Bytes EncodeDown(const Welcome& welcome);
[[nodiscard]] base::Bytes EncodeDown(const Ack& ack);

/// kCorrupt for what is no message, a wrong digest or a wrong count; kUnsupported where min_reader is above kSchema.
[[nodiscard]] base::Result<std::variant<Hello, Frame>> DecodeUp(base::ByteView bytes);
[[nodiscard]] base::Result<std::variant<Welcome, Ack>> DecodeDown(base::ByteView bytes);

}  // namespace yb::sync
