// What HelperPrinter makes of helpers that break down. The helpers are shell scripts.
#include "core/papers/helper_printer.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/temp_folder.hpp"
#include "tests/unit/papers/paper_fixtures.hpp"

namespace yb::papers {
namespace {

using base::ErrorCode;
using namespace std::chrono_literals;

class HelperPrinterTest : public testing::Test {
 protected:
  base::Result<base::Bytes> PrintWith(const std::string& script, std::chrono::milliseconds limit = 20s,
                                      const Paper& paper = Fixture("decline")) {
    const std::filesystem::path program = folder_.path() / "helper";
    std::ofstream(program) << "#!/bin/sh\n" << script << "\n";
    ::chmod(program.c_str(), 0755);
    return HelperPrinter(program, limit).Print(paper);
  }

  test::TempFolder folder_;
};

TEST_F(HelperPrinterTest, GivesWhatTheHelperPrinted) {
  const auto pdf = PrintWith("cat >\"$0.in\"; printf '%%PDF-1.5\\nx\\n%%%%EOF\\n'");
  ASSERT_TRUE(pdf) << pdf.error().Describe();
  EXPECT_EQ(base::AsText(*pdf), "%PDF-1.5\nx\n%%EOF\n");
  std::ifstream in(folder_.path() / "helper.in");
  const std::string given((std::istreambuf_iterator<char>(in)), {});
  EXPECT_EQ(given, *Encode(Fixture("decline")));
}

TEST_F(HelperPrinterTest, StopsAHelperThatTakesTooLong) {
  const auto begun = std::chrono::steady_clock::now();
  const auto pdf = PrintWith("exec sleep 60", 200ms);
  ASSERT_FALSE(pdf);
  EXPECT_EQ(pdf.error().code, ErrorCode::kTimeout);
  EXPECT_EQ(pdf.error().message_zh, "打印程序超时，已停止");
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 30s);
}

TEST_F(HelperPrinterTest, StopsAHelperThatClosedItsOutputsAndStays) {
  const auto pdf = PrintWith("exec sleep 60 >&- 2>&-", 200ms);
  ASSERT_FALSE(pdf);
  EXPECT_EQ(pdf.error().code, ErrorCode::kTimeout);
}

TEST_F(HelperPrinterTest, NamesTheSignalThatEndedAHelper) {
  const auto pdf = PrintWith("kill -KILL $$");
  ASSERT_FALSE(pdf);
  EXPECT_EQ(pdf.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(pdf.error().message, "the printing program broke down with signal 9");
  EXPECT_NE(pdf.error().hint_zh, "");
}

TEST_F(HelperPrinterTest, OutlivesAHelperThatDoesNotListen) {
  Paper large = Fixture("acceptance");
  auto& notice = std::get<AcceptanceNotice>(large.body);
  notice.materials.resize(300);
  // Over 200 KiB: more than a socket holds unread.
  for (PaperMaterial& material : notice.materials) {
    material.name.clear();
    for (int i = 0; i < 200; ++i) material.name += "料";
  }
  const auto pdf = PrintWith("exec <&-; echo tired >&2; exit 7", 20s, large);
  ASSERT_FALSE(pdf);
  EXPECT_EQ(pdf.error().message, "the printing program broke down with status 7: tired");
}

TEST_F(HelperPrinterTest, GivesNoPdfThatIsNotWhole) {
  for (const char* script : {"cat >/dev/null", "echo garbage", "printf '%%PDF-1.5\\nhalf'"}) {
    const auto pdf = PrintWith(script);
    ASSERT_FALSE(pdf) << script;
    EXPECT_EQ(pdf.error().code, ErrorCode::kUnavailable) << script;
    EXPECT_EQ(pdf.error().message, "the printing program wrote no whole PDF") << script;
  }
}

TEST_F(HelperPrinterTest, TakesNoEndlessPdf) {
  const auto pdf = PrintWith("exec cat /dev/zero");
  ASSERT_FALSE(pdf);
  EXPECT_EQ(pdf.error().message, "the printing program wrote more than 32 MiB");
}

TEST_F(HelperPrinterTest, HasNoMemoryForEndlessWords) {
  const auto pdf = PrintWith("head -c 10000000 /dev/zero | tr '\\0' x >&2; exit 1");
  ASSERT_FALSE(pdf);
  EXPECT_LT(pdf.error().message.size(), 20'000u);
}

TEST_F(HelperPrinterTest, TellsTheHelpersOwnWordsInBothLanguages) {
  const auto bad = PrintWith("printf 'date: is empty\\n日期没有填写\\n' >&2; exit 2");
  EXPECT_EQ(bad.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(bad.error().message, "date: is empty");
  EXPECT_EQ(bad.error().message_zh, "日期没有填写");
  EXPECT_EQ(PrintWith("printf 'a\\nb\\n' >&2; exit 3").error().code, ErrorCode::kUnsupported);
}

TEST_F(HelperPrinterTest, NamesAHelperThatIsNotThere) {
  const auto pdf = HelperPrinter(folder_.path() / "nothing").Print(Fixture("decline"));
  ASSERT_FALSE(pdf);
  EXPECT_EQ(pdf.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(pdf.error().message.find("nothing: No such file or directory"), std::string::npos) << pdf.error().message;
}

TEST_F(HelperPrinterTest, StartsNoHelperForAPaperThatCannotBePrinted) {
  Paper paper = Fixture("decline");
  paper.clerk.clear();
  const auto pdf = PrintWith("touch \"$0.ran\"", 20s, paper);
  ASSERT_FALSE(pdf);
  EXPECT_EQ(pdf.error().context, "clerk");
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "helper.ran"));
}

TEST_F(HelperPrinterTest, GivesTheHelperNothingOfThisProcess) {
  ::setenv("YB_SECRET", "s", 1);
  const int left_open = ::open("/dev/null", 0);
  const auto pdf = PrintWith("{ env; ls -l /proc/self/fd; } >\"$0.seen\"; printf '%%PDF-\\n%%%%EOF\\n'");
  ::close(left_open);
  ASSERT_TRUE(pdf) << pdf.error().Describe();
  std::ifstream in(folder_.path() / "helper.seen");
  const std::string seen((std::istreambuf_iterator<char>(in)), {});
  EXPECT_NE(seen.find("LC_ALL=C.UTF-8"), std::string::npos);
  EXPECT_EQ(seen.find("YB_SECRET"), std::string::npos) << seen;
  EXPECT_EQ(seen.find("/dev/null"), std::string::npos) << seen;
}

}  // namespace
}  // namespace yb::papers
