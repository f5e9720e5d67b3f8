// Bodies of the history lane that tell of meters instead of readings: what happened to them, and under which
// configuration they were read (sync.proto, MeterEvents and AppliedConfiguration). Pure functions; any thread.
#pragma once

#include <span>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/digest.hpp"
#include "core/domain/metering/register_walk.hpp"

namespace yb::telemetry {

using MeterEvents = std::vector<metering::MeterEvent>;

/// How a point's values were made of what its meter said.
struct AppliedPoint {
  metering::PointNo no = 0;
  std::string source = {};             // "00010000", "0x0061 u32 abcd"
  base::Decimal factor{1, 0};          // value = what the meter said × factor, ratios included
  std::string unit = {};               // of the values
  metering::RegisterRules rules = {};  // of registers

  friend bool operator==(const AppliedPoint&, const AppliedPoint&) = default;
};

struct AppliedMeter {
  std::string key = {};  // "feeder-1"
  std::string line = {};
  std::string protocol = {};
  std::string address = {};
  std::string profile = {};
  base::Digest profile_digest{};  // SHA-256 of its file
  base::Decimal ct{1, 0};         // 电流互感器变比
  base::Decimal pt{1, 0};         // 电压互感器变比
  base::Duration interval{0};
  std::vector<AppliedPoint> points = {};

  friend bool operator==(const AppliedMeter&, const AppliedMeter&) = default;
};

/// What the box read, and how, from `applied` on. A reading names the version it was read under.
struct AppliedConfiguration {
  std::uint32_t version = 0;  // 1, 2, 3 …
  base::UtcTime applied{};
  std::vector<AppliedMeter> meters;
};

[[nodiscard]] base::Bytes EncodeMeterEvents(std::span<const metering::MeterEvent> events);
[[nodiscard]] base::Bytes EncodeConfiguration(const AppliedConfiguration& configuration);

/// `body` is a HistoryRecord of that kind. kCorrupt for one that is not, and for a number that is no exact decimal.
[[nodiscard]] base::Result<MeterEvents> DecodeMeterEvents(base::ByteView body);
[[nodiscard]] base::Result<AppliedConfiguration> DecodeConfiguration(base::ByteView body);

/// An exact decimal as the contract carries it: text, empty for none.
[[nodiscard]] std::string ToText(const std::optional<base::Decimal>& value);
[[nodiscard]] base::Result<std::optional<base::Decimal>> FromText(const std::string& text);

}  // namespace yb::telemetry
