#include "core/telemetry/hour_digest.hpp"

#include <algorithm>

#include "core/contract/message_bytes.hpp"
#include "core/contract/sync.pb.h"

namespace yb::telemetry {
namespace {

constexpr std::uint8_t kTag = 7 << 3 | 2;  // field 7, a message: the first byte of each such record
constexpr std::int64_t kHour = 3'600'000'000;

std::optional<sync::Chain> ToChain(const std::string& text) {
  sync::Chain chain{};
  if (text.size() != chain.size()) return std::nullopt;
  std::copy(text.begin(), text.end(), chain.begin());
  return chain;
}

}  // namespace

base::UtcTime HourOf(base::UtcTime time) {
  return {time.micros - ((time.micros % kHour) + kHour) % kHour};
}

base::Bytes EncodeHour(const HourDigest& digest) {
  contract::HourRecord record;
  contract::HourDigest& out = *record.mutable_hour();
  out.set_hour_us(digest.hour.micros);
  out.set_epoch(digest.epoch);
  out.set_first_seq(digest.first);
  out.set_last_seq(digest.last);
  out.set_count(digest.last - digest.first + 1);
  out.set_chain_before(digest.chain_before.data(), digest.chain_before.size());
  out.set_chain(digest.chain.data(), digest.chain.size());
  return ToBytes(record);
}

std::optional<HourDigest> DecodeHour(base::ByteView body) {
  if (body.empty() || body[0] != kTag) return std::nullopt;
  contract::HourRecord record;
  if (!record.ParseFromArray(body.data(), static_cast<int>(body.size()))) return std::nullopt;
  const contract::HourDigest& in = record.hour();
  const auto before = ToChain(in.chain_before());
  const auto chain = ToChain(in.chain());
  if (!before || !chain || in.first_seq() == 0 || in.last_seq() < in.first_seq()) return std::nullopt;
  return HourDigest{{in.hour_us()}, in.epoch(), in.first_seq(), in.last_seq(), *before, *chain};
}

}  // namespace yb::telemetry
