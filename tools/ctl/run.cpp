#include "tools/ctl/run.hpp"

#include <CLI/CLI.hpp>

#include "core/domain/calendar/civil_day.hpp"
#include "tools/ctl/command_words.hpp"
#include "tools/ctl/commands.hpp"

namespace yb::ctl {
namespace {

constexpr const char* kExitCodes = "Exit code: 0 done, 1 not done, 64 wrongly called.";

/// --help with the line of usage that errors show, and with exit codes where the command names none of its own.
class HelpFormatter : public CLI::Formatter {
 public:
  std::string make_usage(const CLI::App* app, std::string /*name*/) const override {
    return "Usage: " + UsageOf(*app) + "\n";
  }
  std::string make_footer(const CLI::App* app) const override {
    const std::string footer = app->get_footer();
    if (footer.find("Exit code:") != std::string::npos) return footer + "\n";
    return footer + (footer.empty() ? "" : "\n") + kExitCodes + "\n";
  }
};

}  // namespace

std::string Counted(std::uint64_t count, std::string_view what) {
  return std::to_string(count) + " " + std::string(what) + (count == 1 ? "" : "s");
}

std::string ForPeople(base::UtcTime time) {
  const std::string iso = base::ToIso(time + calendar::kBeijingOffset);
  return iso.substr(0, 10) + " " + iso.substr(11, 5) + " +08:00";
}

int Run(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err, const base::Clock& clock) {
  CLI::App app("What an administrator of Yuanban (园办) does from a shell, at central and on a box.", "yuanbanctl");
  app.require_subcommand(1);
  app.formatter(std::make_shared<HelpFormatter>());
  Action chosen;
  for (const AddCommand add : CommandTable()) add(app, chosen);
  app.footer(
      "Each command tells more with --help, such as: yuanbanctl pki init --help\n"
      "Exit code: 0 done, 1 not done or answered with no, 64 wrongly called: something is missing, unknown or cannot "
      "be\n"
      "read. Other codes are a command's own and told there.");
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::ParseError& problem) {
    if (problem.get_exit_code() == 0) return app.exit(problem, out, err);  // --help
    err << "yuanbanctl: " << AboutTheCall(app, arguments, problem) << "\n";
    return kWronglyCalled;
  }
  YB_CHECK(chosen != nullptr, "every subcommand sets what to do");
  Console console{out, err, clock};
  const base::Status done = chosen(console);
  if (done) return console.status;
  const base::Error& error = done.error();
  err << "yuanbanctl: " << (error.context.empty() ? "" : error.context + ": ") << error.message << "\n";
  if (!error.hint.empty()) err << "  " << error.hint << "\n";
  return console.status == kWronglyCalled ? kWronglyCalled : kFailed;
}

}  // namespace yb::ctl
