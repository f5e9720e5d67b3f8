// Composition: a paper as what stands on it from top to bottom, before it has lines and pages. Lengths are points
// (1/72 inch) unless a name says otherwise. Values.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "core/domain/calendar/civil_date.hpp"

namespace yb::print {

enum class Face : std::uint8_t {
  kSong,      // 宋体
  kSongBold,  // for titles
  kHei,       // 黑体, for headings and labels
};
enum class Align : std::uint8_t { kLeft, kCentre, kRight };

struct TextStyle {
  Face face = Face::kSong;
  double size = 12;
  Align align = Align::kLeft;
  double indent_em = 0;   // of the first line
  double spacing_em = 0;  // between characters
  bool justified = false;
};

struct Paragraph {
  std::string text;
  TextStyle style;
  double before = 0;
  double pitch_em = 1.6;         // from baseline to baseline
  bool stays_with_next = false;  // headings
};

struct Rule {
  double width = 0.75;
  double before = 0;
  double after = 0;
};

struct Cell {
  std::string text;
  std::size_t span = 1;  // columns
  bool label = false;    // in Hei on grey
  Align align = Align::kLeft;
};
struct Row {
  std::vector<Cell> cells;
  double least_height = 0;
};
struct Table {
  std::vector<double> weights;  // of the columns
  std::vector<Row> header;      // again on each page
  std::vector<Row> rows;
  double size = 10.5;
  double before = 0;
};

/// The end of a paper: the QR code at the left, who issues it and when at the right, kept together.
struct Closing {
  std::vector<std::string> beside_code;
  std::vector<std::string> issued;  // organisation and day
  double before = 0;
};

using Block = std::variant<Paragraph, Rule, Table, Closing>;

struct Composition {
  std::string title;  // of the document's properties, as the next two
  std::string author;
  calendar::CivilDate day{};
  std::string running;  // foot of each page where there is more than one
  std::string check_text;
  std::string watermark;  // none: empty
  bool framed = false;
  std::vector<Block> blocks;
};

}  // namespace yb::print
