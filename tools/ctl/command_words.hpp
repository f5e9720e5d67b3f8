// What is wrong with the name of a command, in words: CLI11 alone says that a subcommand is required. Pure functions.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace yb::ctl {

/// Names the word that is no command, with the command it is nearest to; or where a command is missing, those there
/// are. Empty where each name is one: what is wrong lies behind it.
[[nodiscard]] std::string AboutTheCommand(const CLI::App& app, const std::vector<std::string>& arguments);

/// How many characters have to be typed in, out, otherwise or in the other order to make one of the other.
[[nodiscard]] std::size_t Distance(const std::string& a, const std::string& b);

}  // namespace yb::ctl
