#include "tests/bench/outbox.hpp"

namespace yb::bench {
namespace {

constexpr std::int64_t kPollsPerCommit = 500;
constexpr std::uint32_t kFirstPoint = 100'001;  // far from what the box itself numbers
constexpr std::int64_t kStart = 1'700'000'000'000'000;

/// Registers that grow by one amount, with some noise in values and times; not all readings of a moment at once.
class Readings {
 public:
  std::vector<metering::Reading> Next(std::int64_t poll) {
    std::vector<metering::Reading> slice;
    slice.reserve(kOutboxPoints);
    for (std::uint32_t point = 0; point < kOutboxPoints; ++point) {
      noise_ = noise_ * 6364136223846793005U + 1442695040888963407U;
      const auto jitter = static_cast<std::int64_t>(noise_ >> 58);
      slice.push_back({kFirstPoint + point,
                       {kStart + poll * kOutboxIntervalSeconds * 1'000'000 + point * 900 + jitter},
                       base::Decimal(100'000 * std::int64_t{point} + poll * 7 + jitter, 2),
                       metering::Quality::kGood});
    }
    return slice;
  }

 private:
  std::uint64_t noise_ = 1;
};

}  // namespace

telemetry::EpochHead FillOutbox(telemetry::RecordLog& log, const base::SiteId& site, std::int64_t days,
                                std::int64_t first_day) {
  const auto no = *log.EnsureSite(site);
  telemetry::EpochHead head = log.Heads(no, sync::Lane::kHistory)->back();
  Readings readings;
  constexpr std::int64_t kPollsPerDay = 86'400 / kOutboxIntervalSeconds;
  const std::int64_t end = (first_day + days) * kPollsPerDay;
  for (std::int64_t poll = first_day * kPollsPerDay; poll < end;) {
    auto transaction = log.Begin();
    for (std::int64_t i = 0; i < kPollsPerCommit && poll < end; ++i, ++poll) {
      const base::Bytes body = telemetry::EncodeSlice(readings.Next(poll), {});
      YB_CHECK(log.Append(no, sync::Lane::kHistory, head, body).has_value(), "the outbox takes no record");
    }
    YB_CHECK(log.SaveHead(no, sync::Lane::kHistory, head).has_value(), "the outbox takes no head");
    YB_CHECK(transaction->Commit().has_value(), "the outbox takes no commit");
  }
  return head;
}

}  // namespace yb::bench
