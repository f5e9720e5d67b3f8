// yuanban-print: a paper (core/papers/paper_codec.hpp) on standard input, its PDF on standard output. It opens fonts
// and nothing else, and writes nothing but what it prints.
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <iostream>

#include "core/base/version.hpp"
#include "core/papers/helper_contract.hpp"
#include "core/papers/paper_codec.hpp"
#include "tools/print/compose.hpp"
#include "tools/print/limits.hpp"
#include "tools/print/page_flow.hpp"

namespace {

using yb::base::Bytes;
using yb::base::Error;
using yb::base::ErrorCode;
using yb::base::Result;

constexpr const char* kUsage =
    "Usage: yuanban-print < paper.json > paper.pdf\n"
    "Lays out one paper of a case as a PDF. docs/papers.md describes paper.json.\n"
    "Ends with 0, 2 for a paper that cannot be printed, 3 where no installed font has a character, 4 otherwise.\n";

/// Standard input, up to a byte more than a paper may have.
Result<std::string> ReadPaper() {
  std::string text;
  std::array<char, 65536> buffer;
  while (text.size() <= yb::papers::kMostPaperBytes) {
    const ssize_t got = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (got == 0) break;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return yb::base::Fail(ErrorCode::kIo, std::string("standard input: ") + ::strerrordesc_np(errno));
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return text;
}

Result<Bytes> Print(const std::string& text) {
  YB_ASSIGN(const yb::papers::Paper paper, yb::papers::Decode(text));
  YB_ASSIGN(const std::string check_text, yb::papers::CheckText(paper));
  YB_ASSIGN(const yb::print::QrCode code, yb::print::MakeQrCode(check_text));
  const yb::print::Composition composition = yb::print::Compose(paper, check_text);
  yb::print::PdfCanvas canvas(composition.title, composition.author, composition.day);
  yb::print::PageFlow flow(canvas, composition, code);
  for (const yb::print::Block& block : composition.blocks) flow.Add(block);
  flow.Draw();
  return canvas.Finish();
}

bool Write(yb::base::ByteView rest) {
  while (!rest.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    rest = rest.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

int Refuse(const Error& error) {
  yb::print::AllowOutput();
  std::cerr << error.Describe() << '\n'
            << (error.context.empty() ? "" : error.context + "：")
            << (error.message_zh.empty() ? error.message : error.message_zh) << '\n';
  switch (error.code) {
    case ErrorCode::kInvalidArgument: return yb::papers::kExitBadPaper;
    case ErrorCode::kUnsupported: return yb::papers::kExitNoGlyph;
    default: return yb::papers::kExitBroken;
  }
}

int Run(int argc, char** argv) {
  if (argc == 2 && std::string_view(argv[1]) == "--help") {
    std::cout << kUsage;
    return EXIT_SUCCESS;
  }
  if (argc != 1) {
    std::cerr << kUsage;
    return yb::papers::kExitBadPaper;
  }
  yb::print::LimitThisProcess();
  const Result<std::string> text = ReadPaper();
  if (!text) return Refuse(text.error());
  const Result<Bytes> pdf = Print(*text);
  if (!pdf) return Refuse(pdf.error());
  yb::print::AllowOutput();
  if (Write(*pdf)) return EXIT_SUCCESS;
  std::cerr << "standard output: " << ::strerrordesc_np(errno) << "\n标准输出写不进去\n";
  return yb::papers::kExitBroken;
}

}  // namespace

int main(int argc, char** argv) {
  const int status = Run(argc, argv);
  std::cout.flush();
  // The process ends here and its memory with it; font libraries keep caches that nobody takes down.
  ::_exit(status);
}
