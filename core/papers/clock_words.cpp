#include "core/papers/clock_words.hpp"

#include "core/papers/paper.hpp"

namespace yb::papers {
namespace {

using calendar::CivilDate;
using cases::ClockLine;
using cases::PauseGround;

/// "2月13日", with its year where it is not `year`.
std::string ShortDay(CivilDate date, int year) {
  const std::string whole = DateInWords(date);
  return calendar::YearOf(date) == year ? whole.substr(whole.find("年") + std::string_view("年").size()) : whole;
}

std::string Stretch(const ClockLine& line, int year) {
  const std::string from = ShortDay(line.from, year);
  return line.from == line.to ? from : from + "至" + ShortDay(line.to, calendar::YearOf(line.from));
}

std::string Count(const ClockLine& line) {
  const std::string first = "第" + std::to_string(line.first);
  return (line.first == line.last ? first : first + "至第" + std::to_string(line.last)) + "个工作日";
}

std::string PauseReason(PauseGround ground) {
  const std::string name(GroundInWords(ground));
  switch (ground) {
    case PauseGround::kCorrection: return name + "，所需时间不计";
    case PauseGround::kApplicant: return "因" + name + "暂停，不计";
    default: return name + "，所需时间依照《中华人民共和国行政许可法》第四十五条不计";
  }
}

std::string InWords(const ClockLine& line, int year) {
  switch (line.what) {
    case ClockLine::What::kAccepted: return DayInWords(line.from) + "受理，自下一个工作日起算";
    case ClockLine::What::kExtended: return "经批准延期" + std::to_string(line.first) + "个工作日，已计入期限";
    case ClockLine::What::kCounted: {
      const bool weekend_between = (line.to - line.from).count() > line.last - line.first;
      return Stretch(line, year) + "为" + Count(line) + (weekend_between ? "，其间周末不计" : "");
    }
    case ClockLine::What::kWorkingWeekend: return Stretch(line, year) + "调休上班，为" + Count(line);
    case ClockLine::What::kHoliday: return Stretch(line, year) + "放假，不计";
    case ClockLine::What::kPaused: return Stretch(line, year) + PauseReason(line.ground);
    case ClockLine::What::kResumed: return {};  // the line of the pause names its last day
    case ClockLine::What::kIfResumed:
      return "至" + DayInWords(line.from) + "尚未恢复，已停" + std::to_string(line.last) +
             "个工作日，期限随之顺延；如当日恢复，自下一个工作日接续计算";
    case ClockLine::What::kDecided: return DayInWords(line.from) + "作出决定，停止计时";
    case ClockLine::What::kDue: return DayInWords(line.from) + "到期，当日仍在期限之内";
  }
  return {};
}

}  // namespace

std::string_view GroundInWords(PauseGround ground) {
  switch (ground) {
    case PauseGround::kCorrection: return "补正材料";
    case PauseGround::kHearing: return "听证";
    case PauseGround::kTender: return "招标";
    case PauseGround::kAuction: return "拍卖";
    case PauseGround::kInspection: return "检验";
    case PauseGround::kTesting: return "检测";
    case PauseGround::kQuarantine: return "检疫";
    case PauseGround::kAppraisal: return "鉴定";
    case PauseGround::kExpertReview: return "专家评审";
    case PauseGround::kApplicant: return "申请人原因";
  }
  return {};
}

std::vector<std::string> WhyInWords(const cases::ClockReading& clock) {
  std::vector<std::string> words;
  for (const ClockLine& line : clock.why) words.push_back(InWords(line, calendar::YearOf(clock.why.front().from)));
  std::erase(words, std::string());
  return words;
}

}  // namespace yb::papers
