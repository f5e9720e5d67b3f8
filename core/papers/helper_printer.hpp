// HelperPrinter prints papers with the program yuanban-print, one process per paper: libraries that lay out text that
// somebody typed stay out of the process that holds keys and cases. The paper goes in through a socket and the PDF
// comes out through a pipe; nothing of it is in a file or on a command line.
//
// No state; any thread, several at a time.
#pragma once

#include <chrono>
#include <filesystem>

#include "core/papers/paper_printer.hpp"

namespace yb::papers {

class HelperPrinter final : public PaperPrinter {
 public:
  /// `program` is killed after `limit`.
  explicit HelperPrinter(std::filesystem::path program, std::chrono::milliseconds limit = std::chrono::seconds(20))
      : program_(std::move(program)), limit_(limit) {}

  [[nodiscard]] base::Result<base::Bytes> Print(const Paper& paper) const override;

  /// yuanban-print in the folder of the program that runs.
  [[nodiscard]] static std::filesystem::path BesideThisProgram();

 private:
  std::filesystem::path program_;
  std::chrono::milliseconds limit_;
};

}  // namespace yb::papers
