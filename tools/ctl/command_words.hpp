// What is wrong with a call, in words: CLI11 alone names what is missing before what is misspelt. Pure functions.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace yb::ctl {

/// One sentence, and the line that shows how the command is called. Names, in this order: the word that is no command,
/// the option that is none (each with the one it is nearest to), the value that cannot be read, all that is missing,
/// the word for which there is no place. `app` has tried to parse `arguments` and ended with `problem`.
[[nodiscard]] std::string AboutTheCall(const CLI::App& app, const std::vector<std::string>& arguments,
                                       const CLI::ParseError& problem);

/// "yuanbanctl ledger show (CASE | --site SITE) --data DIR": what has to be given, and that there is more.
[[nodiscard]] std::string UsageOf(const CLI::App& command);

/// How many characters have to be typed in, out, otherwise or in the other order to make one of the other.
[[nodiscard]] std::size_t Distance(const std::string& a, const std::string& b);

}  // namespace yb::ctl
