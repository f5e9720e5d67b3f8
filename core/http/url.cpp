#include "core/http/url.hpp"

#include <algorithm>

namespace yb::http {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Result;

int Nibble(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

Result<std::string> Decode(std::string_view raw, bool plus_is_space) {
  std::string text;
  text.reserve(raw.size());
  for (std::size_t i = 0; i < raw.size(); ++i) {
    char c = raw[i];
    if (c == '+' && plus_is_space) {
      c = ' ';
    } else if (c == '%') {
      const int high = i + 2 < raw.size() ? Nibble(raw[i + 1]) : -1;
      const int low = i + 2 < raw.size() ? Nibble(raw[i + 2]) : -1;
      if (high < 0 || low < 0) return Fail(ErrorCode::kInvalidArgument, "the address has a broken %-escape");
      c = static_cast<char>(high * 16 + low);
      i += 2;
    }
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      return Fail(ErrorCode::kInvalidArgument, "the address has a control character");
    }
    text += c;
  }
  return text;
}

}  // namespace

Result<std::string> DecodePath(std::string_view raw) {
  YB_ASSIGN(std::string path, Decode(raw, false));
  if (path.empty() || path.front() != '/') return Fail(ErrorCode::kInvalidArgument, "the path does not begin with '/'");
  for (std::size_t begin = 1; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view segment = std::string_view(path).substr(begin, end - begin);
    if (segment == "." || segment == "..") {
      return Fail(ErrorCode::kInvalidArgument, "the path has a '.' or '..' segment");
    }
    begin = end + 1;
  }
  return path;
}

Result<std::map<std::string, std::string>> ParseQuery(std::string_view raw) {
  std::map<std::string, std::string> query;
  for (std::size_t begin = 0; begin < raw.size();) {
    const std::size_t end = std::min(raw.find('&', begin), raw.size());
    const std::string_view pair = raw.substr(begin, end - begin);
    begin = end + 1;
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    YB_ASSIGN(std::string name, Decode(pair.substr(0, equals), true));
    std::string value;
    if (equals != std::string_view::npos) {
      YB_ASSIGN(value, Decode(pair.substr(equals + 1), true));
    }
    query.emplace(std::move(name), std::move(value));
  }
  return query;
}

}  // namespace yb::http
