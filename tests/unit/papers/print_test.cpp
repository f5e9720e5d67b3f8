// Papers as yuanban-print makes them, read back with programs of other makers: Poppler and ZBar.
#include <sys/stat.h>

#include <future>
#include <regex>

#include "core/papers/helper_printer.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/unit/papers/paper_fixtures.hpp"

namespace yb::papers {
namespace {

using base::ErrorCode;

const std::string kProgram = std::string(YB_BIN_DIR) + "/yuanban-print";

class PrintTest : public testing::Test {
 protected:
  /// Prints into a file of the test's folder.
  void Print(const Paper& paper) {
    const base::Result<base::Bytes> pdf = HelperPrinter(kProgram).Print(paper);
    ASSERT_TRUE(pdf) << pdf.error().Describe();
    std::ofstream(pdf_, std::ios::binary) << base::AsText(*pdf);
  }
  std::string Run(const std::string& command, int expected = 0) {
    int status = -1;
    const std::string output = test::RunToEnd(command, status);
    EXPECT_EQ(status, expected) << command << "\n" << output;
    return output;
  }
  /// The text in the order in which it stands in the file, without spaces and line ends.
  std::string Text(int page = 0) {
    const std::string of_page = page == 0 ? "" : "-f " + std::to_string(page) + " -l " + std::to_string(page) + " ";
    return std::regex_replace(Run("pdftotext -raw " + of_page + pdf_ + " -"), std::regex("\\s+"), "");
  }
  std::string Info(const std::string& name) {
    std::smatch found;
    const std::string info = Run("pdfinfo " + pdf_);
    return std::regex_search(info, found, std::regex(name + ":\\s+(.*)")) ? found[1].str() : "";
  }
  /// All of `parts` are in `text`, one behind the other.
  static void ExpectInOrder(const std::string& text, const std::vector<std::string>& parts) {
    std::size_t from = 0;
    for (const std::string& part : parts) {
      const std::size_t at = text.find(part, from);
      ASSERT_NE(at, std::string::npos) << part << "\nnot behind place " << from << " of\n" << text;
      from = at + part.size();
    }
  }

  test::TempFolder folder_;
  const std::string pdf_ = (folder_.path() / "paper.pdf").string();
};

TEST_F(PrintTest, AcceptanceNoticeSaysWhatWasTakenInAndUntilWhen) {
  Print(Fixture("acceptance"));
  ExpectInOrder(Text(), {"包头铝业园区政务服务工作站",
                         "受理通知书",
                         "收件号：JY03-1-2026-000418",
                         "办件编号：11150200011644057X2000116103000202602130418",
                         "内蒙古䶮盛新材料有限公司（91150207MA0N00024Q）：",
                         "您（单位）于2026年2月13日向本站提交的“建设工程规划许可证核发”申请",
                         "《中华人民共和国行政许可法》第三十二条第一款第（五）项的规定，决定予以受理。",
                         "承诺期限",
                         "5个工作日",
                         "2026年3月2日（星期一）",
                         "法定期限",
                         "20个工作日",
                         "2026年3月23日（星期一）",
                         "2月25日至2月26日专家评审，所需时间依照《中华人民共和国行政许可法》第四十五条不计",
                         "建设工程规划许可证申请表",
                         "施工图设计文件审查意见",
                         "1.请保持电话畅通，审查部门可能与您核实材料。",
                         "2.请在2026年3月9日前补交施工图设计文件审查意见。",
                         "经办人",
                         "𠅤秀英"});
  EXPECT_NE(Text().find("容缺，请于2026年3月9日（星期一）前补交"), std::string::npos);
  EXPECT_NE(Text().find("包头铝业园区政务服务工作站（盖章）"), std::string::npos);
  EXPECT_EQ(Text().find("暂定"), std::string::npos);
  // In groups of 31, 8 and 4.
  EXPECT_NE(Run("pdftotext -layout " + pdf_ + " -").find("11150200011644057X2000116103000 20260213 0418"),
            std::string::npos);
}

TEST_F(PrintTest, ProvisionalDeadlineIsMarked) {
  Paper paper = Fixture("acceptance");
  std::get<AcceptanceNotice>(paper.body).statutory = {20, Day("2027-01-18"), true};
  Print(paper);
  ExpectInOrder(Text(), {"2027年1月18日（星期一）暂定", "标有“暂定”的日期落在放假安排尚未公布的年份"});
}

TEST_F(PrintTest, CorrectionNoticeTellsAllThatIsMissingOnce) {
  Print(Fixture("correction"));
  ExpectInOrder(Text(),
                {"一次性补正告知书",
                 "《中华人民共和国行政许可法》第三十二条第一款第（四）项的规定，现将需要补正的全部内容一次告知如下：",
                 "序号", "材料名称", "需要补正的内容", "授权委托书", "请您（单位）于2026年3月6日（星期五）前",
                 "请一次备齐上列材料后到3号窗口提交，不需要重新取号。", "申请人（签收）"});
  for (const char* part : {"总平面图未加盖设计单位出图专用章，请补盖后重新提交，一式两份",
                           "缺少该材料，请提交由法定代表人签名的原件", "复印件第3页不清晰，请携带原件到窗口核对"}) {
    EXPECT_NE(Text().find(part), std::string::npos) << part;
  }
}

TEST_F(PrintTest, ADepartmentsCorrectionNoticeNamesItAndTheDayAndSaysThatTheClocksStandStill) {
  Paper paper = Fixture("correction");
  paper.date = Day("2026-02-26");
  auto& notice = std::get<CorrectionNotice>(paper.body);
  notice.department = "市住房和城乡建设局";
  notice.accepted = Day("2026-02-24");
  notice.clause = kReviewClause;
  Print(paper);
  ExpectInOrder(Text(), {"一次性补正告知书", "本站已于2026年2月24日受理，现由市住房和城乡建设局审查。",
                         "《中华人民共和国行政许可法》第三十四条第一款的规定审查申请材料，认为需要补正", "授权委托书",
                         "请您（单位）于2026年3月6日（星期五）前（含当日）将补正材料交到本站。",
                         "承诺期限和法定期限自2026年2月26日起暂停计算，补正材料交齐并经市住房和城乡建设局确认后，"
                         "自下一个工作日起继续计算。"});
  EXPECT_EQ(Text().find("本站即予受理"), std::string::npos) << "it is accepted already";
  EXPECT_EQ(Text().find("第三十二条"), std::string::npos);
}

TEST_F(PrintTest, DeclineNoticeTellsGroundAndRemedy) {
  Print(Fixture("decline"));
  ExpectInOrder(Text(), {"不予受理通知书", "经审查，该建设项目位于青山区行政区域内",
                         "《中华人民共和国行政许可法》第三十二条第一款第（二）项的规定，决定不予受理。",
                         "六十日内向包头市人民政府申请行政复议", "六个月内向包头市昆都仑区人民法院提起行政诉讼"});
  EXPECT_EQ(Text().find("办件编号"), std::string::npos);  // none is bound
}

TEST_F(PrintTest, DeliveryReceiptNamesDocumentsReceiverAndWaybill) {
  Print(Fixture("delivery"));
  ExpectInOrder(Text(), {"送达回证", "受送达人", "内蒙古䶮盛新材料有限公司", "建设工程规划许可证",
                         "建字第150207202600012号", "包铝园准字〔2026〕12号", "邮寄送达", "2026年3月3日",
                         "中国邮政速递物流", "1151234567890", "郑䶮", "公司行政主管"});
}

TEST_F(PrintTest, PlanningPermitBearsItsNumberAndSaysThatItIsADemonstration) {
  Print(Fixture("planning_permit"));
  const std::string text = Text();
  ExpectInOrder(text, {"演示样式，非正式证照", "中华人民共和国", "建设工程规划许可证", "建字第150207202600012号",
                       "年产5万吨高强铝合金圆铸锭技术改造项目一期厂房", "总建筑面积4860.50平方米", "总平面图1份",
                       "包头市自然资源局"});
  EXPECT_NE(text.find("2026年3月2日"), std::string::npos);
  // The watermark is there, in its grey of 0.88, and not between the characters of the text.
  EXPECT_NE(text.find("根据《中华人民共和国土地管理法》《中华人民共和国城乡规划法》和国家有关规定，经审核，"
                      "本建设工程符合国土空间规划和用途管制要求，颁发此证。"),
            std::string::npos)
      << text;
  const std::string pixels = Run("pdftoppm -r 50 -gray " + pdf_);
  EXPECT_GT(std::count(pixels.begin(), pixels.end(), static_cast<char>(224)), 500);
}

TEST_F(PrintTest, PlanningPermitTakesItsNumberWithTheWordsAroundItToo) {
  Paper paper = Fixture("planning_permit");
  std::get<PlanningPermit>(paper.body).number = "建字第150207202600012号";
  Print(paper);
  const std::string text = Text();
  ExpectInOrder(text, {"建设工程规划许可证", "建字第150207202600012号"});
  EXPECT_EQ(text.find("建字第建字第"), std::string::npos);
  EXPECT_EQ(text.find("号号"), std::string::npos);
}

TEST_F(PrintTest, EachKindIsOneA4PageWithItsFontsInside) {
  for (const char* kind : kKindNames) {
    const Paper paper = Fixture(kind);
    Print(paper);
    EXPECT_EQ(Info("Pages"), "1") << kind;
    EXPECT_NE(Info("Page size").find("(A4)"), std::string::npos) << kind << Info("Page size");
    EXPECT_EQ(Info("Title"), std::string(TitleOf(paper.kind())) + " JY03-1-2026-000418") << kind;
    std::istringstream fonts(Run("pdffonts " + pdf_));
    std::string line;
    std::getline(fonts, line);
    std::getline(fonts, line);
    int count = 0;
    while (std::getline(fonts, line)) {
      ++count;
      EXPECT_EQ(line.find("Type 3"), std::string::npos) << kind << ": " << line;
      // Embedded, a subset, with a map to Unicode.
      EXPECT_TRUE(std::regex_search(line, std::regex(" yes +yes +yes "))) << kind << ": " << line;
    }
    EXPECT_GT(count, 1) << kind;
  }
}

TEST_F(PrintTest, QrCodeIsReadBackAsTheCheckText) {
  for (const char* kind : kKindNames) {
    const Paper paper = Fixture(kind);
    Print(paper);
    Run("pdftoppm -r 150 -png -singlefile " + pdf_ + " " + pdf_);
    EXPECT_EQ(Run("zbarimg -q --raw " + pdf_ + ".png 2>/dev/null"), *CheckText(paper) + "\n") << kind;
    const std::string check_text = *CheckText(paper);
    EXPECT_NE(Text().find("校验码" + check_text.substr(check_text.size() - 16)), std::string::npos) << kind;
  }
}

TEST_F(PrintTest, RareCharactersAreDrawn) {
  Paper paper = Fixture("decline");
  paper.applicant = "䶮𠅤";
  Print(paper);
  const std::string with = Run("pdftoppm -r 100 -gray " + pdf_);
  EXPECT_NE(Text().find("䶮𠅤（91150207MA0N00024Q）："), std::string::npos);
  paper.applicant = "𠅤䶮";
  Print(paper);
  EXPECT_NE(Run("pdftoppm -r 100 -gray " + pdf_), with) << "both look alike: boxes";
}

TEST_F(PrintTest, ACharacterThatNoFontHasIsRefused) {
  Paper paper = Fixture("decline");
  paper.applicant = "王\U000323AF";  // the last one of extension H
  const auto pdf = HelperPrinter(kProgram).Print(paper);
  ASSERT_FALSE(pdf);
  EXPECT_EQ(pdf.error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(pdf.error().message, "no installed font has the character \U000323AF (U+323AF)");
  EXPECT_EQ(pdf.error().message_zh, "已安装的字体中没有这个字：\U000323AF (U+323AF)");
}

TEST_F(PrintTest, TheSamePaperIsTheSameFile) {
  for (const char* kind : kKindNames) {
    const auto first = HelperPrinter(kProgram).Print(Fixture(kind));
    ASSERT_TRUE(first) << first.error().Describe();
    EXPECT_EQ(*first, *HelperPrinter(kProgram).Print(Fixture(kind))) << kind;
  }
  Print(Fixture("acceptance"));
  EXPECT_EQ(Run("TZ=Asia/Shanghai pdfinfo -isodates " + pdf_ + " | grep CreationDate"),
            "CreationDate:    2026-02-13T00:00:00+08\n");
}

TEST_F(PrintTest, LongNamesWrapAndLoseNothing) {
  Paper paper = Fixture("acceptance");
  std::string name;
  for (int i = 100; i < 150; ++i) name += std::to_string(i) + "区";  // 200 characters
  paper.applicant = paper.item = name;
  std::get<AcceptanceNotice>(paper.body).materials[2].name = name;
  Print(paper);
  const std::string text = Text();
  ExpectInOrder(text, {name + "（91150207MA0N00024Q）：", "“" + name + "”"});
  // In its column the name is between others of its row: each part is there a third time.
  for (int i = 100; i < 150; ++i) {
    const std::string part = std::to_string(i) + "区";
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
    EXPECT_EQ(count, 3u) << part;
  }
}

TEST_F(PrintTest, ManyMaterialsFlowOntoNumberedPages) {
  Paper paper = Fixture("acceptance");
  auto& notice = std::get<AcceptanceNotice>(paper.body);
  notice.materials.clear();
  for (int i = 1; i <= 60; ++i) notice.materials.push_back({"材料" + std::to_string(1000 + i), 1, "原件", {}});
  Print(paper);
  const int pages = std::stoi(Info("Pages"));
  ASSERT_GE(pages, 2);
  int found = 0;
  for (int page = 1; page <= pages; ++page) {
    const std::string text = Text(page);
    EXPECT_NE(text.find("第" + std::to_string(page) + "页共" + std::to_string(pages) + "页"), std::string::npos)
        << page;
    EXPECT_NE(text.find("受理通知书收件号JY03-1-2026-000418"), std::string::npos) << page;
    int here = 0;
    for (int i = 1; i <= 60; ++i) here += text.find("材料" + std::to_string(1000 + i)) != std::string::npos ? 1 : 0;
    // The table's head is there again.
    EXPECT_EQ(here > 0, text.find("序号") != std::string::npos) << page;
    found += here;
  }
  EXPECT_EQ(found, 60);
  ExpectInOrder(Text(), {"材料1001", "材料1030", "材料1060", "接下来请您", "（盖章）"});
}

TEST_F(PrintTest, ACellThatNoPageHoldsGoesOnOnTheNext) {
  Paper paper = Fixture("delivery");
  auto& receipt = std::get<DeliveryReceipt>(paper.body);
  paper.item.clear();
  for (int i = 0; i < 200; ++i) paper.item += "件";
  receipt.documents.resize(100, {"决定书", "包〔2026〕1号", 1});
  Print(paper);
  EXPECT_GT(std::stoi(Info("Pages")), 3);
  EXPECT_NE(Text().find("收件人签名或者盖章"), std::string::npos);
}

TEST_F(PrintTest, SeveralPrintAtOnce) {
  const HelperPrinter printer(kProgram);
  const base::Result<base::Bytes> alone = printer.Print(Fixture("correction"));
  ASSERT_TRUE(alone);
  std::vector<std::future<base::Result<base::Bytes>>> all;
  for (int i = 0; i < 8; ++i) {
    all.push_back(std::async(std::launch::async, [&printer] { return printer.Print(Fixture("correction")); }));
  }
  for (auto& each : all) {
    const base::Result<base::Bytes> pdf = each.get();
    ASSERT_TRUE(pdf) << pdf.error().Describe();
    EXPECT_EQ(*pdf, *alone);
  }
}

TEST_F(PrintTest, TheProgramRefusesGarbageWithOneLineInEachLanguage) {
  EXPECT_EQ(Run("echo garbage | " + kProgram + " 2>&1", 2), "the paper is no JSON\n文书不是 JSON\n");
  EXPECT_EQ(Run(kProgram + " 2>&1 </dev/null", 2), "the paper is no JSON\n文书不是 JSON\n");
  EXPECT_EQ(Run("head -c 2000000 /dev/zero | " + kProgram + " 2>&1", 2),
            "the paper is longer than 1 MiB\n文书超过 1 MiB\n");
  EXPECT_EQ(Run("sed 's/2026-02-13/2026-02-30/' tests/fixtures/papers/decline.json | " + kProgram + " 2>&1", 2),
            "date: is no date such as 2026-03-02\ndate：不是形如 2026-03-02 的日期\n");
  const std::string file = (folder_.path() / "words").string();
  Run("echo garbage | " + kProgram + " 2>" + file, 2);
  EXPECT_EQ(Run("cat " + file), "the paper is no JSON\n文书不是 JSON\n");
  EXPECT_NE(Run(kProgram + " paper.json 2>&1", 2).find("Usage: yuanban-print"), std::string::npos);
}

// Looked at while it waits for its paper.
TEST_F(PrintTest, TheProgramIsBoundBeforeItReadsItsPaper) {
  const std::string fifo = (folder_.path() / "in").string();
  const std::string seen = Run("mkfifo " + fifo + "; " + kProgram + " <" + fifo + " >/dev/null 2>&1 & pid=$!; exec 3>" +
                               fifo + "; for i in $(seq 200); do grep -q 'Seccomp:.*2' /proc/$pid/status && break; " +
                               "sleep 0.05; done; cat /proc/$pid/limits /proc/$pid/status; exec 3>&-; wait");
  for (const char* line : {"Max cpu time +15 +15 ", "Max core file size +0 +0 ", "Max file size +0 ", "Seccomp:\\s+2",
                           "NoNewPrivs:\\s+1"}) {
    EXPECT_TRUE(std::regex_search(seen, std::regex(line))) << line << "\n" << seen;
  }
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  EXPECT_TRUE(std::regex_search(seen, std::regex("Max address space +1073741824 +1073741824 "))) << seen;
#endif
}

TEST_F(PrintTest, TheProgramWritesNothingButItsPdf) {
  // A folder where fontconfig would keep a cache if it could.
  const std::string home = folder_.path().string();
  Run("env HOME=" + home + " XDG_CACHE_HOME=" + home + "/cache " + kProgram + " <tests/fixtures/papers/decline.json >" +
      pdf_);
  EXPECT_EQ(Info("Pages"), "1");
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path())) {
    if (entry.is_regular_file() && entry.file_size() > 0) ++files;
  }
  EXPECT_EQ(files, 1u);
}

}  // namespace
}  // namespace yb::papers
