#include "edge/field/dlt645/dlt645_driver.hpp"

#include "edge/field/dlt645/dlt645_poll.hpp"
#include "edge/field/dlt645/items_1997.hpp"
#include "edge/field/dlt645/items_2007.hpp"

namespace yb::field::dlt645 {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Words;

/// What a clock offset can be made of.
bool IsClock(Shape shape) {
  return shape == Shape::kTime || shape == Shape::kSecond || shape == Shape::kDateTime;
}

base::Result<std::uint32_t> ParseDi(Edition edition, std::string_view text) {
  if (edition == Edition::k2007) return ParseDi2007(text);
  YB_ASSIGN(const Di1997 di, ParseDi1997(text));
  return std::uint32_t{di};
}

}  // namespace

base::Result<std::unique_ptr<FieldDriver>> Dlt645Driver::Make(Edition edition, const MeterSettings& settings) {
  YB_ASSIGN(const Address address, Address::Parse(settings.address));
  std::unique_ptr<Dlt645Driver> driver(new Dlt645Driver(edition, address, settings.points));
  for (const PointRule& rule : settings.points) {
    const base::Result<std::uint32_t> di = ParseDi(edition, rule.source);
    if (!di) return Fail(di.error().At(rule.quantity));
    const auto items = edition == Edition::k2007 ? Items2007(*di, 0) : Items1997(static_cast<Di1997>(*di), 0);
    const bool is_item = !items.empty() && items.front().di == *di;
    driver->point_dis_.push_back(*di);
    if (is_item && IsClock(items.front().format.shape) && rule.unit == "s") continue;
    if (!is_item || items.front().format.shape != Shape::kNumber) {
      return Fail(base::Error{
          ErrorCode::kInvalidArgument, "'" + rule.source + "' names no single number of a meter", rule.quantity,
          "list blocks under `blocks`; a point is one item of them, or the clock in 's'",
          "“" + rule.source + "”不是表计的单个数值", "数据块列在 blocks 下；一个测点是其中一项，或以 s 计的时钟"});
    }
    if (items.front().format.unit != rule.unit) {
      return Fail(
          base::Error{ErrorCode::kInvalidArgument, "the unit is '" + rule.unit + "'", rule.quantity,
                      "identifier " + rule.source + " is sent in '" + std::string(items.front().format.unit) + "'",
                      "单位写的是“" + rule.unit + "”",
                      "数据标识 " + rule.source + " 的单位是“" + std::string(items.front().format.unit) + "”"});
    }
  }
  for (const std::string& block : settings.blocks) {
    YB_ASSIGN(const std::uint32_t di, ParseDi(edition, block));
    const bool is_block = edition == Edition::k2007 ? IsBlock2007(di) : IsBlock1997(static_cast<Di1997>(di));
    if (!is_block) {
      return Fail(ErrorCode::kInvalidArgument, Words{"'" + block + "' is no block", "“" + block + "”不是数据块"},
                  Words{"a block has FF in its identifier (2007) or ends in F (1997)",
                        "数据块的标识含 FF（2007 版）或以 F 结尾（1997 版）"});
    }
    driver->blocks_.push_back(di);
  }
  if (!settings.options.empty()) {
    const std::string& name = settings.options.front().name;
    return Fail(ErrorCode::kInvalidArgument,
                Words{"DL/T 645 has no option '" + name + "'", "DL/T 645 没有选项“" + name + "”"});
  }
  return driver;
}

std::unique_ptr<Poll> Dlt645Driver::BeginPoll(Instant now) {
  return std::make_unique<Dlt645Poll>(*this, now);
}

}  // namespace yb::field::dlt645
