#include "edge/field/decode/decode_command.hpp"

#include <optional>
#include <string_view>
#include <vector>

#include "edge/field/decode/decode.hpp"

namespace yb::field::decode {
namespace {

constexpr int kGood = 0;
constexpr int kWrongArguments = 64;  // as of every command of yuanbanctl
constexpr int kRejected = 3;

constexpr std::string_view kUsage =
    "usage: yuanbanctl meter decode --protocol PROTOCOL [--layout LAYOUT] HEX...\n"
    "\n"
    "Explains frames from a meter line as JSON. Several HEX arguments are the received frames of one answer, in "
    "order.\n"
    "  --protocol  dlt645-2007, dlt645-1997, cjt188, modbus\n"
    "  --layout    auto (default); cjt188: value-unit, unit-value; modbus: rtu, tcp\n"
    "Exit code: 0 decoded, 3 the frames are rejected, 64 wrong arguments.\n";

struct Arguments {
  std::string protocol;
  std::string layout;
  std::vector<base::Bytes> frames;
  bool help = false;
};

// "--name value" or "--name=value" at args[at]; moves `at` behind it. nullopt where it is another argument.
std::optional<base::Result<std::string>> Option(std::string_view name, std::span<const std::string> args,
                                                std::size_t& at) {
  const std::string& arg = args[at];
  if (arg == name) {
    if (at + 1 >= args.size()) {
      return base::Fail(base::ErrorCode::kInvalidArgument, std::string(name) + " needs a value");
    }
    return args[++at];
  }
  if (arg.size() > name.size() && arg.compare(0, name.size(), name) == 0 && arg[name.size()] == '=') {
    return arg.substr(name.size() + 1);
  }
  return std::nullopt;
}

base::Result<Arguments> Parse(std::span<const std::string> args) {
  Arguments parsed;
  for (std::size_t at = 0; at < args.size(); ++at) {
    if (args[at] == "--help" || args[at] == "-h") {
      parsed.help = true;
    } else if (auto protocol = Option("--protocol", args, at)) {
      YB_ASSIGN(parsed.protocol, std::move(*protocol));
    } else if (auto layout = Option("--layout", args, at)) {
      YB_ASSIGN(parsed.layout, std::move(*layout));
    } else if (args[at].starts_with("-")) {
      return base::Fail(base::ErrorCode::kInvalidArgument, "'" + args[at] + "' is no known option");
    } else {
      base::Result<base::Bytes> bytes = base::FromHex(args[at]);
      if (!bytes) return base::Fail(bytes.error().At("frame " + std::to_string(parsed.frames.size() + 1)));
      parsed.frames.push_back(std::move(*bytes));
    }
  }
  if (!parsed.help && parsed.protocol.empty()) {
    return base::Fail(base::ErrorCode::kInvalidArgument, "--protocol is missing");
  }
  return parsed;
}

}  // namespace

int RunMeterDecode(std::span<const std::string> args, std::string& out, std::string& err) {
  const base::Result<Arguments> arguments = Parse(args);
  if (!arguments) {
    err += arguments.error().Describe() + "\n" + std::string(kUsage);
    return kWrongArguments;
  }
  if (arguments->help) {
    out += kUsage;
    return kGood;
  }
  const base::Result<DecodeResult> result = Decode(arguments->protocol, arguments->layout, arguments->frames);
  if (!result) {
    err += result.error().Describe() + "\n";
    return kWrongArguments;
  }
  out += result->json + "\n";
  return result->good ? kGood : kRejected;
}

}  // namespace yb::field::decode
