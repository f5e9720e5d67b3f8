#include "tools/metersim/item_writer.hpp"

namespace yb::metersim {

void AppendNumber(Item& item, std::string quantity, std::string unit, std::int64_t value, std::uint8_t decimals,
                  std::size_t width, Sign sign) {
  SentValue sent{std::move(quantity), std::nullopt, std::move(unit)};
  if (AppendBcd(item.bytes, value, width, sign)) sent.value = base::Decimal(value, decimals);
  item.values.push_back(std::move(sent));
}

void AppendDate(Item& item, const LocalTime& local) {
  for (const int part : {local.weekday, local.day, local.month, local.year % 100}) AppendBcd(item.bytes, part, 1);
}

void AppendTimeOfDay(Item& item, const LocalTime& local) {
  for (const int part : {local.second, local.minute, local.hour}) AppendBcd(item.bytes, part, 1);
}

}  // namespace yb::metersim
