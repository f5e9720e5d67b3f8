#include "tools/ctl/run.hpp"

#include <CLI/CLI.hpp>

#include "tools/ctl/commands.hpp"

namespace yb::ctl {
namespace {

constexpr int kFailed = 1;
constexpr int kWronglyCalled = 2;

}  // namespace

std::string ForPeople(base::UtcTime time) {
  const std::string iso = base::ToIso(time);
  return iso.substr(0, 10) + " " + iso.substr(11, 5) + " UTC";
}

int Run(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err, const base::Clock& clock) {
  CLI::App app("What an administrator of Yuanban (园办) does from a shell, at central and on a box.", "yuanbanctl");
  app.require_subcommand(1);
  app.footer("Each command tells more with --help, such as: yuanbanctl pki init --help");
  Action chosen;
  for (const AddCommand add : CommandTable()) add(app, chosen);
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::ParseError& problem) {
    return app.exit(problem, out, err) == 0 ? 0 : kWronglyCalled;
  }
  YB_CHECK(chosen != nullptr, "every subcommand sets what to do");
  Console console{out, err, clock};
  const base::Status done = chosen(console);
  if (done) return console.status;
  const base::Error& error = done.error();
  err << "yuanbanctl: " << (error.context.empty() ? "" : error.context + ": ") << error.message << "\n";
  if (!error.hint.empty()) err << "  " << error.hint << "\n";
  return kFailed;
}

}  // namespace yb::ctl
