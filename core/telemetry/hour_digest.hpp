// HourDigest: count and chain of what a lane held of one hour, by positions, so that both sides mean the same records
// (sync.proto, HourDigest; field 7 of the records of every lane). Pure functions; any thread.
#pragma once

#include <optional>

#include "core/base/time.hpp"
#include "core/sync/lane.hpp"

namespace yb::telemetry {

struct HourDigest {
  base::UtcTime hour{};  // its beginning
  std::uint64_t epoch = 0;
  std::uint64_t first = 1;
  std::uint64_t last = 0;
  sync::Chain chain_before{};
  sync::Chain chain{};
  friend bool operator==(const HourDigest&, const HourDigest&) = default;
};

[[nodiscard]] base::UtcTime HourOf(base::UtcTime time);

[[nodiscard]] base::Bytes EncodeHour(const HourDigest& digest);
/// Nullopt for a record of another kind, or one that cannot be.
[[nodiscard]] std::optional<HourDigest> DecodeHour(base::ByteView body);

}  // namespace yb::telemetry
