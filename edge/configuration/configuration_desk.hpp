// ConfigurationDesk (配置台) changes what the box reads: it checks a new field.toml, tells what it would change,
// applies it, and keeps every version that ran as a file, so that one can go back to each. A version that may cut lines
// off waits to be kept (保留): where nobody keeps it in time, the box falls back by itself, after a restart too.
//
// Owned by the composition root; owns its thread. All methods are safe to call from any thread; one change runs at a
// time.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <thread>

#include "edge/configuration/difference.hpp"
#include "edge/configuration/version_files.hpp"
#include "edge/field/field_side.hpp"

namespace yb::edge {

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
  /// Hears of a version that nobody kept, once the box has fallen back.
  using FellBack = std::function<void(const WaitingVersion&)>;

  /// The time to keep a version that changes the way to a line.
  static constexpr base::Duration kTimeToKeep = std::chrono::minutes(10);

  /// The references outlive this.
  ConfigurationDesk(Files files, const field::FieldSide& field, Reload reload, const base::Clock& clock)
      : files_(std::move(files)),
        field_(field),
        reload_(std::move(reload)),
        clock_(clock),
        versions_(files_.versions) {}

  /// Keeps what runs as a version if it is not the newest one: somebody has changed the file by hand. What waited to
  /// be kept is over then. At the start, what waited before goes on waiting.
  [[nodiscard]] base::Status NoteRunning(const std::string& who);

  [[nodiscard]] base::Result<std::string> Running() const;

  /// What `text` would change. kInvalidArgument names file, line, key, what was found and what was expected.
  [[nodiscard]] base::Result<Difference> Check(const std::string& text) const;

  /// The running configuration with one meter more on `line`. kAlreadyExists names the place where its number or its
  /// key stands already, on whatever line.
  [[nodiscard]] base::Result<std::string> WithMeter(const std::string& line, const NewMeter& meter) const;

  /// Writes and applies `text`; its version. It waits to be kept for `keep_within`, if that is more than 0; left out,
  /// for kTimeToKeep where the difference needs keeping. kAlreadyExists where `running` is not the version that runs:
  /// somebody else was quicker, or where one waits to be kept. Where the box refuses it, the file is as before and
  /// nothing has changed.
  [[nodiscard]] base::Result<std::uint32_t> Apply(const std::string& text, std::uint32_t running,
                                                  const std::string& who, const std::string& note,
                                                  std::optional<std::chrono::seconds> keep_within = std::nullopt);

  /// The running version, where it waits to be kept.
  [[nodiscard]] std::optional<WaitingVersion> Waiting() const;
  /// Both: kAlreadyExists where `version` does not wait any more.
  [[nodiscard]] base::Status Keep(std::uint32_t version);
  /// The version that the former text became.
  [[nodiscard]] base::Result<std::uint32_t> RollBack(std::uint32_t version, const std::string& who);

  /// Falls back where the time to keep is over.
  void Look();
  /// Looks each second from now on.
  void Start(FellBack fell_back);
  [[nodiscard]] std::uint64_t fallbacks() const { return fallbacks_; }

  /// Newest first.
  [[nodiscard]] std::vector<ConfigurationVersion> Versions() const { return versions_.List(); }
  /// kNotFound for a version that was never there.
  [[nodiscard]] base::Result<std::string> TextOf(std::uint32_t version) const { return versions_.TextOf(version); }

 private:
  struct Waits {
    WaitingVersion version;
    base::Monotonic deadline{};
  };
  // Under `changing_`, as all below.
  [[nodiscard]] base::Result<field::FieldConfig> Parse(const std::string& text) const;
  [[nodiscard]] base::Status Write(const std::string& text, const std::string& before);
  [[nodiscard]] base::Status Wait(const WaitingVersion& version);
  [[nodiscard]] base::Status StopWaiting();
  [[nodiscard]] base::Status CheckWaits(std::uint32_t version) const;
  [[nodiscard]] base::Result<std::uint32_t> FallBack(const std::string& who, const std::string& note);

  const Files files_;
  const field::FieldSide& field_;
  const Reload reload_;
  const base::Clock& clock_;
  mutable std::mutex changing_;
  VersionFiles versions_;
  bool resumed_ = false;
  std::optional<Waits> waits_;
  std::atomic<std::uint64_t> fallbacks_{0};
  FellBack fell_back_;
  std::jthread thread_;
};

}  // namespace yb::edge
