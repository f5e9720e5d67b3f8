// Every misbehaviour of a line × every protocol: the box's readings are what the meter really said (the simulator's log
// is the truth), or there are none and the reason has a name. Never a wrong value.
//
// Each cell of the table is a line of its own; all lines run at once, played by one simulator and read by one box,
// since most of a cell is waiting. Then each cell is judged by itself.
#include <gtest/gtest.h>

#include <array>

#include "edge/field/field_side.hpp"
#include "tests/integration/field/collecting_sink.hpp"
#include "tests/support/metersim_process.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temp_folder.hpp"

namespace yb::field {
namespace {

enum class Way : std::uint8_t { kListen, kDial, kTerminal };  // the simulator's side of a line
constexpr std::array<std::string_view, 3> kWayNames{"Listening", "DiallingIn", "SerialPort"};

struct Spoken {
  std::string_view name;
  std::string_view sim;      // keys of the simulator's meter
  std::string_view profile;  // of the box
  std::string_view address;
  Way way = Way::kListen;
  std::string_view box = "";  // more keys of the box's meter
};

constexpr std::array kProtocols{
    Spoken{"Dlt645Of2007", "protocol = \"DLT645-2007\"\nprofile = \"office-building\"\n", "dlt645-2007-three-phase",
           "260305510020"},
    Spoken{"Dlt645Of1997", "protocol = \"DLT645-1997\"\nprofile = \"office-building\"\n", "dlt645-1997-three-phase",
           "010003635927"},
    Spoken{"Cjt188", "protocol = \"CJT188\"\nprofile = \"building-heat\"\n", "cjt188-heat", "78330011223346"},
    Spoken{"ModbusTcp", "protocol = \"MODBUS-TCP\"\nprofile = \"dormitory\"\nmap = \"acrel-dtsd1352\"\n",
           "acrel-dtsd1352", "3", Way::kListen, "protocol = \"modbus-tcp\"\n"},
    Spoken{"ModbusRtu", "protocol = \"MODBUS-RTU\"\nprofile = \"dormitory\"\nmap = \"acrel-dtsd1352\"\n",
           "acrel-dtsd1352", "3", Way::kTerminal},
    Spoken{"ModbusRtuOverTcp", "protocol = \"MODBUS-RTU\"\nprofile = \"solar-roof\"\nmap = \"chint-dtsu666\"\n",
           "chint-dtsu666", "2"},
};

// Meters of one register, for two with one address.
constexpr std::array kOneRegister{
    Spoken{"Dlt645Of2007", "protocol = \"DLT645-2007\"\nprofile = \"dormitory\"\nct_ratio = 200\n", "dlt645-2007-basic",
           "260305510020"},
    Spoken{"Dlt645Of1997", "protocol = \"DLT645-1997\"\nprofile = \"dormitory\"\nct_ratio = 200\n",
           "dlt645-1997-single-phase", "010003635927"},
    Spoken{"Cjt188", "protocol = \"CJT188\"\nprofile = \"residential-water\"\n", "cjt188-water", "78330011223346"},
    kProtocols[4],
    kProtocols[5],
};

enum class Ends : std::uint8_t { kInReadings, kInNamedError };

struct Misbehaviour {
  std::string_view name;
  Ends ends = Ends::kInReadings;
  std::string_view faults = "";  // [[line.fault]] tables of the simulator
  std::string_view line = "";    // keys of its line
  std::string_view meter = "";   // and of its meter
  std::string_view error = "";   // part of what the box says where there are no readings
};

// The box waits 300 ms for an answer and takes late ones for another 400 ms.
constexpr std::array kMisbehaviours{
    Misbehaviour{"Echo", Ends::kInReadings, "[[line.fault]]\nkind = \"echo\"\n"},
    Misbehaviour{"Noise", Ends::kInReadings, "[[line.fault]]\nkind = \"noise\"\nbytes = 7\n"},
    Misbehaviour{"SplitSegments", Ends::kInReadings, "[[line.fault]]\nkind = \"split\"\nbytes = 3\ndelay_ms = 2\n"},
    Misbehaviour{"GluedSegments", Ends::kInReadings, "[[line.fault]]\nkind = \"glue\"\nevery = 3\n"},
    Misbehaviour{"LateWithinTheWindow", Ends::kInReadings,
                 "[[line.fault]]\nkind = \"late\"\ndelay_ms = 450\nevery = 3\n"},
    Misbehaviour{"LaterThanTheWindow", Ends::kInReadings,
                 "[[line.fault]]\nkind = \"late\"\ndelay_ms = 1000\nevery = 4\n"},
    Misbehaviour{"MissingNowAndThen", Ends::kInReadings, "[[line.fault]]\nkind = \"missing\"\nevery = 3\n"},
    Misbehaviour{"MissingAlways", Ends::kInNamedError, "[[line.fault]]\nkind = \"missing\"\n", "", "", "no answer"},
    Misbehaviour{"Duplicate", Ends::kInReadings, "[[line.fault]]\nkind = \"duplicate\"\n"},
    Misbehaviour{"WrongChecksumNowAndThen", Ends::kInReadings,
                 "[[line.fault]]\nkind = \"wrong_checksum\"\nevery = 3\n"},
    Misbehaviour{"WrongChecksumAlways", Ends::kInNamedError, "[[line.fault]]\nkind = \"wrong_checksum\"\n", "", "",
                 "no answer with a right checksum"},
    Misbehaviour{"Heartbeats", Ends::kInReadings, "", "heartbeat_hex = \"FE\"\nheartbeat_every_ms = 20\n"},
    Misbehaviour{"PowerOff", Ends::kInNamedError,
                 "[[line.fault]]\nkind = \"power_off\"\nfrom = \"-1s\"\nto = \"+600s\"\n", "", "", "no answer"},
    Misbehaviour{"ClockOff", Ends::kInReadings, "", "", "clock_error_s = -86400\n"},
    Misbehaviour{"SeveralAtOnce", Ends::kInReadings,
                 "[[line.fault]]\nkind = \"echo\"\nevery = 3\n[[line.fault]]\nkind = \"noise\"\nprobability = 0.2\n"
                 "[[line.fault]]\nkind = \"split\"\nbytes = 4\ndelay_ms = 2\nevery = 2\n"
                 "[[line.fault]]\nkind = \"missing\"\nprobability = 0.1\n",
                 "heartbeat_hex = \"FE\"\nheartbeat_every_ms = 700\n"},
};

// What a protocol cannot do wrong, or not so that anybody could tell: Modbus TCP has no checksum, so a heartbeat in the
// middle of a segmented answer is beyond it (gateways send none); Modbus meters tell no clock.
bool Applies(const Misbehaviour& misbehaviour, const Spoken& spoken) {
  if (misbehaviour.name == "SeveralAtOnce" && spoken.name == "ModbusTcp") return false;
  if (misbehaviour.name.starts_with("WrongChecksum")) return spoken.name != "ModbusTcp";
  return misbehaviour.name != "ClockOff" || !spoken.name.starts_with("Modbus");
}

struct Cell {
  std::string name;
  Spoken spoken;
  Misbehaviour misbehaviour;
  Way way = Way::kListen;
  bool shares_address = false;  // with a second meter, whose register is another
};

std::vector<Cell> MakeCells() {
  std::vector<Cell> cells;
  for (const Spoken& spoken : kProtocols) {
    const std::string name(spoken.name);
    for (const Misbehaviour& misbehaviour : kMisbehaviours) {
      if (!Applies(misbehaviour, spoken)) continue;
      cells.push_back({name + "_" + std::string(misbehaviour.name), spoken, misbehaviour, spoken.way});
    }
    for (Way way : {Way::kListen, Way::kDial, Way::kTerminal}) {
      if (way == Way::kTerminal && spoken.name == "ModbusTcp") continue;  // it has no serial form
      const std::string_view way_name = kWayNames[static_cast<std::size_t>(way)];
      cells.push_back({name + "_" + std::string(way_name), spoken, Misbehaviour{way_name}, way});
    }
  }
  for (const Spoken& spoken : kOneRegister) {
    cells.push_back(
        {std::string(spoken.name) + "_Collision", spoken, {"Collision", Ends::kInNamedError}, spoken.way, true});
  }
  return cells;
}

const std::vector<Cell>& Cells() {
  static const std::vector<Cell> cells = MakeCells();
  return cells;
}

// The simulator and the box, with a line per cell; run once for all tests.
class Park {
 public:
  Park() : sim_(YB_METERSIM, folder_.path(), SimConfig()) {
    const auto profiles = LoadProfiles("firmware-config/profiles");
    YB_CHECK(profiles.has_value(), "the profiles of the project are wrong");
    const auto config = ParseFieldConfig(BoxConfig(), "field.toml", *profiles);
    YB_CHECK(config.has_value(), config ? "" : config.error().Describe().c_str());
    points_ = config->Points();
    FieldSide::PointNumbers numbers;
    std::vector<metering::PointNo> to_be_good;
    std::vector<metering::PointNo> to_be_seen;
    for (const metering::Point& point : points_) {
      const auto no = static_cast<metering::PointNo>(numbers.size() + 1);
      numbers.emplace(point.key, no);
      const std::size_t cell = std::stoul(point.meter.substr(1));
      if (!firsts_.emplace(cell, no).second) continue;
      (Cells()[cell].misbehaviour.ends == Ends::kInReadings ? to_be_good : to_be_seen).push_back(no);
    }
    FieldSide side(clock_, sink_);
    YB_CHECK(side.Apply(*config, numbers).has_value(), "the lines do not start");
    (void)sink_.WaitForGood(to_be_good, 3);
    (void)sink_.WaitForAny(to_be_seen, 3);
    side.Stop();
    lines_ = side.Snapshot();
    truth_ = sim_.ReadTruth();
    readings_ = sink_.All();
  }

  /// Number of a cell's first point, its register.
  [[nodiscard]] metering::PointNo First(std::size_t cell) const { return firsts_.at(cell); }
  [[nodiscard]] int Good(metering::PointNo no) { return sink_.Good(no); }
  [[nodiscard]] const LineSnapshot& Line(std::size_t cell) const { return lines_[cell]; }
  [[nodiscard]] const std::vector<metering::Reading>& readings() const { return readings_; }
  [[nodiscard]] const metering::Point& Of(metering::PointNo no) const { return points_[no - 1]; }
  /// Whether the simulator ever said this value of this point; nullopt where it has another name for the quantity.
  [[nodiscard]] std::optional<bool> WasTold(const metering::Point& point, const base::Decimal& value) const {
    const Spoken& spoken = Cells()[std::stoul(point.meter.substr(1))].spoken;
    const auto told = truth_.find({point.line, std::string(spoken.address), point.quantity});
    if (told == truth_.end()) return std::nullopt;
    return told->second.contains(value);
  }

 private:
  static std::string Key(std::size_t cell) { return "line-" + std::to_string(cell); }
  [[nodiscard]] std::string Terminal(std::size_t cell) const { return (folder_.path() / Key(cell)).string(); }

  std::string SimConfig() {
    std::string text;
    for (std::size_t i = 0; i < Cells().size(); ++i) {
      const Cell& cell = Cells()[i];
      text += "[[line]]\nkey = \"" + Key(i) + "\"\n";
      switch (cell.way) {
        case Way::kListen: text += "listen = \"127.0.0.1:0\"\n"; break;
        case Way::kDial: {
          const int port = dialled_.emplace(i, test::FreePort()).first->second;
          text += "dial = \"127.0.0.1:" + std::to_string(port) + "\"\nregistration = \"15000000001\"\n";
          break;
        }
        case Way::kTerminal: text += "pty = \"" + Terminal(i) + "\"\n"; break;
      }
      text.append(cell.misbehaviour.line).append(cell.misbehaviour.faults);
      // Two meters at once: where both drive the line, 0 wins over 1. With these two registers the sum that comes of it
      // never fits by chance, as it else does once in 250 times: the sums of both frames are odd alike, that of what
      // both have in common is not.
      const std::string_view starts[] = {"102.00", "201.00"};
      for (std::size_t meter = 0; meter < (cell.shares_address ? 2U : 1U); ++meter) {
        text.append("[[line.meter]]\naddress = \"").append(cell.spoken.address).append("\"\n");
        text.append(cell.spoken.sim).append(cell.misbehaviour.meter);
        if (!cell.shares_address) continue;
        text.append("[[line.meter.event]]\nkind = \"reset\"\nat = \"-1s\"\nstart = \"")
            .append(starts[meter])
            .append("\"\n");
      }
    }
    return text;
  }

  [[nodiscard]] std::string BoxConfig() const {
    std::string text;
    for (std::size_t i = 0; i < Cells().size(); ++i) {
      const Cell& cell = Cells()[i];
      text += "[[line]]\nkey = \"" + Key(i) +
              "\"\nreply_timeout_ms = 300\nidle_timeout_ms = 100\npause_ms = 100\nlate_window_ms = 400\n";
      switch (cell.way) {
        case Way::kListen:
          text += "kind = \"tcp\"\nhost = \"127.0.0.1\"\nport = " + std::to_string(sim_.port(Key(i))) + "\n";
          break;
        case Way::kDial:
          text +=
              "kind = \"tcp-listen\"\nport = " + std::to_string(dialled_.at(i)) + "\nregistration = \"15000000001\"\n";
          break;
        case Way::kTerminal: text += "kind = \"serial\"\nbaud = 9600\ndevice = \"" + Terminal(i) + "\"\n"; break;
      }
      text += "[[line.meter]]\nkey = \"m" + std::to_string(i) + "\"\nname = \"m\"\ninterval_s = 1\n";
      text.append("profile = \"").append(cell.spoken.profile).append("\"\naddress = \"");
      text.append(cell.spoken.address).append("\"\n").append(cell.spoken.box);
    }
    return text;
  }

  const base::SystemClock clock_;
  test::TempFolder folder_;
  std::map<std::size_t, int> dialled_;  // port on which the box listens, by cell
  test::MetersimProcess sim_;
  std::vector<metering::Point> points_;
  std::map<std::size_t, metering::PointNo> firsts_;
  CollectingSink sink_;
  std::vector<LineSnapshot> lines_;
  std::vector<metering::Reading> readings_;
  test::MetersimProcess::Truth truth_;
};

class Table : public ::testing::TestWithParam<std::size_t> {
 protected:
  static void SetUpTestSuite() { park = std::make_unique<Park>(); }
  static void TearDownTestSuite() { park.reset(); }
  static std::unique_ptr<Park> park;
};
std::unique_ptr<Park> Table::park;

TEST_P(Table, GivesRightReadingsOrANamedError) {
  const Cell& cell = Cells()[GetParam()];
  const MeterStatus& meter = park->Line(GetParam()).meters[0];
  const metering::PointNo first = park->First(GetParam());
  const std::string key = "m" + std::to_string(GetParam());
  int compared = 0;
  for (const metering::Reading& reading : park->readings()) {
    const metering::Point& point = park->Of(reading.point);
    if (point.meter != key) continue;
    EXPECT_EQ(reading.value.has_value(), reading.quality == metering::Quality::kGood) << "no value is not good";
    // Two meters that happen to say the same do not garble each other: of them the register alone is looked at.
    if (!reading.value || cell.shares_address) continue;
    const std::optional<bool> told = park->WasTold(point, *reading.value);
    if (!told) continue;
    EXPECT_TRUE(*told) << point.key << " " << reading.value->ToString();
    ++compared;
  }
  if (cell.misbehaviour.ends == Ends::kInReadings) {
    EXPECT_GE(park->Good(first), 3) << meter.last_error;
    EXPECT_GE(compared, 3);
    return;
  }
  EXPECT_EQ(park->Good(first), 0);
  EXPECT_EQ(compared, 0);
  EXPECT_NE(meter.last_error, "");
  EXPECT_NE(meter.last_error.find(cell.misbehaviour.error), std::string::npos) << meter.last_error;
}

INSTANTIATE_TEST_SUITE_P(Misbehaviour, Table, ::testing::Range(std::size_t{0}, MakeCells().size()),
                         [](const auto& cell) { return Cells()[cell.param].name; });

}  // namespace
}  // namespace yb::field
