#include "tools/ctl/command_words.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>

namespace yb::ctl {
namespace {

constexpr std::size_t kNear = 2;

std::string Joined(const std::vector<std::string>& names, const std::string& between, const std::string& last) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? last : between;
    text += names[i];
  }
  return text;
}

std::vector<const CLI::App*> CommandsOf(const CLI::App& group) {
  return group.get_subcommands([](const CLI::App* one) { return !one->get_name().empty(); });
}

/// Groups of options of which one has to be given.
std::vector<const CLI::App*> ChoicesOf(const CLI::App& command) {
  return command.get_subcommands([](const CLI::App* one) { return one->get_name().empty(); });
}

std::string Listed(const std::vector<const CLI::App*>& commands) {
  std::vector<std::string> names;
  names.reserve(commands.size());
  for (const CLI::App* command : commands) names.push_back(command->get_name());
  return Joined(names, ", ", ", ");
}

/// "yuanbanctl calendar", to be typed.
std::string CalledBy(const CLI::App& group) {
  const CLI::App* parent = group.get_parent();
  return (parent != nullptr ? CalledBy(*parent) + " " : "") + group.get_name();
}

/// Those of the command itself, without --help.
std::vector<const CLI::Option*> OwnOptions(const CLI::App& command) {
  return command.get_options([&](const CLI::Option* one) { return one != command.get_help_ptr(); });
}

std::vector<const CLI::Option*> AllOptions(const CLI::App& command) {
  std::vector<const CLI::Option*> all = OwnOptions(command);
  for (const CLI::App* choice : ChoicesOf(command)) {
    const auto more = OwnOptions(*choice);
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

/// "--data DIR", "CASE", "FILE...".
std::string Shown(const CLI::Option& option) {
  const bool many = option.get_expected_max() >= CLI::detail::expected_max_vector_size;
  if (option.get_positional()) return option.get_name(true) + (many ? "..." : "");
  if (option.get_type_size() == 0) return option.get_name();
  const std::string type = option.get_type_name();
  return option.get_name() + " " + type.substr(0, type.find(':')) + (many ? "..." : "");
}

std::string WithUsage(const std::string& what, const CLI::App& command) {
  return what + "\n  Usage: " + UsageOf(command) + "\n  " + CalledBy(command) + " --help says more";
}

bool LooksLikeAnOption(const std::string& word) {
  return word.size() > 1 && word[0] == '-' && std::isdigit(static_cast<unsigned char>(word[1])) == 0;
}

bool IsOption(const CLI::App& command, const std::string& word) {
  const std::string name = word.substr(0, word.find('='));
  if (command.get_help_ptr() != nullptr && command.get_help_ptr()->check_name(name)) return true;
  const bool is_long = name.starts_with("--");
  const std::string short_name = name.substr(0, 2);  // its value may stand right behind it
  return std::ranges::any_of(AllOptions(command),
                             [&](const CLI::Option* one) { return one->check_name(is_long ? name : short_name); });
}

std::string AboutTheOption(const CLI::App& command, const std::string& word) {
  const std::string name = word.substr(0, word.find('='));
  std::string what = "there is no option '" + name + "' in " + CalledBy(command);
  std::vector<std::string> names;
  for (const CLI::Option* option : AllOptions(command)) {
    for (const std::string& one : option->get_lnames()) names.push_back("--" + one);
  }
  if (names.empty()) return what;
  constexpr std::size_t kTelling = 4;  // "--wo" of --working-days
  const auto begun = std::ranges::find_if(names, [&](const std::string& one) { return one.starts_with(name); });
  if (name.size() >= kTelling && begun != names.end()) return what + "; did you mean '" + *begun + "'?";
  const auto near = std::ranges::min_element(names, {}, [&](const std::string& one) { return Distance(name, one); });
  if (Distance(name, *near) <= kNear) return what + "; did you mean '" + *near + "'?";
  return what + "; there are " + Joined(names, ", ", ", ");
}

std::vector<std::string> NamesOf(const std::vector<const CLI::Option*>& options) {
  std::vector<std::string> names;
  names.reserve(options.size());
  for (const CLI::Option* option : options) names.push_back(option->get_name());
  return names;
}

/// All that has to be there and is not; or a choice of which more than one was given. Empty: neither.
std::string AboutWhatIsMissing(const CLI::App& command) {
  std::vector<std::string> missing;
  for (const CLI::Option* option : OwnOptions(command)) {
    if (option->get_required() && option->count() == 0) missing.push_back(option->get_name());
  }
  for (const CLI::App* choice : ChoicesOf(command)) {
    const auto options = OwnOptions(*choice);
    const auto given = std::ranges::count_if(options, [](const CLI::Option* one) { return one->count() > 0; });
    const std::string names = "one of (" + Joined(NamesOf(options), " | ", " | ") + ")";
    if (given > 1) return "only " + names + " may be given";
    if (given == 0 && choice->get_require_option_min() > 0) missing.push_back(names);
  }
  if (missing.empty()) return {};
  return Joined(missing, ", ", " and ") + (missing.size() == 1 ? " is required" : " are required");
}

std::string AboutTheStrayWord(const CLI::App& app, const CLI::App& command) {
  const std::vector<std::string> left = app.remaining(true);
  if (left.empty()) return {};
  const std::string what = "there is no place for '" + left.front() + "' in " + CalledBy(command);
  return IsOption(command, "--" + left.front()) ? what + "; did you mean '--" + left.front() + "'?" : what;
}

std::string AboutTheCommand(const CLI::App& group, const std::string& word) {
  const std::vector<const CLI::App*> commands = CommandsOf(group);
  const auto near =
      std::ranges::min_element(commands, {}, [&](const CLI::App* one) { return Distance(word, one->get_name()); });
  const std::string what = "there is no command '" + word + "' in " + CalledBy(group);
  if (Distance(word, (*near)->get_name()) <= kNear) return what + "; did you mean '" + (*near)->get_name() + "'?";
  return what + "; there are " + Listed(commands);
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

std::string UsageOf(const CLI::App& command) {
  std::string usage = CalledBy(command);
  if (!CommandsOf(command).empty()) return usage + " COMMAND";
  bool more = false;
  for (const CLI::App* choice : ChoicesOf(command)) {
    std::vector<std::string> shown;
    for (const CLI::Option* option : OwnOptions(*choice)) shown.push_back(Shown(*option));
    const std::string all = Joined(shown, " | ", " | ");
    usage += choice->get_require_option_min() > 0 ? " (" + all + ")" : " [" + all + "]";
  }
  const std::vector<const CLI::Option*> own = OwnOptions(command);
  for (const bool positional : {true, false}) {
    for (const CLI::Option* option : own) {
      if (option->get_positional() != positional) continue;
      if (option->get_required()) usage += " " + Shown(*option);
      if (!option->get_required() && positional) usage += " [" + Shown(*option) + "]";
      more = more || (!option->get_required() && !positional);
    }
  }
  return usage + (more ? " [OPTIONS]" : "");
}

std::string AboutTheCall(const CLI::App& app, const std::vector<std::string>& arguments,
                         const CLI::ParseError& problem) {
  const CLI::App* command = &app;
  auto word = arguments.begin();
  for (; word != arguments.end() && !CommandsOf(*command).empty() && !LooksLikeAnOption(*word); ++word) {
    const std::vector<const CLI::App*> commands = CommandsOf(*command);
    const auto named = std::ranges::find(commands, *word, [](const CLI::App* one) { return one->get_name(); });
    if (named == commands.end()) return AboutTheCommand(*command, *word);
    command = *named;
  }
  for (; word != arguments.end() && *word != "--"; ++word) {
    if (LooksLikeAnOption(*word) && !IsOption(*command, *word)) {
      return WithUsage(AboutTheOption(*command, *word), *command);
    }
  }
  if (const auto commands = CommandsOf(*command); !commands.empty()) {
    return CalledBy(*command) + " needs a command: " + Listed(commands) + "\n  " + CalledBy(*command) +
           " --help says what each does";
  }
  std::string what;
  if (dynamic_cast<const CLI::RequiredError*>(&problem) != nullptr) what = AboutWhatIsMissing(*command);
  if (dynamic_cast<const CLI::ExtrasError*>(&problem) != nullptr) what = AboutTheStrayWord(app, *command);
  return WithUsage(what.empty() ? problem.what() : what, *command);
}

}  // namespace yb::ctl
