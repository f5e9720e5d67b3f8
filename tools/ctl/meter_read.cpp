#include <CLI/CLI.hpp>
#include <iomanip>
#include <ostream>

#include "edge/field/commission/profile_fit.hpp"
#include "edge/field/decode/decode.hpp"
#include "edge/field/dlt645/frame.hpp"
#include "edge/field/dlt645/items_1997.hpp"
#include "edge/field/dlt645/items_2007.hpp"
#include "edge/field/protocols.hpp"
#include "tools/ctl/commands.hpp"
#include "tools/ctl/line_options.hpp"

namespace yb::ctl {
namespace {

using field::commission::Exchange;
using field::commission::LineProbe;

constexpr int kNotAnswered = 3;
constexpr std::uint8_t kMostFollowUps = 16;

struct Options {
  LineOptions line;
  std::string address;
  std::string profile;   // file, or
  std::string protocol;  // and
  std::vector<std::string> identifiers;
};

void Print(const Exchange& exchange, const std::string& protocol, std::ostream& out) {
  out << "> " << base::ToHex(exchange.sent) << "\n< ";
  if (exchange.received.empty()) {
    out << "silence\n";
    return;
  }
  out << base::ToHex(exchange.received) << "\n";
  const auto decoded = field::decode::Decode(protocol, "auto", {exchange.received});
  out << "  " << (decoded ? decoded->json : decoded.error().Describe()) << "\n";
}

base::Status ReadProfile(const Options& options, LineProbe& probe, const field::MeterProfile& profile,
                         Console& console) {
  const field::MeterSettings settings = field::commission::SettingsFor(profile, options.address);
  const std::string& protocol = options.protocol.empty() ? profile.protocol : options.protocol;
  YB_ASSIGN(const auto driver, field::MakeDriver(protocol, settings));
  YB_ASSIGN(const field::commission::OnceRead read, probe.Read(*driver));
  for (std::size_t point = 0; point < settings.points.size(); ++point) {
    const field::PointValue& value = read.values[point];
    console.out << std::left << std::setw(26) << settings.points[point].quantity
                << (value.value ? value.value->ToString() + " " + settings.points[point].unit
                                : std::string(metering::ToString(value.quality)))
                << "\n";
  }
  if (!read.error.empty()) console.err << read.error << "\n";
  if (!read.answered) console.status = kNotAnswered;
  return {};
}

/// The frames of DL/T 645 that ask for one identifier: the first, and the follow-ups.
struct Question {
  base::Bytes first;
  std::function<base::Bytes(std::uint8_t sequence)> follow_up;
};

base::Result<Question> Dlt645Question(const std::string& protocol, const field::dlt645::Address& meter,
                                      const std::string& identifier) {
  namespace d = field::dlt645;
  if (protocol == "dlt645-2007") {
    YB_ASSIGN(const d::Di2007 di, d::ParseDi2007(identifier));
    return Question{d::EncodeRead(meter, di),
                    [=](std::uint8_t sequence) { return d::EncodeReadFollowUp(meter, di, sequence); }};
  }
  if (protocol == "dlt645-1997") {
    YB_ASSIGN(const d::Di1997 di, d::ParseDi1997(identifier));
    return Question{d::EncodeRead1997(meter, di), [=](std::uint8_t) { return d::EncodeReadFollowUp1997(meter, di); }};
  }
  return base::Fail(base::ErrorCode::kUnsupported, "'" + protocol + "' has no data identifiers to read by",
                    "use --profile; --di is for dlt645-2007 and dlt645-1997");
}

// The first whole reply of `meter` in what was heard.
std::optional<base::Bytes> ReplyOf(const field::dlt645::Address& meter, base::ByteView heard) {
  field::FrameScanner scanner(field::dlt645::ExamineFrame);
  scanner.Push(heard);
  while (std::optional<base::Bytes> whole = scanner.Next()) {
    const field::dlt645::Frame frame = field::dlt645::ParseFrame(*whole);
    if (frame.IsReply() && meter.Covers(frame.address)) return whole;
  }
  return std::nullopt;
}

base::Status ReadIdentifier(const Options& options, LineProbe& probe, const std::string& identifier, Console& console) {
  YB_ASSIGN(const auto meter, field::dlt645::Address::Parse(options.address));
  YB_ASSIGN(const Question question, Dlt645Question(options.protocol, meter, identifier));
  std::vector<base::Bytes> replies;
  base::Bytes request = question.first;
  for (std::uint8_t sequence = 1; sequence <= kMostFollowUps; ++sequence) {
    std::optional<base::Bytes> reply;
    base::Bytes heard;
    YB_TRY(probe.Ask(request, [&](base::ByteView bytes) {
      heard.insert(heard.end(), bytes.begin(), bytes.end());
      reply = ReplyOf(meter, heard);
      return reply.has_value();
    }));
    if (!reply) {
      console.status = kNotAnswered;
      console.err << identifier << ": no answer\n";
      return {};
    }
    replies.push_back(*reply);
    if (!field::dlt645::ParseFrame(*reply).MoreFollows()) break;
    request = question.follow_up(sequence);
  }
  // What follow-up frames say can be told only when they are joined.
  if (replies.size() < 2) return {};
  YB_ASSIGN(const field::decode::DecodeResult joined, field::decode::Decode(options.protocol, "auto", replies));
  console.out << "joined\n  " << joined.json << "\n";
  return {};
}

base::Status Read(const Options& options, Console& console) {
  if (options.profile.empty() == options.identifiers.empty()) {
    console.status = kWronglyCalled;
    return base::Fail(base::ErrorCode::kInvalidArgument, "say what to read",
                      "either --profile FILE, or --protocol and --di");
  }
  std::optional<field::MeterProfile> profile;
  if (!options.profile.empty()) {
    YB_ASSIGN(profile, field::LoadProfile(options.profile));
  }
  const std::string protocol = profile && options.protocol.empty() ? profile->protocol : options.protocol;
  YB_ASSIGN(const auto channel, options.line.Open());
  const base::SystemClock clock;  // what is waited for is real time, whatever the console's clock says
  LineProbe probe(*channel, options.line.Timing(), clock,
                  [&](const Exchange& exchange) { Print(exchange, protocol, console.out); });
  if (profile) return ReadProfile(options, probe, *profile, console);
  for (const std::string& identifier : options.identifiers) {
    YB_TRY(ReadIdentifier(options, probe, identifier, console));
  }
  return {};
}

}  // namespace

void AddMeterRead(CLI::App& meter, Action& chosen) {
  CLI::App* command = meter.add_subcommand("read", "Read one meter once and show every frame");
  command->footer(
      "Sends reads only. > is a frame sent, < what came back, followed by what it says as JSON.\n"
      "Exit code: 0 answered, 3 the meter did not answer, 1 the line cannot be opened, 64 wrongly called.");
  auto options = std::make_shared<Options>();  // owned by the callback below
  options->line.AddTo(*command);
  command->add_option("--address", options->address, "Address as on the nameplate, or the Modbus unit")
      ->type_name("ADDRESS")
      ->required();
  command->add_option("--profile", options->profile, "File of a meter profile: all its points are read")
      ->type_name("FILE");
  command->add_option("--protocol", options->protocol, "Protocol; needed with --di, and for a Modbus profile over TCP");
  command->add_option("--di", options->identifiers, "Data identifiers of DL/T 645, such as 00010000, 0001FF00 or 9010")
      ->type_name("DI");
  command->callback([options, &chosen] { chosen = [options](Console& console) { return Read(*options, console); }; });
}

}  // namespace yb::ctl
