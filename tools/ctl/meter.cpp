#include <CLI/CLI.hpp>
#include <ostream>

#include "edge/field/decode/decode_command.hpp"
#include "tools/ctl/commands.hpp"

namespace yb::ctl {
namespace {

base::Status Decode(const std::vector<std::string>& arguments, Console& console) {
  std::string out;
  std::string err;
  console.status = field::decode::RunMeterDecode(arguments, out, err);
  console.out << out;
  if (!err.empty()) console.err << "yuanbanctl: " << err;
  return {};
}

}  // namespace

void AddMeter(CLI::App& app, Action& chosen) {
  CLI::App* meter = app.add_subcommand("meter", "Meters and their protocols");
  meter->require_subcommand(1);
  AddMeterScan(*meter, chosen);
  AddMeterRead(*meter, chosen);
  CLI::App* decode = meter->add_subcommand("decode", "Explain received frames as JSON");
  // The decoder reads its own arguments, --help included.
  decode->set_help_flag();
  decode->prefix_command();
  decode->callback([decode, &chosen] {
    chosen = [arguments = decode->remaining()](Console& console) { return Decode(arguments, console); };
  });
}

}  // namespace yb::ctl
