#include "edge/telemetry/import_file.hpp"

#include <charconv>
#include <utility>

namespace yb::edge {
namespace {

using base::ErrorCode;
using base::Fail;

constexpr std::string_view kHeading = "yuanban-import 1";

template <class Number>
bool ParseWhole(std::string_view text, Number& number) {
  const auto [stop, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  return code == std::errc() && stop == text.data() + text.size();
}

/// The text up to the next `mark`, which is taken off as well.
std::string_view TakeUntil(std::string_view& text, char mark) {
  const std::size_t at = text.find(mark);
  const std::string_view taken = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
  return taken;
}

}  // namespace

std::string WriteImportFile(std::span<const ImportedValue> values) {
  std::string text(kHeading);
  text += '\n';
  for (const ImportedValue& value : values) {
    text += value.key + ',' + std::to_string(value.time.micros) + ',' + value.value.ToString() + '\n';
  }
  return text;
}

base::Result<std::vector<ImportedValue>> ReadImportFile(std::string_view text) {
  if (TakeUntil(text, '\n') != kHeading) {
    return Fail(ErrorCode::kCorrupt, "line 1 is not '" + std::string(kHeading) + "'",
                "was it written by another version of yuanbanctl?");
  }
  std::vector<ImportedValue> values;
  for (std::size_t line = 2; !text.empty(); ++line) {
    std::string_view rest = TakeUntil(text, '\n');
    ImportedValue value;
    value.key = TakeUntil(rest, ',');
    const bool timed = ParseWhole(TakeUntil(rest, ','), value.time.micros);
    const base::Result<base::Decimal> number = base::Decimal::Parse(rest);
    if (!timed || !number) return Fail(ErrorCode::kCorrupt, "line " + std::to_string(line) + " is no reading");
    value.value = *number;
    values.push_back(std::move(value));
  }
  return values;
}

std::string WriteImportResult(const ImportResult& result) {
  std::string text;
  if (!result.refused.empty()) return "refused " + result.refused + "\n";
  const std::pair<const char*, std::size_t> counts[] = {
      {"added", result.added}, {"known", result.known}, {"differing", result.differing}, {"events", result.events}};
  for (const auto& [name, count] : counts) text += std::string(name) + " " + std::to_string(count) + "\n";
  return text;
}

base::Result<ImportResult> ReadImportResult(std::string_view text) {
  ImportResult result;
  const std::pair<std::string_view, std::size_t*> counts[] = {
      {"added", &result.added}, {"known", &result.known}, {"differing", &result.differing}, {"events", &result.events}};
  while (!text.empty()) {
    std::string_view line = TakeUntil(text, '\n');
    const std::string_view word = TakeUntil(line, ' ');
    bool understood = word == "refused";
    if (understood) result.refused = line;
    for (const auto& [name, count] : counts) understood = understood || (name == word && ParseWhole(line, *count));
    if (!understood) return Fail(ErrorCode::kCorrupt, "'" + std::string(word) + "' is no result of an import");
  }
  return result;
}

}  // namespace yb::edge
