// What the station tells an applicant: accepted, to be corrected, not accepted.
#include <algorithm>

#include "tools/print/compose_parts.hpp"

namespace yb::print {
namespace {

using papers::DateInWords;
using papers::DayInWords;

std::string Opening(const papers::Paper& paper, papers::CivilDate received) {
  return "您（单位）于" + DateInWords(received) + "向本站提交的“" + paper.item + "”申请及有关材料收悉。";
}

Row DeadlineRow(const char* name, const papers::PaperDeadline& deadline) {
  return {{Label(name), Value(std::to_string(deadline.working_days) + "个工作日", 1, Align::kCentre),
           Value(DayInWords(deadline.date) + (deadline.provisional ? "　暂定" : ""), 1, Align::kCentre)}};
}

void AddDeadlines(Composition& composition, const papers::AcceptanceNotice& notice) {
  Table table;
  table.weights = {40, 36, 80};
  table.before = 3;
  table.header = {{{Label("办理期限"), Label("工作日"), Label("到期日")}}};
  table.rows = {DeadlineRow("承诺期限", notice.promised), DeadlineRow("法定期限", notice.statutory)};
  composition.blocks.emplace_back(std::move(table));
  if (notice.promised.provisional || notice.statutory.provisional) {
    composition.blocks.emplace_back(
        Small("标有“暂定”的日期落在放假安排尚未公布的年份，安排公布后重新计算，并请您以新的日期为准。"));
  }
  if (notice.why.empty()) return;
  std::string why = "承诺期限到期日的由来：";
  for (std::size_t i = 0; i < notice.why.size(); ++i) why += (i > 0 ? "；" : "") + notice.why[i];
  Paragraph reasons = Small(Sentence(why));
  reasons.style.size = 9.5;
  composition.blocks.emplace_back(std::move(reasons));
}

void AddMaterials(Composition& composition, const std::vector<papers::PaperMaterial>& materials) {
  Table table;
  table.weights = {12, 68, 12, 18, 46};
  table.before = 3;
  table.header = {{{Label("序号"), Label("材料名称"), Label("份数"), Label("形式"), Label("备注")}}};
  for (const papers::PaperMaterial& material : materials) {
    const std::string note =
        material.follows_until ? "容缺，请于" + DayInWords(*material.follows_until) + "前补交" : "";
    table.rows.push_back({{Value(std::to_string(table.rows.size() + 1), 1, Align::kCentre), Value(material.name),
                           Value(std::to_string(material.copies), 1, Align::kCentre),
                           Value(material.form, 1, Align::kCentre), Value(note)}});
  }
  composition.blocks.emplace_back(std::move(table));
}

}  // namespace

void ComposeBody(Composition& composition, const papers::Paper& paper, const papers::AcceptanceNotice& notice) {
  const bool some_follow =
      std::any_of(notice.materials.begin(), notice.materials.end(),
                  [](const papers::PaperMaterial& each) { return each.follows_until.has_value(); });
  AddHead(composition, paper);
  AddSalutation(composition, paper);
  composition.blocks.emplace_back(
      Body(Opening(paper, notice.received) + "经审查，该申请属于本站受理范围，" +
           (some_follow ? "主要申请材料齐全、符合法定形式，其余材料由您（单位）按下表所列日期补交（容缺受理）"
                        : "申请材料齐全、符合法定形式") +
           "。根据" + notice.clause + "的规定，决定予以受理。"));
  composition.blocks.emplace_back(Heading("一、办理期限"));
  AddDeadlines(composition, notice);
  std::size_t section = 2;
  if (!notice.materials.empty()) {
    composition.blocks.emplace_back(Heading("二、申请材料"));
    AddMaterials(composition, notice.materials);
    ++section;
  }
  if (!notice.next_steps.empty()) {
    composition.blocks.emplace_back(Heading(section == 2 ? "二、接下来请您" : "三、接下来请您"));
    AddNumbered(composition, notice.next_steps);
  }
  composition.blocks.emplace_back(Small("本通知书一式两份，您（单位）和本站各执一份。查询办理进度，请提供收件号。"));
  AddEnd(composition, paper);
}

void ComposeBody(Composition& composition, const papers::Paper& paper, const papers::CorrectionNotice& notice) {
  // Before acceptance it is the window that asks (§32); after it a department that reviews, and a clock stands still.
  const bool in_review = !notice.department.empty();
  AddHead(composition, paper);
  AddSalutation(composition, paper);
  if (in_review) {
    const std::string accepted = notice.accepted ? "本站已于" + DateInWords(*notice.accepted) + "受理，" : "";
    composition.blocks.emplace_back(Body("您（单位）于" + DateInWords(notice.received) + "提交的“" + paper.item +
                                         "”申请，" + accepted + "现由" + notice.department + "审查。" +
                                         notice.department + "根据" + notice.clause +
                                         "的规定审查申请材料，认为需要补正，由本站代为告知。需要补正的全部内容如下："));
  } else {
    composition.blocks.emplace_back(Body(Opening(paper, notice.received) +
                                         "经审查，申请材料不齐全或者不符合法定形式。根据" + notice.clause +
                                         "的规定，现将需要补正的全部内容一次告知如下："));
  }
  composition.blocks.emplace_back(Heading("一、需要补正的全部内容"));
  Table table;
  table.weights = {12, 58, 86};
  table.before = 3;
  table.header = {{{Label("序号"), Label("材料名称"), Label("需要补正的内容")}}};
  for (const papers::CorrectionNotice::Missing& missing : notice.missing) {
    table.rows.push_back(
        {{Value(std::to_string(table.rows.size() + 1), 1, Align::kCentre), Value(missing.name), Value(missing.what)}});
  }
  composition.blocks.emplace_back(std::move(table));
  composition.blocks.emplace_back(Heading("二、补正的时间"));
  const std::string until = notice.until ? DayInWords(*notice.until) : "";
  if (in_review) {
    composition.blocks.emplace_back(
        Body((notice.until ? "请您（单位）于" + until + "前（含当日）将补正材料交到本站。" : "") +
             "承诺期限和法定期限自" + DateInWords(paper.date) + "起暂停计算，补正材料交齐并经" + notice.department +
             "确认后，自下一个工作日起继续计算。"));
  } else {
    composition.blocks.emplace_back(Body((notice.until ? "请您（单位）于" + until + "前将补正材料交到本站。" : "") +
                                         "补正材料齐全、符合法定形式的，本站即予受理；补正所需时间不计入办理期限。"));
  }
  if (!notice.next_steps.empty()) {
    composition.blocks.emplace_back(Heading("三、接下来请您"));
    AddNumbered(composition, notice.next_steps);
  }
  composition.blocks.emplace_back(Small("本告知书一式两份，您（单位）和本站各执一份。补交材料时，请提供收件号。"));
  AddEnd(composition, paper);
}

void ComposeBody(Composition& composition, const papers::Paper& paper, const papers::DeclineNotice& notice) {
  AddHead(composition, paper);
  AddSalutation(composition, paper);
  composition.blocks.emplace_back(Body(Opening(paper, notice.received) + "经审查，" + Sentence(notice.ground)));
  composition.blocks.emplace_back(Body("根据" + notice.clause + "的规定，决定不予受理。"));
  composition.blocks.emplace_back(Body("您（单位）如不服本决定，可以自收到本通知书之日起六十日内向" +
                                       notice.review_authority + "申请行政复议，也可以自收到本通知书之日起六个月内向" +
                                       notice.court + "提起行政诉讼。"));
  if (!notice.next_steps.empty()) {
    composition.blocks.emplace_back(Heading("接下来请您"));
    AddNumbered(composition, notice.next_steps);
  }
  composition.blocks.emplace_back(
      Small("本通知书一式两份，您（单位）和本站各执一份。您提交的材料随本通知书退还，请核对。"));
  AddEnd(composition, paper);
}

}  // namespace yb::print
