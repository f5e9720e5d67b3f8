// What lies on a disk, for looking whether something does that must not.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

namespace yb::test {

/// The bytes of all files in the folder and in those below it, one behind the other.
inline std::string BytesUnder(const std::filesystem::path& folder) {
  std::string all;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    all.append(std::istreambuf_iterator<char>(in), {});
  }
  return all;
}

}  // namespace yb::test
