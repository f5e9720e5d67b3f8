#include "edge/field/modbus/modbus_driver.hpp"

#include <algorithm>
#include <charconv>
#include <numeric>

#include "edge/field/modbus/modbus_poll.hpp"

namespace yb::field::modbus {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Words;

// A whole number, decimal or after 0x.
template <class Number>
std::optional<Number> ParseWhole(std::string_view text, bool hex_allowed) {
  const bool hex = hex_allowed && (text.starts_with("0x") || text.starts_with("0X"));
  if (hex) text.remove_prefix(2);
  Number number{};
  const auto [stop, code] = std::from_chars(text.data(), text.data() + text.size(), number, hex ? 16 : 10);
  if (text.empty() || code != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  return number;
}

base::Result<std::uint8_t> ParseUnit(Framing framing, std::string_view text) {
  const std::optional<std::uint8_t> unit = ParseWhole<std::uint8_t>(text, false);
  const bool fits = unit && (framing == Framing::kTcp || (*unit >= 1 && *unit <= 247));
  if (fits) return *unit;
  const std::string found(text);
  return Fail(ErrorCode::kInvalidArgument,
              Words{"'" + found + "' is no Modbus unit", "“" + found + "”不是 Modbus 站号"},
              framing == Framing::kTcp ? Words{"expected \"0\" to \"255\"", "应为“0”至“255”"}
                                       : Words{"expected \"1\" to \"247\"", "应为“1”至“247”"});
}

base::Status Refuse(const ProtocolOption& option, const Words& expected) {
  return Fail(base::Error{ErrorCode::kInvalidArgument, "'" + option.value + "' is not known", option.name,
                          "expected " + expected.en, "不认识“" + option.value + "”", "应为" + expected.zh});
}

base::Status Apply(const ProtocolOption& option, Habits& habits) {
  if (option.name == "function") {
    if (option.value != "03" && option.value != "04") return Refuse(option, {"\"03\" or \"04\"", "“03”或“04”"});
    habits.table = option.value == "03" ? Table::kHolding : Table::kInput;
    return {};
  }
  const std::optional<std::uint16_t> number = ParseWhole<std::uint16_t>(option.value, false);
  if (option.name == "most-registers") {
    if (!number || *number < 4 || *number > kMostRegisters) return Refuse(option, {"\"4\" to \"125\"", "“4”至“125”"});
    habits.most_registers = *number;
    return {};
  }
  if (option.name == "most-gap") {
    if (!number || *number > kMostRegisters) return Refuse(option, {"\"0\" to \"125\"", "“0”至“125”"});
    habits.most_gap = *number;
    return {};
  }
  return Fail(ErrorCode::kInvalidArgument,
              Words{"Modbus has no option '" + option.name + "'", "Modbus 没有选项“" + option.name + "”"},
              Words{"expected function, most-registers or most-gap", "应为 function、most-registers 或 most-gap"});
}

base::Result<PlacedPoint> Place(const PointRule& rule) {
  const std::optional<std::uint16_t> first = ParseWhole<std::uint16_t>(rule.source, true);
  if (!first) {
    return Fail(base::Error{ErrorCode::kInvalidArgument, "'" + rule.source + "' is no register", rule.quantity,
                            "write it as \"0x0061\" or \"97\", counted from 0", "“" + rule.source + "”不是寄存器地址",
                            "写成“0x0061”或“97”，从 0 数起"});
  }
  const base::Result<Encoding> encoding = ParseEncoding(rule.encoding);
  if (!encoding) return Fail(encoding.error().At(rule.quantity));
  const base::Result<ByteOrder> order = ParseByteOrder(rule.order);
  if (!order) return Fail(order.error().At(rule.quantity));
  if (*first + RegisterCount(*encoding) > 0x10000) {
    return Fail(base::Error{ErrorCode::kInvalidArgument, "'" + rule.source + "' leaves no room for its type",
                            rule.quantity, "registers end at 0xFFFF", "“" + rule.source + "”之后放不下这个类型",
                            "寄存器到 0xFFFF 为止"});
  }
  return PlacedPoint{*first, *encoding, *order};
}

std::vector<Block> PlanBlocks(const std::vector<PlacedPoint>& placed, const Habits& habits) {
  std::vector<std::size_t> by_register(placed.size());
  std::iota(by_register.begin(), by_register.end(), std::size_t{0});
  std::stable_sort(by_register.begin(), by_register.end(),
                   [&](std::size_t a, std::size_t b) { return placed[a].first < placed[b].first; });
  std::vector<Block> blocks;
  for (std::size_t point : by_register) {
    const unsigned first = placed[point].first;
    const unsigned past = first + RegisterCount(placed[point].encoding);
    if (!blocks.empty()) {
      Block& last = blocks.back();
      const unsigned last_past = last.first + unsigned{last.count};
      if (first <= last_past + habits.most_gap && std::max(past, last_past) - last.first <= habits.most_registers) {
        last.count = static_cast<std::uint16_t>(std::max(past, last_past) - last.first);
        last.points.push_back(point);
        continue;
      }
    }
    blocks.push_back({static_cast<std::uint16_t>(first), static_cast<std::uint16_t>(past - first), {point}});
  }
  return blocks;
}

}  // namespace

base::Result<std::unique_ptr<FieldDriver>> ModbusDriver::Make(Framing framing, const MeterSettings& settings) {
  YB_ASSIGN(const std::uint8_t unit, ParseUnit(framing, settings.address));
  Habits habits;
  for (const ProtocolOption& option : settings.options) YB_TRY(Apply(option, habits));
  if (!settings.blocks.empty()) {
    return Fail(ErrorCode::kInvalidArgument, Words{"Modbus profiles list no blocks", "Modbus 表型不列数据块"},
                Words{"neighbouring registers are read together", "相邻寄存器会一并读取"});
  }
  std::unique_ptr<ModbusDriver> driver(new ModbusDriver(framing, unit, habits, settings.points));
  for (const PointRule& rule : settings.points) {
    YB_ASSIGN(PlacedPoint placed, Place(rule));
    driver->placed_.push_back(placed);
  }
  driver->blocks_ = PlanBlocks(driver->placed_, habits);
  return driver;
}

std::unique_ptr<Poll> ModbusDriver::BeginPoll(Instant now) {
  return std::make_unique<ModbusPoll>(*this, now);
}

}  // namespace yb::field::modbus
