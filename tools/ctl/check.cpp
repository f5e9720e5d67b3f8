#include <CLI/CLI.hpp>
#include <ostream>

#include "core/domain/codes/identity_codes.hpp"
#include "tools/ctl/commands.hpp"

namespace yb::ctl {
namespace {

using codes::Verdict;

constexpr int kWrong = 1;
constexpr int kWarning = 2;

base::Status Tell(const codes::Finding& finding, Console& console) {
  switch (finding.verdict) {
    case Verdict::kGood: console.out << "good: "; break;
    case Verdict::kWarning:
      console.out << "warning: ";
      console.status = kWarning;
      break;
    case Verdict::kWrong:
      console.out << "wrong: ";
      console.status = kWrong;
      break;
  }
  console.out << finding.why.en << " (" << finding.why.zh << ")\n";
  return {};
}

/// Citizens are born by the calendar of the country, which is 8 hours ahead of UTC.
calendar::CivilDate Today(const base::Clock& clock) {
  using std::chrono::sys_time;
  const sys_time<base::Duration> now(base::Duration(clock.Now().micros));
  return std::chrono::floor<std::chrono::days>(now + std::chrono::hours(8));
}

}  // namespace

void AddCheck(CLI::App& app, Action& chosen) {
  CLI::App* check = app.add_subcommand("check", "Whether a code can be one: 0 good, 1 wrong, 2 warning, with why");
  check->require_subcommand(1);
  check->footer(
      "A warning may be a mistake, but codes like it are in use or were meant: compare it with the licence or card.\n"
      "Exit code: 0 good, 1 wrong, 2 a warning, 64 wrongly called.");
  auto code = std::make_shared<std::string>();

  CLI::App* uscc = check->add_subcommand("uscc", "Unified social credit code (统一社会信用代码, GB 32100)");
  uscc->add_option("CODE", *code, "18 characters")->required();
  uscc->callback(
      [code, &chosen] { chosen = [code](Console& console) { return Tell(codes::CheckCreditCode(*code), console); }; });

  CLI::App* id = check->add_subcommand("id", "Identity number (公民身份号码, GB 11643)");
  id->add_option("NUMBER", *code, "18 characters")->required();
  id->callback([code, &chosen] {
    chosen = [code](Console& console) {
      return Tell(codes::CheckIdentityNumber(*code, Today(console.clock)), console);
    };
  });
}

}  // namespace yb::ctl
