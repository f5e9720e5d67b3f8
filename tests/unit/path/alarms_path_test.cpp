// Alarms between a box and central, on their own threads with real files: one writer, every act once, and both sides
// show the same in the end.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <thread>

#include "central/alarms/central_alarms.hpp"
#include "central/store/sqlite/sqlite_central_store.hpp"
#include "core/storage/sqlite/sqlite_database.hpp"
#include "edge/alarms/alarm_desk.hpp"
#include "edge/uplink/uplink.hpp"
#include "tests/support/hand_over.hpp"
#include "tests/support/memory_link.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/wait_until.hpp"

namespace yb {
namespace {

using alarms::ActKind;
using alarms::AlarmState;
using base::Decimal;
using metering::Quality;
using metering::Reading;
using std::chrono::milliseconds;
using std::chrono::seconds;
using telemetry::AlarmFilter;
using test::WaitUntil;

class AlarmsPath : public testing::Test {
 protected:
  void StartBox() {
    edge::EdgeStoreOptions options;
    options.site = site_;
    options.commit_interval = milliseconds(20);
    store_ = *edge::EdgeStore::Open(*edge_file_, options, clock_);
    telemetry::PointDefinition definition;
    definition.point.key = "feeder-1/voltage_a";
    definition.point.meter = "feeder-1";
    definition.point.meter_name = "进线一段";
    definition.point.quantity = "voltage_a";
    definition.limit = seconds(3600);
    point_ = store_->DefinePoints({definition})->at(definition.point.key);
    definition.point.no = point_;
    desk_ = std::make_unique<edge::AlarmDesk>(edge::AlarmDeskOptions{}, *store_,
                                              *telemetry::RecordLog::Open(*edge_file_), clock_);
    alarms::AlarmRule rule;
    rule.id = "voltage-low";
    rule.name = {"voltage low", "电压越下限"};
    rule.priority = alarms::Priority::kUrgent;
    rule.points.quantities = {"voltage_*"};
    rule.condition = {alarms::ConditionKind::kBelow, Decimal(198, 0), Decimal(0, 0), {}};
    rule.close_after = seconds(600);
    ASSERT_TRUE(desk_->ApplyRules({rule}, {{definition.point, definition.limit, true}}));
    edge::UplinkOptions up;
    up.city = city_;
    up.site = site_;
    up.site_name = "铝业园区";
    up.live_interval = milliseconds(20);
    up.sender.ack_timeout = up.sender.hello_timeout = milliseconds(200);
    up.sender.reopen_first = milliseconds(10);
    up.sender.reopen_most = milliseconds(50);
    up.on_alarm_act = [this](alarms::Act act) { desk_->OnCommand(std::move(act)); };
    uplink_ = std::make_unique<edge::Uplink>(up, *store_, *telemetry::RecordLog::Open(*edge_file_), clock_);
    ASSERT_TRUE(uplink_->Start([&](mqtt::MqttListener& listener) -> base::Result<std::unique_ptr<mqtt::MqttClient>> {
      return std::make_unique<test::MemoryLink::Client>(link_, listener, false);
    }));
  }
  void StopBox() {
    uplink_.reset();
    desk_.reset();
    store_.reset();
  }
  void StartCentral() {
    central::IngestOptions options;
    options.city = city_;
    options.offline_after = milliseconds(300);
    ingest_ = std::make_unique<central::Ingest>(options, *central::OpenCentralStore(*central_file_), states_, clock_);
    ASSERT_TRUE(ingest_->Start([&](mqtt::MqttListener& listener) -> base::Result<std::unique_ptr<mqtt::MqttClient>> {
      return std::make_unique<test::MemoryLink::Client>(link_, listener, true);
    }));
    central::CentralAlarmsOptions alarm_options;
    alarm_options.interval = alarm_options.repeat = milliseconds(20);
    alarm_options.offline_hold = milliseconds(100);
    alarm_options.limits_age = milliseconds(20);
    central_ = *central::CentralAlarms::Open(
        alarm_options, *own_file_, *central::OpenCentralStore(*central_file_), states_,
        [this](const base::SiteId& site, base::Bytes bytes) { ingest_->Tell(site, std::move(bytes)); }, clock_);
    central_->Start();
  }
  void StopCentral() {
    central_.reset();
    ingest_.reset();
    states_.With([](central::SiteStates& states) { states.clear(); });
  }
  void Read(const char* value) {
    clock_.Advance(seconds(1));
    test::HandOver(*store_, {point_, clock_.Now(), *Decimal::Parse(value), Quality::kGood});
    desk_->Look({});
  }
  static alarms::Act By(const char* name, ActKind kind, const std::string& alarm) {
    alarms::Act act{.time = {}, .act = kind, .alarm = alarm, .user = name, .name = name};
    act.reason = "检修";
    act.assignee = "王五";
    return act;
  }
  std::vector<alarms::Alarm> Held(storage::DatabaseOpener& file) {
    const auto log = *telemetry::RecordLog::Open(file);
    std::vector<alarms::Alarm> held;
    auto rows = *log->alarms().List(*log->EnsureSite(site_), AlarmFilter::kAll, 1000);
    for (auto& row : rows) {
      held.push_back(std::move(row.alarm));
    }
    return held;
  }
  /// The alarm as central shows it; nullopt until it does.
  std::optional<api::AlarmView> AtCentral(const std::string& alarm) {
    auto found = central_->Find(site_, alarm);
    return found ? std::optional(std::move(*found)) : std::nullopt;
  }
  std::string RaiseOne() {
    Read("100.0");
    const std::string id = Held(*edge_file_).front().id;
    EXPECT_TRUE(WaitUntil([&] { return AtCentral(id).has_value(); }));
    return id;
  }

  const base::CityId city_ = *base::CityId::Parse("150200");
  const base::SiteId site_ = *base::SiteId::Parse("lvye-01");
  test::ShiftedClock clock_;
  test::TempFolder folder_;
  test::MemoryLink link_;
  std::unique_ptr<storage::DatabaseOpener> edge_file_ = storage::MakeSqliteOpener({.file = folder_.path() / "edge.db"});
  std::unique_ptr<storage::DatabaseOpener> central_file_ =
      storage::MakeSqliteOpener({.file = folder_.path() / "central.db"});
  std::unique_ptr<storage::DatabaseOpener> own_file_ =
      storage::MakeSqliteOpener({.file = folder_.path() / "alarms.db"});
  base::Guarded<central::SiteStates> states_;
  std::unique_ptr<edge::EdgeStore> store_;
  metering::PointNo point_ = 0;
  std::unique_ptr<edge::AlarmDesk> desk_;
  std::unique_ptr<edge::Uplink> uplink_;
  std::unique_ptr<central::Ingest> ingest_;
  std::unique_ptr<central::CentralAlarms> central_;
};

TEST_F(AlarmsPath, AnActAtCentralTakesEffectAtTheBoxAndIsShownWhenTheBoxHasSaidSo) {
  StartCentral();
  StartBox();
  const std::string id = RaiseOne();
  const auto acted = central_->Act(site_, By("李四", ActKind::kAcknowledge, id));
  ASSERT_TRUE(acted) << acted.error().Describe();
  ASSERT_EQ(acted->pending.size(), 1U);
  EXPECT_FALSE(acted->row.alarm.acknowledged) << "the box has not said so";
  EXPECT_EQ(central_->Act(site_, By("张三", ActKind::kAcknowledge, id)).error().code, base::ErrorCode::kAlreadyExists);
  ASSERT_TRUE(WaitUntil([&] { return AtCentral(id)->row.alarm.acknowledged && AtCentral(id)->pending.empty(); }));
  EXPECT_EQ(AtCentral(id)->row.alarm.acknowledged->name, "李四");
  EXPECT_EQ(AtCentral(id)->row.alarm.acknowledged->side, alarms::Side::kCentral);
  EXPECT_EQ(Held(*edge_file_), Held(*central_file_));
  EXPECT_EQ(AtCentral(id)->row.rule.name.zh, "电压越下限");
}

TEST_F(AlarmsPath, AnActAtCentralReachesABoxThatWasAway) {
  StartCentral();
  StartBox();
  const std::string id = RaiseOne();
  StopBox();
  ASSERT_TRUE(WaitUntil([&] { return !AtCentral(id)->known; })) << "what a silent box would say is unknown";
  ASSERT_TRUE(central_->Act(site_, By("李四", ActKind::kShelve, id)));
  StopCentral();
  StartCentral();
  EXPECT_EQ(AtCentral(id)->pending.size(), 1U) << "it is on disk";
  StartBox();
  ASSERT_TRUE(WaitUntil([&] { return AtCentral(id)->row.alarm.shelved && AtCentral(id)->pending.empty(); }));
  EXPECT_TRUE(AtCentral(id)->known);
}

TEST_F(AlarmsPath, WhoWasEarlierAtTheBoxIsNamedToWhoActedAtCentral) {
  StartCentral();
  StartBox();
  const std::string id = RaiseOne();
  link_.Block(sync::Lane::kAlarm);
  ASSERT_TRUE(desk_->Act(By("张三", ActKind::kAcknowledge, id)));
  ASSERT_TRUE(central_->Act(site_, By("李四", ActKind::kAcknowledge, id)));
  link_.Block(sync::Lane::kFile);
  ASSERT_TRUE(WaitUntil([&] { return AtCentral(id)->pending.empty() && AtCentral(id)->row.alarm.acknowledged; }));
  EXPECT_EQ(AtCentral(id)->row.alarm.acknowledged->name, "张三");
  const auto events = central_->Events(site_, id);
  ASSERT_EQ(events->size(), 3U);
  EXPECT_FALSE(events->back().effective);
  EXPECT_NE(std::get<alarms::Act>(events->back().event).refused_zh.find("已由张三确认"), std::string::npos);
}

TEST_F(AlarmsPath, ABoxThatIsNotHeardIsAnAlarmOfCentralThatLivesLikeOthers) {
  StartCentral();
  StartBox();
  Read("220.0");
  const auto offline = [&]() -> std::optional<api::AlarmView> {
    const auto all = central_->List(AlarmFilter::kAll, 100);
    return all && all->size() == 1 ? std::optional(all->front()) : std::nullopt;
  };
  ASSERT_TRUE(WaitUntil([&] {
    return states_.With([&](const central::SiteStates& states) {
      return states.contains(site_) && states.at(site_).link == telemetry::Link::kOnline;
    });
  }));
  StopBox();
  ASSERT_TRUE(WaitUntil([&] { return offline().has_value(); }));
  EXPECT_EQ(offline()->row.rule.id, "site_offline");
  EXPECT_EQ(offline()->owner, api::AlarmOwner::kCentral);
  EXPECT_TRUE(offline()->known);
  const auto acted = central_->Act(site_, By("李四", ActKind::kAcknowledge, offline()->row.alarm.id));
  ASSERT_TRUE(acted) << acted.error().Describe();
  EXPECT_TRUE(acted->row.alarm.acknowledged) << "central is its owner: at once";
  StopCentral();
  StartCentral();
  EXPECT_TRUE(offline()->row.alarm.acknowledged);
  StartBox();
  ASSERT_TRUE(WaitUntil([&] { return offline()->row.alarm.state == AlarmState::kReturned; }));
  clock_.Advance(seconds(601));
  ASSERT_TRUE(WaitUntil([&] { return offline()->row.alarm.state == AlarmState::kClosed; }));
}

TEST_F(AlarmsPath, RulesKeepTheirVersionOverAStartAndGetANewOneWhenTheyChange) {
  StartBox();
  const auto log = *telemetry::RecordLog::Open(*edge_file_);
  const auto rules = [&] { return **log->alarms().NewestRules(store_->site_no()); };
  const std::uint32_t version = rules().version;
  StopBox();
  StartBox();
  EXPECT_EQ(rules().version, version);
  Read("100.0");
  ASSERT_TRUE(desk_->ApplyRules({}, {}));
  EXPECT_GT(rules().version, version);
  const auto held = Held(*edge_file_);
  ASSERT_EQ(held.size(), 1U);
  EXPECT_EQ(held[0].state, AlarmState::kReturned) << "what judges it no more does not keep it open";
  EXPECT_EQ(log->alarms().List(store_->site_no(), AlarmFilter::kAll, 10)->front().rule.name.zh, "电压越下限");
}

TEST_F(AlarmsPath, BothSidesTellTheLimitsThatAPointIsHeldAgainst) {
  StartCentral();
  StartBox();
  const auto apply = [&](base::Decimal pt) {
    telemetry::AppliedMeter meter;
    meter.key = "feeder-1";
    meter.pt = pt;
    ASSERT_TRUE(store_->ApplyConfiguration({meter}));
  };
  apply(Decimal(1, 0));
  Read("220.0");
  const alarms::Limits limits = {
      {point_, {{"voltage-low", alarms::Priority::kUrgent, alarms::ConditionKind::kBelow, Decimal(198, 0)}}}};
  EXPECT_EQ(desk_->Limits(), limits);
  EXPECT_TRUE(WaitUntil([&] { return central_->Limits(site_) == limits; }));

  // A rule about meters without a transformer only, and the meter gets one.
  alarms::AlarmRule direct;
  direct.id = "direct";
  direct.points.quantities = {"voltage_*"};
  direct.points.direct = true;
  direct.condition = {alarms::ConditionKind::kAbove, Decimal(2354, 1), Decimal(0, 0), {}};
  telemetry::PointDefinition point;
  store_->state().With([&](const telemetry::SiteState& state) { point = state.points.at(point_); });
  ASSERT_TRUE(desk_->ApplyRules({direct}, {{point.point, point.limit, true}}));
  const alarms::Limits above = {
      {point_, {{"direct", alarms::Priority::kGeneral, alarms::ConditionKind::kAbove, Decimal(2354, 1)}}}};
  EXPECT_EQ(desk_->Limits(), above);
  EXPECT_TRUE(WaitUntil([&] { return central_->Limits(site_) == above; }));
  apply(Decimal(100, 0));
  EXPECT_TRUE(WaitUntil([&] { return central_->Limits(site_) == alarms::Limits{}; }));
}

// Readings, acts on both sides, restarts of both and a link that loses messages, in an order drawn from a seed.
class AlarmSeeds : public AlarmsPath, public testing::WithParamInterface<unsigned> {};

TEST_P(AlarmSeeds, BothSidesShowTheSameInTheEndAndEachCommandIsAnsweredOnce) {
  std::mt19937 random(GetParam());
  const auto below = [&](unsigned n) { return random() % n; };
  StartCentral();
  StartBox();
  link_.DropEvery(3 + static_cast<int>(below(5)));
  std::size_t commands = 0;
  for (int step = 0; step < 60; ++step) {
    const auto held = Held(*edge_file_);
    const std::string alarm = held.empty() ? "" : held[below(static_cast<unsigned>(held.size()))].id;
    const auto kind = static_cast<ActKind>(1 + below(4));
    switch (below(8)) {
      case 0: Read("100.0"); break;
      case 1: Read("220.0"); break;
      case 2: clock_.Advance(seconds(700)); break;
      case 3: (void)desk_->Act(By("张三", kind, alarm)); break;
      case 4:
      case 5: commands += central_->Act(site_, By("李四", kind, alarm)) ? 1U : 0U; break;
      case 6: std::this_thread::sleep_for(milliseconds(30)); break;
      default:
        if (below(2) == 0) {
          StopBox();
          StartBox();
        } else {
          StopCentral();
          StartCentral();
        }
    }
    desk_->Look({});
  }
  link_.DropEvery(0);
  ASSERT_TRUE(WaitUntil([&] {
    const auto views = central_->List(AlarmFilter::kAll, 1000);
    return views && std::ranges::all_of(*views, [](const api::AlarmView& view) { return view.pending.empty(); }) &&
           Held(*edge_file_) == Held(*central_file_);
  }));
  std::size_t answers = 0;
  std::set<std::string> ids;
  const auto log = *telemetry::RecordLog::Open(*central_file_);
  for (const alarms::Alarm& alarm : Held(*central_file_)) {
    const auto events = *log->alarms().Events(*log->EnsureSite(site_), alarm.id, 1000);
    for (const auto& event : events) {
      const auto* act = std::get_if<alarms::Act>(&event.event);
      if (act == nullptr || act->command.empty()) continue;
      ++answers;
      ids.insert(act->command);
    }
  }
  EXPECT_EQ(answers, commands);
  EXPECT_EQ(ids.size(), commands);
  // What was folded one by one is what the records give when they are folded again.
  const auto folded = Held(*central_file_);
  const auto site = *log->EnsureSite(site_);
  {
    auto transaction = *log->Begin();
    ASSERT_TRUE(log->RefoldAlarms(site));
    ASSERT_TRUE(transaction.Commit());
  }
  EXPECT_EQ(Held(*central_file_), folded);
}

INSTANTIATE_TEST_SUITE_P(Seeds, AlarmSeeds, testing::Range(1U, 9U));

}  // namespace
}  // namespace yb
