// ApiAddress: where a running program answers, and the token with which it takes the caller for an administrator.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

namespace yb::test {

struct ApiAddress {
  int port = 0;
  std::string token = {};  // good until the program is started again
};

/// With the token in the program's data folder; empty where there is none.
[[nodiscard]] inline ApiAddress AddressOf(int port, const std::filesystem::path& data_folder) {
  ApiAddress address{port};
  std::ifstream file(data_folder / "admin-token");
  std::getline(file, address.token);
  return address;
}

}  // namespace yb::test
