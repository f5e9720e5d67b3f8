#include "tests/support/truth.hpp"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

namespace yb::test {

std::vector<TruthValue> LoadTruth(const std::filesystem::path& log) {
  std::vector<TruthValue> truth;
  std::ifstream in(log);
  for (std::string line; std::getline(in, line);) {
    const auto answer = nlohmann::json::parse(line, nullptr, false);
    if (answer.is_discarded()) continue;
    for (const auto& value : answer.at("values")) {
      if (!value.at("value").is_string()) continue;
      truth.push_back({answer.at("line"),
                       answer.at("address"),
                       value.at("quantity"),
                       {answer.at("t_us").get<std::int64_t>()},
                       value.at("value"),
                       value.at("unit")});
    }
  }
  return truth;
}

Comparison Compare(const std::string& what, std::vector<TruthValue> truth, std::vector<StoredValue> stored,
                   const std::vector<Span>& excused, base::Duration apart) {
  std::ranges::stable_sort(truth, {}, &TruthValue::time);
  std::ranges::stable_sort(stored, {}, &StoredValue::time);
  Comparison result;
  result.answered = truth.size();
  result.stored = stored.size();
  const auto is_excused = [&](base::UtcTime time) {
    return std::ranges::any_of(excused, [&](const Span& span) { return time >= span.from && time <= span.to; });
  };
  auto next = stored.begin();
  for (const TruthValue& answer : truth) {
    // What lies before the answer's window and was not paired has no answer.
    for (; next != stored.end() && next->time < answer.time - apart; ++next) {
      result.invented.push_back(what + " " + base::ToIso(next->time) + " " + next->value);
    }
    const bool paired = next != stored.end() && next->time <= answer.time + apart && next->value == answer.value &&
                        next->unit == answer.unit;
    if (paired) {
      ++next;
    } else if (is_excused(answer.time)) {
      ++result.excused;
    } else {
      result.lost.push_back(what + " " + base::ToIso(answer.time) + " " + answer.value + " " + answer.unit);
    }
  }
  for (; next != stored.end(); ++next)
    result.invented.push_back(what + " " + base::ToIso(next->time) + " " + next->value);
  return result;
}

}  // namespace yb::test
