// VersionFiles: every field.toml that ran, and whether the newest waits to be kept (保留), as files of one folder.
//
// Stored names (since 0.3): <folder>/000012.toml, the first line of which is a comment with who, when and why; the
// rest is field.toml as it was applied. Since 0.3: <folder>/waiting.toml, empty where nothing waits.
//
// A value over the folder; one thread at a time.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "core/base/time.hpp"

namespace yb::edge {

struct ConfigurationVersion {
  std::uint32_t version = 0;  // 1, 2, 3 … at this box
  base::UtcTime applied{};
  std::string who;
  std::string note;
};

/// (待保留) A version that runs and falls back to another one where nobody keeps it in time.
struct WaitingVersion {
  std::uint32_t version = 0;
  std::uint32_t back_to = 0;
  base::UtcTime keep_until{};
  base::Duration within{0};  // from when it was applied
};

class VersionFiles {
 public:
  explicit VersionFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// 0: none yet.
  [[nodiscard]] std::uint32_t Newest() const;
  /// Keeps `text` as the next version. `ConfigurationVersion::version` of `head` is not read.
  [[nodiscard]] base::Result<std::uint32_t> Add(const std::string& text, const ConfigurationVersion& head);
  /// Newest first.
  [[nodiscard]] std::vector<ConfigurationVersion> List() const;
  /// kNotFound for a version that was never there.
  [[nodiscard]] base::Result<std::string> TextOf(std::uint32_t version) const;

  /// What was saved last; kInvalidArgument where somebody has spoilt the file.
  [[nodiscard]] base::Result<std::optional<WaitingVersion>> Waiting() const;
  [[nodiscard]] base::Status SaveWaiting(const std::optional<WaitingVersion>& waiting);

 private:
  [[nodiscard]] std::filesystem::path FileOf(std::uint32_t version) const;
  [[nodiscard]] std::filesystem::path WaitingFile() const { return folder_ / "waiting.toml"; }

  std::filesystem::path folder_;
};

}  // namespace yb::edge
