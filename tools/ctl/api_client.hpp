// Asking a running program from the shell: where it is, whom to trust, with which token, and what it answers.
#pragma once

#include <string>

#include "tools/ctl/command.hpp"

namespace yb::ctl {

struct ApiOptions {
  std::string url = "https://127.0.0.1:8443";
  std::string trust;  // file: PEM
  std::string token;  // file: admin-token of the program's data folder
};

/// --url, --trust, --token.
void AddApiOptions(CLI::App& command, ApiOptions& options);

/// The answer, a JSON object as text. kRefused with what the program says, for every status that is not 2xx.
[[nodiscard]] base::Result<std::string> GetFromApi(const ApiOptions& options, const std::string& path,
                                                   Console& console);
[[nodiscard]] base::Result<std::string> PostToApi(const ApiOptions& options, const std::string& path,
                                                  const std::string& body, Console& console);

}  // namespace yb::ctl
