// PdfCanvas draws on the pages of one PDF: the one place that knows Pango and Cairo. Lengths are points, from the upper
// left corner of an A4 page. Not for several threads.
#pragma once

#include <memory>

#include "core/base/bytes.hpp"
#include "tools/print/composition.hpp"
#include "tools/print/qr_code.hpp"

namespace yb::print {

inline constexpr double kPointsPerMm = 72 / 25.4;
inline constexpr double kPageWidth = 210 * kPointsPerMm;
inline constexpr double kPageHeight = 297 * kPointsPerMm;

/// A text broken into lines of at most the width it was set to.
class SetText {
 public:
  struct Impl;
  explicit SetText(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
  [[nodiscard]] std::size_t lines() const;
  [[nodiscard]] const Impl& impl() const { return *impl_; }

 private:
  std::shared_ptr<Impl> impl_;  // of this text and its copies
};

class PdfCanvas {
 public:
  PdfCanvas(const std::string& title, const std::string& author, calendar::CivilDate day);
  ~PdfCanvas();
  PdfCanvas(const PdfCanvas&) = delete;
  PdfCanvas& operator=(const PdfCanvas&) = delete;

  [[nodiscard]] SetText Set(const std::string& text, const TextStyle& style, double width);

  void Line(const SetText& text, std::size_t line, double x, double baseline);
  void Stroke(double x1, double y1, double x2, double y2, double width);
  void Shade(double x, double y, double width, double height);
  void Code(const QrCode& code, double x, double y, double width);
  /// Pale, across the page.
  void Watermark(const std::string& text);
  void EndPage();

  /// The whole PDF. kUnsupported where no installed font has a character that was set; kIo where Cairo cannot go on.
  [[nodiscard]] base::Result<base::Bytes> Finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace yb::print
