#include "core/telemetry/completeness_log.hpp"

namespace yb::telemetry {
namespace {

std::int64_t Signed(std::uint64_t value) {
  return static_cast<std::int64_t>(value);
}

}  // namespace

std::string_view ToString(MissingReason reason) {
  switch (reason) {
    case MissingReason::kBoxRolledBack: return "box_rolled_back";
    case MissingReason::kNoLongerHeld: return "no_longer_held";
  }
  return "unknown";
}

base::Status CompletenessLog::Name(SiteNo site, sync::Lane lane, const MissingRange& range) {
  YB_ASSIGN(const auto insert,
            log_.database().Prepare("INSERT OR IGNORE INTO missing (site, lane, epoch, first, last, reason, noticed)"
                                    " VALUES (?, ?, ?, ?, ?, ?, ?)"));
  return insert->Bind(1, site)
      .Bind(2, static_cast<std::int64_t>(lane))
      .Bind(3, Signed(range.epoch))
      .Bind(4, Signed(range.first))
      .Bind(5, Signed(range.last))
      .Bind(6, static_cast<std::int64_t>(range.reason))
      .Bind(7, range.noticed.micros)
      .Run();
}

base::Result<std::vector<MissingRange>> CompletenessLog::Missing(SiteNo site, sync::Lane lane) {
  YB_ASSIGN(const auto select, log_.database().Prepare("SELECT epoch, first, last, reason, noticed FROM missing"
                                                       " WHERE site = ? AND lane = ? ORDER BY epoch, first"));
  select->Bind(1, site).Bind(2, static_cast<std::int64_t>(lane));
  std::vector<MissingRange> ranges;
  while (true) {
    YB_ASSIGN(const bool row, select->Step());
    if (!row) return ranges;
    const auto number = [&](int column) { return static_cast<std::uint64_t>(select->Int(column)); };
    ranges.push_back({number(0), number(1), number(2), static_cast<MissingReason>(select->Int(3)), {select->Int(4)}});
  }
}

base::Result<std::uint64_t> CompletenessLog::CentralEpoch() {
  YB_ASSIGN(const auto select, log_.database().Prepare("SELECT epoch FROM central"));
  YB_ASSIGN(const bool row, select->Step());
  if (!row) return base::Fail(base::ErrorCode::kCorrupt, "the store does not know central's epoch");
  return static_cast<std::uint64_t>(select->Int(0));
}

base::Status CompletenessLog::BeginCentralEpoch() {
  return log_.database().Execute("UPDATE central SET epoch = epoch + 1");
}

}  // namespace yb::telemetry
