// The receipt for what was delivered, and the permit.
#include "tools/print/compose_parts.hpp"

namespace yb::print {
namespace {

constexpr const char* kDayToFillIn = "　　　　年　　月　　日";

}  // namespace

void ComposeBody(Composition& composition, const papers::Paper& paper, const papers::DeliveryReceipt& receipt) {
  AddHead(composition, paper);
  // Three tables with columns of their own, which meet.
  Table who;
  who.weights = {32, 124};
  who.before = 2;
  who.rows.push_back({{Label("受送达人"), Value(paper.applicant)}, 30});
  if (!paper.applicant_code.empty()) who.rows.push_back({{Label("证照号码"), Value(paper.applicant_code)}, 26});
  who.rows.push_back({{Label("办件事项"), Value(paper.item)}, 30});
  Table documents;
  documents.weights = {74, 62, 20};
  documents.header = {{{Label("送达文书名称"), Label("文号"), Label("份数")}, 24}};
  for (const papers::DeliveryReceipt::Document& document : receipt.documents) {
    documents.rows.push_back({{Value(document.name), Value(document.number, 1, Align::kCentre),
                               Value(std::to_string(document.copies), 1, Align::kCentre)},
                              28});
  }
  Table how;
  how.weights = {32, 54, 28, 42};
  how.rows.push_back(
      {{Label("送达方式"), Value(receipt.method), Label("送达日期"),
        Value(receipt.delivered ? papers::DateInWords(*receipt.delivered) : kDayToFillIn, 1, Align::kCentre)},
       30});
  how.rows.push_back({{Label("送达地点"), Value(receipt.place, 3)}, 30});
  if (!receipt.courier.empty() || !receipt.waybill.empty()) {
    how.rows.push_back({{Label("寄递单位"), Value(receipt.courier), Label("运单号"), Value(receipt.waybill)}, 30});
  }
  how.rows.push_back(
      {{Label("收件人"), Value(receipt.receiver), Label("与受送达人关系"), Value(receipt.relation)}, 36});
  how.rows.push_back({{Label("收件人签名或者盖章"), Value(kDayToFillIn, 3, Align::kRight)}, 62});
  how.rows.push_back({{Label("送达人"), Value(paper.clerk), Label("见证人"), Value("")}, 36});
  how.rows.push_back({{Label("备注"), Value(receipt.note, 3)}, 36});
  for (Table* table : {&who, &documents, &how}) {
    table->size = 12;
    composition.blocks.emplace_back(std::move(*table));
  }
  composition.blocks.emplace_back(
      Small("请收件人核对文书名称、文号和份数后签名。受送达人是单位的，请由法定代表人、负责人或者负责收件的人签收；由他"
            "人代收的，请写明与受送达人的关系。"));
  if (!paper.contact.empty()) composition.blocks.emplace_back(Small("咨询：" + paper.contact));
  composition.blocks.emplace_back(
      ClosingOf(composition, {paper.organisation + "（盖章）", papers::DateInWords(paper.date)}));
}

// The words are those of the form of the Ministry of Natural Resources (自然资源部统一格式).
void ComposeBody(Composition& composition, const papers::Paper& paper, const papers::PlanningPermit& permit) {
  composition.framed = true;
  composition.watermark = "演示样式　不具法律效力";
  const auto add = [&](std::string text, TextStyle style, double before, double pitch_em = 1.6) {
    composition.blocks.emplace_back(Paragraph{std::move(text), style, before, pitch_em});
  };
  add("演示样式，非正式证照", {Face::kHei, 10.5, Align::kCentre}, 0);
  add("中华人民共和国", {Face::kSong, 20, Align::kCentre, 0, 0.4}, 10);
  add(std::string(TitleOf(paper.kind())), {Face::kSongBold, 32, Align::kCentre, 0, 0.1}, 4, 1.5);
  const bool whole = permit.number.starts_with("建字第");
  add(whole ? permit.number : "建字第 " + permit.number + " 号", {Face::kSong, 14, Align::kCentre}, 6);
  const TextStyle body{Face::kSong, 14, Align::kLeft, 2, 0, true};
  add("根据《中华人民共和国土地管理法》《中华人民共和国城乡规划法》和国家有关规定，经审核，本建设工程符合国土空间规划和"
      "用途管制要求，颁发此证。",
      body, 12, 1.75);
  if (!permit.instrument.empty()) {
    add("本证依据" + permit.instrument + "，由" + paper.organisation + "受" + permit.issuer + "委托制发。", body, 2,
        1.75);
  }
  Table table;
  table.weights = {42, 114};
  table.size = 12;
  table.before = 10;
  const auto row = [&](const char* label, std::string value) {
    table.rows.push_back({{Label(label), Value(std::move(value))}, 32});
  };
  row("建设单位（个人）", paper.applicant);
  row("建设项目名称", permit.project);
  row("建设位置", permit.place);
  row("建设规模", permit.scale);
  std::string attachments;
  for (const std::string& each : permit.attachments) attachments += (attachments.empty() ? "" : "；") + each;
  row("附图及附件名称", attachments);
  row("收件号", paper.receipt_no);
  if (!paper.number.empty()) row("办件编号", papers::GroupedNumber(paper.number));
  composition.blocks.emplace_back(std::move(table));
  composition.blocks.emplace_back(Paragraph{"遵守事项", {Face::kHei, 10.5, Align::kLeft}, 8, 1.6, true});
  for (const char* line : {"一、本证是经自然资源主管部门依法审核，建设工程符合国土空间规划和用途管制要求的法律凭证。",
                           "二、未取得本证或不按本证规定进行建设的，均属违法建设。",
                           "三、未经发证机关审核同意，本证的各项规定不得随意变更。",
                           "四、自然资源主管部门依法有权查验本证，建设单位（个人）有责任提交查验。",
                           "五、本证所需附图及附件由发证机关依法确定，与本证具有同等法律效力。"}) {
    add(line, {Face::kSong, 9.5, Align::kLeft}, 0, 1.5);
  }
  composition.blocks.emplace_back(
      ClosingOf(composition, {"发证机关：" + permit.issuer, papers::DateInWords(paper.date)}));
}

}  // namespace yb::print
