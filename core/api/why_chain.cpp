#include "core/api/why_chain.hpp"

#include <algorithm>

#include "core/api/why_words.hpp"

namespace yb::api {
namespace {

using metering::LineFault;
using metering::LineState;
using metering::MeterFault;
using metering::MeterState;
using metering::Quality;

/// A link with its words, and what to do where it is broken.
struct Finding {
  LinkJudgement link;
  base::Words next{};
};

Finding Ok(WhyLink link, base::Words name, base::Words evidence) {
  return {{link, Verdict::kOk, std::move(name), std::nullopt, std::move(evidence)}, {}};
}

Finding Unjudged(WhyLink link, base::Words name, base::Words evidence) {
  return {{link, Verdict::kNotJudged, std::move(name), std::nullopt, std::move(evidence)}, {}};
}

Finding Broken(WhyLink link, base::Words name, std::optional<base::UtcTime> since, Told told) {
  return {{link, Verdict::kBroken, std::move(name), since, std::move(told.evidence)}, std::move(told.next)};
}

const MeterState* FindMeter(const WhyFacts& facts) {
  if (!facts.line) return nullptr;
  const auto found = std::ranges::find(facts.line->meters, facts.definition.point.meter, &MeterState::meter);
  return found == facts.line->meters.end() ? nullptr : &*found;
}

bool IsFresh(const WhyFacts& facts) {
  return facts.latest && facts.latest->value && facts.now - facts.latest->value->time <= facts.definition.limit;
}

Finding JudgeGateway(const WhyFacts& facts) {
  const base::Words name = GatewayName(facts);
  if (!facts.line) return Unjudged(WhyLink::kGateway, name, words::kLineNotTold);
  const LineState& line = *facts.line;
  if (line.connected || line.fault == LineFault::kNobodyAnswers) {
    return Ok(WhyLink::kGateway, name, GatewayOpen(line, facts.now));
  }
  if (line.fault == LineFault::kNone) return Unjudged(WhyLink::kGateway, name, words::kNotTriedYet);
  return Broken(WhyLink::kGateway, name, line.since, GatewayFault(line));
}

Finding JudgeLine(const WhyFacts& facts) {
  const base::Words name = LineName(facts);
  const LineState& line = *facts.line;
  if (line.commissioning) return Broken(WhyLink::kLine, name, std::nullopt, words::Commissioning());
  const auto silent = [](const MeterState& meter) { return meter.silent_since.has_value(); };
  const auto asked = [](const MeterState& meter) { return meter.silent_since || meter.last_answer; };
  const bool all_silent = !line.meters.empty() && std::ranges::all_of(line.meters, silent);
  // A line with one meter cannot be told from the meter.
  if (all_silent && line.meters.size() > 1) {
    const auto last = std::ranges::max_element(line.meters, {}, [](const MeterState& m) { return *m.silent_since; });
    const bool heard = std::ranges::any_of(line.meters, [](const MeterState& meter) {
      return meter.fault == MeterFault::kNoise || meter.fault == MeterFault::kWrongChecksum;
    });
    return Broken(WhyLink::kLine, name, last->silent_since, LineSilent(line, heard));
  }
  if (!std::ranges::any_of(line.meters, asked)) return Unjudged(WhyLink::kLine, name, words::kNotAskedYet);
  const auto answering = std::ranges::count_if(
      line.meters, [](const MeterState& meter) { return meter.last_answer && !meter.silent_since; });
  if (answering == 0) return Unjudged(WhyLink::kLine, name, words::kOnlyMeterSilent);
  return Ok(WhyLink::kLine, name, MetersAnswer(static_cast<std::size_t>(answering), line.meters.size()));
}

Finding JudgeMeter(const WhyFacts& facts) {
  const base::Words name = MeterName(facts);
  const MeterState* meter = FindMeter(facts);
  if (meter == nullptr) return Broken(WhyLink::kMeter, name, std::nullopt, words::NotConfigured());
  if (meter->silent_since) return Broken(WhyLink::kMeter, name, meter->silent_since, MeterSilent(*facts.line, *meter));
  if (!meter->last_answer) return Unjudged(WhyLink::kMeter, name, words::kNotAskedYet);
  if (IsFresh(facts)) {
    const bool doubtful = facts.latest->attempt.quality == Quality::kSuspect;
    return Ok(WhyLink::kMeter, name, doubtful ? words::kAnswersSuspect : MeterAnswers(*meter, facts.now));
  }
  if (!facts.latest) return Unjudged(WhyLink::kMeter, name, words::kNoReadingYet);
  const metering::Reading& attempt = facts.latest->attempt;
  const bool rejected = attempt.quality == Quality::kInvalid || attempt.quality == Quality::kUnreachable;
  const auto since = facts.latest->value ? std::optional(facts.latest->value->time) : std::nullopt;
  if (rejected) return Broken(WhyLink::kMeter, name, since, ValueRefused(*meter, attempt.quality));
  return Unjudged(WhyLink::kMeter, name, words::kAnswersNothingNew);
}

/// The lines behind a box: stops judging at the first link that is broken.
std::vector<Finding> JudgeField(const WhyFacts& facts) {
  if (facts.definition.retired) {
    return {Unjudged(WhyLink::kGateway, GatewayName(facts), words::kBehindBreak),
            Unjudged(WhyLink::kLine, LineName(facts), words::kBehindBreak),
            Broken(WhyLink::kMeter, MeterName(facts), std::nullopt, words::NotConfigured())};
  }
  std::vector<Finding> found{JudgeGateway(facts)};
  if (found[0].link.verdict == Verdict::kOk) {
    found.push_back(JudgeLine(facts));
    const bool go_on = found[1].link.verdict != Verdict::kBroken;
    if (go_on) found.push_back(JudgeMeter(facts));
  }
  if (found.size() < 2) found.push_back(Unjudged(WhyLink::kLine, LineName(facts), words::kBehindBreak));
  if (found.size() < 3) found.push_back(Unjudged(WhyLink::kMeter, MeterName(facts), words::kBehindBreak));
  return found;
}

Finding JudgeBox(const BoxFacts& box) {
  if (box.clock_bad) return Broken(WhyLink::kBox, words::kBox, std::nullopt, words::ClockBad());
  if (box.store_failing) return Broken(WhyLink::kBox, words::kBox, std::nullopt, words::StoreFailing());
  return Ok(WhyLink::kBox, words::kBox, words::kBoxRuns);
}

/// What stands behind the box towards central, seen from the box: broker, central.
std::vector<Finding> JudgeUplink(const WhyFacts& facts) {
  const UplinkFacts& uplink = facts.box->uplink;
  const auto both = [](Finding broker, Finding central) {
    return std::vector<Finding>{std::move(central), std::move(broker)};
  };
  if (!uplink.joined) {
    return both(Unjudged(WhyLink::kBroker, words::kBroker, words::kNotJoined),
                Unjudged(WhyLink::kCentral, words::kCentral, words::kNotJoined));
  }
  if (!uplink.connected) {
    return both(Broken(WhyLink::kBroker, words::kBroker, uplink.connected_since,
                       BrokerFault(uplink.fault, uplink.certificate_ends, facts.now)),
                Unjudged(WhyLink::kCentral, words::kCentral, words::kBehindBreak));
  }
  Finding broker = Ok(WhyLink::kBroker, words::kBroker, ConnectedSince(uplink.connected_since, facts.now));
  if (uplink.central_answers) {
    return both(std::move(broker),
                Ok(WhyLink::kCentral, words::kCentral, AnswersSince(uplink.answers_since, facts.now)));
  }
  return both(std::move(broker),
              Broken(WhyLink::kCentral, words::kCentral,
                     uplink.answers_since ? uplink.answers_since : uplink.connected_since, words::CentralSilent()));
}

std::vector<Finding> JudgeAtBox(const WhyFacts& facts) {
  std::vector<Finding> found = JudgeUplink(facts);
  found.push_back(JudgeBox(*facts.box));
  for (Finding& one : JudgeField(facts)) found.push_back(std::move(one));
  return found;
}

std::vector<Finding> JudgeAtCentral(const WhyFacts& facts) {
  const CentralFacts& central = *facts.central;
  std::vector<Finding> found{Ok(WhyLink::kCentral, words::kCentral, words::kCentralRuns)};
  if (!central.broker_connected) {
    found.push_back(Broken(WhyLink::kBroker, words::kBroker, central.broker_since,
                           BrokerFault(central.broker_fault, std::nullopt, facts.now)));
    found.push_back(Unjudged(WhyLink::kBox, words::kBox, words::kBehindBreak));
  } else {
    found.push_back(Ok(WhyLink::kBroker, words::kBroker, ConnectedSince(central.broker_since, facts.now)));
    found.push_back(central.box == telemetry::Link::kOnline
                        ? Ok(WhyLink::kBox, words::kBox, OnlineSince(central.box_since, facts.now))
                        : Broken(WhyLink::kBox, words::kBox, central.box_since, BoxOffline(central)));
  }
  if (found.back().link.verdict == Verdict::kOk) {
    for (Finding& one : JudgeField(facts)) found.push_back(std::move(one));
    return found;
  }
  found.push_back(Unjudged(WhyLink::kGateway, GatewayName(facts), words::kBehindBreak));
  found.push_back(Unjudged(WhyLink::kLine, LineName(facts), words::kBehindBreak));
  found.push_back(Unjudged(WhyLink::kMeter, MeterName(facts), words::kBehindBreak));
  return found;
}

/// The order in which whoever looks comes to the links. At the box what brings the value comes before the uplink.
std::vector<WhyLink> Order(const WhyFacts& facts) {
  using enum WhyLink;
  if (facts.central) return {kCentral, kBroker, kBox, kGateway, kLine, kMeter};
  return {kBox, kGateway, kLine, kMeter, kBroker, kCentral};
}

}  // namespace

std::string_view ToString(WhyLink link) {
  switch (link) {
    case WhyLink::kCentral: return "central";
    case WhyLink::kBroker: return "broker";
    case WhyLink::kBox: return "box";
    case WhyLink::kGateway: return "gateway";
    case WhyLink::kLine: return "line";
    case WhyLink::kMeter: return "meter";
  }
  return "meter";
}

std::string_view ToString(Verdict verdict) {
  switch (verdict) {
    case Verdict::kOk: return "ok";
    case Verdict::kBroken: return "broken";
    case Verdict::kNotJudged: return "not_judged";
  }
  return "not_judged";
}

WhyChain Judge(const WhyFacts& facts) {
  std::vector<Finding> found = facts.central ? JudgeAtCentral(facts) : JudgeAtBox(facts);
  WhyChain chain;
  for (const WhyLink link : Order(facts)) {
    const auto one = std::ranges::find(found, link, [](const Finding& finding) { return finding.link.link; });
    if (one->link.verdict == Verdict::kBroken && !chain.broken) {
      chain.broken = link;
      chain.verdict = Verdict::kBroken;
      chain.sentence = BrokenSentence(facts, one->link);
      chain.next = one->next;
    }
  }
  if (const MeterState* meter = FindMeter(facts)) chain.next_reading = metering::NextPoll(*meter, facts.now);
  if (!chain.broken) {
    // The value is here, whatever of the way to central is not known to a box that has not joined.
    const auto unknown = std::ranges::find_if(found, [&](const Finding& finding) {
      const bool ahead = !facts.central && finding.link.link <= WhyLink::kBroker;
      return finding.link.verdict == Verdict::kNotJudged && !ahead;
    });
    if (unknown == found.end()) {
      chain.sentence = AllOpen(chain.next_reading, facts.now);
    } else {
      chain.verdict = Verdict::kNotJudged;
      chain.sentence = CannotJudge(unknown->link, chain.next_reading, facts.now);
    }
  }
  for (Finding& finding : found) chain.links.push_back(std::move(finding.link));
  return chain;
}

}  // namespace yb::api
