#include "tools/print/page_flow.hpp"

#include <algorithm>
#include <numeric>

namespace yb::print {
namespace {

// In em: from the middle of a line of Han characters down to its baseline.
constexpr double kMiddleToBaseline = 0.36;
constexpr double kTablePitch = 1.35;
constexpr double kCellPadding = 1.2;  // above and below
constexpr double kCellSide = 4;
constexpr double kThin = 0.5;
constexpr double kCodeWidth = 23 * kPointsPerMm;

double Baseline(double top, double pitch, double size) {
  return top + pitch / 2 + size * kMiddleToBaseline;
}

}  // namespace

void PageFlow::BreakPage() {
  pages_.emplace_back();
  y_ = kTop;
}

void PageFlow::BreakUnless(double height) {
  if (height > left() && y_ > kTop) BreakPage();
}

void PageFlow::Add(const Block& block) {
  std::visit([this](const auto& each) { Place(each); }, block);
}

void PageFlow::Place(const Paragraph& paragraph) {
  const double pitch = paragraph.style.size * paragraph.pitch_em;
  const SetText text = canvas_.Set(paragraph.text, paragraph.style, kWidth);
  y_ += paragraph.before;
  // A heading takes two lines of what follows with it.
  if (paragraph.stays_with_next) BreakUnless(pitch * 4);
  for (std::size_t line = 0; line < text.lines(); ++line) {
    BreakUnless(pitch);
    const double baseline = Baseline(y_, pitch, paragraph.style.size);
    Later([this, text, line, baseline] { canvas_.Line(text, line, kLeft, baseline); });
    y_ += pitch;
  }
}

void PageFlow::Place(const Rule& rule) {
  y_ += rule.before;
  BreakUnless(rule.width + rule.after);
  const double y = y_ + rule.width / 2;
  Later([this, y, width = rule.width] { canvas_.Stroke(kLeft, y, kLeft + kWidth, y, width); });
  y_ += rule.width + rule.after;
}

PageFlow::SetRow PageFlow::SetOut(const Table& table, const Row& row) {
  const double sum = std::accumulate(table.weights.begin(), table.weights.end(), 0.0);
  SetRow set;
  set.size = table.size;
  set.least_height = row.least_height;
  double x = kLeft;
  std::size_t column = 0;
  for (const Cell& cell : row.cells) {
    double width = 0;
    for (std::size_t i = 0; i < cell.span; ++i) width += table.weights[column++] / sum * kWidth;
    const TextStyle style{cell.label ? Face::kHei : Face::kSong, table.size, cell.align};
    SetText text = canvas_.Set(cell.text, style, width - 2 * kCellSide);
    set.lines = std::max(set.lines, text.lines());
    set.cells.push_back({std::move(text), x, width, cell.label});
    x += width;
  }
  return set;
}

void PageFlow::PlaceRow(const SetRow& row, std::size_t first, std::size_t end) {
  const double pitch = row.size * kTablePitch;
  const double height = std::max(pitch * static_cast<double>(end - first) + 2 * kCellPadding, row.least_height);
  const double top = y_;
  for (const SetCell& cell : row.cells) {
    const std::size_t from = std::min(first, cell.text.lines());
    const std::size_t to = std::min(end, cell.text.lines());
    const double text_top = top + (height - pitch * static_cast<double>(to - from)) / 2;
    Later([this, cell, from, to, top, height, text_top, pitch, size = row.size] {
      if (cell.label && composition_.watermark.empty()) canvas_.Shade(cell.x, top, cell.width, height);
      for (std::size_t line = from; line < to; ++line) {
        canvas_.Line(cell.text, line, cell.x + kCellSide,
                     Baseline(text_top + pitch * static_cast<double>(line - from), pitch, size));
      }
    });
  }
  // After all grey, which would cover half of a line.
  Later([this, row, top, height] {
    for (const SetCell& cell : row.cells) {
      const double right = cell.x + cell.width;
      canvas_.Stroke(cell.x, top, right, top, kThin);
      canvas_.Stroke(cell.x, top + height, right, top + height, kThin);
      canvas_.Stroke(cell.x, top, cell.x, top + height, kThin);
      canvas_.Stroke(right, top, right, top + height, kThin);
    }
  });
  y_ += height;
}

void PageFlow::PlaceRows(const std::vector<SetRow>& rows) {
  for (const SetRow& row : rows) PlaceRow(row, 0, row.lines);
}

void PageFlow::Place(const Table& table) {
  const auto height_of = [](const SetRow& row) {
    return std::max(row.size * kTablePitch * static_cast<double>(row.lines) + 2 * kCellPadding, row.least_height);
  };
  std::vector<SetRow> header;
  double header_height = 0;
  for (const Row& row : table.header) header_height += height_of(header.emplace_back(SetOut(table, row)));
  const double page = kPageHeight - kTop - kBottom - header_height;
  y_ += table.before;
  bool begun = false;
  for (const Row& each : table.rows) {
    const SetRow row = SetOut(table, each);
    const double pitch = row.size * kTablePitch;
    const bool fits_a_page = height_of(row) <= page;
    const double needed = fits_a_page ? height_of(row) : pitch + 2 * kCellPadding;
    if (!begun || needed > left()) {
      BreakUnless(needed + (begun ? 0 : header_height));
      PlaceRows(header);
      begun = true;
    }
    // A row that no page holds goes on with its lines on the next one.
    for (std::size_t first = 0; first < row.lines;) {
      const auto room = static_cast<std::size_t>(std::max(1.0, (left() - 2 * kCellPadding) / pitch));
      const std::size_t end = fits_a_page ? row.lines : std::min(row.lines, first + room);
      PlaceRow(row, first, end);
      first = end;
      if (first == row.lines) break;
      BreakPage();
      PlaceRows(header);
    }
  }
}

void PageFlow::Place(const Closing& closing) {
  const TextStyle small{Face::kSong, 8};
  const TextStyle issued{Face::kSong, 12, Align::kCentre};
  const double beside_x = kLeft + kCodeWidth;
  const double beside_width = 44 * kPointsPerMm;
  const double issued_x = beside_x + beside_width;
  const double issued_width = kWidth - kCodeWidth - beside_width;
  const double small_pitch = small.size * 1.5;
  const double issued_pitch = issued.size * 1.7;
  std::vector<SetText> names;
  double lines = 0;
  for (const std::string& text : closing.issued) {
    names.push_back(canvas_.Set(text, issued, issued_width));
    lines += static_cast<double>(names.back().lines());
  }
  const double height = std::max(kCodeWidth, lines * issued_pitch);
  y_ += closing.before;
  BreakUnless(height);
  const double top = y_;
  const double code_left = kLeft - kCodeWidth * QrCode::kQuiet / static_cast<double>(code_.width + 2 * QrCode::kQuiet);
  Later([this, top, code_left] { canvas_.Code(code_, code_left, top, kCodeWidth); });
  double y = top + (kCodeWidth - small_pitch * static_cast<double>(closing.beside_code.size())) / 2;
  for (const std::string& text : closing.beside_code) {
    const SetText set = canvas_.Set(text, small, beside_width);
    const double baseline = Baseline(y, small_pitch, small.size);
    Later([this, set, beside_x, baseline] { canvas_.Line(set, 0, beside_x, baseline); });
    y += small_pitch;
  }
  y = top + (height - lines * issued_pitch) / 2;
  for (const SetText& name : names) {
    for (std::size_t line = 0; line < name.lines(); ++line) {
      const double baseline = Baseline(y, issued_pitch, issued.size);
      Later([this, name, line, issued_x, baseline] { canvas_.Line(name, line, issued_x, baseline); });
      y += issued_pitch;
    }
  }
  y_ = top + height;
}

void PageFlow::DrawFoot(std::size_t page) {
  const double y = kPageHeight - kBottom + 5 * kPointsPerMm;
  constexpr double kSize = 9;
  const std::string number = "第 " + std::to_string(page + 1) + " 页　共 " + std::to_string(pages_.size()) + " 页";
  canvas_.Line(canvas_.Set(composition_.running, {Face::kSong, kSize}, kWidth), 0, kLeft, y);
  canvas_.Line(canvas_.Set(number, {Face::kSong, kSize, Align::kRight}, kWidth), 0, kLeft, y);
}

void PageFlow::DrawFrame() {
  for (const auto& [margin_mm, width] : {std::pair{12.0, 2.0}, std::pair{13.5, 0.5}}) {
    const double margin = margin_mm * kPointsPerMm;
    const double right = kPageWidth - margin;
    const double bottom = kPageHeight - margin;
    canvas_.Stroke(margin, margin, right, margin, width);
    canvas_.Stroke(margin, bottom, right, bottom, width);
    canvas_.Stroke(margin, margin, margin, bottom, width);
    canvas_.Stroke(right, margin, right, bottom, width);
  }
}

void PageFlow::Draw() {
  for (std::size_t page = 0; page < pages_.size(); ++page) {
    if (!composition_.watermark.empty()) canvas_.Watermark(composition_.watermark);
    if (composition_.framed) DrawFrame();
    for (const std::function<void()>& draw : pages_[page]) draw();
    if (pages_.size() > 1) DrawFoot(page);
    canvas_.EndPage();
  }
}

}  // namespace yb::print
