#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>
#include <ostream>

#include "tools/ctl/api_client.hpp"
#include "tools/ctl/commands.hpp"

namespace yb::ctl {
namespace {

using nlohmann::json;

struct Options {
  ApiOptions api;
  std::string point;
  std::string site;
  std::string language = "zh";
  bool as_json = false;
};

base::Result<json> Ask(const Options& options, const std::string& path, Console& console) {
  YB_ASSIGN(const std::string body, GetFromApi(options.api, path, console));
  return json::parse(body);
}

base::Result<std::string> SiteOf(const Options& options, Console& console) {
  if (!options.site.empty()) return options.site;
  YB_ASSIGN(const json answer, Ask(options, "/api/v1/sites", console));
  const json& sites = answer["sites"];
  if (sites.size() == 1) return sites[0]["site"].get<std::string>();
  return base::Fail(base::ErrorCode::kInvalidArgument, "there are " + std::to_string(sites.size()) + " sites",
                    "name one with --site");
}

/// A number is a number; else the key of a point.
base::Result<std::string> NumberOf(const Options& options, const std::string& site, Console& console) {
  if (std::ranges::all_of(options.point, [](unsigned char c) { return std::isdigit(c) != 0; })) return options.point;
  YB_ASSIGN(const json answer, Ask(options, "/api/v1/sites/" + site + "/meters", console));
  for (const json& meter : answer["meters"]) {
    for (const json& point : meter["points"]) {
      if (point["key"] == options.point) return point["point"].dump();
    }
  }
  return base::Fail(base::ErrorCode::kNotFound, "site " + site + " has no point '" + options.point + "'",
                    "a point is named by its number or as <meter>/<quantity>");
}

std::string_view MarkOf(const std::string& state) {
  if (state == "ok") return "✓";
  return state == "broken" ? "✗" : "┄";
}

base::Status Why(const Options& options, Console& console) {
  YB_ASSIGN(const std::string site, SiteOf(options, console));
  YB_ASSIGN(const std::string number, NumberOf(options, site, console));
  const std::string path = "/api/v1/sites/" + site + "/points/" + number + "/why?lang=" + options.language;
  YB_ASSIGN(const json why, Ask(options, path, console));
  if (options.as_json) {
    console.out << why.dump() << "\n";
    return {};
  }
  console.out << why["sentence"].get<std::string>() << "\n";
  const std::string next = why["next"];
  if (!next.empty()) console.out << (options.language == "zh" ? "下一步：" : "Next: ") << next << "\n";
  for (const json& link : why["chain"]) {
    console.out << "  " << MarkOf(link["state"]) << " " << link["name"].get<std::string>() << "  "
                << link["evidence"].get<std::string>() << "\n";
  }
  return {};
}

}  // namespace

void AddWhy(CLI::App& app, Action& chosen) {
  CLI::App* command = app.add_subcommand("why", "Why a point has no value: the first broken link, and what to do");
  command->footer("The same words as on the page 为什么没数. At a box or at central.");
  auto options = std::make_shared<Options>();  // owned by the callback below
  AddApiOptions(*command, options->api);
  command->add_option("POINT", options->point, "Its number, or its key such as feeder-1/voltage_a")->required();
  command->add_option("--site", options->site, "The site's id; not needed where there is one only")->type_name("SITE");
  command->add_option("--lang", options->language, "Language of the words")
      ->check(CLI::IsMember({"zh", "en"}))
      ->capture_default_str();
  command->add_flag("--json", options->as_json, "As one line of JSON");
  command->callback([options, &chosen] { chosen = [options](Console& console) { return Why(*options, console); }; });
}

}  // namespace yb::ctl
