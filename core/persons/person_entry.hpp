// PersonEntry: one line of what a side knows of persons' keys, as it travels between box and central: a key, or that a
// person was erased. The entries of a site are a set that only grows, but for erasure: both sides take in what the
// other has, in any order and as often as it comes, and end with the same set (sync-protocol.md, lane `person`).
// Values; no threads.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/security/sealer.hpp"

namespace yb::persons {

struct PersonEntry {
  std::string person;                   // UUID, or one of the names below
  std::optional<security::Secret> key;  // none: erased (墓碑), for good
  friend bool operator==(const PersonEntry&, const PersonEntry&) = default;
};

/// Not of a person: keys for search, which travel alike.
inline constexpr std::string_view kCitySearchKey = "city-search";  // drawn by the city, for all sites
inline constexpr std::string_view kSiteSearchKey = "site-search";  // drawn by a box that has none of the city yet

/// A UUID or one of these names.
[[nodiscard]] bool IsEntryName(std::string_view person);

/// A site's entries in short: XOR of their marks by bucket. Equal summaries, equal sets.
using PersonSummary = std::array<std::uint64_t, 64>;
[[nodiscard]] std::size_t BucketOf(std::string_view person);
/// The first 8 bytes of SHA-256(person, 0, key), big-endian; of an erased one without key.
[[nodiscard]] std::uint64_t MarkOf(const PersonEntry& entry);

/// The entries of one site where they are kept. What writes is synced when it returns.
class PersonEntries {
 public:
  virtual ~PersonEntries() = default;
  [[nodiscard]] virtual base::Result<PersonSummary> Summary() = 0;
  /// Of buckets that differ from `other`, every entry waits again.
  [[nodiscard]] virtual base::Status Compare(const PersonSummary& other) = 0;
  /// What the other side has not acknowledged; at most `most`.
  [[nodiscard]] virtual base::Result<std::vector<PersonEntry>> Waiting(std::size_t most) = 0;
  /// The other side has synced these.
  [[nodiscard]] virtual base::Status OnTold(const std::vector<PersonEntry>& entries) = 0;
  /// Takes in the other side's. A key of somebody erased is refused, and the erasure waits again.
  [[nodiscard]] virtual base::Status TakeIn(const std::vector<PersonEntry>& entries) = 0;
};

}  // namespace yb::persons
