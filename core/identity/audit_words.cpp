#include "core/identity/audit_words.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "core/http/access.hpp"

namespace yb::identity {
namespace {

using base::Words;

std::vector<std::string_view> Split(std::string_view text, std::string_view at) {
  std::vector<std::string_view> parts;
  for (std::size_t end = text.find(at); end != std::string_view::npos; end = text.find(at)) {
    parts.push_back(text.substr(0, end));
    text.remove_prefix(end + at.size());
  }
  parts.push_back(text);
  return parts;
}

Words Both(std::string_view text) {
  return {std::string(text), std::string(text)};
}

/// What follows `prefix`; nullopt where the text does not begin with it.
std::optional<std::string_view> After(std::string_view text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return std::nullopt;
  return text.substr(prefix.size());
}

void Append(Words& words, const Words& more, std::string_view en_between, std::string_view zh_between) {
  if (!words.en.empty()) words.en += en_between;
  if (!words.zh.empty()) words.zh += zh_between;
  words.en += more.en;
  words.zh += more.zh;
}

Words RoleName(std::string_view text) {
  const auto role = http::ParseRole(text);
  if (!role) return Both(text);
  std::string en(text);
  std::ranges::replace(en, '_', ' ');
  return {en, std::string(http::InChinese(*role))};
}

Words List(std::string_view text, std::string_view at, Words (*say)(std::string_view)) {
  Words words;
  for (const std::string_view one : Split(text, at)) Append(words, say(one), ", ", "、");
  return words;
}

/// "roles park_it", "sites lvye-01,jiuyuan-01", "department …", "disabled", "new password".
Words UserPart(std::string_view part) {
  if (const auto roles = After(part, "roles ")) {
    const Words names = List(*roles, ",", RoleName);
    return {"roles " + names.en, "角色 " + names.zh};
  }
  if (const auto sites = After(part, "sites ")) {
    if (*sites == "*" || sites->empty()) return {"all sites", "全部站点"};
    const Words names = List(*sites, ",", Both);
    return {"sites " + names.en, "站点 " + names.zh};
  }
  if (const auto department = After(part, "department ")) {
    return {std::string(part), "部门 " + std::string(*department)};
  }
  if (part == "disabled") return {"disabled", "已停用"};
  if (part == "new password") return {"new password", "新密码"};
  return Both(part);
}

/// How a user was, and is.
Words UserDetail(std::string_view detail) {
  Words words;
  for (const std::string_view state : Split(detail, " → ")) {
    Words one;
    for (const std::string_view part : Split(state, ", ")) Append(one, UserPart(part), ", ", "，");
    Append(words, one, " → ", " → ");
  }
  return words;
}

Words DirectoryName(std::string_view text) {
  constexpr std::string_view kDisabled = " (disabled)", kGone = " (no longer of this site)";
  const auto without = [text](std::string_view end) { return std::string(text.substr(0, text.size() - end.size())); };
  if (text.ends_with(kDisabled)) return {std::string(text), without(kDisabled) + "（停用）"};
  if (text.ends_with(kGone)) return {std::string(text), without(kGone) + "（不再属于本站点）"};
  return Both(text);
}

/// "3 users, changed: a, b (disabled), left out for users of the box: c".
Words DirectoryDetail(std::string_view detail) {
  constexpr std::string_view kUsers = " users",
                             kChanged = ", changed: ", kLeftOut = ", left out for users of the box: ";
  std::string_view rest = detail, left_out, changed;
  if (const std::size_t at = rest.find(kLeftOut); at != std::string_view::npos) {
    left_out = rest.substr(at + kLeftOut.size());
    rest = rest.substr(0, at);
  }
  if (const std::size_t at = rest.find(kChanged); at != std::string_view::npos) {
    changed = rest.substr(at + kChanged.size());
    rest = rest.substr(0, at);
  }
  if (!rest.ends_with(kUsers)) return Both(detail);
  std::string zh = "用户 " + std::string(rest.substr(0, rest.size() - kUsers.size())) + " 人";
  if (!changed.empty()) zh += "，有变动：" + List(changed, ", ", DirectoryName).zh;
  if (!left_out.empty()) zh += "，因盒子上已有同名用户而未采用：" + List(left_out, ", ", Both).zh;
  return {std::string(detail), zh};
}

/// "status 403, why": how a request was answered.
std::optional<Words> Outcome(std::string_view detail) {
  const auto status = After(detail, "status ");
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (!status || status->size() < 3 || !std::ranges::all_of(status->substr(0, 3), is_digit)) return std::nullopt;
  const std::string number(status->substr(0, 3));
  const auto reason = After(status->substr(3), ", ");
  if (status->size() > 3 && !reason) return std::nullopt;
  Words words = {"done", "成功"};
  if (number >= "500") {
    words = {"failed (" + number + ")", "没有成（" + number + "）"};
  } else if (number >= "400") {
    words = {"refused (" + number + ")", "被拒绝（" + number + "）"};
  }
  if (reason) Append(words, Both(*reason), ": ", "：");
  return words;
}

}  // namespace

Words DetailOf(const AuditLine& line) {
  const std::string_view detail = line.detail;
  if (line.what.starts_with("user.")) return UserDetail(detail);
  if (line.what == "directory.apply") return DirectoryDetail(detail);
  if (line.what == "directory.extend" && detail == "30 days") return {"for 30 days", "延期 30 天"};
  if (line.what == "configuration.fall_back") {
    if (const auto to = After(detail, "back to ")) return {line.detail, "回退到 " + std::string(*to)};
  }
  if (line.what.find(" /") != std::string::npos) {
    if (const auto outcome = Outcome(detail)) return *outcome;
  }
  return Both(detail);
}

}  // namespace yb::identity
