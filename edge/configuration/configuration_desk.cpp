#include "edge/configuration/configuration_desk.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>

#include "core/base/whole_number.hpp"
#include "core/base/write_file.hpp"
#include "core/config/toml_document.hpp"

namespace yb::edge {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Words;

constexpr std::size_t kMostVersions = 1000;  // older ones are dropped
constexpr std::string_view kHead = "# applied ";

/// One line of a comment holds no line ends.
std::string OneLine(std::string text) {
  std::ranges::replace_if(
      text, [](unsigned char c) { return c < 0x20; }, ' ');
  return text;
}

/// Numbers of the files of a folder, ascending.
std::vector<std::uint32_t> NumbersIn(const std::filesystem::path& folder) {
  std::vector<std::uint32_t> numbers;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(folder, none)) {
    const std::string stem = entry.path().stem().string();
    const auto number = base::ParseWhole<std::uint32_t>(stem);
    if (number && entry.path().extension() == ".toml") numbers.push_back(*number);
  }
  std::ranges::sort(numbers);
  return numbers;
}

/// "# applied 2026-03-02T06:08:00.000000Z by zhang: note"
ConfigurationVersion ParseHead(std::uint32_t version, std::string_view head) {
  ConfigurationVersion out{version, {}, "", ""};
  if (!head.starts_with(kHead)) return out;
  head.remove_prefix(kHead.size());
  const std::size_t by = head.find(" by ");
  if (const auto time = base::FromIso(head.substr(0, by))) out.applied = *time;
  if (by == std::string_view::npos) return out;
  head.remove_prefix(by + 4);
  const std::size_t colon = head.find(": ");
  out.who = head.substr(0, colon);
  if (colon != std::string_view::npos) out.note = head.substr(colon + 2);
  return out;
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

base::Result<std::uint32_t> ConfigurationDesk::Keep(const std::string& text, const std::string& who,
                                                    const std::string& note) {
  YB_TRY(base::MakeFolder(files_.versions));
  const std::vector<std::uint32_t> numbers = NumbersIn(files_.versions);
  const std::uint32_t next = numbers.empty() ? 1 : numbers.back() + 1;
  const std::string head =
      std::string(kHead) + base::ToIso(clock_.Now()) + " by " + OneLine(who) + ": " + OneLine(note);
  YB_TRY(base::WriteFile(FileOf(next), head + "\n" + text));
  for (std::size_t i = 0; i + kMostVersions < numbers.size() + 1; ++i) {
    std::error_code none;
    std::filesystem::remove(FileOf(numbers[i]), none);
  }
  return next;
}

base::Status ConfigurationDesk::NoteRunning(const std::string& who) {
  const std::scoped_lock lock(changing_);
  YB_ASSIGN(const std::string running, Running());
  const std::vector<std::uint32_t> numbers = NumbersIn(files_.versions);
  if (!numbers.empty()) {
    YB_ASSIGN(const std::string newest, TextOf(numbers.back()));
    if (newest == running) return {};
  }
  YB_TRY(Keep(running, who, ""));
  return {};
}

base::Result<std::uint32_t> ConfigurationDesk::Apply(const std::string& text, std::uint32_t running,
                                                     const std::string& who, const std::string& note) {
  const std::scoped_lock lock(changing_);
  const std::vector<std::uint32_t> numbers = NumbersIn(files_.versions);
  const std::uint32_t newest = numbers.empty() ? 0 : numbers.back();
  if (running != newest) {
    return Fail(ErrorCode::kAlreadyExists,
                Words{"v" + std::to_string(newest) + " is running by now, not v" + std::to_string(running),
                      "现在运行的是 v" + std::to_string(newest) + "，不是 v" + std::to_string(running)},
                Words{"look at the difference again", "重新看差异再应用"});
  }
  YB_TRY(Parse(text));
  YB_ASSIGN(const std::string before, Running());
  YB_TRY(base::WriteFile(files_.config, text));
  const base::Status applied = reload_();
  if (!applied) {
    YB_TRY(base::WriteFile(files_.config, before));
    const base::Status back = reload_();
    if (!back) return Fail(back.error().At("the former configuration is on disk and not running"));
    return Fail(applied.error());
  }
  return Keep(text, who, note);
}

base::Result<std::vector<ConfigurationVersion>> ConfigurationDesk::Versions() const {
  std::vector<ConfigurationVersion> versions;
  std::vector<std::uint32_t> numbers = NumbersIn(files_.versions);
  std::ranges::reverse(numbers);
  for (const std::uint32_t number : numbers) {
    std::ifstream in(FileOf(number));
    std::string head;
    std::getline(in, head);
    versions.push_back(ParseHead(number, head));
  }
  return versions;
}

base::Result<std::string> ConfigurationDesk::TextOf(std::uint32_t version) const {
  const auto whole = config::ReadTextFile(FileOf(version));
  if (!whole) {
    const std::string number = std::to_string(version);
    return Fail(ErrorCode::kNotFound, Words{"there is no version " + number, "没有版本 v" + number});
  }
  return whole->substr(std::min(whole->find('\n') + 1, whole->size()));
}

std::filesystem::path ConfigurationDesk::FileOf(std::uint32_t version) const {
  std::array<char, 24> name{};
  std::snprintf(name.data(), name.size(), "%06u.toml", version);
  return files_.versions / name.data();
}

}  // namespace yb::edge
