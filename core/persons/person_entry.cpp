#include "core/persons/person_entry.hpp"

#include "core/base/digest.hpp"
#include "core/base/uuid.hpp"

namespace yb::persons {
namespace {

std::uint64_t FirstBytes(const base::Digest& digest) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i) value = value << 8 | digest[i];
  return value;
}

}  // namespace

bool IsEntryName(std::string_view person) {
  return base::IsUuid(person) || person == kCitySearchKey || person == kSiteSearchKey;
}

std::size_t BucketOf(std::string_view person) {
  return base::Sha256(base::AsBytes(person))[0] % PersonSummary{}.size();
}

std::uint64_t MarkOf(const PersonEntry& entry) {
  std::string named = entry.person;
  named += '\0';
  const base::ByteView key = entry.key ? base::ByteView(*entry.key) : base::ByteView();
  return FirstBytes(base::Sha256(base::AsBytes(named), key));
}

}  // namespace yb::persons
