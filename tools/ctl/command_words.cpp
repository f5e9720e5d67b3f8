#include "tools/ctl/command_words.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

namespace yb::ctl {
namespace {

std::vector<const CLI::App*> CommandsOf(const CLI::App& group) {
  return group.get_subcommands([](const CLI::App*) { return true; });
}

std::string Listed(const std::vector<const CLI::App*>& commands) {
  std::string names;
  for (const CLI::App* command : commands) names += (names.empty() ? "" : ", ") + command->get_name();
  return names;
}

/// "yuanbanctl calendar", to be typed.
std::string CalledBy(const CLI::App& group) {
  const CLI::App* parent = group.get_parent();
  return (parent != nullptr ? CalledBy(*parent) + " " : "") + group.get_name();
}

}  // namespace

std::size_t Distance(const std::string& a, const std::string& b) {
  std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        cost[i][j] = i + j;
        continue;
      }
      const std::size_t other = cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, other});
      const bool turned = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (turned) cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
    }
  }
  return cost[a.size()][b.size()];
}

std::string AboutTheCommand(const CLI::App& app, const std::vector<std::string>& arguments) {
  constexpr std::size_t kNear = 2;
  const CLI::App* group = &app;
  for (const std::string& word : arguments) {
    const std::vector<const CLI::App*> commands = CommandsOf(*group);
    if (commands.empty()) return {};
    if (word.starts_with("-")) break;
    const auto named = std::ranges::find(commands, word, [](const CLI::App* one) { return one->get_name(); });
    if (named != commands.end()) {
      group = *named;
      continue;
    }
    const auto near =
        std::ranges::min_element(commands, {}, [&](const CLI::App* one) { return Distance(word, one->get_name()); });
    const std::string what = "there is no command '" + word + "' in " + CalledBy(*group);
    if (Distance(word, (*near)->get_name()) <= kNear) return what + "; did you mean '" + (*near)->get_name() + "'?";
    return what + "; there are " + Listed(commands);
  }
  const std::vector<const CLI::App*> commands = CommandsOf(*group);
  if (commands.empty()) return {};
  return CalledBy(*group) + " needs a command: " + Listed(commands) + "\n  " + CalledBy(*group) +
         " --help says what each does";
}

}  // namespace yb::ctl
