#include "edge/field/commission/meter_scan.hpp"

#include <algorithm>
#include <array>

#include "edge/field/cjt188/unit_code.hpp"
#include "edge/field/dlt645/answer.hpp"
#include "edge/field/dlt645/frame.hpp"
#include "edge/field/modbus/frame.hpp"

namespace yb::field::commission {
namespace {

constexpr dlt645::Di2007 kCommunicationAddress = 0x04000401;
constexpr std::uint8_t kReadAddressFunction = 0x13;
constexpr dlt645::Di1997 kForwardEnergy1997 = 0x9010;
constexpr dlt645::Di1997 kMeterNumber1997 = 0xC032;
// Types a wildcard is split into before addresses are (CJ/T 188-2018, table of meter types).
constexpr std::array<std::uint8_t, 9> kMeterTypes{0x10, 0x11, 0x12, 0x13, 0x20, 0x21, 0x22, 0x30, 0x40};

// Frames in what was heard, own echoes left out, and whether all else was preamble.
template <class Frame>
struct Sorted {
  std::vector<Frame> replies;
  bool has_rest = false;  // bytes that belong to no frame: several spoke at once, or noise
};

template <class Frame>
Sorted<Frame> Sort(const Examine& examine, Frame (*parse)(base::ByteView), base::ByteView heard) {
  Sorted<Frame> sorted;
  std::size_t used = static_cast<std::size_t>(std::count(heard.begin(), heard.end(), 0xFE));
  FrameScanner scanner(examine);
  scanner.Push(heard);
  while (const std::optional<base::Bytes> whole = scanner.Next()) {
    used += whole->size() - static_cast<std::size_t>(std::count(whole->begin(), whole->end(), 0xFE));
    Frame frame = parse(*whole);
    if (frame.IsReply()) sorted.replies.push_back(std::move(frame));
  }
  sorted.has_rest = used < heard.size();
  return sorted;
}

// Replies of one meter are one meter, however often it says them.
template <class Frame>
bool AreOfOneMeter(const std::vector<Frame>& replies) {
  return std::all_of(replies.begin(), replies.end(),
                     [&](const Frame& reply) { return reply.address == replies.front().address; });
}

std::string Hex(std::uint8_t byte) {
  return base::ToHex(base::Bytes{byte});
}

}  // namespace

int MeterScan::QuestionsOf(const std::string& protocol, const ScanPlan& plan) {
  if (protocol == "cjt188") return 4 + 4 * static_cast<int>(kMeterTypes.size());  // both orders, twice
  if (protocol.starts_with("modbus")) return plan.last_unit - plan.first_unit + 1;
  return 2;
}

void MeterScan::Found(FoundMeter meter) {
  if (on_found_) on_found_(meter);
  findings_.meters.push_back(std::move(meter));
}

void MeterScan::Expect(int questions) {
  left_ += questions;
  if (on_left_) on_left_(left_);
}

base::Result<ScanFindings> MeterScan::Run(const ScanPlan& plan) {
  for (const std::string& protocol : plan.protocols) Expect(QuestionsOf(protocol, plan));
  int left_behind = left_;
  for (const std::string& protocol : plan.protocols) {
    // What the protocols before did not need to ask is not left.
    Expect(left_behind - left_);
    left_behind -= QuestionsOf(protocol, plan);
    if (protocol == "dlt645-2007") {
      YB_TRY(ScanDlt645Of2007());
    } else if (protocol == "dlt645-1997") {
      YB_TRY(ScanDlt645Of1997());
    } else if (protocol == "cjt188") {
      YB_TRY(ScanCjt188());
    } else if (protocol == "modbus-rtu" || protocol == "modbus-tcp") {
      YB_TRY(ScanModbus(protocol == "modbus-tcp", plan));
    } else {
      return base::Fail(base::ErrorCode::kUnsupported, "there is no scan for '" + protocol + "'",
                        "dlt645-2007, dlt645-1997, cjt188, modbus-rtu and modbus-tcp have one");
    }
  }
  return std::move(findings_);
}

base::Status MeterScan::Narrow(const AskPattern& ask, std::size_t address_bytes, base::Bytes lowest) {
  YB_ASSIGN(Heard heard, ask(lowest));
  // Noise looks like a collision, and a lost answer like nobody: the first question is worth a second one.
  if (heard != Heard::kOne && lowest.empty()) {
    YB_ASSIGN(heard, ask(lowest));
  }
  if (heard != Heard::kSeveral) return {};
  if (lowest.size() == address_bytes) {
    const std::string address = HexHighFirst(lowest);
    findings_.notes.push_back(
        {"what answers to the whole address " + address + " is garbled: two meters with one address, or a bad line",
         "整个表号 " + address + " 的应答是乱的：两块表同号，或线路有问题"});
    return {};
  }
  Tell("several answer at once" + (lowest.empty() ? "" : " to addresses ending in " + HexHighFirst(lowest)) +
       ", asking their parts");
  Expect(100);
  for (unsigned digits = 0; digits < 100; ++digits) {
    Expect(-1);
    base::Bytes longer = lowest;
    longer.push_back(static_cast<std::uint8_t>(digits / 10 << 4 | digits % 10));
    YB_TRY(Narrow(ask, address_bytes, std::move(longer)));
  }
  return {};
}

base::Status MeterScan::ScanDlt645Of2007() {
  Tell("DL/T 645-2007: asking any meter for its address");
  return Narrow([this](base::ByteView lowest) { return AskDlt645Of2007(lowest); }, 6, {});
}

base::Result<MeterScan::Heard> MeterScan::AskDlt645Of2007(base::ByteView lowest) {
  // Function 13 knows the whole wildcard only; a read knows shortened addresses, and its refusal names the meter too.
  const auto pattern = dlt645::Address::EndingIn(lowest);
  YB_ASSIGN(
      const base::Bytes heard,
      probe_.AskAll(lowest.empty() ? dlt645::EncodeReadAddress() : dlt645::EncodeRead(pattern, kCommunicationAddress)));
  if (heard.empty()) return Heard::kNothing;
  auto sorted = Sort<dlt645::Frame>(dlt645::ExamineFrame, dlt645::ParseFrame, heard);
  std::erase_if(sorted.replies, [&](const dlt645::Frame& reply) { return !pattern.Covers(reply.address); });
  if (sorted.replies.empty()) return sorted.has_rest ? Heard::kSeveral : Heard::kNothing;
  if (sorted.has_rest || !AreOfOneMeter(sorted.replies)) return Heard::kSeveral;
  const dlt645::Frame& reply = sorted.replies.front();
  dlt645::Address address = reply.address;
  if (reply.Function() == kReadAddressFunction && reply.data.size() == address.wire.size()) {
    std::copy(reply.data.begin(), reply.data.end(), address.wire.begin());
    // Some meters echo the wildcard in the frame's address. Else the two are one, or two meters spoke at once and the
    // sum fits by chance.
    if (!reply.address.HasWildcard() && !(address == reply.address)) return Heard::kSeveral;
  }
  Found({"dlt645-2007", address.ToString(), {"answered the question for its address"}, {}});
  return Heard::kOne;
}

base::Status MeterScan::ScanDlt645Of1997() {
  Tell("DL/T 645-1997: asking any meter for its energy");
  return Narrow([this](base::ByteView lowest) { return AskDlt645Of1997(lowest); }, 6, {});
}

base::Result<MeterScan::Heard> MeterScan::AskDlt645Of1997(base::ByteView lowest) {
  const auto pattern = dlt645::Address::EndingIn(lowest);
  YB_ASSIGN(const base::Bytes heard, probe_.AskAll(dlt645::EncodeRead1997(pattern, kForwardEnergy1997)));
  auto sorted = Sort<dlt645::Frame>(dlt645::ExamineFrame, dlt645::ParseFrame, heard);
  std::erase_if(sorted.replies,
                [&](const dlt645::Frame& reply) { return !pattern.Covers(reply.address) || reply.Function() != 0x01; });
  if (sorted.replies.empty()) return sorted.has_rest ? Heard::kSeveral : Heard::kNothing;
  if (sorted.has_rest || !AreOfOneMeter(sorted.replies)) return Heard::kSeveral;
  const dlt645::Address address = sorted.replies.front().address;
  YB_TRY(AddDlt645Of1997(address.ToString(), address.HasWildcard()));
  return Heard::kOne;
}

base::Status MeterScan::AddDlt645Of1997(const std::string& address, bool under_wildcard) {
  FoundMeter meter{"dlt645-1997", address, {"answered a read of 9010, which only this edition has"}, {}};
  if (under_wildcard) {
    // It answers under the wildcard itself; the number on its nameplate is C032.
    YB_ASSIGN(const base::Bytes heard,
              probe_.AskAll(dlt645::EncodeRead1997(dlt645::Address::Wildcard(), kMeterNumber1997)));
    const auto sorted = Sort<dlt645::Frame>(dlt645::ExamineFrame, dlt645::ParseFrame, heard);
    const auto named = std::find_if(sorted.replies.begin(), sorted.replies.end(), [](const dlt645::Frame& reply) {
      return !reply.IsError() && reply.data.size() >= 8;
    });
    if (named == sorted.replies.end()) {
      findings_.notes.push_back(
          {"a DL/T 645-1997 meter answers under the wildcard and does not tell its number: read it from the nameplate",
           "一块 DL/T 645-1997 表应答通配地址，但不报表号：从铭牌上抄"});
      return {};
    }
    meter.address = HexHighFirst(base::ByteView(named->data).subspan(2, 6));
    meter.notes.emplace_back("echoes the wildcard: its address is the meter number it tells under C032");
  }
  Found(std::move(meter));
  return {};
}

base::Status MeterScan::ScanCjt188() {
  Tell("CJ/T 188: asking any meter for its address");
  const std::size_t before = findings_.meters.size();
  YB_ASSIGN(Heard heard, AskCjt188(cjt188::kAnyType, {}));
  if (heard == Heard::kOne) return {};
  if (heard == Heard::kNothing) {
    YB_ASSIGN(heard, AskCjt188(cjt188::kAnyType, {}));
    if (heard == Heard::kOne) return {};
  }
  // Several at once, or meters that answer to their own type only.
  for (std::uint8_t type : kMeterTypes) {
    Tell("CJ/T 188: asking meters of type " + Hex(type));
    Expect(-4);
    YB_TRY(Narrow([this, type](base::ByteView lowest) { return AskCjt188(type, lowest); }, 7, {}));
  }
  if (heard == Heard::kSeveral && findings_.meters.size() == before) {
    findings_.notes.push_back({"something answers CJ/T 188 under the wildcard, but nothing of it can be understood",
                               "CJ/T 188 通配地址有应答，但内容读不懂"});
  }
  return {};
}

base::Result<MeterScan::Heard> MeterScan::AskCjt188(std::uint8_t type, base::ByteView lowest) {
  const auto pattern = cjt188::Address::EndingIn(lowest);
  base::Bytes heard;
  // Identifiers are sent either way round; a meter that knows one way is silent on the other.
  for (cjt188::DiOrder order : {cjt188::DiOrder::k901F, cjt188::DiOrder::k1F90}) {
    YB_ASSIGN(heard, probe_.AskAll(cjt188::EncodeReadAddress(type, pattern, order, 0)));
    if (!heard.empty()) break;
  }
  if (heard.empty()) return Heard::kNothing;
  auto sorted = Sort<cjt188::Frame>(cjt188::ExamineFrame, cjt188::ParseFrame, heard);
  std::erase_if(sorted.replies, [&](const cjt188::Frame& reply) { return !pattern.Covers(reply.address); });
  if (sorted.replies.empty()) return sorted.has_rest ? Heard::kSeveral : Heard::kNothing;
  if (sorted.has_rest || !AreOfOneMeter(sorted.replies)) return Heard::kSeveral;
  YB_TRY(AddCjt188(sorted.replies.front()));
  return Heard::kOne;
}

base::Status MeterScan::AddCjt188(const cjt188::Frame& reply) {
  FoundMeter meter{"cjt188", reply.address.ToString(), {}, Cjt188Traits{.type = reply.type}};
  Cjt188Traits& traits = *meter.cjt188;
  for (cjt188::DiOrder order : {cjt188::DiOrder::k901F, cjt188::DiOrder::k1F90}) {
    YB_ASSIGN(const base::Bytes heard, probe_.AskAll(cjt188::EncodeReadCounter(reply.type, reply.address, order, 0)));
    const auto sorted = Sort<cjt188::Frame>(cjt188::ExamineFrame, cjt188::ParseFrame, heard);
    const auto counter = std::find_if(sorted.replies.begin(), sorted.replies.end(), [&](const cjt188::Frame& frame) {
      return !frame.IsError() && frame.address == reply.address && frame.data.size() > 8;
    });
    if (counter == sorted.replies.end()) continue;
    const bool swapped = counter->data[0] == 0x1F;
    traits.di_order = swapped ? cjt188::DiOrder::k1F90 : cjt188::DiOrder::k901F;
    meter.notes.push_back(std::string("type ") + Hex(reply.type) + "; its answer carries the identifier as " +
                          (swapped ? "1F 90" : "90 1F"));
    traits.unit_place = cjt188::ProposeUnitPlace(counter->data);
    const auto answer =
        cjt188::DecodeCounter(counter->type, counter->data, traits.unit_place.value_or(cjt188::UnitPlace::kAfterValue));
    if (answer && traits.unit_place && answer->is_heat) {
      meter.notes.emplace_back(*traits.unit_place == cjt188::UnitPlace::kAfterValue
                                   ? "the unit bytes stand behind the values, as the standard says"
                                   : "the unit bytes stand before the values: DATA[3] and DATA[8] are units of energy");
    }
    if (answer && answer->unverified) meter.notes.emplace_back("2018 layout of heat meters, unverified (未验证)");
    if (answer) {
      for (const WireValue& value : answer->values) {
        if (value.key == "current_volume" || value.key == "current_heat") traits.unit = value.unit;
      }
    }
    break;
  }
  // A number of some makers is printed as it is sent.
  meter.notes.push_back("address as sent: " + base::ToHex(reply.address.wire));
  Found(std::move(meter));
  return {};
}

base::Status MeterScan::ScanModbus(bool over_tcp, const ScanPlan& plan) {
  const modbus::Framing framing = over_tcp ? modbus::Framing::kTcp : modbus::Framing::kRtu;
  for (int unit = plan.first_unit; unit <= plan.last_unit; ++unit) {
    Tell("Modbus: asking unit " + std::to_string(unit));
    Expect(-1);
    const modbus::ReadRequest request{.unit = static_cast<std::uint8_t>(unit)};
    FrameScanner scanner([&](base::ByteView view) { return modbus::ExamineReply(framing, request, view); });
    std::optional<base::Bytes> reply;
    YB_TRY(probe_.Ask(modbus::Encode(framing, request, static_cast<std::uint16_t>(unit)), [&](base::ByteView bytes) {
      scanner.Push(bytes);
      reply = scanner.Next();
      return reply.has_value();
    }));
    if (!reply) continue;
    const modbus::Reply parsed = modbus::ParseReply(framing, *reply);
    // A gateway's words for a unit that is not there: no path to it, no answer from it.
    const unsigned exception = parsed.exception.value_or(0);
    if (exception == 0x0A || exception == 0x0B) continue;
    std::string note = "answered a read of register 0x0000";
    if (parsed.exception) note += " with an exception: " + std::string(modbus::ExceptionName(*parsed.exception));
    Found({over_tcp ? "modbus-tcp" : "modbus-rtu", std::to_string(unit), {std::move(note)}, std::nullopt});
  }
  return {};
}

}  // namespace yb::field::commission
