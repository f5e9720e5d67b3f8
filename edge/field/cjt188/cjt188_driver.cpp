#include "edge/field/cjt188/cjt188_driver.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "edge/field/cjt188/cjt188_poll.hpp"
#include "edge/field/cjt188/unit_conversion.hpp"

namespace yb::field::cjt188 {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Words;

constexpr std::array<std::string_view, 9> kFields{
    "current_volume", "settlement_volume", "settlement_heat", "current_heat", "power", "flow",
    "volume",         "supply_temp",       "return_temp"};

bool IsField(std::string_view source) {
  return source == "work_hours" || source == kClockField ||
         std::find(kFields.begin(), kFields.end(), source) != kFields.end();
}

base::Status Refuse(const ProtocolOption& option, const Words& expected) {
  return Fail(base::Error{ErrorCode::kInvalidArgument, "'" + option.value + "' is not known", option.name,
                          "expected " + expected.en, "不认识“" + option.value + "”", "应为" + expected.zh});
}

base::Status Apply(const ProtocolOption& option, Habits& habits) {
  const std::string& value = option.value;
  if (option.name == "type") {
    const auto [stop, code] = std::from_chars(value.data(), value.data() + value.size(), habits.type, 16);
    const bool whole = value.size() == 2 && code == std::errc() && stop == value.data() + value.size();
    if (!whole || habits.type < 0x10 || habits.type > 0x49)
      return Refuse(option, {"a meter type from \"10\" to \"49\"", "“10”至“49”的仪表类型"});
    return {};
  }
  if (option.name == "di-order") {
    if (value != "901f" && value != "1f90") return Refuse(option, {"\"901f\" or \"1f90\"", "“901f”或“1f90”"});
    habits.di_order = value == "901f" ? DiOrder::k901F : DiOrder::k1F90;
    return {};
  }
  if (option.name == "unit-place") {
    if (value != "after" && value != "before") return Refuse(option, {"\"after\" or \"before\"", "“after”或“before”"});
    habits.unit_place = value == "after" ? UnitPlace::kAfterValue : UnitPlace::kBeforeValue;
    return {};
  }
  if (option.name == "litres") {
    if (value != "hundredths" && value != "whole")
      return Refuse(option, {"\"hundredths\" or \"whole\"", "“hundredths”或“whole”"});
    habits.litres_are_whole = value == "whole";
    return {};
  }
  if (option.name == "unit-of-none") {
    habits.unit_of_none = value;
    return {};
  }
  return Fail(ErrorCode::kInvalidArgument,
              Words{"CJ/T 188 has no option '" + option.name + "'", "CJ/T 188 没有选项“" + option.name + "”"},
              Words{"expected type, di-order, unit-place, litres or unit-of-none",
                    "应为 type、di-order、unit-place、litres 或 unit-of-none"});
}

}  // namespace

base::Result<std::unique_ptr<FieldDriver>> Cjt188Driver::Make(const MeterSettings& settings) {
  YB_ASSIGN(const Address address, Address::Parse(settings.address));
  Habits habits;
  for (const ProtocolOption& option : settings.options) YB_TRY(Apply(option, habits));
  for (const PointRule& rule : settings.points) {
    if (!IsField(rule.source)) {
      return Fail(base::Error{ErrorCode::kInvalidArgument, "'" + rule.source + "' is no field of an answer to 901F",
                              rule.quantity, "such as current_volume, current_heat, flow or supply_temp",
                              "“" + rule.source + "”不是 901F 应答里的字段",
                              "如 current_volume、current_heat、flow 或 supply_temp"});
    }
    if (rule.source == kClockField && rule.unit != "s") {
      return Fail(base::Error{ErrorCode::kInvalidArgument, "the unit is '" + rule.unit + "'", rule.quantity,
                              "the offset of a meter's clock is in 's'", "单位写的是“" + rule.unit + "”",
                              "表钟偏差的单位是 s"});
    }
  }
  if (!settings.blocks.empty()) {
    return Fail(ErrorCode::kInvalidArgument, Words{"CJ/T 188 has no blocks", "CJ/T 188 没有数据块"},
                Words{"remove them from the profile", "从表型里删掉 blocks"});
  }
  return std::unique_ptr<FieldDriver>(new Cjt188Driver(address, std::move(habits), settings.points));
}

std::unique_ptr<Poll> Cjt188Driver::BeginPoll(Instant) {
  return std::make_unique<Cjt188Poll>(*this);
}

}  // namespace yb::field::cjt188
