// Power loss under the vault of persons' keys: what was added can still be opened, what was erased stays erased.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "core/persons/person_vault.hpp"
#include "core/storage/sqlite/sqlite_database.hpp"
#include "tests/support/power_loss_disk.hpp"
#include "tests/support/temp_folder.hpp"

namespace yb::persons {
namespace {

namespace fs = std::filesystem;

const base::SiteId kSite = *base::SiteId::Parse("lvye-01");

std::string Content(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(PowerLossOfTheVault, KeepsWhatWasAddedAndWhatWasErased) {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const test::TempFolder folder;
    std::mt19937_64 random(seed);
    test::PowerLossDisk disk;
    std::map<std::string, base::Bytes> sealed;
    std::map<std::string, std::string> wrapped;  // keys that were erased, as they lay in the file
    const auto opener = storage::MakeSqliteOpener({.file = folder.path() / "persons.db", .vfs = disk.vfs()});
    const auto vault = PersonVault::Open(*opener, security::MasterKey({}), VaultSide::kBox).value();
    const auto entries = vault->EntriesOf(kSite).value();
    for (int step = 0; step < 60; ++step) {
      const std::string person = "018f3c5e-0000-7000-8000-0000000000" + std::to_string(10 + random() % 30);
      if (random() % 3 != 0) {
        const base::Status added = vault->Add(kSite, person);
        if (added) sealed[person] = vault->Seal(kSite, person, base::AsBytes(person)).value();
      } else {
        {
          const auto reader = opener->Open().value();
          const auto row =
              reader->Prepare("SELECT wrapped FROM entry WHERE wrapped IS NOT NULL AND person = '" + person + "'");
          if ((*row)->Step().value()) wrapped[person] = base::AsText((*row)->Blob(0));
        }
        if (random() % 2 == 0) {
          ASSERT_TRUE(vault->Erase(kSite, person));
        } else {
          ASSERT_TRUE(entries->TakeIn({{person, std::nullopt}}));
        }
        sealed[person].clear();
      }
      if (random() % 3 != 0) continue;
      const fs::path cut = folder.path() / "cut";
      disk.Cut(cut, static_cast<int>(random() % 101), random);
      {
        const auto after = storage::MakeSqliteOpener({.file = cut / "persons.db"});
        const auto again = PersonVault::Open(*after, security::MasterKey({}), VaultSide::kBox);
        ASSERT_TRUE(again) << again.error().Describe();
        for (const auto& [who, bytes] : sealed) {
          if (bytes.empty()) {
            EXPECT_TRUE((*again)->IsErased(kSite, who).value()) << who;
          } else {
            EXPECT_EQ(base::AsText((*again)->Open(kSite, who, bytes).value_or(base::Bytes())), who);
          }
        }
      }
      const std::string raw = Content(cut / "persons.db") + Content(cut / "persons.db-wal");
      for (const auto& [who, bytes] : wrapped) EXPECT_EQ(raw.find(bytes), std::string::npos) << who;
    }
    EXPECT_FALSE(wrapped.empty());
  }
}

}  // namespace
}  // namespace yb::persons
