// Seeded numbers: the same seed and salt give the same number on every machine and in every run, which is what makes
// a simulated register a pure function of seed and time.
// Pure functions; no threads.
#pragma once

#include <cstdint>
#include <string_view>

namespace yb::metersim {

/// splitmix64's finishing step over both arguments.
[[nodiscard]] constexpr std::uint64_t Mix(std::uint64_t seed, std::uint64_t salt) {
  std::uint64_t z = seed + 0x9E3779B97F4A7C15ULL * (salt + 1);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

[[nodiscard]] constexpr std::uint64_t Mix(std::uint64_t seed, std::string_view text) {
  for (const char c : text) seed = Mix(seed, static_cast<unsigned char>(c));
  return seed;
}

/// Evenly within [low, high].
[[nodiscard]] constexpr std::int64_t Within(std::uint64_t random, std::int64_t low, std::int64_t high) {
  return low + static_cast<std::int64_t>(random % static_cast<std::uint64_t>(high - low + 1));
}

}  // namespace yb::metersim
