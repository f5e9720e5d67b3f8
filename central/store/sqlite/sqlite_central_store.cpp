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
    for (const EpochHead& head : heads) positions.push_back({head.epoch, head.last, head.chain});
    return positions;
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
    YB_ASSIGN(const std::optional<telemetry::SiteRow> row, Find(site));
    if (!row) return base::Fail(base::ErrorCode::kNotFound, "no site " + site.text());
    return log_->ForEachReading(row->no, point, from, to, use);
  }

 private:
  base::Result<std::optional<telemetry::SiteRow>> Find(const base::SiteId& site) {
    YB_ASSIGN(const std::vector<telemetry::SiteRow> rows, log_->Sites());
    const auto found = std::ranges::find(rows, site, &telemetry::SiteRow::site);
    return found == rows.end() ? std::nullopt : std::optional(*found);
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
