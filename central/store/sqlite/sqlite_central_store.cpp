#include "central/store/sqlite/sqlite_central_store.hpp"

#include <algorithm>
#include <map>

namespace yb::central {
namespace {

using telemetry::EpochHead;
using telemetry::RecordLog;
using telemetry::SiteNo;

constexpr int kSeedRecords = 2'000;

class SqliteCentralStore final : public CentralStore {
 public:
  explicit SqliteCentralStore(std::unique_ptr<RecordLog> log) : log_(std::move(log)) {}

  base::Result<std::vector<base::SiteId>> Sites() override {
    YB_ASSIGN(const std::vector<telemetry::SiteRow> rows, log_->Sites());
    std::vector<base::SiteId> sites;
    sites.reserve(rows.size());
    for (const telemetry::SiteRow& row : rows) sites.push_back(row.site);
    return sites;
  }

  base::Status NameSite(const base::SiteId& site, std::string_view name) override {
    YB_ASSIGN(const SiteNo no, log_->EnsureSite(site));
    return log_->RenameSite(no, name);
  }

  base::Result<std::vector<sync::EpochPosition>> Positions(const base::SiteId& site, sync::Lane lane) override {
    std::vector<sync::EpochPosition> positions;
    YB_ASSIGN(const std::optional<telemetry::SiteRow> row, Find(site));
    if (!row) return positions;
    YB_ASSIGN(const std::vector<EpochHead> heads, log_->Heads(row->no, lane));
    for (const EpochHead& head : heads) {
      positions.push_back({head.epoch, head.last, head.chain, head.told, head.told_chain});
    }
    return positions;
  }

  base::Result<LaneOpening> OpenLane(const base::SiteId& site, sync::Lane lane, const sync::Hello& hello,
                                     base::UtcTime now) override {
    YB_ASSIGN(storage::Transaction transaction, log_->Begin());
    YB_ASSIGN(const SiteNo no, log_->EnsureSite(site));
    YB_ASSIGN(std::vector<EpochHead> heads, log_->Heads(no, lane));
    telemetry::CompletenessLog completeness = Completeness();
    LaneOpening opening;
    for (const sync::EpochRange& range : hello.epochs) {
      if (std::ranges::find(heads, range.epoch, &EpochHead::epoch) == heads.end()) heads.push_back({range.epoch});
    }
    std::ranges::sort(heads, {}, &EpochHead::epoch);
    for (EpochHead& head : heads) {
      const std::uint64_t told = head.told;
      const sync::Chain told_chain = head.told_chain;
      const auto range = std::ranges::find(hello.epochs, head.epoch, &sync::EpochRange::epoch);
      if (range != hello.epochs.end()) {
        opening.restored = opening.restored || range->acked > head.last;
        TakeOver(*range, head, now, opening.newly_missing);
        YB_TRY(log_->SaveHead(no, lane, head));
      }
      opening.positions.push_back({head.epoch, head.last, head.chain, told, told_chain});
    }
    for (const telemetry::MissingRange& missing : opening.newly_missing) YB_TRY(completeness.Name(no, lane, missing));
    if (opening.restored) YB_TRY(completeness.BeginCentralEpoch());
    YB_ASSIGN(opening.central_epoch, completeness.CentralEpoch());
    YB_TRY(transaction.Commit());
    return opening;
  }

  base::Result<sync::Piece> Answer(const base::SiteId& site, sync::Lane lane, const sync::Fetch& fetch,
                                   std::size_t most_bytes) override {
    YB_ASSIGN(const SiteNo no, Known(site));
    YB_ASSIGN(const EpochHead head, KnownEpoch(no, lane, fetch.epoch));
    return log_->Answer(no, lane, head, fetch, most_bytes);
  }

  base::Result<std::optional<telemetry::Segment>> SegmentFrom(const base::SiteId& site, sync::Lane lane,
                                                              std::uint64_t epoch, std::uint64_t from) override {
    YB_ASSIGN(const SiteNo no, Known(site));
    YB_ASSIGN(const EpochHead head, KnownEpoch(no, lane, epoch));
    return Completeness().SegmentFrom(no, lane, head, from);
  }

  base::Result<std::uint64_t> BeginOfSegment(const base::SiteId& site, sync::Lane lane, std::uint64_t epoch,
                                             std::uint64_t seq) override {
    YB_ASSIGN(const SiteNo no, Known(site));
    YB_ASSIGN(const EpochHead head, KnownEpoch(no, lane, epoch));
    return Completeness().BeginOfSegment(no, lane, head, seq);
  }

  base::Result<std::uint64_t> Verify(const base::SiteId& site, sync::Lane lane,
                                     const telemetry::Segment& segment) override {
    YB_ASSIGN(const SiteNo no, Known(site));
    return Completeness().Verify(no, lane, segment);
  }

  base::Result<std::uint64_t> Heal(const base::SiteId& site, sync::Lane lane, const telemetry::Segment& segment,
                                   std::span<const base::Bytes> bodies) override {
    YB_ASSIGN(storage::Transaction transaction, log_->Begin());
    YB_ASSIGN(const SiteNo no, Known(site));
    YB_ASSIGN(const std::uint64_t rewritten, Completeness().Heal(no, lane, segment, bodies));
    YB_TRY(transaction.Commit());
    return rewritten;
  }

  base::Status SaveDamage(const base::SiteId& site, sync::Lane lane, const telemetry::Damage& damage) override {
    YB_ASSIGN(const SiteNo no, Known(site));
    return Completeness().SaveDamage(no, lane, damage);
  }

  base::Result<std::vector<telemetry::Damage>> DamageOf(const base::SiteId& site, sync::Lane lane) override {
    YB_ASSIGN(const SiteNo no, Known(site));
    return Completeness().DamageOf(no, lane);
  }

  base::Result<telemetry::HourCount> Hours(const base::SiteId& site, sync::Lane lane) override {
    YB_ASSIGN(const SiteNo no, Known(site));
    return Completeness().Hours(no, lane);
  }

  base::Result<std::vector<telemetry::HourDigest>> HoursBetween(const base::SiteId& site, sync::Lane lane,
                                                                base::UtcTime from, base::UtcTime to) override {
    YB_ASSIGN(const SiteNo no, Known(site));
    return Completeness().HoursBetween(no, lane, from, to);
  }

  base::Result<std::optional<telemetry::AppliedConfiguration>> Configuration(const base::SiteId& site) override {
    YB_ASSIGN(const std::optional<telemetry::SiteRow> row, Find(site));
    if (!row) return std::optional<telemetry::AppliedConfiguration>();
    YB_ASSIGN(std::vector<telemetry::AppliedConfiguration> all, log_->meters().Configurations(row->no));
    if (all.empty()) return std::optional<telemetry::AppliedConfiguration>();
    return std::optional(std::move(all.back()));
  }

  base::Result<std::vector<telemetry::MissingRange>> Missing(const base::SiteId& site, sync::Lane lane) override {
    YB_ASSIGN(const SiteNo no, Known(site));
    return Completeness().Missing(no, lane);
  }

  base::Status Commit(std::span<const RecordRun> runs) override {
    YB_ASSIGN(storage::Transaction transaction, log_->Begin());
    for (const RecordRun& run : runs) YB_TRY(Store(run));
    return transaction.Commit();
  }

  base::Status Seed(const base::SiteId& site, telemetry::SiteState& state) override {
    YB_ASSIGN(const std::optional<telemetry::SiteRow> row, Find(site));
    if (!row) return {};
    state.name = row->name;
    return telemetry::Seed(state, *log_, row->no, kSeedRecords);
  }

  base::Status ForEachReading(const base::SiteId& site, metering::PointNo point, base::UtcTime from, base::UtcTime to,
                              const std::function<void(const metering::Reading&)>& use) override {
    YB_ASSIGN(const SiteNo no, Known(site));
    return log_->ForEachReading(no, point, from, to, use);
  }

  base::Result<telemetry::History> ReadHistory(const base::SiteId& site, const telemetry::PointDefinition& point,
                                               const telemetry::HistoryRequest& request) override {
    YB_ASSIGN(const SiteNo no, Known(site));
    return telemetry::ReadHistory(*log_, no, point, request);
  }

  base::Result<std::vector<telemetry::Tombstone>> Tombstones(const base::SiteId& site) override {
    YB_ASSIGN(const SiteNo no, Known(site));
    return log_->series().Tombstones(no);
  }

  base::Result<std::vector<telemetry::Alarm>> NewestAlarms(const base::SiteId& site, int most) override {
    YB_ASSIGN(const SiteNo no, Known(site));
    return log_->NewestAlarms(no, most);
  }

  base::Result<std::vector<telemetry::AlarmRow>> Alarms(const base::SiteId& site, telemetry::AlarmFilter filter,
                                                        int most) override {
    YB_ASSIGN(const SiteNo no, NoOf(site));
    return log_->alarms().List(no, filter, most);
  }

  base::Result<std::optional<telemetry::AlarmRow>> FindAlarm(const base::SiteId& site,
                                                             const std::string& alarm) override {
    YB_ASSIGN(const SiteNo no, NoOf(site));
    return log_->alarms().Find(no, alarm);
  }

  base::Result<std::vector<telemetry::AlarmEvent>> AlarmEvents(const base::SiteId& site, const std::string& alarm,
                                                               int most) override {
    YB_ASSIGN(const SiteNo no, NoOf(site));
    return log_->alarms().Events(no, alarm, most);
  }

  base::Result<telemetry::AlarmFigures> AlarmsRaisedSince(const base::SiteId& site, base::UtcTime since) override {
    YB_ASSIGN(const SiteNo no, NoOf(site));
    return log_->alarms().RaisedSince(no, since);
  }

  base::Result<std::optional<telemetry::AlarmRuleSet>> AlarmRules(const base::SiteId& site) override {
    YB_ASSIGN(const SiteNo no, NoOf(site));
    return log_->alarms().NewestRules(no);
  }

  base::Result<std::optional<alarms::Act>> AnswerTo(const base::SiteId& site, const std::string& command) override {
    YB_ASSIGN(const SiteNo no, NoOf(site));
    return log_->alarms().AnswerTo(no, command);
  }

  base::Result<telemetry::MeterEvents> Events(const base::SiteId& site, const std::string& meter, base::UtcTime from,
                                              base::UtcTime to) override {
    YB_ASSIGN(const std::optional<telemetry::SiteRow> row, Find(site));
    if (!row)
      return base::Fail(base::ErrorCode::kNotFound, base::Words{"no site " + site.text(), "没有站点 " + site.text()});
    return log_->meters().Events(row->no, meter, from, to);
  }

 private:
  base::Result<std::optional<telemetry::SiteRow>> Find(const base::SiteId& site) {
    YB_ASSIGN(const std::vector<telemetry::SiteRow> rows, log_->Sites());
    const auto found = std::ranges::find(rows, site, &telemetry::SiteRow::site);
    return found == rows.end() ? std::nullopt : std::optional(*found);
  }

  telemetry::CompletenessLog Completeness() { return telemetry::CompletenessLog(*log_); }

  base::Result<EpochHead> KnownEpoch(SiteNo site, sync::Lane lane, std::uint64_t epoch) {
    YB_ASSIGN(const std::vector<EpochHead> heads, log_->Heads(site, lane));
    const auto head = std::ranges::find(heads, epoch, &EpochHead::epoch);
    if (head != heads.end()) return *head;
    return base::Fail(base::ErrorCode::kNotFound,
                      "no epoch " + std::to_string(epoch) + " of lane " + std::string(sync::ToString(lane)));
  }

  /// 0, which no site has, for one never heard of.
  base::Result<SiteNo> NoOf(const base::SiteId& site) {
    YB_ASSIGN(const std::optional<telemetry::SiteRow> row, Find(site));
    return row ? row->no : SiteNo{0};
  }

  base::Result<SiteNo> Known(const base::SiteId& site) {
    YB_ASSIGN(const std::optional<telemetry::SiteRow> row, Find(site));
    if (!row)
      return base::Fail(base::ErrorCode::kNotFound, base::Words{"no site " + site.text(), "没有站点 " + site.text()});
    return row->no;
  }

  static void TakeOver(const sync::EpochRange& range, EpochHead& head, base::UtcTime now,
                       std::vector<telemetry::MissingRange>& missing) {
    using telemetry::MissingReason;
    if (range.rolled_back && range.last <= head.last) {
      const std::uint64_t last = head.told > head.last ? head.told : 0;
      missing.push_back({head.epoch, head.last + 1, last, MissingReason::kBoxRolledBack, now});
    }
    if (range.first > head.last + 1) {
      missing.push_back({head.epoch, head.last + 1, range.first - 1, MissingReason::kNoLongerHeld, now});
      head.last = range.first - 1;
      head.chain = range.chain_before;
      head.first = range.first;
      head.chain_before = range.chain_before;
    }
    if (range.last < head.told) return;
    head.told = range.last;
    head.told_chain = range.chain;
  }

  base::Status Store(const RecordRun& run) {
    YB_ASSIGN(const SiteNo no, log_->EnsureSite(run.site));
    YB_ASSIGN(std::vector<EpochHead> heads, log_->Heads(no, run.lane));
    auto head = std::ranges::find(heads, run.epoch, &EpochHead::epoch);
    if (head == heads.end()) head = heads.insert(heads.end(), EpochHead{run.epoch, 0, 0, {}});
    if (run.first_seq != head->last + 1) {
      return base::Fail(base::ErrorCode::kCorrupt, "records from " + std::to_string(run.first_seq) +
                                                       " on do not follow " + std::to_string(head->last));
    }
    for (const base::Bytes& body : run.bodies) YB_TRY(log_->Append(no, run.lane, *head, body));
    return log_->SaveHead(no, run.lane, *head);
  }

  std::unique_ptr<RecordLog> log_;
};

}  // namespace

base::Result<std::unique_ptr<CentralStore>> OpenCentralStore(storage::DatabaseOpener& opener) {
  YB_ASSIGN(std::unique_ptr<RecordLog> log, RecordLog::Open(opener));
  return std::make_unique<SqliteCentralStore>(std::move(log));
}

}  // namespace yb::central
