#include <CLI/CLI.hpp>
#include <ostream>

#include "tools/ctl/commands.hpp"
#include "tools/ctl/config_file.hpp"

namespace yb::ctl {
namespace {

constexpr int kWrong = 1;

struct Options {
  std::vector<std::string> files;
  std::string kind;
  std::string profiles;
};

base::Result<std::string> CheckOne(const std::filesystem::path& file, const Options& options) {
  std::optional<ConfigKind> kind = ConfigKindNamed(options.kind);
  if (!kind) {
    YB_ASSIGN(kind, RecogniseConfig(file));
  }
  const std::filesystem::path beside = file.parent_path() / "profiles";
  return CheckConfig(file, *kind, options.profiles.empty() ? beside : std::filesystem::path(options.profiles));
}

base::Status Check(const Options& options, Console& console) {
  for (const std::string& file : options.files) {
    const base::Result<std::string> held = CheckOne(file, options);
    if (held) {
      console.out << file << ": good, " << *held << "\n";
      continue;
    }
    console.status = kWrong;
    console.err << held.error().Describe() << "\n";
  }
  return {};
}

}  // namespace

void AddConfig(CLI::App& app, Action& chosen) {
  CLI::App* config = app.add_subcommand("config", "Configuration files");
  config->require_subcommand(1);
  CLI::App* command = config->add_subcommand("check", "Read files as the programs would, and say what is wrong");
  command->footer(
      "A fault is told with file, line, key, what was found and what was expected; of each file the first. An "
      "edge.toml "
      "has its field.toml, profiles, alarms.toml and the documents of its station read too.\n"
      "Exit code: 0 all files are good, 1 at least one is wrong, 64 wrongly called.");
  auto options = std::make_shared<Options>();  // owned by the callback below
  command
      ->add_option("FILE", options->files,
                   "edge.toml, field.toml, a meter profile, alarms.toml, central.toml, catalogue.toml, "
                   "delegations.toml, calendar.toml")
      ->required();
  command->add_option("--kind", options->kind, "What the files are; else it is told by what stands in them")
      ->check(CLI::IsMember(ConfigKindNames()));
  command
      ->add_option("--profiles", options->profiles,
                   "Folder of the meter profiles of a field.toml; else `profiles` beside it")
      ->type_name("DIR");
  command->callback([options, &chosen] { chosen = [options](Console& console) { return Check(*options, console); }; });
}

}  // namespace yb::ctl
