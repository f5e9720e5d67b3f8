#include "tools/ctl/api_client.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "core/security/https_client.hpp"
#include "core/security/private_file.hpp"

namespace yb::ctl {
namespace {

using nlohmann::json;

base::Result<security::ServerTrust> TrustOf(const ApiOptions& options) {
  security::ServerTrust trust;
  YB_ASSIGN(trust.roots_pem, security::ReadSmallFile(options.trust));
  if (!options.token.empty()) {
    YB_ASSIGN(trust.token, security::ReadSmallFile(options.token));
    trust.token.erase(trust.token.find_last_not_of(" \r\n") + 1);
  }
  return trust;
}

base::Result<std::string> Read(const base::Result<security::HttpsAnswer>& answer) {
  if (!answer) return base::Fail(answer.error());
  const json body = json::parse(answer->body, nullptr, false);
  if (answer->status / 100 == 2 && body.is_object()) return answer->body;
  if (!body.is_object() || !body.contains("error")) {
    return base::Fail(base::ErrorCode::kRefused, "the program answers with status " + std::to_string(answer->status));
  }
  const json& error = body["error"];
  if (answer->status == 401) {
    return base::Fail(base::ErrorCode::kRefused, "the program says: " + error.value("message", std::string()),
                      "name the file admin-token in the program's data folder with --token");
  }
  return base::Fail(base::ErrorCode::kRefused, "the program says: " + error.value("message", std::string()),
                    error.value("hint", std::string()));
}

}  // namespace

void AddApiOptions(CLI::App& command, ApiOptions& options) {
  command.add_option("--url", options.url, "Where the program's pages are")->type_name("URL")->capture_default_str();
  command
      .add_option("--trust", options.trust,
                  "Certificates to trust (PEM): roots.pem of the city's folder for central, identity/web.pem for a box")
      ->type_name("FILE")
      ->required();
  command
      .add_option("--token", options.token,
                  "The file admin-token in the program's data folder, in the place of a log-in")
      ->type_name("FILE");
}

base::Result<std::string> GetFromApi(const ApiOptions& options, const std::string& path, Console& console) {
  YB_ASSIGN(const security::ServerTrust trust, TrustOf(options));
  return Read(security::GetJson(options.url + path, trust, console.clock.Now()));
}

base::Result<std::string> PostToApi(const ApiOptions& options, const std::string& path, const std::string& body,
                                    Console& console) {
  YB_ASSIGN(const security::ServerTrust trust, TrustOf(options));
  return Read(security::PostJson(options.url + path, body, trust, console.clock.Now()));
}

}  // namespace yb::ctl
