#include "edge/field/decode/report.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <cstdio>

namespace yb::field::decode {
namespace {

using Json = nlohmann::ordered_json;

std::string Hex(std::uint32_t number, int digits) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%0*X", digits, number);
  return text.data();
}

Json ValueToJson(const WireValue& value) {
  Json json;
  json["key"] = value.key;
  if (value.state != WireValue::State::kGood) {
    json["value"] = nullptr;
  } else {
    json["value"] = value.number ? value.number->ToString() : value.text;
  }
  json["unit"] = value.unit;
  if (value.state == WireValue::State::kInvalid) json["raw"] = base::ToHex(value.raw);
  return json;
}

void PutText(Json& json, const char* key, const std::string& text) {
  if (!text.empty()) json[key] = text;
}

}  // namespace

std::string ToJson(const Report& report) {
  Json json = Json::object();
  PutText(json, "reject", report.reject);
  const int check_digits = report.is_crc ? 4 : 2;
  if (report.stated_check) json[report.is_crc ? "stated_crc" : "stated_cs"] = Hex(*report.stated_check, check_digits);
  if (report.computed_check) {
    json[report.is_crc ? "computed_crc" : "computed_cs"] = Hex(*report.computed_check, check_digits);
  }
  PutText(json, "control", report.control);
  PutText(json, "meter_type", report.meter_type);
  PutText(json, "address", report.address);
  PutText(json, "di", report.di);
  PutText(json, "ser", report.ser);
  if (report.sequence) json["seq"] = *report.sequence;
  if (report.more_follows) json["more_follows"] = true;
  PutText(json, "layout", report.layout);
  if (!report.layout.empty()) json["layout_source"] = report.layout_detected ? "detected" : "given";
  if (report.unverified) json["unverified"] = true;
  if (report.has_values) {
    json["values"] = Json::array();
    for (const WireValue& value : report.values) json["values"].push_back(ValueToJson(value));
  }
  if (!report.error_bits.empty()) json["error_bits"] = report.error_bits;
  if (report.error_byte) json["error_byte"] = Hex(*report.error_byte, 2);
  if (report.has_registers) json["registers"] = report.registers;
  if (report.exception) json["exception"] = *report.exception;
  PutText(json, "exception_name", report.exception_name);
  if (!report.extra.empty()) json["extra_bytes"] = base::ToHex(report.extra);
  if (!report.raw_data.empty()) json["raw_data_hex"] = base::ToHex(report.raw_data);
  if (!report.frames.empty()) {
    json["frames"] = Json::array();
    for (const base::Bytes& frame : report.frames) json["frames"].push_back(base::ToHex(frame));
  }
  return json.dump();
}

FoundFrames FindFrames(const Examine& examine, base::ByteView bytes) {
  FoundFrames found;
  for (std::size_t at = 0; at < bytes.size();) {
    const Candidate candidate = examine(bytes.subspan(at));
    if (candidate.verdict == Verdict::kFrame) {
      const base::ByteView frame = bytes.subspan(at, candidate.length);
      found.frames.emplace_back(frame.begin(), frame.end());
      at += candidate.length;
      continue;
    }
    if (found.frames.empty() && bytes[at] == 0x68) found.in_envelope = true;
    ++at;
  }
  return found;
}

Report NoFrame(const Examine& examine, const std::vector<base::Bytes>& inputs) {
  base::Bytes all;
  for (const base::Bytes& input : inputs) all.insert(all.end(), input.begin(), input.end());
  const Candidate why = WhyNoFrame(examine, all);
  Report report;
  switch (why.verdict) {
    case Verdict::kBadChecksum:
      report.reject = "bad_checksum";
      report.stated_check = why.stated_check;
      report.computed_check = why.computed_check;
      break;
    case Verdict::kBadEnd: report.reject = "bad_end"; break;
    case Verdict::kNeedMore:
    case Verdict::kTooLong: report.reject = "truncated"; break;
    case Verdict::kNoStart:
    case Verdict::kFrame: report.reject = "no_frame"; break;
  }
  return report;
}

}  // namespace yb::field::decode
