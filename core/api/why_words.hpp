// The words of WhyChain: the one text that pages, the API and `yuanbanctl why` show. Pure functions; any thread.
#pragma once

#include "core/api/why_chain.hpp"

namespace yb::api {

/// What is known of a broken link, and what to do about it.
struct Told {
  base::Words evidence;
  base::Words next;
};

[[nodiscard]] base::Words GatewayName(const WhyFacts& facts);
[[nodiscard]] base::Words LineName(const WhyFacts& facts);
[[nodiscard]] base::Words MeterName(const WhyFacts& facts);

[[nodiscard]] base::Words GatewayOpen(const metering::LineState& line, base::UtcTime now);
[[nodiscard]] Told GatewayFault(const metering::LineState& line);
/// `heard`: bytes come back, and none make an answer.
[[nodiscard]] Told LineSilent(const metering::LineState& line, bool heard);
[[nodiscard]] base::Words MetersAnswer(std::size_t answering, std::size_t meters);
[[nodiscard]] Told MeterSilent(const metering::LineState& line, const metering::MeterState& meter);
[[nodiscard]] base::Words MeterAnswers(const metering::MeterState& meter, base::UtcTime now);
[[nodiscard]] Told ValueRefused(const metering::MeterState& meter, metering::Quality quality);
[[nodiscard]] Told BrokerFault(const mqtt::Fault& fault, const std::optional<base::UtcTime>& certificate_ends,
                               base::UtcTime now);
[[nodiscard]] Told BoxOffline(const CentralFacts& central);
[[nodiscard]] base::Words ConnectedSince(const std::optional<base::UtcTime>& since, base::UtcTime now);
[[nodiscard]] base::Words AnswersSince(const std::optional<base::UtcTime>& since, base::UtcTime now);
[[nodiscard]] base::Words OnlineSince(const std::optional<base::UtcTime>& since, base::UtcTime now);

[[nodiscard]] base::Words BrokenSentence(const WhyFacts& facts, const LinkJudgement& link);
[[nodiscard]] base::Words AllOpen(const std::optional<base::UtcTime>& next_reading, base::UtcTime now);
[[nodiscard]] base::Words CannotJudge(const LinkJudgement& link, const std::optional<base::UtcTime>& next_reading,
                                      base::UtcTime now);

namespace words {

[[nodiscard]] Told Commissioning();
[[nodiscard]] Told NotConfigured();
[[nodiscard]] Told ClockBad();
[[nodiscard]] Told StoreFailing();
[[nodiscard]] Told CentralSilent();

extern const base::Words kBox, kBroker, kCentral;
extern const base::Words kLineNotTold, kNotTriedYet, kNotAskedYet, kOnlyMeterSilent, kNoReadingYet, kAnswersNothingNew,
    kAnswersSuspect, kBehindBreak, kBoxRuns, kCentralRuns, kNotJoined;

}  // namespace words
}  // namespace yb::api
