#include "core/telemetry/meter_tables.hpp"

#include <string_view>
#include <utility>

namespace yb::telemetry {
namespace {

constexpr std::string_view kTables =
    "CREATE TABLE IF NOT EXISTS meter_event (site INTEGER NOT NULL REFERENCES site, meter TEXT NOT NULL,"
    "  time INTEGER NOT NULL, point INTEGER NOT NULL, kind INTEGER NOT NULL, body BLOB NOT NULL,"
    "  PRIMARY KEY (site, meter, time, point, kind)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS configuration (site INTEGER NOT NULL REFERENCES site, version INTEGER NOT NULL,"
    "  body BLOB NOT NULL, PRIMARY KEY (site, version)) WITHOUT ROWID;";

}  // namespace

base::Result<std::unique_ptr<MeterTables>> MeterTables::Open(storage::Database& database) {
  YB_TRY(database.Execute(kTables));
  std::unique_ptr<MeterTables> tables(new MeterTables);
  const std::pair<StatementPtr*, std::string_view> wanted[] = {
      {&tables->save_event_,
       "INSERT OR REPLACE INTO meter_event (site, meter, time, point, kind, body) VALUES (?, ?, ?, ?, ?, ?)"},
      {&tables->remove_event_,
       "DELETE FROM meter_event WHERE site = ? AND meter = ? AND time = ? AND point = ? AND kind = ?"},
      {&tables->events_,
       "SELECT body FROM meter_event WHERE site = ? AND meter = ? AND time >= ? AND time < ?"
       " ORDER BY time, point, kind"},
      {&tables->save_configuration_, "INSERT OR REPLACE INTO configuration (site, version, body) VALUES (?, ?, ?)"},
      {&tables->configurations_, "SELECT body FROM configuration WHERE site = ? ORDER BY version"},
  };
  for (const auto& [statement, sql] : wanted) {
    YB_ASSIGN(*statement, database.Prepare(sql));
  }
  return tables;
}

base::Status MeterTables::Save(std::int64_t site, const MeterEvents& events) {
  for (const metering::MeterEvent& event : events) {
    const base::Bytes body = EncodeMeterEvents({&event, 1});
    YB_TRY(save_event_->Bind(1, site)
               .Bind(2, std::string_view(event.meter))
               .Bind(3, event.time.micros)
               .Bind(4, std::int64_t{event.point})
               .Bind(5, static_cast<std::int64_t>(event.kind))
               .Bind(6, base::ByteView(body))
               .Run());
  }
  return {};
}

base::Status MeterTables::Remove(std::int64_t site, const MeterEvents& events) {
  for (const metering::MeterEvent& event : events) {
    YB_TRY(remove_event_->Bind(1, site)
               .Bind(2, std::string_view(event.meter))
               .Bind(3, event.time.micros)
               .Bind(4, std::int64_t{event.point})
               .Bind(5, static_cast<std::int64_t>(event.kind))
               .Run());
  }
  return {};
}

base::Status MeterTables::Save(std::int64_t site, const AppliedConfiguration& configuration) {
  const base::Bytes body = EncodeConfiguration(configuration);
  return save_configuration_->Bind(1, site)
      .Bind(2, std::int64_t{configuration.version})
      .Bind(3, base::ByteView(body))
      .Run();
}

base::Result<MeterEvents> MeterTables::Events(std::int64_t site, const std::string& meter, base::UtcTime from,
                                              base::UtcTime to) {
  const storage::Rows rows(*events_);
  events_->Bind(1, site).Bind(2, std::string_view(meter)).Bind(3, from.micros).Bind(4, to.micros);
  MeterEvents events;
  while (true) {
    YB_ASSIGN(const bool row, events_->Step());
    if (!row) return events;
    YB_ASSIGN(MeterEvents one, DecodeMeterEvents(events_->Blob(0)));
    for (metering::MeterEvent& event : one) events.push_back(std::move(event));
  }
}

base::Result<std::vector<AppliedConfiguration>> MeterTables::Configurations(std::int64_t site) {
  const storage::Rows rows(*configurations_);
  configurations_->Bind(1, site);
  std::vector<AppliedConfiguration> all;
  while (true) {
    YB_ASSIGN(const bool row, configurations_->Step());
    if (!row) return all;
    YB_ASSIGN(AppliedConfiguration one, DecodeConfiguration(configurations_->Blob(0)));
    all.push_back(std::move(one));
  }
}

}  // namespace yb::telemetry
