#include "core/files/harmful_content.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace yb::files {
namespace {

using namespace std::string_view_literals;
using base::Words;

constexpr std::array kPrograms = {
    "MZ"sv,  // Windows
    "\x7F"
    "ELF"sv,  // Linux
    "\xFE\xED\xFA\xCE"sv,
    "\xFE\xED\xFA\xCF"sv,
    "\xCE\xFA\xED\xFE"sv,
    "\xCF\xFA\xED\xFE"sv,       // macOS
    "\xCA\xFE\xBA\xBE"sv,       // macOS for several processors, and classes of Java
    "#!"sv,                     // scripts
    "L\0\0\0\x01\x14\x02\0"sv,  // shortcuts of Windows ([MS-SHLLINK] 2.1)
};
/// Behind blanks, in letters of any case (WHATWG MIME Sniffing, 7.1).
constexpr std::array kPages = {"<!doctype html"sv, "<html"sv,   "<head"sv, "<body"sv,
                               "<script"sv,        "<iframe"sv, "<?php"sv};

bool BeginsAsPage(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF"sv)) text.remove_prefix(3);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0) text.remove_prefix(1);
  return std::ranges::any_of(kPages, [&](std::string_view tag) {
    return text.size() >= tag.size() && std::ranges::equal(text.substr(0, tag.size()), tag, [](char a, char b) {
             return std::tolower(static_cast<unsigned char>(a)) == b;
           });
  });
}

}  // namespace

base::Status CheckContent(base::ByteView beginning) {
  const std::string_view text = base::AsText(beginning);
  const bool program = std::ranges::any_of(kPrograms, [&](std::string_view one) { return text.starts_with(one); });
  if (!program && !BeginsAsPage(text)) return {};
  return base::Fail(base::ErrorCode::kInvalidArgument,
                    program ? Words{"by its content the file is a program, whatever it is called",
                                    "文件内容是程序或脚本，不能作为材料，改扩展名也不行"}
                            : Words{"by its content the file is a web page, whatever it is called",
                                    "文件内容是网页，不能作为材料，改扩展名也不行"},
                    Words{"scan the paper, or save it as PDF", "请扫描原件，或另存为 PDF"});
}

}  // namespace yb::files
