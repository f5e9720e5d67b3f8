#include "tools/print/compose_parts.hpp"

#include "tools/print/compose.hpp"

namespace yb::print {
namespace {

constexpr double kBodySize = 12;     // 小四
constexpr double kSmallSize = 10.5;  // 五号

/// The digits of the check text, in groups of four.
std::string GroupedDigits(const std::string& check_text) {
  std::string grouped;
  const std::string digits = check_text.substr(check_text.rfind(' ') + 1);
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && i % 4 == 0) grouped += ' ';
    grouped += digits[i];
  }
  return grouped;
}

}  // namespace

void AddHead(Composition& composition, const papers::Paper& paper) {
  const TextStyle organisation{Face::kSong, 15, Align::kCentre, 0, 0.05};
  const TextStyle title{Face::kSongBold, 22, Align::kCentre, 0, 0.2};
  const TextStyle number{Face::kSong, kSmallSize, Align::kLeft};
  composition.blocks.emplace_back(Paragraph{paper.organisation, organisation});
  composition.blocks.emplace_back(Paragraph{std::string(TitleOf(paper.kind())), title, 2, 1.5});
  composition.blocks.emplace_back(Paragraph{"收件号：" + paper.receipt_no, number, 6, 1.5});
  if (!paper.number.empty()) {
    composition.blocks.emplace_back(Paragraph{"办件编号：" + papers::GroupedNumber(paper.number), number, 0, 1.5});
  }
  composition.blocks.emplace_back(Rule{1.0, 2, 4});
}

void AddSalutation(Composition& composition, const papers::Paper& paper) {
  const std::string code = paper.applicant_code.empty() ? "" : "（" + paper.applicant_code + "）";
  Paragraph salutation = Body(paper.applicant + code + "：");
  salutation.style.indent_em = 0;
  salutation.style.face = Face::kHei;
  salutation.style.justified = false;
  composition.blocks.emplace_back(std::move(salutation));
}

Paragraph Body(std::string text) {
  return {std::move(text), {Face::kSong, kBodySize, Align::kLeft, 2, 0, true}, 1, 1.55};
}

Paragraph Heading(std::string text) {
  return {std::move(text), {Face::kHei, kBodySize, Align::kLeft, 2}, 3, 1.55, true};
}

Paragraph Small(std::string text) {
  return {std::move(text), {Face::kSong, kSmallSize, Align::kLeft, 2, 0, true}, 2, 1.4};
}

void AddNumbered(Composition& composition, const std::vector<std::string>& sentences) {
  int number = 1;
  for (const std::string& sentence : sentences) {
    const std::string prefix = sentences.size() == 1 ? "" : std::to_string(number++) + ".";
    composition.blocks.emplace_back(Body(prefix + Sentence(sentence)));
  }
}

void AddEnd(Composition& composition, const papers::Paper& paper) {
  Table people;
  people.weights = {22, 56, 34, 44};
  people.before = 4;
  people.rows.push_back(
      {{Label("经办人"), Value(paper.clerk), Label("申请人（签收）"), Value("年　　月　　日", 1, Align::kRight)}, 26});
  if (!paper.contact.empty()) people.rows.push_back({{Label("咨询"), Value(paper.contact, 3)}});
  composition.blocks.emplace_back(std::move(people));
  composition.blocks.emplace_back(
      ClosingOf(composition, {paper.organisation + "（盖章）", papers::DateInWords(paper.date)}));
}

Closing ClosingOf(const Composition& composition, std::vector<std::string> issued) {
  return {{"校验码 " + GroupedDigits(composition.check_text), "扫码所得文字与本文书的收件号、",
           "种类和校验码一致，方为原件。"},
          std::move(issued),
          8};
}

Cell Label(std::string text, std::size_t span) {
  return {std::move(text), span, true, Align::kCentre};
}

Cell Value(std::string text, std::size_t span, Align align) {
  return {std::move(text), span, false, align};
}

std::string Sentence(std::string text) {
  constexpr std::string_view kStop = "。";
  while (text.ends_with(kStop)) text.resize(text.size() - kStop.size());
  for (const std::string_view end : {"；", "，", ".", ";", " "}) {
    if (text.ends_with(end)) text.resize(text.size() - end.size());
  }
  return text + std::string(kStop);
}

Composition Compose(const papers::Paper& paper, const std::string& check_text) {
  Composition composition;
  composition.title = std::string(TitleOf(paper.kind())) + " " + paper.receipt_no;
  composition.author = paper.organisation;
  composition.day = paper.date;
  composition.running = std::string(TitleOf(paper.kind())) + "　收件号 " + paper.receipt_no;
  composition.check_text = check_text;
  std::visit([&](const auto& body) { ComposeBody(composition, paper, body); }, paper.body);
  return composition;
}

}  // namespace yb::print
