#include "tools/ctl/api_client.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "core/security/https_client.hpp"
#include "core/security/private_file.hpp"

namespace yb::ctl {
namespace {

using nlohmann::json;

base::Result<std::string> Good(base::Result<security::HttpsAnswer> answer) {
  if (!answer) return base::Fail(answer.error());
  const json body = json::parse(answer->body, nullptr, false);
  if (answer->status / 100 == 2 && body.is_object()) return std::move(answer->body);
  const std::string why = body.is_object() && body.contains("error") ? body["error"].value("message", std::string())
                                                                     : "status " + std::to_string(answer->status);
  return base::Fail(base::ErrorCode::kRefused, "the program says: " + why);
}

}  // namespace

void AddApiOptions(CLI::App& command, ApiOptions& options) {
  command.add_option("--url", options.url, "Where the program's pages are")->capture_default_str();
  command
      .add_option("--trust", options.trust,
                  "Certificates to trust (PEM): roots.pem of the city's folder for central, identity/web.pem for a box")
      ->required();
}

base::Result<std::string> GetFromApi(const ApiOptions& options, const std::string& path, Console& console) {
  YB_ASSIGN(const std::string roots, security::ReadSmallFile(options.trust));
  return Good(security::GetJson(options.url + path, {roots, {}}, console.clock.Now()));
}

base::Result<std::string> PostToApi(const ApiOptions& options, const std::string& path, const std::string& body,
                                    Console& console) {
  YB_ASSIGN(const std::string roots, security::ReadSmallFile(options.trust));
  return Good(security::PostJson(options.url + path, body, {roots, {}}, console.clock.Now()));
}

}  // namespace yb::ctl
