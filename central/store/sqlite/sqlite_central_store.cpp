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
    for (const EpochHead& head : heads) positions.push_back({head.epoch, head.last, head.chain});
    return positions;
  }

  base::Result<std::vector<StoredRecord>> Commit(std::span<const RecordRun> runs) override {
    std::vector<StoredRecord> stored;
    YB_ASSIGN(storage::Transaction transaction, log_->Begin());
    for (const RecordRun& run : runs) YB_TRY(Store(run, stored));
    YB_TRY(transaction.Commit());
    return stored;
  }

  base::Status Seed(const base::SiteId& site, telemetry::SiteState& state) override {
    YB_ASSIGN(const std::optional<telemetry::SiteRow> row, Find(site));
    if (!row) return {};
    state.name = row->name;
    return telemetry::Seed(state, *log_, row->no, kSeedRecords);
  }

  base::Status ForEachReading(const base::SiteId& site, metering::PointNo point, base::UtcTime from, base::UtcTime to,
                              const std::function<void(const metering::Reading&)>& use) override {
    YB_ASSIGN(const std::optional<telemetry::SiteRow> row, Find(site));
    if (!row) return base::Fail(base::ErrorCode::kNotFound, "no site " + site.text());
    return log_->ForEachReading(row->no, point, from, to, use);
  }

  base::Result<telemetry::History> ReadHistory(const base::SiteId& site, const telemetry::PointDefinition& point,
                                               const telemetry::HistoryRequest& request) override {
    YB_ASSIGN(const std::optional<telemetry::SiteRow> row, Find(site));
    if (!row) return base::Fail(base::ErrorCode::kNotFound, "no site " + site.text());
    return telemetry::ReadHistory(*log_, row->no, point, request);
  }

 private:
  base::Result<std::optional<telemetry::SiteRow>> Find(const base::SiteId& site) {
    YB_ASSIGN(const std::vector<telemetry::SiteRow> rows, log_->Sites());
    const auto found = std::ranges::find(rows, site, &telemetry::SiteRow::site);
    return found == rows.end() ? std::nullopt : std::optional(*found);
  }

  base::Status Store(const RecordRun& run, std::vector<StoredRecord>& stored) {
    YB_ASSIGN(const SiteNo no, log_->EnsureSite(run.site));
    YB_ASSIGN(std::vector<EpochHead> heads, log_->Heads(no, run.lane));
    auto head = std::ranges::find(heads, run.epoch, &EpochHead::epoch);
    if (head == heads.end()) head = heads.insert(heads.end(), EpochHead{run.epoch, 0, 0, {}});
    std::uint64_t first = run.first_seq;
    for (std::size_t i = 0; i < run.bodies.size(); ++i) {
      const std::uint64_t next = first + (run.spans.empty() ? 1 : run.spans[i]);
      if (first > head->last + 1) {
        return base::Fail(base::ErrorCode::kCorrupt,
                          "records from " + std::to_string(first) + " on do not follow " + std::to_string(head->last));
      }
      if (next > head->last + 1) {
        YB_ASSIGN(telemetry::HistoryRecord record,
                  run.spans.empty() ? log_->Append(no, run.lane, *head, run.bodies[i])
                                    : StoreBody(no, run.lane, *head, run.bodies[i], {first, next - 1}));
        stored.push_back({run.site, std::move(record)});
      }
      first = next;
    }
    return log_->SaveHead(no, run.lane, *head);
  }

  struct Sequences {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
  };

  base::Result<telemetry::HistoryRecord> StoreBody(SiteNo site, sync::Lane lane, EpochHead& head,
                                                   const base::Bytes& body, Sequences sequences) {
    const telemetry::HistoryRecord record =
        lane == sync::Lane::kHistory ? telemetry::DecodeHistoryRecord(body).value_or(telemetry::UnknownRecord{})
                                     : telemetry::UnknownRecord{};
    const auto* run = std::get_if<telemetry::CompactedRun>(&record);
    if (run == nullptr && sequences.first == sequences.last) return log_->Append(site, lane, head, body);
    if (run == nullptr || run->first_seq != sequences.first || run->last_seq != sequences.last) {
      return base::Fail(base::ErrorCode::kCorrupt, "a body stands for sequences " + std::to_string(sequences.first) +
                                                       "…" + std::to_string(sequences.last) +
                                                       " and is no compacted run of these");
    }
    return log_->AppendRun(site, head, *run);
  }

  std::unique_ptr<RecordLog> log_;
};

}  // namespace

base::Result<std::unique_ptr<CentralStore>> OpenCentralStore(storage::DatabaseOpener& opener) {
  YB_ASSIGN(std::unique_ptr<RecordLog> log, RecordLog::Open(opener));
  return std::make_unique<SqliteCentralStore>(std::move(log));
}

}  // namespace yb::central
