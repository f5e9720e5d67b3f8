// PageFlow lets the blocks of a composition run down A4 pages, and draws them when the number of pages is known.
// Margins are near those of GB/T 9704 (binding edge 28 mm, text 156 mm wide). Not for several threads.
#pragma once

#include <functional>

#include "tools/print/pdf_canvas.hpp"

namespace yb::print {

class PageFlow {
 public:
  PageFlow(PdfCanvas& canvas, const Composition& composition, const QrCode& code)
      : canvas_(canvas), composition_(composition), code_(code) {}

  void Add(const Block& block);
  /// Draws all pages.
  void Draw();

 private:
  struct SetCell {
    SetText text;
    double x;
    double width;
    bool label;
  };
  struct SetRow {
    std::vector<SetCell> cells;
    std::size_t lines = 0;  // of the longest cell
    double least_height = 0;
    double size = 0;
  };

  void Place(const Paragraph& paragraph);
  void Place(const Rule& rule);
  void Place(const Table& table);
  void Place(const Closing& closing);

  [[nodiscard]] SetRow SetOut(const Table& table, const Row& row);
  void PlaceRows(const std::vector<SetRow>& rows);
  /// Lines `first` to `end` of the row's cells.
  void PlaceRow(const SetRow& row, std::size_t first, std::size_t end);

  [[nodiscard]] double left() const { return kPageHeight - kBottom - y_; }
  void BreakUnless(double height);
  void BreakPage();
  void Later(std::function<void()> draw) { pages_.back().push_back(std::move(draw)); }
  void DrawFoot(std::size_t page);
  void DrawFrame();

  static constexpr double kTop = 20 * kPointsPerMm;
  static constexpr double kBottom = 20 * kPointsPerMm;
  static constexpr double kLeft = 28 * kPointsPerMm;
  static constexpr double kWidth = 156 * kPointsPerMm;

  PdfCanvas& canvas_;
  const Composition& composition_;
  const QrCode& code_;
  std::vector<std::vector<std::function<void()>>> pages_{1};
  double y_ = kTop;
};

}  // namespace yb::print
