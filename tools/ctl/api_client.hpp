// What subcommands that ask a running program share: where it is, whom to trust, and its answers.
#pragma once

#include <string>

#include "tools/ctl/command.hpp"

namespace yb::ctl {

struct ApiOptions {
  std::string url = "https://127.0.0.1:8443";
  std::string trust;  // file of certificates, PEM
};

void AddApiOptions(CLI::App& command, ApiOptions& options);

/// The body of a good answer, one JSON object. kRefused carries what the program says.
[[nodiscard]] base::Result<std::string> GetFromApi(const ApiOptions& options, const std::string& path,
                                                   Console& console);
[[nodiscard]] base::Result<std::string> PostToApi(const ApiOptions& options, const std::string& path,
                                                  const std::string& body, Console& console);

}  // namespace yb::ctl
