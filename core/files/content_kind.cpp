#include "core/files/content_kind.hpp"

#include <algorithm>
#include <array>

namespace yb::files {
namespace {

using base::Words;

struct Signature {
  std::string_view kind;
  std::string_view bytes;  // '?': a decimal digit
  std::size_t latest = 0;  // where they begin at the latest
};

using namespace std::string_view_literals;
constexpr std::array kSignatures = {
    Signature{"PDF", "%PDF-"sv, 1024},  // readers look that far for it (ISO 32000-1, annex H.3.4.1)
    Signature{"JPEG", "\xFF\xD8\xFF"sv},
    Signature{"PNG", "\x89PNG\r\n\x1A\n"sv},
    Signature{"TIFF", "II*\0"sv},
    Signature{"TIFF", "MM\0*"sv},
    Signature{"ZIP", "PK\x03\x04"sv},                           // OFD, DOCX, XLSX, PPTX as well
    Signature{"Office", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv},  // DOC, XLS, PPT, WPS of before 2007
    Signature{"DWG", "AC10??"sv},
    Signature{"DXF", "AutoCAD Binary DXF\r\n\x1A\0"sv},
};

bool IsAt(std::string_view text, std::size_t at, std::string_view bytes) {
  if (at + bytes.size() > text.size()) return false;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char c = text[at + i];
    if (bytes[i] == '?' ? (c < '0' || c > '9') : c != bytes[i]) return false;
  }
  return true;
}

std::string_view TakeLine(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) line.remove_prefix(1);
  while (!line.empty() && (line.back() == ' ' || line.back() == '\r')) line.remove_suffix(1);
  return line;
}

/// DXF in text is pairs of lines, a group code and its value; it begins with a section, maybe behind comments (999).
bool IsTextDxf(std::string_view text) {
  while (!text.empty()) {
    const std::string_view code = TakeLine(text);
    const std::string_view value = TakeLine(text);
    if (code != "999") return code == "0" && value == "SECTION";
  }
  return false;
}

}  // namespace

std::optional<std::string_view> ContentKindOf(base::ByteView beginning) {
  const std::string_view text = base::AsText(beginning.first(std::min(beginning.size(), kTellingBytes)));
  for (const Signature& one : kSignatures) {
    for (std::size_t at = 0; at <= one.latest && at < text.size(); ++at) {
      if (IsAt(text, at, one.bytes)) return one.kind;
    }
  }
  return IsTextDxf(text) ? std::optional("DXF"sv) : std::nullopt;
}

base::Status CheckContentKind(base::ByteView beginning) {
  if (ContentKindOf(beginning)) return {};
  return base::Fail(
      base::ErrorCode::kInvalidArgument,
      Words{"by its content the file is none of PDF, JPEG, PNG, TIFF, OFD, Office document, DWG, DXF, ZIP",
            "文件内容不是可以归档的格式（PDF、JPEG、PNG、TIFF、OFD、Office 文档、DWG、DXF、ZIP）"},
      Words{"another ending of its name changes nothing: save or scan it as one of these",
            "只改扩展名没有用，请另存或重新扫描为其中一种格式"});
}

}  // namespace yb::files
