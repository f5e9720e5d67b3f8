#include <CLI/CLI.hpp>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <ostream>

#include "tools/ctl/api_client.hpp"
#include "tools/ctl/commands.hpp"

namespace yb::ctl {
namespace {

using nlohmann::json;

struct Options {
  ApiOptions api;
  bool as_json = false;
  std::string site;
  std::string lane;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::uint64_t epoch = 0;
};

std::string Age(const json& micros) {
  if (!micros.is_number()) return "-";
  return std::to_string(micros.get<std::int64_t>() / 1'000'000) + " s";
}

void PrintLane(const json& lane, std::ostream& out) {
  out << "  " << std::left << std::setw(9) << lane["lane"].get<std::string>() << " 1…" << lane["committed"] << " of "
      << lane["last_known"] << " in epoch " << lane["epoch"] << ", holes " << lane["holes"] << ", lag "
      << Age(lane["lag_us"]) << ", " << lane["hours"] << " hourly digests"
      << (lane["recovering"].get<bool>() ? ", recovering from an older copy" : "") << "\n";
  for (const json& range : lane["missing"]) {
    out << "    missing  epoch " << range["epoch"] << ", from " << range["first_seq"] << " to "
        << (range["last_seq"].is_null() ? "unknown" : range["last_seq"].dump()) << ", "
        << range["reason"].get<std::string>() << ", noticed " << ForPeople({range["noticed_us"].get<std::int64_t>()})
        << "\n";
  }
  if (lane.value("dropped", 0ULL) > 0)
    out << "    已声明丢弃 (declared as dropped): " << lane["dropped"] << " readings\n";
  for (const json& one : lane.value("tombstones", json::array())) {
    out << "    dropped  " << one["count"] << " readings of " << ForPeople({one["from_us"].get<std::int64_t>()})
        << " … " << ForPeople({one["to_us"].get<std::int64_t>()}) << ", " << one["rule"].get<std::string>() << ", "
        << one["reason"].get<std::string>();
    if (one.contains("epoch")) {
      out << ", records " << one["first_seq"] << "…" << one["last_seq"] << " of epoch " << one["epoch"];
    }
    out << "\n";
  }
  for (const json& damage : lane["damage"]) {
    out << "    damage   epoch " << damage["epoch"] << ", " << damage["rows"] << " of " << damage["first_seq"] << "…"
        << damage["last_seq"] << ", " << damage["state"].get<std::string>() << ", noticed "
        << ForPeople({damage["noticed_us"].get<std::int64_t>()}) << "\n";
  }
}

base::Status Status(const Options& options, Console& console) {
  YB_ASSIGN(const std::string answer, GetFromApi(options.api, "/api/v1/sync", console));
  const json body = json::parse(answer);
  if (options.as_json) {
    console.out << body.dump() << "\n";
    return {};
  }
  for (const json& site : body["sites"]) {
    console.out << site["site"].get<std::string>() << " " << site["name"].get<std::string>() << ", "
                << site["link"].get<std::string>() << "\n";
    for (const json& lane : site["lanes"]) PrintLane(lane, console.out);
  }
  return {};
}

base::Status Resend(const Options& options, Console& console) {
  json wish = {{"first_seq", options.first}, {"last_seq", options.last}};
  if (options.epoch != 0) wish["epoch"] = options.epoch;
  const std::string path = "/api/v1/sites/" + options.site + "/lanes/" + options.lane + "/resend";
  YB_ASSIGN(const std::string answer, PostToApi(options.api, path, wish.dump(), console));
  const json body = json::parse(answer);
  if (options.as_json) {
    console.out << body.dump() << "\n";
  } else {
    console.out << options.site << " is asked for " << body["first_seq"] << "…" << body["last_seq"] << " of epoch "
                << body["epoch"] << " again. What was missing or differed shows in: yuanbanctl sync status\n";
  }
  return {};
}

void AddCommon(CLI::App& command, Options& options) {
  AddApiOptions(command, options.api);
  command.add_flag("--json", options.as_json, "As one line of JSON");
}

}  // namespace

void AddSync(CLI::App& app, Action& chosen) {
  CLI::App* sync = app.add_subcommand("sync", "What has been synchronised, and what is missing");
  sync->require_subcommand(1);
  auto options = std::make_shared<Options>();  // owned by the callbacks below
  CLI::App* status = sync->add_subcommand("status", "Per site and lane: 1…N, holes, lag, digests; at central or a box");
  AddCommon(*status, *options);
  status->callback([options, &chosen] { chosen = [options](Console& console) { return Status(*options, console); }; });
  CLI::App* resend = sync->add_subcommand("resend", "At central: have a box send a range of records again");
  resend->footer("What is missing or differs at central is put right, if the box still holds what was acknowledged.");
  AddCommon(*resend, *options);
  resend->add_option("SITE", options->site, "The site's id")->required();
  resend->add_option("LANE", options->lane, "alarm or history")->required();
  resend->add_option("FROM", options->first, "First sequence")->required()->check(CLI::PositiveNumber);
  resend->add_option("TO", options->last, "Last sequence")->required()->check(CLI::PositiveNumber);
  resend->add_option("--epoch", options->epoch, "Epoch; the newest by default");
  resend->callback([options, &chosen] { chosen = [options](Console& console) { return Resend(*options, console); }; });
}

}  // namespace yb::ctl
