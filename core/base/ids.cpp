#include "core/base/ids.hpp"

#include <algorithm>

namespace yb::base {
namespace {

bool IsLower(char c) {
  return c >= 'a' && c <= 'z';
}
bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

Result<SiteId> SiteId::Parse(std::string_view text) {
  const bool good = text.size() >= 3 && text.size() <= 32 && IsLower(text.front()) && text.back() != '-' &&
                    std::ranges::all_of(text, [](char c) { return IsLower(c) || IsDigit(c) || c == '-'; });
  if (!good) {
    return Fail(ErrorCode::kInvalidArgument,
                Words{"'" + std::string(text) + "' is no site id", "“" + std::string(text) + "”不是站点编号"},
                Words{"3 to 32 characters of a-z, 0-9 and '-', beginning with a letter, such as lvye-01",
                      "3 至 32 个字符，限 a-z、0-9 和 -，以字母开头，如 lvye-01"});
  }
  SiteId id;
  id.text_ = text;
  return id;
}

Result<CityId> CityId::Parse(std::string_view text) {
  if (text.size() != 6 || !std::ranges::all_of(text, IsDigit)) {
    return Fail(ErrorCode::kInvalidArgument,
                Words{"'" + std::string(text) + "' is no city code", "“" + std::string(text) + "”不是城市代码"},
                Words{"six digits of the administrative division code, such as 150200", "六位行政区划代码，如 150200"});
  }
  CityId id;
  id.text_ = text;
  return id;
}

}  // namespace yb::base
