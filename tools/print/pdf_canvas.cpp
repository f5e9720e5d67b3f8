#include "tools/print/pdf_canvas.hpp"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include <cstdio>
#include <numbers>

namespace yb::print {
namespace {

// The first of these that is installed is taken; a character that it lacks comes from whatever font has it.
constexpr const char* kSongFamilies = "Noto Serif CJK SC,Source Han Serif SC,SimSun,NSimSun,AR PL UMing CN,serif";
constexpr const char* kHeiFamilies = "Noto Sans CJK SC,Source Han Sans SC,SimHei,WenQuanYi Zen Hei,sans-serif";

constexpr double kPale = 0.88;    // grey of the watermark
constexpr double kShade = 0.945;  // grey behind labels

struct Unref {
  void operator()(void* object) const { ::g_object_unref(object); }
};
template <class Object>
using Owned = std::unique_ptr<Object, Unref>;

cairo_status_t Append(void* closure, const unsigned char* data, unsigned int length) {
  auto& bytes = *static_cast<base::Bytes*>(closure);
  bytes.insert(bytes.end(), data, data + length);
  return CAIRO_STATUS_SUCCESS;
}

/// Lengths as they are, at no pixel of any screen.
Owned<PangoContext> MakeContext(PangoFontMap* fonts) {
  ::pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(fonts), 72);
  Owned<PangoContext> context(::pango_font_map_create_context(fonts));
  cairo_font_options_t* options = ::cairo_font_options_create();
  ::cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
  ::cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  ::pango_cairo_context_set_font_options(context.get(), options);
  ::cairo_font_options_destroy(options);
  ::pango_context_set_round_glyph_positions(context.get(), FALSE);
  ::pango_context_set_language(context.get(), ::pango_language_from_string("zh-cn"));
  return context;
}

PangoFontDescription* Describe(Face face, double size) {
  PangoFontDescription* description = ::pango_font_description_new();
  ::pango_font_description_set_family_static(description, face == Face::kHei ? kHeiFamilies : kSongFamilies);
  ::pango_font_description_set_weight(description, face == Face::kSongBold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  ::pango_font_description_set_absolute_size(description, size * PANGO_SCALE);
  return description;
}

PangoAlignment AlignmentOf(Align align) {
  switch (align) {
    case Align::kCentre: return PANGO_ALIGN_CENTER;
    case Align::kRight: return PANGO_ALIGN_RIGHT;
    case Align::kLeft: break;
  }
  return PANGO_ALIGN_LEFT;
}

/// The first character of `layout` that no font has.
std::string MissingIn(PangoLayout* layout) {
  const Owned<PangoLayout> one(::pango_layout_copy(layout));
  const char* text = ::pango_layout_get_text(layout);
  for (const char* at = text; *at != '\0'; at = g_utf8_next_char(at)) {
    const auto length = static_cast<int>(g_utf8_next_char(at) - at);
    ::pango_layout_set_text(one.get(), at, length);
    if (::pango_layout_get_unknown_glyphs_count(one.get()) == 0) continue;
    std::array<char, 16> code{};
    std::snprintf(code.data(), code.size(), "U+%04X", static_cast<unsigned>(g_utf8_get_char(at)));
    return std::string(at, static_cast<std::size_t>(length)) + " (" + code.data() + ")";
  }
  return text;
}

}  // namespace

struct SetText::Impl {
  struct LineAt {
    PangoLayoutLine* line;  // of the layout
    double x;
  };
  Owned<PangoLayout> layout;
  std::vector<LineAt> lines;
};

std::size_t SetText::lines() const {
  return impl_->lines.size();
}

struct PdfCanvas::Impl {
  base::Bytes pdf;
  Owned<PangoFontMap> fonts{::pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT)};
  Owned<PangoContext> context = MakeContext(fonts.get());
  cairo_surface_t* surface = ::cairo_pdf_surface_create_for_stream(&Append, &pdf, kPageWidth, kPageHeight);
  cairo_t* cairo = ::cairo_create(surface);
  std::string missing;  // the first character that no font has

  ~Impl() {
    ::cairo_destroy(cairo);
    ::cairo_surface_destroy(surface);
  }
};

PdfCanvas::PdfCanvas(const std::string& title, const std::string& author, calendar::CivilDate day)
    : impl_(std::make_unique<Impl>()) {
  const auto set = [&](cairo_pdf_metadata_t what, const std::string& text) {
    ::cairo_pdf_surface_set_metadata(impl_->surface, what, text.c_str());
  };
  set(CAIRO_PDF_METADATA_TITLE, title);
  set(CAIRO_PDF_METADATA_AUTHOR, author);
  set(CAIRO_PDF_METADATA_CREATOR, "Yuanban");
  // The paper's day, never the clock's: the same paper is the same file.
  set(CAIRO_PDF_METADATA_CREATE_DATE, calendar::ToString(day) + "T00:00:00+08:00");
}

PdfCanvas::~PdfCanvas() = default;

SetText PdfCanvas::Set(const std::string& text, const TextStyle& style, double width) {
  auto set = std::make_shared<SetText::Impl>();
  set->layout.reset(::pango_layout_new(impl_->context.get()));
  PangoLayout* layout = set->layout.get();
  PangoFontDescription* description = Describe(style.face, style.size);
  ::pango_layout_set_font_description(layout, description);
  ::pango_font_description_free(description);
  if (style.spacing_em != 0) {
    PangoAttrList* attributes = ::pango_attr_list_new();
    ::pango_attr_list_insert(
        attributes, ::pango_attr_letter_spacing_new(static_cast<int>(style.spacing_em * style.size * PANGO_SCALE)));
    ::pango_layout_set_attributes(layout, attributes);
    ::pango_attr_list_unref(attributes);
  }
  ::pango_layout_set_width(layout, static_cast<int>(width * PANGO_SCALE));
  ::pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
  ::pango_layout_set_alignment(layout, AlignmentOf(style.align));
  ::pango_layout_set_justify(layout, style.justified ? TRUE : FALSE);
  ::pango_layout_set_indent(layout, static_cast<int>(style.indent_em * style.size * PANGO_SCALE));
  // One paragraph, whatever it holds.
  ::pango_layout_set_single_paragraph_mode(layout, TRUE);
  ::pango_layout_set_auto_dir(layout, FALSE);
  ::pango_layout_set_text(layout, text.data(), static_cast<int>(text.size()));
  if (impl_->missing.empty() && ::pango_layout_get_unknown_glyphs_count(layout) > 0) impl_->missing = MissingIn(layout);
  PangoLayoutIter* iterator = ::pango_layout_get_iter(layout);
  do {
    PangoRectangle logical;
    ::pango_layout_iter_get_line_extents(iterator, nullptr, &logical);
    set->lines.push_back({::pango_layout_iter_get_line_readonly(iterator), ::pango_units_to_double(logical.x)});
  } while (::pango_layout_iter_next_line(iterator) != FALSE);
  ::pango_layout_iter_free(iterator);
  return SetText(std::move(set));
}

void PdfCanvas::Line(const SetText& text, std::size_t line, double x, double baseline) {
  const SetText::Impl::LineAt& at = text.impl().lines[line];
  ::cairo_set_source_rgb(impl_->cairo, 0, 0, 0);
  ::cairo_move_to(impl_->cairo, x + at.x, baseline);
  ::pango_cairo_show_layout_line(impl_->cairo, at.line);
}

void PdfCanvas::Stroke(double x1, double y1, double x2, double y2, double width) {
  ::cairo_set_source_rgb(impl_->cairo, 0, 0, 0);
  ::cairo_set_line_width(impl_->cairo, width);
  ::cairo_set_line_cap(impl_->cairo, CAIRO_LINE_CAP_SQUARE);
  ::cairo_move_to(impl_->cairo, x1, y1);
  ::cairo_line_to(impl_->cairo, x2, y2);
  ::cairo_stroke(impl_->cairo);
}

void PdfCanvas::Shade(double x, double y, double width, double height) {
  ::cairo_set_source_rgb(impl_->cairo, kShade, kShade, kShade);
  ::cairo_rectangle(impl_->cairo, x, y, width, height);
  ::cairo_fill(impl_->cairo);
}

void PdfCanvas::Code(const QrCode& code, double x, double y, double width) {
  const double module = width / static_cast<double>(code.width + 2 * QrCode::kQuiet);
  const double quiet = module * QrCode::kQuiet;
  ::cairo_set_source_rgb(impl_->cairo, 0, 0, 0);
  // One path, so that no hairlines show between modules.
  for (std::size_t i = 0; i < code.black.size(); ++i) {
    if (!code.black[i]) continue;
    const std::size_t row = i / code.width;
    const std::size_t column = i % code.width;
    ::cairo_rectangle(impl_->cairo, x + quiet + module * static_cast<double>(column),
                      y + quiet + module * static_cast<double>(row), module, module);
  }
  ::cairo_fill(impl_->cairo);
}

void PdfCanvas::Watermark(const std::string& text) {
  constexpr double kSize = 46;
  const double across = kPageWidth * 1.3;
  const SetText set = Set(text, {Face::kHei, kSize, Align::kCentre}, across);
  ::cairo_save(impl_->cairo);
  ::cairo_translate(impl_->cairo, kPageWidth / 2, kPageHeight / 2);
  ::cairo_rotate(impl_->cairo, -std::numbers::pi / 4.5);
  ::cairo_set_source_rgb(impl_->cairo, kPale, kPale, kPale);
  ::cairo_move_to(impl_->cairo, -across / 2 + set.impl().lines.front().x, kSize / 3);
  // As outlines: a reader of the text would find its characters between those of the paper.
  ::pango_cairo_layout_line_path(impl_->cairo, set.impl().lines.front().line);
  ::cairo_fill(impl_->cairo);
  ::cairo_restore(impl_->cairo);
}

void PdfCanvas::EndPage() {
  ::cairo_show_page(impl_->cairo);
}

base::Result<base::Bytes> PdfCanvas::Finish() {
  ::cairo_surface_finish(impl_->surface);
  if (!impl_->missing.empty()) {
    return base::Fail(base::ErrorCode::kUnsupported,
                      base::Words{"no installed font has the character " + impl_->missing,
                                  "已安装的字体中没有这个字：" + impl_->missing});
  }
  const cairo_status_t status = ::cairo_surface_status(impl_->surface);
  const cairo_status_t drawing = ::cairo_status(impl_->cairo);
  const cairo_status_t wrong = status != CAIRO_STATUS_SUCCESS ? status : drawing;
  if (wrong != CAIRO_STATUS_SUCCESS && wrong != CAIRO_STATUS_SURFACE_FINISHED) {
    return base::Fail(base::ErrorCode::kIo, std::string("Cairo: ") + ::cairo_status_to_string(wrong));
  }
  return std::move(impl_->pdf);
}

}  // namespace yb::print
