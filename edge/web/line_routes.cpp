#include "edge/web/line_routes.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/api/uncached.hpp"
#include "core/base/whole_number.hpp"
#include "core/http/error_response.hpp"
#include "edge/field/decode/decode.hpp"

namespace yb::edge {
namespace {

using base::ErrorCode;
using base::Fail;
using field::commission::CommissionDesk;
using field::commission::FoundMeter;
using field::commission::JobView;
using nlohmann::json;

json OrNull(const std::optional<base::UtcTime>& time) {
  return time ? json(time->micros) : json(nullptr);
}

json ToJson(const metering::MeterState& state, const field::MeterConfig& config) {
  return {{"meter", state.meter},
          {"name", config.name},
          {"address", state.address},
          {"protocol", config.protocol},
          {"profile", config.profile},
          {"interval_us", config.interval.count()},
          {"fault", metering::ToString(state.fault)},
          {"last_answer_us", OrNull(state.last_answer)},
          {"silent_since_us", OrNull(state.silent_since)},
          {"next_poll_us", OrNull(state.next_poll)},
          {"error", state.error}};
}

json Lines(const field::FieldSide& field, base::UtcTime now) {
  const std::vector<metering::LineState> states = field.States();
  const std::vector<field::LineSnapshot> snapshot = field.Snapshot();
  const std::vector<field::LineConfig> configs = field.Configurations();
  json lines = json::array();
  // All three are in the order of the configuration; one that changes between them is complete the next time.
  for (std::size_t i = 0; i < std::min({states.size(), snapshot.size(), configs.size()}); ++i) {
    const metering::LineState& state = states[i];
    const field::line::LineCounters& counters = snapshot[i].status.counters;
    json meters = json::array();
    for (std::size_t m = 0; m < std::min(state.meters.size(), configs[i].meters.size()); ++m) {
      meters.push_back(ToJson(state.meters[m], configs[i].meters[m]));
    }
    const auto answers = static_cast<std::int64_t>(std::max<std::uint64_t>(counters.answers, 1));
    lines.push_back({{"line", state.line},
                     {"kind", metering::ToString(state.kind)},
                     {"channel", state.channel},
                     {"connected", state.connected},
                     {"since_us", state.since.micros},
                     {"fault", metering::ToString(state.fault)},
                     {"error", state.error},
                     {"commissioning", state.commissioning},
                     {"latency_last_us", counters.latency_last.count()},
                     {"latency_mean_us", counters.latency.sum().count() / answers},
                     {"requests", counters.requests},
                     {"answers", counters.answers},
                     {"errors",
                      {{"timeout", counters.timeouts},
                       {"bad_checksum", counters.bad_checksum},
                       {"error_reply", counters.error_replies},
                       {"stray", counters.stray},
                       {"overrun", counters.overruns}}},
                     {"meters", std::move(meters)}});
  }
  return {{"now_us", now.micros}, {"lines", std::move(lines)}};
}

/// What the frames say under the first protocol of the line that understands them; null where none does.
json Explain(const std::vector<std::string>& protocols, const base::Bytes& bytes) {
  for (const std::string& protocol : protocols) {
    const auto decoded = field::decode::Decode(protocol, "", {bytes});
    if (!decoded || !decoded->good) continue;
    json report = json::parse(decoded->json, nullptr, false);
    report["protocol"] = protocol;
    return report;
  }
  return nullptr;
}

/// Those of its meters first; somebody may ask others by hand.
std::vector<std::string> ProtocolsOf(const field::FieldSide& field, const std::string& line) {
  std::vector<std::string> protocols;
  for (const field::LineConfig& config : field.Configurations()) {
    if (config.key != line) continue;
    for (const field::MeterConfig& meter : config.meters) protocols.push_back(meter.protocol);
  }
  for (const std::string& protocol : field::decode::DecodableProtocols()) protocols.push_back(protocol);
  std::vector<std::string> once;
  for (std::string& protocol : protocols) {
    if (std::ranges::find(once, protocol) == once.end()) once.push_back(std::move(protocol));
  }
  return once;
}

base::Result<json> Frames(const http::Request& request, const field::FieldSide& field, base::UtcTime now) {
  const std::string& line = request.path_parameters.at("line");
  std::uint64_t after = 0;
  if (const auto found = request.query.find("after"); found != request.query.end()) {
    const auto value = base::ParseWhole<std::uint64_t>(found->second);
    if (!value) return Fail(ErrorCode::kInvalidArgument, base::Words{"after is no whole number", "after 不是整数"});
    after = *value;
  }
  YB_ASSIGN(const auto exchanges, field.Frames(line, after));
  const std::vector<std::string> protocols = ProtocolsOf(field, line);
  json out = json::array();
  for (const field::line::TappedExchange& exchange : exchanges) {
    out.push_back(
        {{"no", exchange.no},
         {"sent_us", exchange.sent_at.micros},
         {"received_us", OrNull(exchange.received_at)},
         {"sent", base::ToHex(exchange.sent)},
         {"received", base::ToHex(exchange.received)},
         {"cut", exchange.cut},
         {"sent_says", Explain(protocols, exchange.sent)},
         {"received_says", exchange.received.empty() ? json(nullptr) : Explain(protocols, exchange.received)}});
  }
  return json{{"now_us", now.micros}, {"line", line}, {"exchanges", std::move(out)}};
}

/// Where a meter is configured already: the same number under the same protocol, on whatever line.
json PlaceOf(const std::vector<field::LineConfig>& lines, const std::string& protocol, const std::string& address) {
  for (const field::LineConfig& line : lines) {
    for (const field::MeterConfig& meter : line.meters) {
      if (meter.settings.address == address && meter.protocol == protocol) {
        return {{"line", line.key}, {"meter", meter.key}, {"name", meter.name}};
      }
    }
  }
  return nullptr;
}

json Say(const std::vector<base::Words>& all, bool chinese) {
  json said = json::array();
  for (const base::Words& one : all) said.push_back(chinese ? one.zh : one.en);
  return said;
}

json ToJson(const field::commission::Proposal& proposal, bool chinese) {
  json values = json::array();
  for (const field::commission::SampleValue& sample : proposal.sample) {
    values.push_back({{"quantity", sample.quantity},
                      {"unit", sample.unit},
                      {"value", sample.value.value ? json(sample.value.value->ToString()) : json(nullptr)},
                      {"quality", metering::ToString(sample.value.quality)}});
  }
  return {{"profile", proposal.profile}, {"reasons", Say(proposal.reasons, chinese)}, {"values", std::move(values)}};
}

base::Result<json> JobOf(const http::Request& request, const field::FieldSide& field, const CommissionDesk& desk,
                         base::UtcTime now) {
  const std::string& line = request.path_parameters.at("line");
  const std::vector<field::LineConfig> lines = field.Configurations();
  if (std::ranges::find(lines, line, &field::LineConfig::key) == lines.end()) {
    return Fail(ErrorCode::kNotFound, base::Words{"there is no line '" + line + "'", "没有线路 " + line});
  }
  const std::optional<JobView> job = desk.Find(line);
  const bool chinese = http::PrefersChinese(request);
  if (!job) return json{{"now_us", now.micros}, {"line", line}, {"job", nullptr}};
  json meters = json::array();
  for (const FoundMeter& meter : job->meters) {
    meters.push_back({{"protocol", meter.protocol},
                      {"address", meter.address},
                      {"notes", meter.notes},
                      {"taken", PlaceOf(lines, meter.protocol, meter.address)}});
  }
  json out = {{"no", job->no},
              {"kind", job->is_scan ? "scan" : "read"},
              {"state", ToString(job->state)},
              {"started_us", job->started.micros},
              {"ended_us", OrNull(job->ended)},
              {"step", job->step},
              {"asked", job->asked},
              {"left_us", job->left ? json(job->left->count()) : json(nullptr)},
              {"meters", std::move(meters)},
              {"notes", Say(job->notes, chinese)},
              {"error", chinese ? job->error.zh : job->error.en}};
  if (!job->is_scan) {
    out["protocol"] = job->read.protocol;
    out["address"] = job->read.address;
    out["answer_us"] = job->answer_time.count();
    out["proposal"] = job->proposal ? ToJson(*job->proposal, chinese) : json(nullptr);
  }
  return json{{"now_us", now.micros}, {"line", line}, {"job", std::move(out)}};
}

base::Result<json> BodyOf(const http::Request& request) {
  json body = json::parse(request.body, nullptr, false);
  if (!body.is_object()) {
    return Fail(ErrorCode::kInvalidArgument, base::Words{"the body is no JSON object", "请求体不是 JSON 对象"});
  }
  return body;
}

/// Text under `key`; empty where it is not there.
base::Result<std::string> TextOf(const json& body, const char* key) {
  if (!body.contains(key)) return std::string();
  if (body[key].is_string()) return body[key].get<std::string>();
  return Fail(ErrorCode::kInvalidArgument,
              base::Words{std::string(key) + " is no text", std::string(key) + " 不是文本"});
}

base::Result<json> Scan(const http::Request& request, CommissionDesk& desk) {
  YB_ASSIGN(const json body, BodyOf(request));
  field::commission::ScanPlan plan;
  const json protocols = body.value("protocols", json::array());
  for (const json& protocol : protocols) {
    if (protocol.is_string()) plan.protocols.push_back(protocol.get<std::string>());
  }
  if (!protocols.is_array() || plan.protocols.empty() || plan.protocols.size() != protocols.size()) {
    return Fail(ErrorCode::kInvalidArgument,
                base::Words{"protocols is no list with at least one protocol", "protocols 至少要有一个规约"});
  }
  const auto unit = [&](const char* key, int otherwise) {
    return body.contains(key) && body[key].is_number_integer() ? body[key].get<int>() : otherwise;
  };
  plan.first_unit = unit("first_unit", 1);
  plan.last_unit = unit("last_unit", 247);
  if (plan.first_unit < 1 || plan.last_unit > 247 || plan.first_unit > plan.last_unit) {
    return Fail(ErrorCode::kInvalidArgument,
                base::Words{"units are 1 to 247, the first not above the last", "从站号为 1 至 247，起始不大于结束"});
  }
  YB_ASSIGN(const std::uint64_t no, desk.Scan(request.path_parameters.at("line"), std::move(plan)));
  return json{{"job", no}};
}

base::Result<json> Read(const http::Request& request, CommissionDesk& desk) {
  YB_ASSIGN(const json body, BodyOf(request));
  field::commission::ReadWish wish;
  YB_ASSIGN(wish.protocol, TextOf(body, "protocol"));
  YB_ASSIGN(wish.address, TextOf(body, "address"));
  YB_ASSIGN(wish.profile, TextOf(body, "profile"));
  YB_ASSIGN(const std::uint64_t no, desk.Read(request.path_parameters.at("line"), std::move(wish)));
  return json{{"job", no}};
}

}  // namespace

void AddLineRoutes(http::Router& router, const field::FieldSide& field, CommissionDesk& desk,
                   const base::Clock& clock) {
  router.Add("GET", "/api/v1/lines", http::kSignedIn,
             [&field, &clock](const http::Request&) { return api::AnswerUncached(Lines(field, clock.Now())); });
  router.Add("GET", "/api/v1/lines/{line}/frames", http::kSignedIn, [&field, &clock](const http::Request& request) {
    return api::AnswerUncached(Frames(request, field, clock.Now()));
  });
  router.Add("GET", "/api/v1/lines/{line}/job", http::kSignedIn, [&field, &desk, &clock](const http::Request& request) {
    return api::AnswerUncached(JobOf(request, field, desk, clock.Now()));
  });
  router.Add("POST", "/api/v1/lines/{line}/scan", http::kEngineers,
             [&desk](const http::Request& request) { return api::AnswerUncached(Scan(request, desk), 202); });
  router.Add("POST", "/api/v1/lines/{line}/read", http::kEngineers,
             [&desk](const http::Request& request) { return api::AnswerUncached(Read(request, desk), 202); });
  router.Add("POST", "/api/v1/lines/{line}/stop", http::kEngineers, [&desk](const http::Request& request) {
    desk.Stop(request.path_parameters.at("line"));
    return api::AnswerUncached(json{{"stopping", true}}, 202);
  });
}

}  // namespace yb::edge
