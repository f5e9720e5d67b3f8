#include "edge/configuration/configuration_desk.hpp"

#include <algorithm>
#include <condition_variable>

#include "core/base/log.hpp"
#include "core/base/write_file.hpp"
#include "core/config/toml_document.hpp"

namespace yb::edge {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Words;

/// After a fallback that the box refused.
constexpr base::Duration kTryAgain = std::chrono::minutes(1);

const base::Logger kLog("configuration");

std::string Number(std::uint32_t version) {
  return "v" + std::to_string(version);
}

/// Where the `index`th [[line]] of the file ends: at the next one, or at the end.
std::size_t EndOfLine(const std::string& text, std::size_t index) {
  std::size_t seen = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string row = text.substr(at, end - at);
    row.erase(std::remove_if(row.begin(), row.end(), [](char c) { return c == ' ' || c == '\t'; }), row.end());
    if (row.starts_with("[[line]]") && seen++ > index) return at;
    at = end + 1;
  }
  return text.size();
}

}  // namespace

base::Result<std::string> ConfigurationDesk::Running() const {
  return config::ReadTextFile(files_.config);
}

base::Result<field::FieldConfig> ConfigurationDesk::Parse(const std::string& text) const {
  YB_ASSIGN(const field::MeterProfiles profiles, field::LoadProfiles(files_.profiles));
  return field::ParseFieldConfig(text, files_.config.filename().string(), profiles);
}

base::Result<Difference> ConfigurationDesk::Check(const std::string& text) const {
  YB_ASSIGN(const field::FieldConfig wanted, Parse(text));
  return Compare(field_.Configurations(), wanted.lines);
}

base::Result<std::string> ConfigurationDesk::WithMeter(const std::string& line, const NewMeter& meter) const {
  const std::vector<field::LineConfig> lines = field_.Configurations();
  const auto target = std::ranges::find(lines, line, &field::LineConfig::key);
  if (target == lines.end()) return Fail(ErrorCode::kNotFound, Words{"there is no line " + line, "没有线路 " + line});
  for (const field::LineConfig& one : lines) {
    for (const field::MeterConfig& other : one.meters) {
      const std::string place = one.key + " · " + other.name + " (" + other.key + ")";
      if (other.settings.address == meter.address && (meter.protocol.empty() || other.protocol == meter.protocol)) {
        return Fail(ErrorCode::kAlreadyExists,
                    Words{"number " + meter.address + " is configured already: " + place,
                          "表号 " + meter.address + " 已在 " + place},
                    Words{"compare the number with the nameplate", "核对铭牌上的表号"});
      }
      if (other.key == meter.key) {
        return Fail(ErrorCode::kAlreadyExists,
                    Words{"the key " + meter.key + " is taken: " + place, "编号 " + meter.key + " 已被占用：" + place},
                    Words{"take another one", "换一个编号"});
      }
    }
  }
  YB_ASSIGN(std::string text, Running());
  std::string section =
      "\n[[line.meter]]\nkey = " + config::QuotedToml(meter.key) + "\nname = " + config::QuotedToml(meter.name) +
      "\nprofile = " + config::QuotedToml(meter.profile) + "\naddress = " + config::QuotedToml(meter.address) +
      "\ninterval_s = " + std::to_string(meter.interval_s) + "\n";
  if (!meter.protocol.empty()) section += "protocol = " + config::QuotedToml(meter.protocol) + "\n";
  if (!text.empty() && text.back() != '\n') text += '\n';
  const std::size_t end = EndOfLine(text, static_cast<std::size_t>(target - lines.begin()));
  if (end < text.size()) section += "\n";
  text.insert(end, section);
  return text;
}

base::Status ConfigurationDesk::Wait(const WaitingVersion& version) {
  YB_TRY(versions_.SaveWaiting(version));
  waits_ = Waits{version, clock_.Steady() + (version.keep_until - clock_.Now())};
  return {};
}

base::Status ConfigurationDesk::StopWaiting() {
  waits_.reset();
  return versions_.SaveWaiting(std::nullopt);
}

base::Status ConfigurationDesk::NoteRunning(const std::string& who) {
  const std::scoped_lock lock(changing_);
  YB_ASSIGN(const std::string running, Running());
  const std::uint32_t newest = versions_.Newest();
  const auto text = versions_.TextOf(newest);
  if (!text || *text != running) YB_TRY(versions_.Add(running, {0, clock_.Now(), who, ""}));
  if (resumed_) {
    if (!waits_ || waits_->version.version == versions_.Newest()) return {};
    kLog.Warn("what waited to be kept was changed by hand", {{"version", waits_->version.version}});
    return StopWaiting();
  }
  resumed_ = true;
  YB_ASSIGN(std::optional<WaitingVersion> waiting, versions_.Waiting());
  // Another one runs: it was refused, rolled back or changed by hand before the program ended.
  if (!waiting || waiting->version != versions_.Newest()) return {};
  // With a clock that is behind, the time to keep begins anew rather than never ending.
  const base::UtcTime now = clock_.Now();
  waiting->keep_until = std::clamp(waiting->keep_until, now, now + waiting->within);
  return Wait(*waiting);
}

base::Status ConfigurationDesk::Write(const std::string& text, const std::string& before) {
  YB_TRY(base::WriteFile(files_.config, text));
  const base::Status applied = reload_();
  if (applied) return {};
  YB_TRY(base::WriteFile(files_.config, before));
  const base::Status back = reload_();
  if (!back) return Fail(back.error().At("the former configuration is on disk and not running"));
  return Fail(applied.error());
}

base::Result<std::uint32_t> ConfigurationDesk::Apply(const std::string& text, std::uint32_t running,
                                                     const std::string& who, const std::string& note,
                                                     std::optional<std::chrono::seconds> keep_within) {
  const std::scoped_lock lock(changing_);
  if (waits_) {
    const std::string waiting = Number(waits_->version.version);
    return Fail(ErrorCode::kAlreadyExists, Words{waiting + " waits to be kept", waiting + " 还没有保留"},
                Words{"keep it or roll it back first", "请先保留或回退"});
  }
  const std::uint32_t newest = versions_.Newest();
  if (running != newest) {
    return Fail(ErrorCode::kAlreadyExists,
                Words{Number(newest) + " is running by now, not " + Number(running),
                      "现在运行的是 " + Number(newest) + "，不是 " + Number(running)},
                Words{"look at the difference again", "重新看差异再应用"});
  }
  YB_ASSIGN(const field::FieldConfig wanted, Parse(text));
  const bool needs_keeping = Compare(field_.Configurations(), wanted.lines).needs_keeping;
  const base::Duration within = keep_within ? *keep_within : needs_keeping ? kTimeToKeep : base::Duration(0);
  YB_ASSIGN(const std::string before, Running());
  // Before it runs, so that no power cut leaves it running without an end.
  if (within > base::Duration(0)) YB_TRY(Wait({newest + 1, newest, clock_.Now() + within, within}));
  const base::Status written = Write(text, before);
  if (!written) {
    const base::Status stopped = waits_ ? StopWaiting() : base::Status();
    if (!stopped) kLog.Error("what was refused is on disk as waiting", {{"why", stopped.error().Describe()}});
    return Fail(written.error());
  }
  return versions_.Add(text, {0, clock_.Now(), who, note});
}

std::optional<WaitingVersion> ConfigurationDesk::Waiting() const {
  const std::scoped_lock lock(changing_);
  return waits_ ? std::optional(waits_->version) : std::nullopt;
}

base::Status ConfigurationDesk::CheckWaits(std::uint32_t version) const {
  if (waits_ && waits_->version.version == version) return {};
  return Fail(ErrorCode::kAlreadyExists,
              Words{Number(version) + " does not wait to be kept", Number(version) + " 现在不需要保留"},
              Words{"look at what is running", "请看正在运行的版本"});
}

base::Status ConfigurationDesk::Keep(std::uint32_t version) {
  const std::scoped_lock lock(changing_);
  YB_TRY(CheckWaits(version));
  return StopWaiting();
}

base::Result<std::uint32_t> ConfigurationDesk::RollBack(std::uint32_t version, const std::string& who) {
  const std::scoped_lock lock(changing_);
  YB_TRY(CheckWaits(version));
  return FallBack(who, Number(version) + " → " + Number(waits_->version.back_to));
}

base::Result<std::uint32_t> ConfigurationDesk::FallBack(const std::string& who, const std::string& note) {
  YB_ASSIGN(const std::string text, versions_.TextOf(waits_->version.back_to));
  YB_ASSIGN(const std::string before, Running());
  YB_TRY(Write(text, before));
  YB_ASSIGN(const std::uint32_t version, versions_.Add(text, {0, clock_.Now(), who, note}));
  YB_TRY(StopWaiting());
  return version;
}

void ConfigurationDesk::Look() {
  std::optional<WaitingVersion> over;
  {
    const std::scoped_lock lock(changing_);
    if (!waits_ || clock_.Steady() < waits_->deadline) return;
    over = waits_->version;
    const std::string from = Number(over->version), to = Number(over->back_to);
    const auto version = FallBack(
        "yuanban-edge", from + " 未按时保留，自动回退 " + to + " · nobody kept " + from + " in time, back to " + to);
    if (!version) {
      kLog.Error("a configuration that nobody kept runs on: the box cannot fall back",
                 {{"version", from}, {"back_to", to}, {"why", version.error().Describe()}});
      if (waits_) waits_->deadline = clock_.Steady() + kTryAgain;
      return;
    }
    ++fallbacks_;
    kLog.Warn("nobody kept the configuration: fell back",
              {{"version", from}, {"back_to", to}, {"as", Number(*version)}});
  }
  if (fell_back_) fell_back_(*over);
}

void ConfigurationDesk::Start(FellBack fell_back) {
  fell_back_ = std::move(fell_back);
  thread_ = std::jthread([this](const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    while (!stop.stop_requested()) {
      Look();
      wake.wait_for(lock, stop, std::chrono::seconds(1), [] { return false; });
    }
  });
}

}  // namespace yb::edge
