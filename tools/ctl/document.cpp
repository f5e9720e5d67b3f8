#include <CLI/CLI.hpp>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <ostream>

#include "core/config/toml_document.hpp"
#include "tools/ctl/api_client.hpp"
#include "tools/ctl/commands.hpp"

namespace yb::ctl {
namespace {

using nlohmann::json;

struct Options {
  ApiOptions api;
  bool as_json = false;
  std::string kind;
  std::string file;
  std::string site;
};

std::string VersionOf(const json& version) {
  return version.is_null() ? "-" : version.dump();
}

/// 未回报 is not 未应用.
std::string WordsOf(const std::string& state) {
  if (state == "in_force") return "已应用 (in force)";
  if (state == "waiting") return "待应用 (not applied yet)";
  if (state == "refused") return "已拒绝 (refused)";
  if (state == "not_reported") return "未回报 (not reported; says nothing about what is in force)";
  if (state == "own_file") return "随程序文件 (the box's own file)";
  return "与发布不同 (another than published here)";
}

base::Result<json> Fetch(const Options& options, Console& console) {
  YB_ASSIGN(const std::string answer, GetFromApi(options.api, "/api/v1/documents", console));
  return json::parse(answer);
}

base::Status Publish(const Options& options, Console& console) {
  YB_ASSIGN(const std::string text, config::ReadTextFile(options.file));
  json wish = {{"kind", options.kind}, {"text", text}};
  if (!options.site.empty()) wish["site"] = options.site;
  const std::string body = wish.dump(-1, ' ', false, json::error_handler_t::replace);
  YB_ASSIGN(const std::string answer, PostToApi(options.api, "/api/v1/documents", body, console));
  const json published = json::parse(answer);
  if (options.as_json) {
    console.out << published.dump() << "\n";
  } else {
    console.out << options.kind << " " << published["version"] << " is published for "
                << (options.site.empty() ? "all sites" : options.site)
                << ". What boxes made of it shows: yuanbanctl document status\n";
  }
  return {};
}

base::Status List(const Options& options, Console& console) {
  YB_ASSIGN(const json body, Fetch(options, console));
  if (options.as_json) {
    console.out << body["documents"].dump() << "\n";
    return {};
  }
  if (body["documents"].empty()) console.out << "nothing was published yet; the programs' own files are in force\n";
  for (const json& one : body["documents"]) {
    console.out << std::left << std::setw(12) << one["kind"].get<std::string>() << " " << std::setw(5)
                << one["version"].dump() << " "
                << (one["site"].is_null() ? std::string("all sites") : one["site"].get<std::string>()) << "  "
                << one["bytes"] << " bytes  " << one["sha256"].get<std::string>().substr(0, 12) << "  "
                << ForPeople({one["published_us"].get<std::int64_t>()}) << "  " << one["who"].get<std::string>()
                << "\n";
  }
  return {};
}

void PrintSite(const json& site, std::int64_t now, std::ostream& out) {
  out << site["site"].get<std::string>() << ", ";
  if (site["reported_us"].is_null()) {
    out << "未回报 (never reported)\n";
  } else {
    out << "reported " << (now - site["reported_us"].get<std::int64_t>()) / 1'000'000 << " s ago\n";
  }
  if (const json& extension = site["extension"]; !extension.is_null()) {
    out << "  log-in of users of the city was extended by " << extension["who"].get<std::string>() << " ("
        << (extension["side"] == "park" ? "park 园区" : "city 市级") << ") on "
        << ForPeople({extension["time_us"].get<std::int64_t>()}) << " until "
        << ForPeople({extension["until_us"].get<std::int64_t>()}) << "\n";
  }
  for (const json& one : site["documents"]) {
    out << "  " << std::left << std::setw(12) << one["kind"].get<std::string>() << " desired " << std::setw(5)
        << VersionOf(one["desired"]) << " applied " << std::setw(5) << VersionOf(one["applied"]) << " "
        << WordsOf(one["state"].get<std::string>()) << "\n";
    if (one["refused"].is_null()) continue;
    out << "    version " << one["refused"]["version"]
        << " was refused: " << one["refused"]["why"]["en"].get<std::string>() << "\n";
  }
}

base::Status Status(const Options& options, Console& console) {
  YB_ASSIGN(const json body, Fetch(options, console));
  if (options.as_json) {
    console.out << json{{"missing_year", body["missing_year"]}, {"sites", body["sites"]}}.dump() << "\n";
    return {};
  }
  if (!body["missing_year"].is_null()) {
    console.out << "缺少 " << body["missing_year"]
                << " 年工作日历 (the calendar of next year is missing: deadlines in it "
                << "are provisional)\n";
  }
  for (const json& site : body["sites"]) PrintSite(site, body["now_us"].get<std::int64_t>(), console.out);
  return {};
}

CLI::App* AddOne(CLI::App& group, Action& chosen, const std::shared_ptr<Options>& options, const char* name,
                 const char* help, base::Status (*does)(const Options&, Console&)) {
  CLI::App* command = group.add_subcommand(name, help);
  AddApiOptions(*command, options->api);
  command->add_flag("--json", options->as_json, "As one line of JSON");
  command->callback(
      [options, does, &chosen] { chosen = [options, does](Console& console) { return does(*options, console); }; });
  return command;
}

}  // namespace

void AddDocument(CLI::App& app, Action& chosen) {
  CLI::App* group =
      app.add_subcommand("document", "At central: reference documents (参考文件) that boxes take up by themselves");
  group->require_subcommand(1);
  auto options = std::make_shared<Options>();  // owned by the callbacks
  CLI::App* publish = AddOne(*group, chosen, options, "publish", "Publishes a file; it is checked first", &Publish);
  publish->add_option("KIND", options->kind, "calendar, catalogue or delegations")
      ->required()
      ->check(CLI::IsMember({"calendar", "catalogue", "delegations"}));
  publish->add_option("FILE", options->file, "TOML, as yuanbanctl config check reads it")->required();
  publish->add_option("--site", options->site, "For this site only; else for all, and central itself")
      ->type_name("SITE");
  AddOne(*group, chosen, options, "list", "What was published, newest first", &List);
  AddOne(*group, chosen, options, "status", "What each box is to have and has in force, and how old its word is",
         &Status);
}

}  // namespace yb::ctl
