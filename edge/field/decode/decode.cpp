#include "edge/field/decode/decode.hpp"

#include <algorithm>

#include "edge/field/decode/decode_cjt188.hpp"
#include "edge/field/decode/decode_dlt645.hpp"
#include "edge/field/decode/decode_modbus.hpp"
#include "edge/field/decode/report.hpp"

namespace yb::field::decode {
namespace {

using base::ErrorCode;
using base::Fail;

// "DLT645-2007", "dl/t 645-2007" and "dlt645-2007" are one.
std::string Plain(std::string_view name) {
  std::string plain;
  for (char c : name) {
    if (c >= 'A' && c <= 'Z') plain += static_cast<char>(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) plain += c;
  }
  return plain;
}

base::Result<Report> DecodeWater(std::string_view layout, const std::vector<base::Bytes>& frames) {
  if (layout.empty()) return DecodeCjt188(std::nullopt, frames);
  if (layout == "value-unit") return DecodeCjt188(cjt188::UnitPlace::kAfterValue, frames);
  if (layout == "unit-value") return DecodeCjt188(cjt188::UnitPlace::kBeforeValue, frames);
  return Fail(ErrorCode::kInvalidArgument, "'" + std::string(layout) + "' is no layout of CJ/T 188",
              "expected auto, value-unit or unit-value");
}

base::Result<Report> DecodeRegisterFrames(std::string_view layout, const std::vector<base::Bytes>& frames) {
  if (layout.empty()) return DecodeModbus(std::nullopt, frames);
  if (layout == "rtu") return DecodeModbus(modbus::Framing::kRtu, frames);
  if (layout == "tcp") return DecodeModbus(modbus::Framing::kTcp, frames);
  return Fail(ErrorCode::kInvalidArgument, "'" + std::string(layout) + "' is no layout of Modbus",
              "expected auto, rtu or tcp");
}

base::Result<Report> DecodeAny(const std::string& protocol, std::string_view layout,
                               const std::vector<base::Bytes>& frames) {
  if (protocol == "cjt188") return DecodeWater(layout, frames);
  if (protocol == "modbus") return DecodeRegisterFrames(layout, frames);
  // The protocol names of profiles say the framing themselves.
  if (protocol == "modbusrtu" || protocol == "modbusrtuovertcp") return DecodeRegisterFrames("rtu", frames);
  if (protocol == "modbustcp") return DecodeRegisterFrames("tcp", frames);
  if (protocol == "dlt6452007" || protocol == "dlt6451997") {
    if (!layout.empty()) return Fail(ErrorCode::kInvalidArgument, "DL/T 645 has no layouts to choose from");
    return DecodeDlt645(protocol == "dlt6452007" ? dlt645::Edition::k2007 : dlt645::Edition::k1997, frames);
  }
  std::string known;
  for (const std::string& name : DecodableProtocols()) known += (known.empty() ? "" : ", ") + name;
  return Fail(ErrorCode::kInvalidArgument, "there is no decoder for '" + protocol + "'", "expected one of " + known);
}

}  // namespace

std::vector<std::string> DecodableProtocols() {
  return {"dlt645-2007", "dlt645-1997", "cjt188", "modbus"};
}

base::Result<DecodeResult> Decode(std::string_view protocol, std::string_view layout,
                                  const std::vector<base::Bytes>& frames) {
  const auto has_bytes = [](const base::Bytes& frame) { return !frame.empty(); };
  if (!std::any_of(frames.begin(), frames.end(), has_bytes)) {
    return Fail(ErrorCode::kInvalidArgument, "there is no frame to decode", "give its bytes in hex");
  }
  YB_ASSIGN(const Report report, DecodeAny(Plain(protocol), layout == "auto" ? "" : layout, frames));
  return DecodeResult{report.reject.empty(), ToJson(report)};
}

}  // namespace yb::field::decode
