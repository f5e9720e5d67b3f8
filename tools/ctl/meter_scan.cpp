#include <CLI/CLI.hpp>
#include <charconv>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <ostream>

#include "edge/field/commission/profile_fit.hpp"
#include "tools/ctl/commands.hpp"
#include "tools/ctl/line_options.hpp"

namespace yb::ctl {
namespace {

using field::commission::FoundMeter;
using field::commission::Proposal;

struct Options {
  LineOptions line;
  std::vector<std::string> protocols{"dlt645-2007", "dlt645-1997", "cjt188", "modbus-rtu"};
  std::string units = "1-247";
  std::string profiles;
  bool json = false;
};

struct Row {
  FoundMeter meter;
  std::optional<Proposal> proposal;
};

base::Status ReadUnits(const std::string& text, field::commission::ScanPlan& plan) {
  const char* const end = text.data() + text.size();
  const auto [dash, first] = std::from_chars(text.data(), end, plan.first_unit);
  plan.last_unit = plan.first_unit;
  const bool is_one = dash == end;
  const auto last = is_one || *dash != '-' ? std::from_chars_result{dash, std::errc()}
                                           : std::from_chars(dash + 1, end, plan.last_unit);
  if (first == std::errc() && last.ec == std::errc() && last.ptr == end && plan.first_unit >= 1 &&
      plan.last_unit <= 247 && plan.first_unit <= plan.last_unit) {
    return {};
  }
  return base::Fail(base::ErrorCode::kInvalidArgument, "'" + text + "' names no Modbus units", "such as 1-247, or 7");
}

std::string ValueText(const field::PointValue& value) {
  return value.value ? value.value->ToString() : std::string(metering::ToString(value.quality));
}

std::vector<std::string> InEnglish(const std::vector<base::Words>& all) {
  std::vector<std::string> said;
  said.reserve(all.size());
  for (const base::Words& one : all) said.push_back(one.en);
  return said;
}

std::string ToJson(const std::vector<Row>& rows, const std::vector<std::string>& notes) {
  nlohmann::ordered_json all{{"meters", nlohmann::ordered_json::array()}, {"notes", notes}};
  for (const Row& row : rows) {
    nlohmann::ordered_json meter{
        {"protocol", row.meter.protocol}, {"address", row.meter.address}, {"notes", row.meter.notes}};
    if (row.proposal) {
      meter["profile"] = row.proposal->profile;
      meter["reasons"] = InEnglish(row.proposal->reasons);
      meter["values"] = nlohmann::ordered_json::array();
      for (const auto& sample : row.proposal->sample) {
        meter["values"].push_back(
            {{"quantity", sample.quantity}, {"value", ValueText(sample.value)}, {"unit", sample.unit}});
      }
    }
    all["meters"].push_back(std::move(meter));
  }
  return all.dump(2);
}

void PrintTable(const std::vector<Row>& rows, const std::vector<std::string>& notes, std::ostream& out) {
  out << std::left << std::setw(13) << "protocol" << std::setw(16) << "address"
      << "profile\n";
  for (const Row& row : rows) {
    out << std::setw(13) << row.meter.protocol << std::setw(16) << row.meter.address
        << (row.proposal ? row.proposal->profile : "none fits") << "\n";
    for (const std::string& note : row.meter.notes) out << "    " << note << "\n";
    if (!row.proposal) continue;
    for (const std::string& reason : InEnglish(row.proposal->reasons)) out << "    " << reason << "\n";
    for (const auto& sample : row.proposal->sample) {
      out << "      " << std::setw(24) << sample.quantity << ValueText(sample.value) << " " << sample.unit << "\n";
    }
  }
  out << rows.size() << (rows.size() == 1 ? " meter" : " meters") << " found\n";
  for (const std::string& note : notes) out << "note: " << note << "\n";
}

base::Status Scan(const Options& options, Console& console) {
  field::commission::ScanPlan plan{.protocols = options.protocols};
  YB_TRY(Typed(console, "--units", ReadUnits(options.units, plan)));
  field::MeterProfiles profiles;
  if (!options.profiles.empty()) {
    YB_ASSIGN(profiles, field::LoadProfiles(options.profiles));
  }
  YB_ASSIGN(const auto channel, options.line.Open());
  const base::SystemClock clock;  // what is waited for is real time, whatever the console's clock says
  field::commission::LineProbe probe(*channel, options.line.Timing(), clock);
  field::commission::MeterScan scan(probe, [&](const std::string& what) { console.err << what << "\n"; });
  YB_ASSIGN(field::commission::ScanFindings findings, scan.Run(plan));
  std::vector<Row> rows;
  for (FoundMeter& meter : findings.meters) {
    std::optional<Proposal> proposal;
    if (!profiles.empty()) {
      console.err << "trying profiles on " << meter.protocol << " " << meter.address << "\n";
      YB_ASSIGN(proposal, field::commission::ProposeProfile(probe, meter, profiles));
      if (!proposal) meter.notes.emplace_back("no profile gets a value from it under this address");
    }
    rows.push_back({std::move(meter), std::move(proposal)});
  }
  const std::vector<std::string> notes = InEnglish(findings.notes);
  if (options.json) {
    console.out << ToJson(rows, notes) << "\n";
  } else {
    PrintTable(rows, notes, console.out);
  }
  return {};
}

}  // namespace

void AddMeterScan(CLI::App& meter, Action& chosen) {
  CLI::App* command = meter.add_subcommand("scan", "Find the meters of a line and propose a profile for each");
  command->footer(
      "Sends reads only. Stop the box's own polling of the line first: two masters disturb each other.\n"
      "Progress goes to standard error, what was found to standard output.\n"
      "Exit code: 0 the scan ran to its end, 1 it did not, 64 wrongly called.");
  auto options = std::make_shared<Options>();  // owned by the callback below
  options->line.AddTo(*command);
  command
      ->add_option("--protocol", options->protocols,
                   "Asked in this order: dlt645-2007, dlt645-1997, cjt188, modbus-rtu, modbus-tcp")
      ->check(CLI::IsMember({"dlt645-2007", "dlt645-1997", "cjt188", "modbus-rtu", "modbus-tcp"}))
      ->capture_default_str();
  command->add_option("--units", options->units, "Units of Modbus that are asked")
      ->type_name("UNITS")
      ->capture_default_str();
  command->add_option("--profiles", options->profiles, "Folder of meter profiles to try; none: addresses only")
      ->type_name("DIR");
  command->add_flag("--json", options->json, "Print JSON");
  command->callback([options, &chosen] { chosen = [options](Console& console) { return Scan(*options, console); }; });
}

}  // namespace yb::ctl
