// Truth: metersim's own log of every answer it gave, and how it is compared with what a program stored. The log, not
// anybody's database, says what a test expects.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/domain/metering/reading.hpp"

namespace yb::test {

/// One value of one answer.
struct TruthValue {
  std::string line;
  std::string address;
  std::string quantity;
  base::UtcTime time;  // when the answer's last byte went out
  std::string value;
  std::string unit;
};

/// A torn last line (the simulator was killed) is left out.
[[nodiscard]] std::vector<TruthValue> LoadTruth(const std::filesystem::path& log);

/// What a store holds of one point.
struct StoredValue {
  base::UtcTime time;
  std::string value;
  std::string unit;
};

struct Span {
  base::UtcTime from;
  base::UtcTime to;
};

struct Comparison {
  std::size_t answered = 0;
  std::size_t stored = 0;
  std::size_t excused = 0;            // answered within an excused span and not stored
  std::vector<std::string> lost;      // answered and neither stored nor excused
  std::vector<std::string> invented;  // stored without an answer: doubled or made up
};

/// Pairs the answers of one point with its stored values in order of time. A pair agrees in value (digit by digit) and
/// unit, and lies no more than `apart` from each other.
[[nodiscard]] Comparison Compare(const std::string& what, std::vector<TruthValue> truth,
                                 std::vector<StoredValue> stored, const std::vector<Span>& excused,
                                 base::Duration apart);

}  // namespace yb::test
