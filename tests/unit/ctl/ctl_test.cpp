#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>

#include "core/security/certificate.hpp"
#include "core/security/private_file.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_folder.hpp"
#include "tools/ctl/command_words.hpp"
#include "tools/ctl/run.hpp"

namespace yb::ctl {
namespace {

namespace fs = std::filesystem;

struct Said {
  int status = 0;
  std::string out;
  std::string err;
};

class CtlTest : public ::testing::Test {
 protected:
  Said Ctl(const std::vector<std::string>& arguments) {
    std::ostringstream out;
    std::ostringstream err;
    const int status = ctl::Run(arguments, out, err, clock_);
    return {status, out.str(), err.str()};
  }
  void Init() { ASSERT_EQ(Ctl({"pki", "init", "--dir", pki_, "--city", "150200"}).status, 0); }

  test::TempFolder folder_;
  test::ManualClock clock_{base::FromIso("2026-03-02T06:00:00Z").value()};
  std::string pki_ = folder_.path() / "pki";
};

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_F(CtlTest, HelpsStrangers) {
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"--help"},
                                                    {"pki", "--help"},
                                                    {"pki", "issue-code", "--help"},
                                                    {"enroll", "--help"},
                                                    {"broker", "config", "--help"}}) {
    const Said said = Ctl(arguments);
    EXPECT_EQ(said.status, 0);
    EXPECT_TRUE(Has(said.out, "Usage: "));
    EXPECT_EQ(said.err, "");
  }
}

TEST_F(CtlTest, TellsWrongCallsFromFailures) {
  EXPECT_EQ(Ctl({}).status, 64);
  EXPECT_EQ(Ctl({"nonsense"}).status, 64);
  EXPECT_EQ(Ctl({"pki", "init", "--dir", pki_}).status, 64) << "--city is missing";
  EXPECT_EQ(Ctl({"pki", "revoke", "--dir", pki_}).status, 64) << "neither --site nor --serial";
  EXPECT_EQ(Ctl({"pki", "issue-code", "--dir", pki_, "--site", "a", "--name", "b", "--valid-hours", "0"}).status, 64);
  const Said failed = Ctl({"pki", "init", "--dir", pki_, "--city", "15"});
  EXPECT_EQ(failed.status, 64);
  EXPECT_EQ(
      failed.err,
      "yuanbanctl: --city: '15' is no city code\n  six digits of the administrative division code, such as 150200\n");
}

TEST_F(CtlTest, NamesTheCommandThatComesFirst) {
  const Said said = Ctl({"pki", "issue-code", "--dir", pki_, "--site", "lvye-01", "--name", "绿业园区"});
  EXPECT_EQ(said.status, 1);
  EXPECT_TRUE(Has(said.err, "yuanbanctl pki init --dir " + pki_)) << said.err;
}

TEST_F(CtlTest, PrintsACodeOnceAndUntilWhenItIsGood) {
  Init();
  const Said said = Ctl({"pki", "issue-code", "--dir", pki_, "--site", "lvye-01", "--name", "绿业园区"});
  EXPECT_EQ(said.status, 0);
  EXPECT_TRUE(Has(said.out, "2026-03-03 14:00 +08:00")) << said.out;
  const std::regex code("YB1(-[0-9A-HJKMNP-TV-Z]{5}){7}");
  EXPECT_EQ(std::distance(std::sregex_iterator(said.out.begin(), said.out.end(), code), {}), 1);
}

TEST_F(CtlTest, ListsCertificatesAndCodesWithTheirState) {
  Init();
  ASSERT_EQ(Ctl({"pki", "issue-code", "--dir", pki_, "--site", "lvye-01", "--name", "绿业园区"}).status, 0);
  EXPECT_TRUE(Has(Ctl({"pki", "list", "--dir", pki_}).out, "open until 2026-03-03 14:00 +08:00"));
  const std::string listed = Ctl({"pki", "list", "--dir", pki_}).out;
  for (const char* part : {"central", "broker", "web", "until 2028-03-01 14:00 +08:00", "lvye-01", "绿业园区"}) {
    EXPECT_TRUE(Has(listed, part)) << part << " is not in\n" << listed;
  }
  clock_.Advance(std::chrono::hours(25));
  EXPECT_TRUE(Has(Ctl({"pki", "list", "--dir", pki_}).out, "ended 2026-03-03 14:00 +08:00"));
}

TEST_F(CtlTest, RevokesBySerialAndKeepsTheBrokersListInStep) {
  Init();
  const std::string broker = folder_.path() / "broker";
  ASSERT_EQ(Ctl({"broker", "config", "--pki", pki_, "--dir", broker}).status, 0);
  const std::string serial =
      security::InspectCertificate(security::ReadSmallFile(pki_ + "/central.pem").value()).value().serial;
  std::string small = serial;
  for (char& c : small) c = static_cast<char>(std::tolower(c));
  EXPECT_EQ(Ctl({"pki", "revoke", "--dir", pki_, "--serial", small, "--broker-dir", broker}).status, 0);
  EXPECT_EQ(security::ReadSmallFile(pki_ + "/crl.pem").value(), security::ReadSmallFile(broker + "/crl.pem").value());
  EXPECT_TRUE(Has(Ctl({"pki", "list", "--dir", pki_}).out, "revoked 2026-03-02 14:00 +08:00"));
  EXPECT_EQ(Ctl({"pki", "revoke", "--dir", pki_, "--serial", "00"}).status, 1);
}

TEST_F(CtlTest, WritesAConfigurationWithoutPlaceholdersBesideTheFilesItNames) {
  Init();
  const fs::path broker = folder_.path() / "with space" / "broker";
  ASSERT_EQ(Ctl({"broker", "config", "--pki", pki_, "--port", "18883", "--dir", broker.string()}).status, 0);
  const std::string config = security::ReadSmallFile(broker / "mosquitto.conf").value();
  const std::string acl = security::ReadSmallFile(broker / "acl").value();
  EXPECT_FALSE(Has(config, "@"));
  EXPECT_FALSE(Has(acl, "@"));
  EXPECT_TRUE(Has(config, "listener 18883 127.0.0.1\n"));
  EXPECT_TRUE(Has(acl, "pattern write yb/1/150200/%u/up/#\n"));
  std::istringstream lines(config);
  for (std::string key, rest; lines >> key && std::getline(lines, rest);) {
    if (!key.ends_with("file") || key == "pid_file") continue;  // the broker writes that one
    EXPECT_TRUE(fs::exists(rest.substr(1))) << rest;
  }
  EXPECT_EQ(fs::status(broker / "broker.key").permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_FALSE(fs::exists(broker / "issuing.key"));
}

TEST_F(CtlTest, ShowsWhatIsInAFile) {
  Init();
  const Said said = Ctl({"pki", "show", pki_ + "/broker.pem"});
  EXPECT_TRUE(Has(said.out, "issued by    Yuanban 150200 issuing"));
  EXPECT_TRUE(Has(said.out, "reached at   127.0.0.1"));
  EXPECT_TRUE(Has(said.out, "authority")) << "its chain is shown too";
  EXPECT_FALSE(Has(said.out, "ENDED"));
  clock_.Advance(std::chrono::hours(24 * 400));
  EXPECT_TRUE(Has(Ctl({"pki", "show", pki_ + "/broker.pem"}).out, "ENDED"));
  EXPECT_TRUE(Has(Ctl({"pki", "show", pki_ + "/broker.key"}).err, "there is no certificate in"));
}

TEST_F(CtlTest, RenewsTheCertificatesOfServices) {
  Init();
  clock_.Advance(std::chrono::hours(24 * 390));
  EXPECT_EQ(Ctl({"pki", "renew", "--dir", pki_}).status, 0);
  EXPECT_TRUE(Has(Ctl({"pki", "show", pki_ + "/web.pem"}).out, "to 2028-"));
}

TEST_F(CtlTest, SaysWhatIsWrongWithACode) {
  const Said said =
      Ctl({"enroll", "--central", "https://127.0.0.1:1", "--code", "YB1-1234", "--dir", folder_.path() / "box"});
  EXPECT_EQ(said.status, 64);
  EXPECT_TRUE(Has(said.err, "has 4 characters after YB1 instead of 35")) << said.err;
  EXPECT_FALSE(fs::exists(folder_.path() / "box"));
}

TEST_F(CtlTest, HandsFramesToTheDecoderWithItsOwnStatus) {
  const Said help = Ctl({"meter", "decode", "--help"});
  EXPECT_EQ(help.status, 0);
  EXPECT_TRUE(Has(help.out, "yuanbanctl meter decode --protocol"));
  const Said good = Ctl({"meter", "decode", "--protocol", "modbus", "--layout", "rtu", "01 03 02 00 64 B9 AF"});
  EXPECT_EQ(good.status, 0) << good.out << good.err;
  const Said rejected = Ctl({"meter", "decode", "--protocol", "modbus", "--layout", "rtu", "01 03 02 00 64 B9 AE"});
  EXPECT_EQ(rejected.status, 3) << rejected.out << rejected.err;
  EXPECT_EQ(Ctl({"meter", "decode", "--protocol", "morse", "00"}).status, 64);
}

TEST_F(CtlTest, UnderstandsTheExamplesOfItsGuide) {
  std::ifstream guide("docs/security.md");
  ASSERT_TRUE(guide) << "tests run in the project's folder";
  std::ofstream(folder_.path() / "password") << "correct horse battery\n";
  int examples = 0;
  for (std::string line; std::getline(guide, line);) {
    if (!line.starts_with("yuanbanctl ")) continue;
    ++examples;
    for (const char* folder : {"/etc/yuanban", "/var/lib/yuanban"}) {
      for (std::size_t at = 0; (at = line.find(folder, at)) != std::string::npos;) {
        line.replace(at, std::strlen(folder), folder_.path().string());
        at += folder_.path().string().size();
      }
    }
    std::istringstream words(line.substr(line.find(' ')));
    const std::vector<std::string> arguments{std::istream_iterator<std::string>(words), {}};
    const Said said = Ctl(arguments);
    // CODE stands for a code, and is none.
    EXPECT_EQ(said.status, arguments.front() == "enroll" ? 64 : 0) << line << "\n" << said.err;
  }
  EXPECT_GE(examples, 12);
}

TEST_F(CtlTest, CountsWorkingDaysAndSaysWhatIsProvisional) {
  EXPECT_EQ(Ctl({"calendar", "add", "--from", "2025-09-26", "--working-days", "5"}).out, "2025-10-10\n");
  EXPECT_EQ(Ctl({"calendar", "add", "--from", "2026-12-31", "--working-days", "1"}).out, "2027-01-01 暂定\n");
  EXPECT_EQ(Ctl({"calendar", "between", "2026-02-13", "2026-03-04"}).out, "9\n");
  const Said behind = Ctl({"calendar", "add", "--from", "9999-12-30", "--working-days", "5"});
  EXPECT_EQ(behind.status, 1);
  EXPECT_EQ(behind.err, "yuanbanctl: the day would be behind the year 9999\n");
  EXPECT_EQ(Ctl({"calendar", "between", "2026-03-04", "2026-02-13"}).status, 1) << "both can be read; the answer is no";
}

TEST_F(CtlTest, CallsAValueThatCannotBeReadWronglyCalled) {
  for (const char* days : {"5.5", "-5", "10001", "five", ""}) {
    const Said said = Ctl({"calendar", "add", "--from", "2026-02-13", "--working-days", days});
    EXPECT_EQ(said.status, 64) << days;
    EXPECT_TRUE(Has(said.err, "yuanbanctl: --working-days")) << said.err;
  }
  for (const char* date : {"2026-02-30", "13.2.2026", "1799-12-31", "10000-01-01"}) {
    const Said said = Ctl({"calendar", "add", "--from", date, "--working-days", "5"});
    EXPECT_EQ(said.status, 64) << date;
    EXPECT_TRUE(Has(said.err, "yuanbanctl: --from: '" + std::string(date) + "' is no date\n")) << said.err;
  }
  EXPECT_EQ(Ctl({"calendar", "between", "2026-02-30", "2026-03-04"}).status, 64);
  EXPECT_TRUE(Has(Ctl({"calendar", "between", "2026-03-04", "tomorrow"}).err, "yuanbanctl: B: 'tomorrow' is no date"));
  EXPECT_EQ(Ctl({"meter", "scan", "--tcp", "10.0.3.7"}).status, 64);
  EXPECT_EQ(Ctl({"meter", "scan", "--tcp", "127.0.0.1:1", "--units", "0-9"}).status, 64);
  EXPECT_EQ(Ctl({"meter", "read", "--tcp", "127.0.0.1:1", "--address", "1"}).status, 64) << "nothing to read is named";
  EXPECT_EQ(Ctl({"pki", "issue-code", "--dir", pki_, "--site", "No Site", "--name", "b"}).status, 64);
  EXPECT_EQ(Ctl({"user", "add", "zhangsan", "--data", folder_.path(), "--role", "king"}).status, 64);
  EXPECT_EQ(Ctl({"ledger", "show", "--site", "NOPE", "--data", folder_.path()}).status, 64) << "no site id at all";
}

// Days by the State Council's notices of 2025 and 2026 and the law's holidays.
TEST_F(CtlTest, TellsOfEachDayWhyItCounts) {
  EXPECT_EQ(Ctl({"calendar", "add", "--from", "2025-09-26", "--working-days", "5", "--why"}).out,
            "2025-09-27  周末 weekend, 不计 does not count\n"
            "2025-09-28  周末上班 working weekend, 第 1 个工作日 working day 1\n"
            "2025-09-29 … 2025-09-30  工作日 workday, 第 2 至 3 个工作日 working days 2 to 3\n"
            "2025-10-01 … 2025-10-08  放假 holiday, 不计 does not count\n"
            "2025-10-09 … 2025-10-10  工作日 workday, 第 4 至 5 个工作日 working days 4 to 5\n"
            "2025-10-10\n");
  EXPECT_EQ(Ctl({"calendar", "add", "--from", "2026-12-30", "--working-days", "3", "--why"}).out,
            "2026-12-31  工作日 workday, 第 1 个工作日 working day 1\n"
            "2027  放假通知未载入，按平常周末计，暂定 no notice of this year is loaded: counted with plain weekends, "
            "provisional\n"
            "2027-01-01  工作日 workday, 第 2 个工作日 working day 2; 法定元旦，通知未公布前按平日计 New Year by law, "
            "counted as any"
            " weekday until the notice is there\n"
            "2027-01-02 … 2027-01-03  周末 weekend, 不计 does not count\n"
            "2027-01-04  工作日 workday, 第 3 个工作日 working day 3\n"
            "2027-01-04 暂定\n");
  EXPECT_EQ(Ctl({"calendar", "add", "--from", "2026-02-13", "--working-days", "0", "--why"}).out, "2026-02-13\n");
}

TEST_F(CtlTest, NamesTheWordThatIsNoCommandAndTheOneThatWasMeant) {
  const auto told = [&](const std::vector<std::string>& arguments) {
    const Said said = Ctl(arguments);
    EXPECT_EQ(said.status, 64);
    EXPECT_EQ(said.out, "");
    return said.err;
  };
  EXPECT_EQ(told({"calender", "add", "--from", "2026-02-13", "--working-days", "1"}),
            "yuanbanctl: there is no command 'calender' in yuanbanctl; did you mean 'calendar'?\n");
  EXPECT_EQ(told({"ledger", "vreify", "--data", "x"}),
            "yuanbanctl: there is no command 'vreify' in yuanbanctl ledger; did you mean 'verify'?\n");
  EXPECT_EQ(told({"calendar", "tomorrow"}),
            "yuanbanctl: there is no command 'tomorrow' in yuanbanctl calendar; there are add, between\n");
  EXPECT_EQ(told({"calendar"}),
            "yuanbanctl: yuanbanctl calendar needs a command: add, between\n"
            "  yuanbanctl calendar --help says what each does\n");
  EXPECT_TRUE(Has(told({}), "yuanbanctl needs a command: pki, broker, "));
  EXPECT_TRUE(Has(told({"--data", "x", "ledger"}), "there is no option '--data' in yuanbanctl")) << "it stands behind";
}

TEST_F(CtlTest, NamesWhatIsMissingOrMisspeltAndShowsHowItIsCalled) {
  const auto told = [&](const std::vector<std::string>& arguments) {
    const Said said = Ctl(arguments);
    EXPECT_EQ(said.status, 64);
    EXPECT_EQ(said.out, "");
    return said.err;
  };
  const std::string show =
      "\n  Usage: yuanbanctl ledger show (CASE | --site SITE) --data DIR [OPTIONS]\n"
      "  yuanbanctl ledger show --help says more\n";
  EXPECT_EQ(told({"ledger", "show", "LY01-1-2026-000001"}), "yuanbanctl: --data is required" + show);
  EXPECT_EQ(told({"ledger", "show", "--site", "lvye-01"}), "yuanbanctl: --data is required" + show);
  EXPECT_EQ(told({"ledger", "show"}), "yuanbanctl: --data and one of (CASE | --site) are required" + show);
  EXPECT_EQ(told({"ledger", "show", "--data", "x"}), "yuanbanctl: one of (CASE | --site) is required" + show);
  EXPECT_EQ(told({"ledger", "show", "c", "--site", "lvye-01", "--data", "x"}),
            "yuanbanctl: only one of (CASE | --site) may be given" + show);

  const std::string add =
      "\n  Usage: yuanbanctl calendar add --from DATE --working-days DAYS [OPTIONS]\n"
      "  yuanbanctl calendar add --help says more\n";
  EXPECT_EQ(told({"calendar", "add", "--form", "2026-02-13", "--working-days", "1"}),
            "yuanbanctl: there is no option '--form' in yuanbanctl calendar add; did you mean '--from'?" + add);
  EXPECT_EQ(
      told({"calendar", "add", "--working", "1"}),
      "yuanbanctl: there is no option '--working' in yuanbanctl calendar add; did you mean '--working-days'?" + add);
  EXPECT_EQ(
      told({"calendar", "add", "--since=2026-02-13"}),
      "yuanbanctl: there is no option '--since' in yuanbanctl calendar add; there are --from, --working-days, --why" +
          add);
  EXPECT_EQ(told({"calendar", "add"}), "yuanbanctl: --from and --working-days are required" + add);
  EXPECT_EQ(told({"calendar", "add", "2026-02-13", "--working-days", "1"}), "yuanbanctl: --from is required" + add);
  EXPECT_EQ(told({"calendar", "add", "--from", "2026-02-13", "--working-days", "1", "why"}),
            "yuanbanctl: there is no place for 'why' in yuanbanctl calendar add; did you mean '--why'?" + add);
  EXPECT_EQ(told({"ledger", "verify", "--data", "x", "--agains", "y"}),
            "yuanbanctl: there is no option '--agains' in yuanbanctl ledger verify; did you mean '--against'?\n"
            "  Usage: yuanbanctl ledger verify --data DIR [OPTIONS]\n  yuanbanctl ledger verify --help says more\n");
  EXPECT_TRUE(Has(told({"check", "uscc"}), "yuanbanctl: CODE is required\n  Usage: yuanbanctl check uscc CODE\n"));
  EXPECT_TRUE(Has(told({"meter", "decode", "--protocol", "morse", "00"}), "yuanbanctl: ")) << "the decoder's own too";
}

TEST_F(CtlTest, ShowsTheSameUsageInItsHelp) {
  EXPECT_TRUE(Has(Ctl({"ledger", "show", "--help"}).out,
                  "\nUsage: yuanbanctl ledger show (CASE | --site SITE) --data DIR [OPTIONS]\n"));
  EXPECT_TRUE(Has(Ctl({"ledger", "--help"}).out, "\nUsage: yuanbanctl ledger COMMAND\n"));
  EXPECT_TRUE(Has(Ctl({"pki", "list", "--help"}).out, "Exit code: 0 done, 1 not done, 64 wrongly called.\n"));
}

TEST(CommandWords, CountWhatWasMistyped) {
  EXPECT_EQ(Distance("calender", "calendar"), 1U);
  EXPECT_EQ(Distance("vreify", "verify"), 1U) << "two letters the wrong way round are one slip";
  EXPECT_EQ(Distance("", "add"), 3U);
  EXPECT_EQ(Distance("add", "add"), 0U);
  EXPECT_EQ(Distance("ad", "add"), 1U);
}

TEST_F(CtlTest, TellsGoodWrongAndDoubtfulCodesApart) {
  EXPECT_EQ(Ctl({"check", "uscc", "91440101MA5CJQ4N59"}).status, 0);
  EXPECT_EQ(Ctl({"check", "uscc", "91440101MA5CJQ4N5"}).status, 1);
  EXPECT_EQ(Ctl({"check", "uscc", "91350100M0001TGQXM"}).status, 2);
  EXPECT_EQ(Ctl({"check", "uscc", "91350200776049653a"}).status, 2);
  EXPECT_EQ(Ctl({"check", "uscc", "000000000000000000"}).status, 2);
  EXPECT_EQ(Ctl({"check", "id", "990203189001010018"}).status, 2);
  EXPECT_EQ(Ctl({"check", "id", "34052419800101001x"}).status, 2);
  const Said old = Ctl({"check", "id", "150203900101001"});
  EXPECT_EQ(old.status, 1);
  EXPECT_TRUE(Has(old.out, "old 15-digit form")) << old.out;
  EXPECT_EQ(Ctl({"check", "uscc"}).status, 64) << "no code at all is no warning";
  EXPECT_TRUE(Has(Ctl({"check", "--help"}).out, "2 a warning, 64 wrongly called"));
  EXPECT_EQ(Ctl({"check", "id", "34052419800101001X"}).status, 0);
  EXPECT_EQ(Ctl({"check", "id", "340524198001010013"}).status, 1);
}

}  // namespace
}  // namespace yb::ctl
