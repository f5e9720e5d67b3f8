// CentralAlarms: alarms at central. Those of boxes are shown as their records tell them; what people do here about them
// is a command (指令), kept on disk, sent to the box until a record of the box names it, and shown as 待盒子确认
// meanwhile. An alarm of central's own is a box that is not heard (site_offline); it lives as those of boxes do, in
// records of central's own.
//
// Stored names (since 0.3), in alarms.db: a record log with the lane `alarm` of each site, written by central; table
// `alarm_command`.
//
// Owns its thread. All methods are safe to call from any thread.
#pragma once

#include <functional>
#include <map>
#include <thread>

#include "central/ingest/ingest.hpp"
#include "central/store/central_store.hpp"
#include "core/api/alarm_queries.hpp"
#include "core/telemetry/operation_conditions.hpp"

namespace yb::central {

struct CentralAlarmsOptions {
  base::Duration interval = std::chrono::seconds(1);
  base::Duration repeat = std::chrono::seconds(5);         // a command without answer is sent again
  base::Duration offline_hold = std::chrono::seconds(30);  // a box offline for so long is an alarm
  base::Duration limits_age = std::chrono::seconds(10);    // limits of points are found anew after so long
  std::uint64_t boot = 0;                                  // drawn at each start
};

class CentralAlarms final : public api::AlarmQueries {
 public:
  /// Sends bytes down to a box on its lane `alarm`; may be called from any thread.
  using Tell = std::function<void(const base::SiteId&, base::Bytes)>;

  /// `own` opens alarms.db; `boxes` is a connection of this object's own, for reading. The references outlive this.
  [[nodiscard]] static base::Result<std::unique_ptr<CentralAlarms>> Open(CentralAlarmsOptions options,
                                                                         storage::DatabaseOpener& own,
                                                                         std::unique_ptr<CentralStore> boxes,
                                                                         base::Guarded<SiteStates>& states, Tell tell,
                                                                         const base::Clock& clock);
  /// Looks each second from now on.
  void Start();
  /// One look; Start calls it.
  void Look();

  [[nodiscard]] base::Result<std::vector<base::SiteId>> Sites() override;
  [[nodiscard]] base::Result<std::vector<api::AlarmView>> List(telemetry::AlarmFilter filter, int most) override;
  [[nodiscard]] base::Result<api::AlarmView> Find(const base::SiteId& site, const std::string& alarm) override;
  [[nodiscard]] base::Result<std::vector<telemetry::AlarmEvent>> Events(const base::SiteId& site,
                                                                        const std::string& alarm) override;
  [[nodiscard]] base::Result<api::AlarmView> Act(const base::SiteId& site, alarms::Act act) override;
  [[nodiscard]] base::Result<telemetry::AlarmFigures> RaisedSince(const base::SiteId& site,
                                                                  base::UtcTime since) override;
  /// As the box's rules and configuration told lately, see CentralAlarmsOptions::limits_age.
  [[nodiscard]] base::Result<alarms::Limits> Limits(const base::SiteId& site) override;

 private:
  struct Command {
    base::SiteId site;
    alarms::Act act;
    base::Monotonic next{};  // when it is sent (again)
  };
  /// What is used under one lock.
  struct Desk {
    std::unique_ptr<telemetry::RecordLog> own;
    std::unique_ptr<CentralStore> boxes;
    std::vector<Command> commands;  // not answered
    telemetry::OperationConditions conditions;
    struct FoundLimits {
      base::Monotonic when{};
      alarms::Limits limits;
    };
    std::map<base::SiteId, FoundLimits> limits = {};  // they change seldom, and pages ask often
  };

  CentralAlarms(CentralAlarmsOptions options, base::Guarded<SiteStates>& states, Tell tell, const base::Clock& clock,
                Desk desk);

  [[nodiscard]] static base::Result<std::vector<Command>> ReadCommands(telemetry::RecordLog& own);
  [[nodiscard]] base::Status Record(Desk& desk, const base::SiteId& site, const base::Bytes& body) const;
  [[nodiscard]] base::Status WatchBoxes(Desk& desk) const;
  [[nodiscard]] base::Status Advance(Desk& desk) const;
  [[nodiscard]] base::Status Deliver(Desk& desk) const;
  /// 0, which no site has, where central has recorded nothing of it.
  [[nodiscard]] static base::Result<telemetry::SiteNo> OwnNo(Desk& desk, const base::SiteId& site);
  [[nodiscard]] base::Result<api::AlarmView> FindIn(Desk& desk, const base::SiteId& site,
                                                    const std::string& alarm) const;
  [[nodiscard]] base::Result<alarms::Limits> FindLimits(Desk& desk, const base::SiteId& site) const;
  [[nodiscard]] base::Status ActOnOwn(Desk& desk, const base::SiteId& site, const alarms::Alarm& alarm,
                                      alarms::Act act) const;
  [[nodiscard]] base::Status SendLater(Desk& desk, const api::AlarmView& view, alarms::Act act) const;
  [[nodiscard]] api::AlarmView View(const Desk& desk, const base::SiteId& site, telemetry::AlarmRow row,
                                    api::AlarmOwner owner) const;

  const CentralAlarmsOptions options_;
  base::Guarded<SiteStates>& states_;
  const Tell tell_;
  const base::Clock& clock_;
  base::Guarded<Desk> desk_;
  std::jthread thread_;
};

}  // namespace yb::central
