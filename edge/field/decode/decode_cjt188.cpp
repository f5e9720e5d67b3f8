#include "edge/field/decode/decode_cjt188.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "edge/field/cjt188/frame.hpp"

namespace yb::field::decode {
namespace {

using cjt188::Frame;
using cjt188::UnitPlace;

constexpr std::uint8_t kReadData = 0x01;
constexpr std::uint8_t kReadAddress = 0x03;
constexpr std::size_t kHead = 3;  // DI and SER

std::string Hex(unsigned number, int digits) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%0*X", digits, number);
  return text.data();
}

void AddCounter(Report& report, const Frame& frame, std::optional<UnitPlace> place) {
  const std::optional<UnitPlace> proposed = cjt188::ProposeUnitPlace(frame.data);
  const UnitPlace used = place.value_or(proposed.value_or(UnitPlace::kAfterValue));
  base::Result<cjt188::CounterAnswer> answer = cjt188::DecodeCounter(frame.type, frame.data, used);
  if (!answer) {
    report.reject = place && proposed && *place != *proposed ? "invalid_bcd_or_unit" : "unknown_layout";
    return;
  }
  if (answer->is_heat) {
    report.layout = used == UnitPlace::kAfterValue ? "value-unit" : "unit-value";
    report.layout_detected = !place;
  }
  report.unverified = answer->unverified;
  const bool register_invalid = std::any_of(answer->values.begin(), answer->values.end(), [](const WireValue& value) {
    return (value.key == "current_volume" || value.key == "current_heat") && value.state == WireValue::State::kInvalid;
  });
  if (register_invalid) report.reject = "invalid_bcd_or_unit";
  report.values = std::move(answer->values);
  report.has_values = true;
  report.extra = std::move(answer->extra);
}

// SER and two bytes of status.
void AddError(Report& report, const Frame& frame) {
  if (frame.data.size() < 3) {
    report.reject = "short_data";
    return;
  }
  report.ser = Hex(frame.data[0], 2);
  WireValue status;
  status.key = "status";
  status.unit = "hex";
  status.raw.assign(frame.data.begin() + 1, frame.data.begin() + 3);
  status.text = base::ToHex(status.raw);
  report.values.push_back(std::move(status));
  report.has_values = true;
  report.extra.assign(frame.data.begin() + 3, frame.data.end());
}

Report DecodeFrame(const Frame& frame, std::optional<UnitPlace> place) {
  Report report;
  report.control = Hex(frame.control, 2);
  report.meter_type = Hex(frame.type, 2);
  report.address = frame.address.ToString();
  if (frame.IsReply() && frame.IsError()) {
    AddError(report, frame);
    return report;
  }
  const std::uint8_t function = frame.control & 0x1F;
  if (function != kReadData && function != kReadAddress) {
    report.raw_data = frame.data;
    return report;
  }
  if (frame.data.size() < kHead) {
    report.reject = "short_data";
    return report;
  }
  const std::uint16_t di = *cjt188::DiOf(frame.data);
  report.di = Hex(di, 4);
  report.ser = Hex(frame.data[2], 2);
  if (frame.IsReply() && function == kReadData && di == 0x901F) {
    AddCounter(report, frame, place);
  } else {
    report.raw_data.assign(frame.data.begin() + kHead, frame.data.end());
  }
  return report;
}

}  // namespace

Report DecodeCjt188(std::optional<UnitPlace> place, const std::vector<base::Bytes>& inputs) {
  std::vector<base::Bytes> wholes;
  for (const base::Bytes& input : inputs) {
    FoundFrames found = FindFrames(cjt188::ExamineFrame, input);
    wholes.insert(wholes.end(), found.frames.begin(), found.frames.end());
  }
  if (wholes.empty()) return NoFrame(cjt188::ExamineFrame, inputs);
  std::optional<Frame> chosen;
  for (const base::Bytes& whole : wholes) {
    Frame frame = cjt188::ParseFrame(whole);
    if (!chosen || frame.IsReply() || !chosen->IsReply()) chosen = std::move(frame);
  }
  Report report = DecodeFrame(*chosen, place);
  if (wholes.size() > 1) report.frames = std::move(wholes);
  return report;
}

}  // namespace yb::field::decode
