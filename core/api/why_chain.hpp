// WhyChain (为什么没数): the links between a meter and whoever looks at its value, each judged ok, broken or not
// judged, with what is known and what to do next, in words. Pure: the caller gives what it knows, at the box or at
// central.
//
// Links are judged from the one who looks outwards. Central cannot see behind a box that is offline; the box stands in
// the middle and judges both its lines and its uplink.
// Values and functions; any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/domain/metering/line_state.hpp"
#include "core/mqtt/mqtt_client.hpp"
#include "core/telemetry/site_state.hpp"

namespace yb::api {

enum class WhyLink : std::uint8_t { kCentral, kBroker, kBox, kGateway, kLine, kMeter };
/// "central", "broker", "box", "gateway", "line", "meter".
[[nodiscard]] std::string_view ToString(WhyLink link);

enum class Verdict : std::uint8_t { kOk, kBroken, kNotJudged };
/// "ok", "broken", "not_judged".
[[nodiscard]] std::string_view ToString(Verdict verdict);

/// What a box knows of its way to central.
struct UplinkFacts {
  bool joined = false;  // it has an identity
  bool connected = false;
  std::optional<base::UtcTime> connected_since;  // of `connected`
  mqtt::Fault fault;
  bool central_answers = false;
  std::optional<base::UtcTime> answers_since;  // of `central_answers`
  std::optional<base::UtcTime> certificate_ends;
};

/// What a box knows of itself.
struct BoxFacts {
  bool clock_bad = false;
  bool store_failing = false;
  UplinkFacts uplink;
};

/// What central knows of its own way to a box.
struct CentralFacts {
  bool broker_connected = false;
  base::UtcTime broker_since{};
  mqtt::Fault broker_fault;
  telemetry::Link box = telemetry::Link::kNever;
  std::optional<base::UtcTime> box_since;
  std::optional<base::UtcTime> lines_told;  // when the box last told of its lines
};

struct WhyFacts {
  base::UtcTime now{};
  telemetry::PointDefinition definition;
  std::optional<telemetry::Latest> latest;
  std::optional<metering::LineState> line;  // none: it is not known, or not there any more
  std::optional<BoxFacts> box;              // at the box; one of these two
  std::optional<CentralFacts> central;      // at central
};

struct LinkJudgement {
  WhyLink link = WhyLink::kMeter;
  Verdict verdict = Verdict::kNotJudged;
  base::Words name;                    // "3 号线 192.0.2.7:4001"
  std::optional<base::UtcTime> since;  // of what is broken
  base::Words evidence;                // what is known
};

struct WhyChain {
  std::vector<LinkJudgement> links;  // from central to the meter
  std::optional<WhyLink> broken;     // the first one, seen from who looks
  Verdict verdict = Verdict::kOk;    // of the whole
  base::Words sentence;              // the answer in one sentence
  base::Words next;                  // what to do; empty where nothing is
  std::optional<base::UtcTime> next_reading;
};

[[nodiscard]] WhyChain Judge(const WhyFacts& facts);

/// "04:53", or with the day where it is another: at a site of China (UTC+8).
[[nodiscard]] std::string ClockText(base::UtcTime time, base::UtcTime now);

}  // namespace yb::api
