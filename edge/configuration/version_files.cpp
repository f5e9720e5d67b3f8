#include "edge/configuration/version_files.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <limits>

#include "core/base/whole_number.hpp"
#include "core/base/write_file.hpp"
#include "core/config/toml_table.hpp"

namespace yb::edge {
namespace {

using base::ErrorCode;
using base::Fail;

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

}  // namespace

std::filesystem::path VersionFiles::FileOf(std::uint32_t version) const {
  std::array<char, 24> name{};
  std::snprintf(name.data(), name.size(), "%06u.toml", version);
  return folder_ / name.data();
}

std::uint32_t VersionFiles::Newest() const {
  const std::vector<std::uint32_t> numbers = NumbersIn(folder_);
  return numbers.empty() ? 0 : numbers.back();
}

base::Result<std::uint32_t> VersionFiles::Add(const std::string& text, const ConfigurationVersion& head) {
  YB_TRY(base::MakeFolder(folder_));
  const std::vector<std::uint32_t> numbers = NumbersIn(folder_);
  const std::uint32_t next = numbers.empty() ? 1 : numbers.back() + 1;
  const std::string line =
      std::string(kHead) + base::ToIso(head.applied) + " by " + OneLine(head.who) + ": " + OneLine(head.note);
  YB_TRY(base::WriteFile(FileOf(next), line + "\n" + text));
  for (std::size_t i = 0; i + kMostVersions < numbers.size() + 1; ++i) {
    std::error_code none;
    std::filesystem::remove(FileOf(numbers[i]), none);
  }
  return next;
}

std::vector<ConfigurationVersion> VersionFiles::List() const {
  std::vector<ConfigurationVersion> versions;
  std::vector<std::uint32_t> numbers = NumbersIn(folder_);
  std::ranges::reverse(numbers);
  for (const std::uint32_t number : numbers) {
    std::ifstream in(FileOf(number));
    std::string head;
    std::getline(in, head);
    versions.push_back(ParseHead(number, head));
  }
  return versions;
}

base::Result<std::string> VersionFiles::TextOf(std::uint32_t version) const {
  const auto whole = config::ReadTextFile(FileOf(version));
  if (!whole) {
    const std::string number = std::to_string(version);
    return Fail(ErrorCode::kNotFound, base::Words{"there is no version " + number, "没有版本 v" + number});
  }
  return whole->substr(std::min(whole->find('\n') + 1, whole->size()));
}

base::Result<std::optional<WaitingVersion>> VersionFiles::Waiting() const {
  const auto text = config::ReadTextFile(WaitingFile());
  if (!text && text.error().code == ErrorCode::kNotFound) return std::nullopt;
  if (!text) return Fail(text.error());
  if (text->empty()) return std::nullopt;
  const std::string file = WaitingFile().string();
  YB_ASSIGN(const config::TomlNode root, config::ParseToml(*text, file));
  config::TomlTable table(root, file);
  constexpr std::int64_t kMost = std::numeric_limits<std::uint32_t>::max();
  YB_ASSIGN(const std::int64_t version, table.Whole("version", 1, kMost));
  YB_ASSIGN(const std::int64_t back_to, table.Whole("back_to", 1, kMost));
  YB_ASSIGN(const std::int64_t within, table.Whole("within_s", 1, kMost));
  YB_ASSIGN(const std::string until, table.Text("keep_until"));
  YB_TRY(table.RefuseUnknownKeys());
  YB_ASSIGN(const base::UtcTime keep_until, base::FromIso(until));
  return WaitingVersion{static_cast<std::uint32_t>(version), static_cast<std::uint32_t>(back_to), keep_until,
                        std::chrono::seconds(within)};
}

base::Status VersionFiles::SaveWaiting(const std::optional<WaitingVersion>& waiting) {
  YB_TRY(base::MakeFolder(folder_));
  if (!waiting) return base::WriteFile(WaitingFile(), "");  // a file that is removed may come back after a power cut
  const auto within = std::chrono::duration_cast<std::chrono::seconds>(waiting->within);
  return base::WriteFile(WaitingFile(), "version = " + std::to_string(waiting->version) +
                                            "\nback_to = " + std::to_string(waiting->back_to) +
                                            "\nwithin_s = " + std::to_string(within.count()) + "\nkeep_until = \"" +
                                            base::ToIso(waiting->keep_until) + "\"\n");
}

}  // namespace yb::edge
