#include "core/api/why_words.hpp"

#include <chrono>

namespace yb::api {
namespace {

using base::Words;
using metering::LineFault;
using metering::LineKind;
using metering::LineState;
using metering::MeterFault;
using metering::MeterState;

/// Sites are in one zone (UTC+8); the civil day is cut by it.
constexpr base::Duration kSiteOffset = std::chrono::hours(8);

Words operator+(Words a, const Words& b) {
  a.en += b.en;
  a.zh += b.zh;
  return a;
}

Words Same(const std::string& text) {
  return {text, text};
}

/// "tcp 10.0.3.7:4001" without its kind.
std::string PlaceOf(const LineState& line) {
  const std::size_t space = line.channel.rfind(' ');
  return space == std::string::npos ? line.channel : line.channel.substr(space + 1);
}

Words Since(const std::optional<base::UtcTime>& time, base::UtcTime now) {
  if (!time) return {};
  const std::string clock = ClockText(*time, now);
  return {" since " + clock, "（" + clock + " 起）"};
}

}  // namespace

namespace words {

const Words kBox = {"box", "盒子"};
const Words kBroker = {"broker", "代理"};
const Words kCentral = {"city", "市级"};
const Words kLineNotTold = {"the box has not told of this line yet; it does so within a minute",
                            "盒子还没有报告这条线的状态，1 分钟内会报"};
const Words kNotTriedYet = {"not connected yet, the first try is under way", "还没有连上，正在第一次连接"};
const Words kNotAskedYet = {"not asked yet since the start of the box", "盒子启动后还没有问过"};
const Words kOnlyMeterSilent = {"its only meter is silent: the line and the meter cannot be told apart",
                                "线上只有这一块表，它没有应答，线和表分不开"};
const Words kNoReadingYet = {"it answers; no value of this point has come yet", "表有应答，这个点位还没有来过数"};
const Words kAnswersNothingNew = {"it answers; this value is older than its limit", "表有应答，这个值已超过时限"};
const Words kAnswersSuspect = {"it answers; the value is suspect", "表有应答，数值可疑"};
const Words kBehindBreak = {"behind the break", "在断点之后"};
const Words kBoxRuns = {"it runs", "运行正常"};
const Words kCentralRuns = {"it runs", "运行正常"};
const Words kNotJoined = {"the box has not joined a city; it works by itself", "盒子还没有入网，自己照常工作"};

Told Commissioning() {
  return {{"somebody is commissioning this line; polls wait meanwhile", "这条线正在调试，抄表暂停"},
          {"Wait until it is over, or stop it on the page Lines. Polls go on by themselves",
           "等调试结束，或在“线路”页停止。之后自动恢复抄表"}};
}
Told NotConfigured() {
  return {{"the configuration of the box does not have it any more: it is not read", "盒子的配置里已没有它，不再采集"},
          {"If it is to be read again, add it on the page Configuration of the box; its history stays",
           "要恢复采集，在盒子的“配置”页加回；历史保留"}};
}
Told ClockBad() {
  return {{"its clock cannot be right: earlier than what it has stored", "盒子时钟不对，早于已存的数据"},
          {"Set the clock of the box or let it reach a time server; then look at its battery",
           "校准盒子时钟或接通授时，再看盒子电池"}};
}
Told StoreFailing() {
  return {{"its disk takes nothing: readings wait in memory", "磁盘写不进，读数暂存在内存里"},
          {"Free space on the disk of the box, or change it. Do not switch the box off before",
           "给盒子磁盘腾出空间或换盘；在此之前不要断电"}};
}
Told CentralSilent() {
  return {{"the broker is connected, and the city platform does not answer", "代理已连上，市级平台没有应答"},
          {"Have the administrator look whether yuanban-central runs. Metering goes on; what waits is sent later",
           "请管理员查看市级程序是否在运行。抄表照常，恢复后自动补传"}};
}

}  // namespace words

std::string ClockText(base::UtcTime time, base::UtcTime now) {
  const std::string iso = base::ToIso(time + kSiteOffset);
  const std::string clock = iso.substr(11, 5);
  if (iso.substr(0, 10) == base::ToIso(now + kSiteOffset).substr(0, 10)) return clock;
  return iso.substr(5, 5) + " " + clock;
}

Words GatewayName(const WhyFacts& facts) {
  if (!facts.line) return {"serial server", "串口服务器"};
  const Words place = Same(" " + PlaceOf(*facts.line));
  switch (facts.line->kind) {
    case LineKind::kTcp: break;
    case LineKind::kTcpListen: return Words{"DTU", "DTU"} + place;
    case LineKind::kSerial: return Words{"serial port", "串口"} + place;
  }
  return Words{"serial server", "串口服务器"} + place;
}

Words LineName(const WhyFacts& facts) {
  return Words{"line ", "线路 "} + Same(facts.definition.point.line);
}

Words MeterName(const WhyFacts& facts) {
  return Words{"meter ", "表 "} + Same(facts.definition.point.meter_name);
}

Words GatewayOpen(const LineState& line, base::UtcTime now) {
  if (!line.connected)
    return {"connected; closed for now because no meter answers", "能连上；没有表应答，暂时断开重连"};
  return Words{"connected", "已连接"} + Since(line.since, now);
}

Told GatewayFault(const LineState& line) {
  const std::string place = PlaceOf(line);
  if (line.kind == LineKind::kSerial) {
    return {{"the port cannot be opened: " + line.error, "串口打不开：" + line.error},
            {"See whether the adapter is plugged in and the name of the port in field.toml is right",
             "看转换器是否插好，核对 field.toml 里的串口名"}};
  }
  if (line.kind == LineKind::kTcpListen) {
    if (line.fault == LineFault::kRefused) {
      return {{"a DTU dials in with another registration packet than expected", "有 DTU 拨入，但注册包不符"},
              {"Compare the registration packet in the DTU with field.toml", "核对 DTU 的注册包和 field.toml"}};
    }
    return {{"no DTU has dialled in", "DTU 没有拨入"},
            {"Look at the power and network lamps of the DTU, its SIM card and the balance; then the address it dials",
             "看 DTU 电源灯和网络灯、SIM 卡和余额，再核对它拨的地址"}};
  }
  switch (line.fault) {
    case LineFault::kRefused:
      return {{"the connection is refused", "连接被拒绝"},
              {"Go to the cabinet and look at the power lamp of the serial server. Dark: look at its breaker. Lit: "
               "restart it and check that its port is " +
                   place,
               "到机柜看串口服务器电源灯。灯灭：查空开；灯亮：重启它，核对端口 " + place}};
    case LineFault::kNotFound:
      return {{"its name has no address", "名字解析不到地址"},
              {"Check the name in field.toml, or write the address", "核对 field.toml 里的名字，或改写成地址"}};
    case LineFault::kNoAnswer:
    case LineFault::kUnreachable:
      return {{"no connection: nothing answers at " + place, "连不上：" + place + " 没有应答"},
              {"Look at the network cable and power of the serial server; then ping it from the box",
               "看串口服务器的网线和电源，再从盒子 ping 它"}};
    case LineFault::kLost:
      return {{"it closed the connection", "对方断开了连接"},
              {"If it does not come back within a minute: restart the serial server; see that nobody else uses its "
               "port",
               "1 分钟内没有恢复：重启串口服务器，看是否有别的程序占用它的端口"}};
    default:
      return {{"no connection: " + line.error, "没有连上：" + line.error},
              {"Look at the serial server, then at the log of the box", "看串口服务器，再看盒子日志"}};
  }
}

Told LineSilent(const LineState& line, bool heard) {
  const std::string count = std::to_string(line.meters.size());
  if (heard) {
    return {{"bytes come back, but none of its " + count + " meters gives a right frame",
             "有字节回来，但 " + count + " 块表都没有正确的帧"},
            {"Compare baud, parity and stop bits; then look at the terminating resistor and the shield",
             "核对波特率、校验位和停止位，再看终端电阻和屏蔽层"}};
  }
  return {{"none of its " + count + " meters answers", count + " 块表都没有应答"},
          {"Look whether wires A and B are swapped or broken, then at the serial settings of the serial server",
           "看 A、B 线是否接反或断开，再核对串口服务器的串口参数"}};
}

Words MetersAnswer(std::size_t answering, std::size_t meters) {
  const std::string some = std::to_string(answering), all = std::to_string(meters);
  return {some + " of " + all + (meters == 1 ? " meter answers" : " meters answer"),
          all + " 块表中 " + some + " 块有应答"};
}

Told MeterSilent(const LineState& line, const MeterState& meter) {
  const bool alone = line.meters.size() == 1;
  if (meter.fault == MeterFault::kNoise || meter.fault == MeterFault::kWrongChecksum) {
    const bool sum = meter.fault == MeterFault::kWrongChecksum;
    return {{sum ? "frames come back with a wrong checksum" : "bytes come back that are no frame",
             sum ? "有帧回来，校验不符" : "有字节回来，不成帧"},
            {"Look at the wires at meter " + meter.address + ", and whether two meters have this address",
             "看表号 " + meter.address + " 的接线，再看是否有两块表同号"}};
  }
  if (alone) {
    return {{"no answer; it is the only meter of this line, so it may be the line",
             "没有应答；线上只有这一块表，也可能是线"},
            {"Look whether wires A and B are swapped or broken, then at the power of the meter and its number " +
                 meter.address,
             "看 A、B 线是否接反或断开，再看表的电源，核对表号 " + meter.address}};
  }
  return {{"no answer, while others on this line answer", "没有应答，同线的其他表有应答"},
          {"Look at the power and wires of this meter, then compare its number " + meter.address,
           "看这块表的电源和接线，再核对表号 " + meter.address}};
}

Words MeterAnswers(const MeterState& meter, base::UtcTime now) {
  return Words{"last answer ", "最近应答 "} + Same(ClockText(*meter.last_answer, now));
}

Told ValueRefused(const MeterState& meter, metering::Quality quality) {
  const std::string why_en = meter.error.empty() ? "" : ": " + meter.error;
  const std::string why_zh = meter.error.empty() ? "" : "：" + meter.error;
  if (quality == metering::Quality::kUnreachable) {
    return {{"it answers other questions, not this one" + why_en, "别的有应答，这一项没有应答" + why_zh},
            {"See whether this meter has the quantity; if not, take a profile without it",
             "看这块表有没有这一项；没有就换一个表型"}};
  }
  return {{"it answers, and the value is rejected" + why_en, "有应答，这个值无效" + why_zh},
          {"Read the meter once on the page Lines and compare it with the dial; then check the profile",
           "在“线路”页读一次，和表盘比对，再核对表型"}};
}

Told BrokerFault(const mqtt::Fault& fault, const std::optional<base::UtcTime>& certificate_ends, base::UtcTime now) {
  using mqtt::FaultKind;
  if (certificate_ends && *certificate_ends <= now) {
    return {{"the certificate of the box ended at " + base::ToIso(*certificate_ends).substr(0, 10),
             "盒子的证书已于 " + base::ToIso(*certificate_ends).substr(0, 10) + " 到期"},
            {"Join the box again with a new one-time code: yuanbanctl enroll",
             "用新的一次性码重新入网：yuanbanctl enroll"}};
  }
  switch (fault.kind) {
    case FaultKind::kNameUnknown:
      return {{"the name of the broker has no address", "代理的名字解析不到地址"},
              {"Check the name server of this machine", "查本机的域名解析"}};
    case FaultKind::kTcpRefused:
      return {{"the connection is refused", "连接被拒绝"},
              {"Have the administrator look whether the broker runs", "请管理员查看代理是否在运行"}};
    case FaultKind::kTcpNoAnswer:
      return {{"nothing answers at its address", "它的地址没有应答"},
              {"Look at the uplink: router, SIM card, cable; then the firewall",
               "看上行线路：路由器、SIM 卡、网线，再看防火墙"}};
    case FaultKind::kTls:
      return {{"it answers, and TLS fails: " + fault.detail, "能连上，但 TLS 握手不成：" + fault.detail},
              {"Compare the clock and the certificates: yuanbanctl pki show", "核对时钟和证书：yuanbanctl pki show"}};
    case FaultKind::kMqttRefused:
      return {
          {"it refuses this client: " + fault.detail, "代理不接受这个客户端：" + fault.detail},
          {"See whether the certificate was revoked: yuanbanctl pki list", "看证书是否已吊销：yuanbanctl pki list"}};
    case FaultKind::kLost:
      return {{"the connection is lost", "连接断开"},
              {"Look at the uplink; it is tried again by itself", "看上行线路；会自动重连"}};
    case FaultKind::kNone:
      return {{"not connected yet", "还没有连上"}, {"Wait a moment; it is tried by itself", "稍等，正在自动连接"}};
    case FaultKind::kOther: break;
  }
  return {{"no connection: " + fault.detail, "没有连上：" + fault.detail}, {"Look at the log", "看日志"}};
}

Told BoxOffline(const CentralFacts& central) {
  if (central.box == telemetry::Link::kNever) {
    return {{"it has never connected", "从未连接"},
            {"Join the box with a one-time code, then look at its uplink", "用一次性码让盒子入网，再看它的上行线路"}};
  }
  return {{"nothing has been heard of it", "没有它的消息"},
          {"Look at the power lamp of the box, then at its uplink. With power it goes on metering and sends later",
           "先看盒子电源灯，再看上行线路。盒子有电就照常抄表，恢复后自动补传"}};
}

Words ConnectedSince(const std::optional<base::UtcTime>& since, base::UtcTime now) {
  return Words{"connected", "已连接"} + Since(since, now);
}
Words AnswersSince(const std::optional<base::UtcTime>& since, base::UtcTime now) {
  return Words{"answers", "有应答"} + Since(since, now);
}
Words OnlineSince(const std::optional<base::UtcTime>& since, base::UtcTime now) {
  return Words{"online", "在线"} + Since(since, now);
}

Words BrokenSentence(const WhyFacts& facts, const LinkJudgement& link) {
  const Words colon = {": ", "："};
  const Words where = link.name + colon + link.evidence + Since(link.since, facts.now);
  if (facts.central && (link.link == WhyLink::kBox || link.link == WhyLink::kBroker)) {
    return where + Words{". What is behind it cannot be judged from here", "。后面的情况在这里判断不了"};
  }
  if (facts.box && (link.link == WhyLink::kBroker || link.link == WhyLink::kCentral)) {
    return Words{"The value is here; the city does not see it. ", "本机有数，市级看不到。"} + where;
  }
  return where;
}

Words AllOpen(const std::optional<base::UtcTime>& next_reading, base::UtcTime now) {
  if (!next_reading) return {"All links work", "都通"};
  const std::string clock = ClockText(*next_reading, now) + base::ToIso(*next_reading).substr(16, 3);
  return {"All links work, the next reading is due at about " + clock, "都通，下一次读数约在 " + clock};
}

Words CannotJudge(const LinkJudgement& link, const std::optional<base::UtcTime>& next_reading, base::UtcTime now) {
  const Words colon = {": ", "："};
  Words sentence = Words{"It cannot be judged yet, because of ", "判断不了，因为 "} + link.name + colon + link.evidence;
  if (!next_reading) return sentence;
  const std::string clock = ClockText(*next_reading, now) + base::ToIso(*next_reading).substr(16, 3);
  return sentence + Words{". The next reading is due at about " + clock, "。下一次读数约在 " + clock};
}

}  // namespace yb::api
