// FileRoom: what the tables [files] of edge.toml and central.toml say about the room of the materials of cases
// (文件库).
#pragma once

#include "core/config/toml_table.hpp"

namespace yb::config {

struct FileRoom {
  std::int64_t free_mib = 256;  // below so much of the disk's room no file is taken in

  [[nodiscard]] std::uint64_t free_bytes() const { return static_cast<std::uint64_t>(free_mib) << 20U; }
};

/// Reads the table [files] of `top`, where there is one.
[[nodiscard]] base::Result<FileRoom> ReadFileRoom(TomlTable& top);

}  // namespace yb::config
