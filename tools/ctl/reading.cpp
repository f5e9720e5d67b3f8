#include <CLI/CLI.hpp>
#include <ostream>
#include <thread>

#include "core/base/digest.hpp"
#include "core/base/write_file.hpp"
#include "core/config/toml_document.hpp"
#include "edge/edge_config.hpp"
#include "edge/field/field_config.hpp"
#include "tools/ctl/commands.hpp"
#include "tools/ctl/history_csv.hpp"

namespace yb::ctl {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;
using base::Fail;

constexpr std::size_t kMostFaultsShown = 20;
constexpr std::chrono::milliseconds kLookEvery(100);

struct Options {
  std::string file;
  std::string zone;
  std::string edge_config = "edge.toml";
  std::string meter;
  std::vector<std::string> maps;
  std::vector<std::string> columns;
  bool skip_bad = false;
  bool dry_run = false;
  int wait_s = 60;
};

/// "W01=water-1" at its first `mark`.
base::Result<std::pair<std::string, std::string>> Pair(const std::string& text, char mark, const char* example) {
  const std::size_t at = text.find(mark);
  if (at == std::string::npos || at == 0) {
    return Fail(ErrorCode::kInvalidArgument, "'" + text + "' cannot be understood", std::string("write ") + example);
  }
  return std::make_pair(text.substr(0, at), text.substr(at + 1));
}

base::Result<HistoryOptions> Understand(const Options& options, const edge::EdgeConfig& config, Console& console) {
  HistoryOptions out;
  out.meter = options.meter;
  for (const std::string& map : options.maps) {
    YB_ASSIGN(auto names, Typed(console, "--map", Pair(map, '=', "--map NAME=KEY, such as --map W01=water-1")));
    out.meters.insert(std::move(names));
  }
  for (const std::string& column : options.columns) {
    YB_ASSIGN(
        const auto name,
        Typed(console, "--column", Pair(column, '=', "--column NAME=QUANTITY:UNIT, such as volume=current_volume:m3")));
    const std::size_t colon = std::min(name.second.find(':'), name.second.size());
    const std::string unit = colon == name.second.size() ? "" : name.second.substr(colon + 1);
    out.columns.push_back({name.first, name.second.substr(0, colon), unit});
  }
  YB_ASSIGN(const field::FieldConfig field, field::LoadFieldConfig(config.field.config, config.field.profiles));
  std::map<std::string, std::string> units;
  for (const metering::Point& point : field.Points()) units.emplace(point.key, point.unit);
  out.unit_of = [units = std::move(units)](const std::string& key) {
    const auto found = units.find(key);
    return found == units.end() ? std::nullopt : std::optional(found->second);
  };
  return out;
}

void ShowFaults(const Options& options, const History& history, Console& console) {
  for (std::size_t i = 0; i < std::min(history.faults.size(), kMostFaultsShown); ++i) {
    const HistoryFault& fault = history.faults[i];
    console.err << options.file << ":" << fault.line << ":" << fault.column << ": " << fault.message << "\n";
  }
  if (history.faults.size() > kMostFaultsShown) {
    console.err << "… and " << history.faults.size() - kMostFaultsShown << " more\n";
  }
}

void Tell(const History& history, Console& console) {
  std::string left_out;
  for (const std::string& column : history.left_out) left_out += (left_out.empty() ? "" : ", ") + column;
  console.out << history.rows << " rows, " << history.values.size() << " readings";
  if (!history.values.empty()) {
    const auto [first, last] = std::ranges::minmax(history.values, {}, &edge::ImportedValue::time);
    console.out << " from " << ForPeople(first.time) << " to " << ForPeople(last.time);
  }
  console.out << "\n";
  if (!left_out.empty()) console.out << "left out, because nothing is known of them: " << left_out << "\n";
}

/// The box's answer; nullopt if it does not come in time.
std::optional<std::string> WaitFor(const fs::path& result, int seconds) {
  for (int i = 0; i <= seconds * 10; ++i) {
    if (fs::exists(result)) {
      if (auto text = config::ReadTextFile(result)) return std::move(*text);
    }
    std::this_thread::sleep_for(kLookEvery);
  }
  return std::nullopt;
}

base::Status HandOver(const Options& options, const fs::path& folder, const History& history, Console& console) {
  const std::string text = edge::WriteImportFile(history.values);
  const base::Digest digest = base::Sha256(base::AsBytes(text));
  // The same import has the same name, so that giving it twice at a time is giving it once.
  const fs::path file = folder / (base::ToHex(base::ByteView(digest).first(8)) + ".readings");
  fs::path answer = file;
  answer.replace_extension(".result");
  YB_TRY(base::MakeFolder(folder));
  std::error_code ignored;
  fs::remove(answer, ignored);
  YB_TRY(base::WriteFile(file, text, base::FileAccess::kOwnerOnly));
  const std::optional<std::string> said = WaitFor(answer, options.wait_s);
  if (!said) {
    console.out << "The box has not taken it up yet; it will as soon as it runs.\n"
                << "  waiting  " << file.string() << "\n";
    return {};
  }
  YB_ASSIGN(const edge::ImportResult result, edge::ReadImportResult(*said));
  fs::remove(answer, ignored);
  if (!result.refused.empty()) return Fail(ErrorCode::kRefused, "the box took nothing: " + result.refused);
  console.out << result.added << " added, " << result.known << " already there, " << result.differing
              << " left out because another value is stored for that time, " << result.events
              << " events of meters found\n";
  return {};
}

base::Status Import(const Options& options, Console& console) {
  YB_ASSIGN(const base::TimeZone zone, Typed(console, "--zone", base::TimeZone::Find(options.zone)));
  YB_ASSIGN(const edge::EdgeConfig config, edge::LoadEdgeConfig(options.edge_config));
  YB_ASSIGN(const HistoryOptions how, Understand(options, config, console));
  YB_ASSIGN(const std::string text, config::ReadTextFile(options.file));
  base::Result<History> history = ReadHistoryCsv(text, zone, how);
  if (!history) return Fail(history.error().At(options.file));
  ShowFaults(options, *history, console);
  if (!history->faults.empty() && !options.skip_bad) {
    return Fail(ErrorCode::kInvalidArgument,
                std::to_string(history->faults.size()) + " of " + std::to_string(history->rows) +
                    " rows are wrong; nothing was imported",
                "correct them, or leave them out with --skip-bad");
  }
  Tell(*history, console);
  if (options.dry_run) {
    console.out << "Nothing was imported: --dry-run\n";
    return {};
  }
  return HandOver(options, config.import_folder(), *history, console);
}

}  // namespace

void AddReading(CLI::App& app, Action& chosen) {
  CLI::App* reading = app.add_subcommand("reading", "Readings that a box keeps");
  reading->require_subcommand(1);
  CLI::App* command = reading->add_subcommand("import", "On a box: bring history in from a CSV file");
  command->footer(
      "The first line names the columns: `time` in local time (2026-03-02T14:08:00), `meter` where there are several, "
      "and volume_l, volume_m3, active_energy_kwh, active_power_kw, power_factor; others with --column.\n"
      "Readings keep their own times and are marked as imported. What the box has already stays, so the same file may "
      "be imported again. If a row is wrong, all wrong rows are named as FILE:LINE:COLUMN and nothing is imported.\n"
      "The readings are left for the box in data_dir/import; it need not run just now.\n"
      "Exit code: 0 imported or left for the box, 1 it did not work, 64 wrongly called.\n"
      "Example: yuanbanctl reading import water.csv --zone Europe/Madrid --edge-config /etc/yuanban/edge.toml "
      "--map W01=water-1");
  auto options = std::make_shared<Options>();  // owned by the callback below
  command->add_option("FILE", options->file, "The CSV file")->required();
  command->add_option("--zone", options->zone, "Time zone of the file's times, such as Asia/Shanghai")
      ->type_name("ZONE")
      ->required();
  command->add_option("--edge-config", options->edge_config, "The box's configuration")
      ->type_name("FILE")
      ->capture_default_str();
  command->add_option("--meter", options->meter, "Key of the meter, where the file has no column `meter`")
      ->type_name("KEY");
  command
      ->add_option("--map", options->maps,
                   "NAME=KEY: what the file calls a meter and its key; else the key is the name in lower case")
      ->type_name("METER");
  command->add_option("--column", options->columns, "NAME=QUANTITY:UNIT: what a further column holds")
      ->type_name("COLUMN");
  command->add_flag("--skip-bad", options->skip_bad, "Leave wrong rows out and import the others");
  command->add_flag("--dry-run", options->dry_run, "Only read the file and say what is in it");
  command->add_option("--wait-s", options->wait_s, "Seconds to wait for the box's answer")
      ->check(CLI::Range(0, 3600))
      ->capture_default_str();
  command->callback([options, &chosen] { chosen = [options](Console& console) { return Import(*options, console); }; });
}

}  // namespace yb::ctl
