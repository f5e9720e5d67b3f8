// ConfigurationDesk (配置台) changes what the box reads: it checks a new field.toml, tells what it would change,
// applies it, and keeps every version that ran as a file, so that one can go back to each.
//
// Owned by the composition root. All methods are safe to call from any thread; one change runs at a time.
//
// Stored names (since 0.3): <folder>/000012.toml, the first line of which is a comment with who, when and why; the
// rest is field.toml as it was applied.
#pragma once

#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>

#include "edge/configuration/difference.hpp"
#include "edge/field/field_side.hpp"

namespace yb::edge {

struct ConfigurationVersion {
  std::uint32_t version = 0;  // 1, 2, 3 … at this box
  base::UtcTime applied{};
  std::string who;
  std::string note;
};

/// A meter as commissioning has found it.
struct NewMeter {
  std::string key;
  std::string name;
  std::string profile;
  std::string protocol;  // empty: as the profile says
  std::string address;
  std::int64_t interval_s = 60;
};

class ConfigurationDesk {
 public:
  struct Files {
    std::filesystem::path config;    // field.toml
    std::filesystem::path profiles;  // folder
    std::filesystem::path versions;  // folder, made where it is missing
  };
  /// Reads the files again and applies them, see FieldSetup::Reload.
  using Reload = std::function<base::Status()>;

  /// The references outlive this.
  ConfigurationDesk(Files files, const field::FieldSide& field, Reload reload, const base::Clock& clock)
      : files_(std::move(files)), field_(field), reload_(std::move(reload)), clock_(clock) {}

  /// Keeps what runs as a version if it is not the newest one: somebody has changed the file by hand.
  [[nodiscard]] base::Status NoteRunning(const std::string& who);

  [[nodiscard]] base::Result<std::string> Running() const;

  /// What `text` would change. kInvalidArgument names file, line, key, what was found and what was expected.
  [[nodiscard]] base::Result<Difference> Check(const std::string& text) const;

  /// The running configuration with one meter more on `line`. kAlreadyExists names the place where its number or its
  /// key stands already, on whatever line.
  [[nodiscard]] base::Result<std::string> WithMeter(const std::string& line, const NewMeter& meter) const;

  /// Writes and applies `text`; its version. kAlreadyExists where `running` is not the version that runs: somebody
  /// else was quicker. Where the box refuses it, the file is as before and nothing has changed.
  [[nodiscard]] base::Result<std::uint32_t> Apply(const std::string& text, std::uint32_t running,
                                                  const std::string& who, const std::string& note);

  /// Newest first.
  [[nodiscard]] base::Result<std::vector<ConfigurationVersion>> Versions() const;
  /// kNotFound for a version that was never there.
  [[nodiscard]] base::Result<std::string> TextOf(std::uint32_t version) const;

 private:
  [[nodiscard]] base::Result<field::FieldConfig> Parse(const std::string& text) const;
  [[nodiscard]] base::Result<std::uint32_t> Keep(const std::string& text, const std::string& who,
                                                 const std::string& note);
  [[nodiscard]] std::filesystem::path FileOf(std::uint32_t version) const;

  const Files files_;
  const field::FieldSide& field_;
  const Reload reload_;
  const base::Clock& clock_;
  std::mutex changing_;
};

}  // namespace yb::edge
