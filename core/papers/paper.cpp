#include "core/papers/paper.hpp"

#include <array>

namespace yb::papers {
namespace {

struct KindRow {
  std::string_view name;
  std::string_view title;
};
constexpr std::array<KindRow, std::variant_size_v<PaperBody>> kKinds{{
    {"acceptance", "受理通知书"},
    {"correction", "一次性补正告知书"},
    {"decline", "不予受理通知书"},
    {"delivery", "送达回证"},
    {"planning_permit", "建设工程规划许可证"},
}};

}  // namespace

std::string_view ToString(PaperKind kind) {
  return kKinds[static_cast<std::size_t>(kind)].name;
}

std::string_view TitleOf(PaperKind kind) {
  return kKinds[static_cast<std::size_t>(kind)].title;
}

std::string GroupedNumber(std::string_view number) {
  constexpr std::size_t kItem = 31;
  constexpr std::size_t kDay = 8;
  constexpr std::size_t kWhole = 43;
  std::string grouped(number);
  if (number.size() != kWhole) return grouped;
  grouped.insert(kItem + kDay, 1, ' ');
  grouped.insert(kItem, 1, ' ');
  return grouped;
}

std::string DateInWords(CivilDate date) {
  const std::chrono::year_month_day day(date);
  return std::to_string(static_cast<int>(day.year())) + "年" + std::to_string(static_cast<unsigned>(day.month())) +
         "月" + std::to_string(static_cast<unsigned>(day.day())) + "日";
}

std::string DayInWords(CivilDate date) {
  constexpr std::array<std::string_view, 7> kNames{"日", "一", "二", "三", "四", "五", "六"};
  return DateInWords(date) + "（星期" + std::string(kNames[std::chrono::weekday(date).c_encoding()]) + "）";
}

}  // namespace yb::papers
