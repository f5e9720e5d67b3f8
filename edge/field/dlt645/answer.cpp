#include "edge/field/dlt645/answer.hpp"

#include <array>

#include "edge/field/dlt645/items_1997.hpp"
#include "edge/field/dlt645/items_2007.hpp"

namespace yb::field::dlt645 {
namespace {

using base::ErrorCode;
using base::Fail;

constexpr std::array<std::string_view, 8> kErrorBits2007{
    "other_error",         "no_requested_data",    "password_or_unauthorised", "baud_rate_unchangeable",
    "too_many_year_zones", "too_many_day_periods", "too_many_tariffs",         "reserved"};
constexpr std::array<std::string_view, 8> kErrorBits1997{
    "illegal_data",        "data_identifier_error", "password_error",   "reserved3",
    "too_many_year_zones", "too_many_day_periods",  "too_many_tariffs", "reserved7"};

}  // namespace

std::size_t DiSize(Edition edition) {
  return edition == Edition::k2007 ? 4 : 2;
}

base::Result<std::uint32_t> DiOf(Edition edition, base::ByteView data) {
  const std::size_t size = DiSize(edition);
  if (data.size() < size) return Fail(ErrorCode::kCorrupt, "the answer is too short for its data identifier");
  std::uint32_t di = 0;
  for (std::size_t i = size; i > 0; --i) di = (di << 8) | data[i - 1];
  return di;
}

base::Result<DataAnswer> DecodeAnswer(Edition edition, std::uint32_t di, base::ByteView values) {
  const std::vector<PlacedItem> items =
      edition == Edition::k2007 ? Items2007(di, values.size()) : Items1997(static_cast<Di1997>(di), values.size());
  DataAnswer answer{.di = di, .values = {}, .extra = {}};
  std::size_t at = 0;
  for (const PlacedItem& item : items) {
    if (values.size() - at < item.format.size) {
      if (answer.values.empty()) {
        return Fail(ErrorCode::kCorrupt, "the answer has " + std::to_string(values.size()) + " value bytes, " +
                                             item.format.key + " needs " + std::to_string(item.format.size));
      }
      break;
    }
    answer.values.push_back(DecodeItem(item, values.subspan(at, item.format.size)));
    at += item.format.size;
  }
  const bool makers_own =
      at < values.size() && !answer.values.empty() && answer.values.front().state == WireValue::State::kInvalid;
  if (makers_own) {
    answer.values.clear();
    at = 0;
  }
  answer.extra.assign(values.begin() + static_cast<std::ptrdiff_t>(at), values.end());
  return answer;
}

std::vector<std::string_view> ErrorBits(Edition edition, std::uint8_t error) {
  const auto& names = edition == Edition::k2007 ? kErrorBits2007 : kErrorBits1997;
  std::vector<std::string_view> set;
  for (std::size_t bit = 0; bit < names.size(); ++bit) {
    if ((error & (1U << bit)) != 0) set.push_back(names[bit]);
  }
  return set;
}

}  // namespace yb::field::dlt645
