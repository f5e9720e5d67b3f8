// Each way in which a value can be missing, and what is said of it. The words are the requirement: which link is named,
// since when, and what to do.
#include "core/api/why_chain.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace yb::api {
namespace {

using namespace std::chrono_literals;
using metering::LineFault;
using metering::LineKind;
using metering::MeterFault;
using metering::Quality;

base::UtcTime At(const char* iso) {
  return *base::FromIso(iso);
}

// 14:10 at a site in China.
const base::UtcTime kNow = At("2026-03-02T06:10:00Z");
const base::UtcTime kFour = At("2026-03-01T20:53:00Z");  // 04:53 there, the same day

/// Two meters on a line behind a serial server; everything works.
WhyFacts Good() {
  WhyFacts facts;
  facts.now = kNow;
  facts.definition.point = {7,
                            "pump-1/current_volume",
                            "pump-1",
                            "1号泵房",
                            "current_volume",
                            "m3",
                            metering::Utility::kWater,
                            metering::PointKind::kRegister,
                            "line-3"};
  facts.definition.limit = 45min;
  const metering::Reading reading{7, kNow - 60s, base::Decimal(5, 0), Quality::kGood};
  facts.latest = {reading, reading};
  metering::LineState line;
  line.line = "line-3";
  line.channel = "tcp 192.0.2.7:4001";
  line.connected = true;
  line.since = kFour;
  line.meters = {{"pump-1", "26030551", MeterFault::kNone, kNow - 60s, {}, kNow + 20s, "", 60s},
                 {"pump-2", "26030552", MeterFault::kNone, kNow - 60s, {}, kNow + 20s, "", 60s}};
  facts.line = line;
  return facts;
}

WhyFacts AtBox() {
  WhyFacts facts = Good();
  BoxFacts box;
  box.uplink = {true, true, kFour, {}, true, kFour, At("2027-01-01T00:00:00Z")};
  facts.box = box;
  return facts;
}

WhyFacts AtCentral() {
  WhyFacts facts = Good();
  facts.central = CentralFacts{true, kFour, {}, telemetry::Link::kOnline, kFour, kNow - 10s};
  return facts;
}

void CloseLine(WhyFacts& facts, LineFault fault) {
  facts.line->connected = false;
  facts.line->fault = fault;
}

void Silence(WhyFacts& facts, std::size_t meter, MeterFault fault = MeterFault::kSilent) {
  facts.line->meters[meter].silent_since = kFour;
  facts.line->meters[meter].fault = fault;
}

struct Case {
  const char* name;
  std::function<void(WhyFacts&)> breaks;
  WhyLink link;
  const char* sentence_zh;
  const char* next_zh;
};

class FieldCase : public testing::TestWithParam<Case> {};

// What is behind a box is judged in the same way at the box and at central.
TEST_P(FieldCase, IsNamedOnBothSides) {
  const Case& one = GetParam();
  for (WhyFacts facts : {AtBox(), AtCentral()}) {
    one.breaks(facts);
    const WhyChain chain = Judge(facts);
    EXPECT_EQ(chain.verdict, Verdict::kBroken);
    ASSERT_TRUE(chain.broken);
    EXPECT_EQ(ToString(*chain.broken), ToString(one.link));
    EXPECT_EQ(chain.sentence.zh, one.sentence_zh);
    EXPECT_TRUE(chain.next.zh.find(one.next_zh) != std::string::npos) << chain.next.zh;
    EXPECT_NE(chain.sentence.en, "");
    EXPECT_NE(chain.next.en, "");
    bool behind = false;
    for (const LinkJudgement& link : chain.links) {
      if (behind) {
        EXPECT_EQ(ToString(link.verdict), "not_judged") << ToString(link.link);
      }
      behind = behind || link.link == one.link;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Why, FieldCase,
    testing::Values(Case{"refused", [](WhyFacts& f) { CloseLine(f, LineFault::kRefused); }, WhyLink::kGateway,
                         "串口服务器 192.0.2.7:4001：连接被拒绝（04:53 起）", "到机柜看串口服务器电源灯"},
                    Case{"no_answer", [](WhyFacts& f) { CloseLine(f, LineFault::kNoAnswer); }, WhyLink::kGateway,
                         "串口服务器 192.0.2.7:4001：连不上：192.0.2.7:4001 没有应答（04:53 起）", "网线和电源"},
                    Case{"unreachable", [](WhyFacts& f) { CloseLine(f, LineFault::kUnreachable); }, WhyLink::kGateway,
                         "串口服务器 192.0.2.7:4001：连不上：192.0.2.7:4001 没有应答（04:53 起）", "网线和电源"},
                    Case{"name", [](WhyFacts& f) { CloseLine(f, LineFault::kNotFound); }, WhyLink::kGateway,
                         "串口服务器 192.0.2.7:4001：名字解析不到地址（04:53 起）", "核对 field.toml"},
                    Case{"lost", [](WhyFacts& f) { CloseLine(f, LineFault::kLost); }, WhyLink::kGateway,
                         "串口服务器 192.0.2.7:4001：对方断开了连接（04:53 起）", "重启串口服务器"},
                    Case{"dtu",
                         [](WhyFacts& f) {
                           CloseLine(f, LineFault::kNoAnswer);
                           f.line->kind = LineKind::kTcpListen;
                           f.line->channel = "tcp dial-in on 0.0.0.0:9000";
                         },
                         WhyLink::kGateway, "DTU 0.0.0.0:9000：DTU 没有拨入（04:53 起）", "SIM 卡"},
                    Case{"registration",
                         [](WhyFacts& f) {
                           CloseLine(f, LineFault::kRefused);
                           f.line->kind = LineKind::kTcpListen;
                           f.line->channel = "tcp dial-in on 0.0.0.0:9000";
                         },
                         WhyLink::kGateway, "DTU 0.0.0.0:9000：有 DTU 拨入，但注册包不符（04:53 起）",
                         "核对 DTU 的注册包"},
                    Case{"serial",
                         [](WhyFacts& f) {
                           CloseLine(f, LineFault::kNotFound);
                           f.line->kind = LineKind::kSerial;
                           f.line->channel = "serial /dev/ttyS1";
                           f.line->error = "No such file or directory";
                         },
                         WhyLink::kGateway, "串口 /dev/ttyS1：串口打不开：No such file or directory（04:53 起）",
                         "串口名"},
                    Case{"all_silent",
                         [](WhyFacts& f) {
                           Silence(f, 0);
                           Silence(f, 1);
                         },
                         WhyLink::kLine, "线路 line-3：2 块表都没有应答（04:53 起）", "A、B 线"},
                    Case{"all_silent_and_closed",
                         [](WhyFacts& f) {
                           Silence(f, 0);
                           Silence(f, 1);
                           CloseLine(f, LineFault::kNobodyAnswers);
                         },
                         WhyLink::kLine, "线路 line-3：2 块表都没有应答（04:53 起）", "A、B 线"},
                    Case{"all_garbled",
                         [](WhyFacts& f) {
                           Silence(f, 0, MeterFault::kNoise);
                           Silence(f, 1, MeterFault::kWrongChecksum);
                         },
                         WhyLink::kLine, "线路 line-3：有字节回来，但 2 块表都没有正确的帧（04:53 起）", "波特率"},
                    Case{"commissioning", [](WhyFacts& f) { f.line->commissioning = true; }, WhyLink::kLine,
                         "线路 line-3：这条线正在调试，抄表暂停", "自动恢复抄表"},
                    Case{"one_silent", [](WhyFacts& f) { Silence(f, 0); }, WhyLink::kMeter,
                         "表 1号泵房：没有应答，同线的其他表有应答（04:53 起）", "核对表号 26030551"},
                    Case{"one_garbled", [](WhyFacts& f) { Silence(f, 0, MeterFault::kWrongChecksum); }, WhyLink::kMeter,
                         "表 1号泵房：有帧回来，校验不符（04:53 起）", "两块表同号"},
                    Case{"only_meter",
                         [](WhyFacts& f) {
                           Silence(f, 0);
                           f.line->meters.pop_back();
                         },
                         WhyLink::kMeter, "表 1号泵房：没有应答；线上只有这一块表，也可能是线（04:53 起）", "A、B 线"},
                    Case{"invalid",
                         [](WhyFacts& f) {
                           f.latest->value->time = kFour;
                           f.latest->attempt = {7, kNow - 60s, std::nullopt, Quality::kInvalid};
                           f.line->meters[0].error = "FF fill";
                         },
                         WhyLink::kMeter, "表 1号泵房：有应答，这个值无效：FF fill（04:53 起）", "和表盘比对"},
                    Case{"this_question_unanswered",
                         [](WhyFacts& f) {
                           f.latest->value->time = kFour;
                           f.latest->attempt = {7, kNow - 60s, std::nullopt, Quality::kUnreachable};
                         },
                         WhyLink::kMeter, "表 1号泵房：别的有应答，这一项没有应答（04:53 起）", "换一个表型"},
                    Case{"retired", [](WhyFacts& f) { f.definition.retired = true; }, WhyLink::kMeter,
                         "表 1号泵房：盒子的配置里已没有它，不再采集", "历史保留"}),
    [](const auto& one) { return std::string(one.param.name); });

class BoxCase : public testing::TestWithParam<Case> {};

TEST_P(BoxCase, IsNamedAtTheBox) {
  WhyFacts facts = AtBox();
  GetParam().breaks(facts);
  const WhyChain chain = Judge(facts);
  ASSERT_TRUE(chain.broken);
  EXPECT_EQ(ToString(*chain.broken), ToString(GetParam().link));
  EXPECT_EQ(chain.sentence.zh, GetParam().sentence_zh);
  EXPECT_TRUE(chain.next.zh.find(GetParam().next_zh) != std::string::npos) << chain.next.zh;
}

void CutUplink(WhyFacts& facts, mqtt::FaultKind kind, const char* detail = "") {
  facts.box->uplink.connected = false;
  facts.box->uplink.central_answers = false;
  facts.box->uplink.fault = {kind, detail};
}

INSTANTIATE_TEST_SUITE_P(
    Why, BoxCase,
    testing::Values(
        Case{"clock", [](WhyFacts& f) { f.box->clock_bad = true; }, WhyLink::kBox, "盒子：盒子时钟不对，早于已存的数据",
             "授时"},
        Case{"disk", [](WhyFacts& f) { f.box->store_failing = true; }, WhyLink::kBox,
             "盒子：磁盘写不进，读数暂存在内存里", "不要断电"},
        Case{"broker_refused", [](WhyFacts& f) { CutUplink(f, mqtt::FaultKind::kTcpRefused); }, WhyLink::kBroker,
             "本机有数，市级看不到。代理：连接被拒绝（04:53 起）", "代理是否在运行"},
        Case{"broker_silent", [](WhyFacts& f) { CutUplink(f, mqtt::FaultKind::kTcpNoAnswer); }, WhyLink::kBroker,
             "本机有数，市级看不到。代理：它的地址没有应答（04:53 起）", "上行线路"},
        Case{"broker_name", [](WhyFacts& f) { CutUplink(f, mqtt::FaultKind::kNameUnknown); }, WhyLink::kBroker,
             "本机有数，市级看不到。代理：代理的名字解析不到地址（04:53 起）", "域名解析"},
        Case{"tls", [](WhyFacts& f) { CutUplink(f, mqtt::FaultKind::kTls, "bad certificate"); }, WhyLink::kBroker,
             "本机有数，市级看不到。代理：能连上，但 TLS 握手不成：bad certificate（04:53 起）", "证书"},
        Case{"revoked", [](WhyFacts& f) { CutUplink(f, mqtt::FaultKind::kMqttRefused, "not authorized"); },
             WhyLink::kBroker, "本机有数，市级看不到。代理：代理不接受这个客户端：not authorized（04:53 起）", "吊销"},
        Case{"expired",
             [](WhyFacts& f) {
               CutUplink(f, mqtt::FaultKind::kTls, "handshake failure");
               f.box->uplink.certificate_ends = At("2026-03-01T00:00:00Z");
             },
             WhyLink::kBroker, "本机有数，市级看不到。代理：盒子的证书已于 2026-03-01 到期（04:53 起）", "重新入网"},
        Case{"central_silent", [](WhyFacts& f) { f.box->uplink.central_answers = false; }, WhyLink::kCentral,
             "本机有数，市级看不到。市级：代理已连上，市级平台没有应答（04:53 起）", "抄表照常"},
        // What keeps the value from the box comes before what keeps it from central.
        Case{"both",
             [](WhyFacts& f) {
               CutUplink(f, mqtt::FaultKind::kTcpRefused);
               CloseLine(f, LineFault::kRefused);
             },
             WhyLink::kGateway, "串口服务器 192.0.2.7:4001：连接被拒绝（04:53 起）", "到机柜"}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(WhyChain, SaysAtCentralThatItCannotSeeBehindABoxThatIsOffline) {
  WhyFacts facts = AtCentral();
  facts.central->box = telemetry::Link::kOffline;
  CloseLine(facts, LineFault::kRefused);  // the last it told: not to be believed any more
  const WhyChain chain = Judge(facts);
  EXPECT_EQ(chain.broken, WhyLink::kBox);
  EXPECT_EQ(chain.sentence.zh, "盒子：没有它的消息（04:53 起）。后面的情况在这里判断不了");
  EXPECT_EQ(chain.sentence.en,
            "box: nothing has been heard of it since 04:53. What is behind it cannot be judged from here");
  EXPECT_NE(chain.next.zh.find("盒子电源灯"), std::string::npos);
  for (const LinkJudgement& link : chain.links) {
    if (link.link >= WhyLink::kGateway) {
      EXPECT_EQ(link.verdict, Verdict::kNotJudged);
    }
  }
}

TEST(WhyChain, SaysAtCentralThatItsOwnBrokerIsOutOfReach) {
  WhyFacts facts = AtCentral();
  facts.central->broker_connected = false;
  facts.central->broker_fault = {mqtt::FaultKind::kTcpRefused, "Connection refused"};
  facts.central->box = telemetry::Link::kOffline;  // that follows
  const WhyChain chain = Judge(facts);
  EXPECT_EQ(chain.broken, WhyLink::kBroker);
  EXPECT_EQ(chain.sentence.zh, "代理：连接被拒绝（04:53 起）。后面的情况在这里判断不了");
}

TEST(WhyChain, SaysOfABoxThatNeverCameThatItHasToJoin) {
  WhyFacts facts = AtCentral();
  facts.central->box = telemetry::Link::kNever;
  facts.central->box_since.reset();
  EXPECT_EQ(Judge(facts).sentence.zh, "盒子：从未连接。后面的情况在这里判断不了");
}

TEST(WhyChain, SaysWhenTheNextReadingIsDueWhereAllWorks) {
  for (const WhyFacts& facts : {AtBox(), AtCentral()}) {
    const WhyChain chain = Judge(facts);
    EXPECT_EQ(chain.verdict, Verdict::kOk);
    EXPECT_EQ(chain.sentence.zh, "都通，下一次读数约在 14:10:20");
    EXPECT_EQ(chain.sentence.en, "All links work, the next reading is due at about 14:10:20");
    EXPECT_EQ(chain.next.zh, "");
    EXPECT_EQ(chain.links.size(), 6U);
  }
}

TEST(WhyChain, ReckonsTheNextReadingFromWhatTheBoxToldAWhileAgo) {
  WhyFacts facts = AtCentral();
  facts.line->meters[0].next_poll = kNow - 70s;
  EXPECT_EQ(Judge(facts).sentence.zh, "都通，下一次读数约在 14:10:50");
  facts.line->meters[0].next_poll = kNow - 60s;
  EXPECT_EQ(Judge(facts).sentence.zh, "都通，下一次读数约在 14:10:00");
}

TEST(WhyChain, AdmitsWhatItCannotJudge) {
  WhyFacts facts = AtCentral();
  facts.line.reset();  // the box has not told yet
  facts.central->lines_told.reset();
  const WhyChain chain = Judge(facts);
  EXPECT_EQ(chain.verdict, Verdict::kNotJudged);
  EXPECT_FALSE(chain.broken);
  EXPECT_EQ(chain.sentence.zh.find("判断不了，因为 "), 0U) << chain.sentence.zh;

  facts = AtBox();
  facts.line->meters[0].last_answer.reset();
  facts.latest.reset();
  EXPECT_EQ(Judge(facts).sentence.zh, "判断不了，因为 表 1号泵房：盒子启动后还没有问过。下一次读数约在 14:10:20");
}

TEST(WhyChain, OfABoxThatHasNotJoinedIsWholeWithoutACity) {
  WhyFacts facts = AtBox();
  facts.box->uplink = {};
  const WhyChain chain = Judge(facts);
  EXPECT_EQ(chain.verdict, Verdict::kOk);
  EXPECT_EQ(chain.links[0].evidence.zh, "盒子还没有入网，自己照常工作");
}

TEST(WhyChain, NamesTheDayOfWhatIsOlderThanToday) {
  EXPECT_EQ(ClockText(At("2026-03-02T06:10:00Z"), kNow), "14:10");
  EXPECT_EQ(ClockText(At("2026-03-01T15:59:00Z"), kNow), "03-01 23:59");
  EXPECT_EQ(ClockText(At("2026-03-01T16:00:00Z"), kNow), "00:00");
}

}  // namespace
}  // namespace yb::api
