// PaperPrinter: the seam between a case and the program that lays papers out.
#pragma once

#include "core/base/bytes.hpp"
#include "core/papers/paper.hpp"

namespace yb::papers {

/// Implementations are safe to call from any thread, several at a time.
class PaperPrinter {
 public:
  virtual ~PaperPrinter() = default;

  /// The PDF of a paper: the same bytes for the same paper and fonts. kInvalidArgument for a paper that cannot be
  /// printed, kUnsupported where no installed font has one of its characters, kTimeout, and kUnavailable where the
  /// printing program is not there or broke down.
  [[nodiscard]] virtual base::Result<base::Bytes> Print(const Paper& paper) const = 0;
};

}  // namespace yb::papers
