#include "core/persons/person_vault.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <random>

#include "core/storage/sqlite/sqlite_database.hpp"
#include "tests/support/temp_folder.hpp"

namespace yb::persons {
namespace {

const base::SiteId kSite = *base::SiteId::Parse("lvye-01");
const base::SiteId kOther = *base::SiteId::Parse("gujin-02");
const std::string kWang = "018f3c5e-0000-7000-8000-000000000001";
const std::string kLi = "018f3c5e-0000-7000-8000-000000000002";
const security::MasterKey kMaster(security::Secret{1, 2, 3});

std::string Content(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class PersonVaultTest : public testing::Test {
 protected:
  std::unique_ptr<PersonVault> OpenVault(VaultSide side = VaultSide::kBox, const std::string& name = "persons.db") {
    const auto opener = storage::MakeSqliteOpener({.file = folder_.path() / name});
    auto vault = PersonVault::Open(*opener, kMaster, side);
    EXPECT_TRUE(vault) << vault.error().Describe();
    return std::move(*vault);
  }
  static base::Bytes Sealed(PersonVault& vault, const std::string& person,
                            std::string_view plain = "王小明 13812348000") {
    const auto sealed = vault.Seal(kSite, person, base::AsBytes(plain));
    EXPECT_TRUE(sealed) << sealed.error().Describe();
    return sealed.value_or(base::Bytes());
  }
  /// All that waits at `from` is taken in by `to`, and acknowledged.
  static std::size_t Bring(PersonEntries& from, PersonEntries& to) {
    const auto waiting = from.Waiting(1000);
    EXPECT_TRUE(to.TakeIn(*waiting));
    EXPECT_TRUE(from.OnTold(*waiting));
    return waiting->size();
  }

  test::TempFolder folder_;
};

TEST_F(PersonVaultTest, OpensWhatItSealedAlsoAfterARestart) {
  base::Bytes sealed;
  {
    const auto vault = OpenVault();
    ASSERT_TRUE(vault->Add(kSite, kWang));
    ASSERT_TRUE(vault->Add(kSite, kWang)) << "again changes nothing";
    sealed = Sealed(*vault, kWang);
  }
  const auto vault = OpenVault();
  const auto opened = vault->Open(kSite, kWang, sealed);
  ASSERT_TRUE(opened) << opened.error().Describe();
  EXPECT_EQ(base::AsText(*opened), "王小明 13812348000");
}

TEST_F(PersonVaultTest, TellsAMissingKeyFromAnErasedOneAndFromChangedBytes) {
  const auto vault = OpenVault();
  ASSERT_TRUE(vault->Add(kSite, kWang));
  ASSERT_TRUE(vault->Add(kSite, kLi));
  const base::Bytes sealed = Sealed(*vault, kWang);
  EXPECT_EQ(vault->Open(kSite, kLi, sealed).error().code, base::ErrorCode::kCorrupt) << "sealed for another person";
  EXPECT_EQ(vault->Open(kOther, kWang, sealed).error().code, base::ErrorCode::kNotFound) << "of another site";
  const std::string nobody = "018f3c5e-0000-7000-8000-00000000000f";
  EXPECT_EQ(vault->Seal(kSite, nobody, {}).error().code, base::ErrorCode::kNotFound);
  EXPECT_EQ(vault->Add(kSite, "somebody").error().code, base::ErrorCode::kInvalidArgument);
  ASSERT_TRUE(vault->Erase(kSite, kWang));
  const auto gone = vault->Open(kSite, kWang, sealed);
  EXPECT_EQ(gone.error().code, base::ErrorCode::kErased);
  EXPECT_FALSE(gone.error().message_zh.empty());
  EXPECT_EQ(vault->Seal(kSite, kWang, {}).error().code, base::ErrorCode::kErased);
  EXPECT_EQ(vault->Add(kSite, kWang).error().code, base::ErrorCode::kErased) << "a key is never drawn again";
  EXPECT_TRUE(vault->IsErased(kSite, kWang).value());
  EXPECT_FALSE(vault->IsErased(kSite, kLi).value());
}

TEST_F(PersonVaultTest, LeavesNothingOfAnErasedKeyInItsFiles) {
  const auto vault = OpenVault();
  for (int i = 10; i < 60; ++i) {
    ASSERT_TRUE(vault->Add(kSite, "018f3c5e-0000-7000-8000-0000000000" + std::to_string(i)));
  }
  const std::string person = "018f3c5e-0000-7000-8000-000000000033";
  std::string wrapped;
  {
    const auto reader = storage::OpenSqlite({.file = folder_.path() / "persons.db"});
    const auto row = (*reader)->Prepare("SELECT wrapped FROM entry WHERE person = '" + person + "'");
    ASSERT_TRUE((*row)->Step().value());
    wrapped = base::AsText((*row)->Blob(0));
  }
  const auto on_disk = [&] {
    return Content(folder_.path() / "persons.db") + Content(folder_.path() / "persons.db-wal");
  };
  ASSERT_NE(on_disk().find(wrapped), std::string::npos);
  const auto erased = vault->Erase(kSite, person);
  ASSERT_TRUE(erased) << erased.error().Describe();
  EXPECT_EQ(on_disk().find(wrapped), std::string::npos);
  EXPECT_EQ(on_disk().find(wrapped.substr(16, 16)), std::string::npos) << "nor half of it";
}

TEST_F(PersonVaultTest, SaysWhereTheLogCannotBeEmptied) {
  const auto vault = OpenVault();
  ASSERT_TRUE(vault->Add(kSite, kWang));
  const auto reader = storage::OpenSqlite({.file = folder_.path() / "persons.db"});
  ASSERT_TRUE((*reader)->Execute("BEGIN; SELECT count(*) FROM entry"));
  // The vault waits for the reader as long as its connection is told to.
  const auto busy =
      storage::MakeSqliteOpener({.file = folder_.path() / "persons.db", .busy_timeout = std::chrono::milliseconds(10)});
  const auto impatient = PersonVault::Open(*busy, kMaster, VaultSide::kBox);
  ASSERT_TRUE(impatient);
  EXPECT_EQ((*impatient)->Erase(kSite, kWang).error().code, base::ErrorCode::kUnavailable);
  EXPECT_TRUE((*impatient)->IsErased(kSite, kWang).value());
  ASSERT_TRUE((*reader)->Execute("COMMIT"));
  EXPECT_TRUE((*impatient)->Erase(kSite, kWang)) << "again, for the log";
}

TEST_F(PersonVaultTest, IsNotOpenedUnderAnotherMasterKey) {
  (void)OpenVault();
  const auto opener = storage::MakeSqliteOpener({.file = folder_.path() / "persons.db"});
  const auto vault = PersonVault::Open(*opener, security::MasterKey(security::Secret{9}), VaultSide::kBox);
  ASSERT_FALSE(vault);
  EXPECT_EQ(vault.error().code, base::ErrorCode::kCorrupt);
}

TEST_F(PersonVaultTest, GivesTheOtherSideKeysAndErasures) {
  const auto box = OpenVault();
  const auto city = OpenVault(VaultSide::kCity, "city.db");
  const auto up = box->EntriesOf(kSite).value();
  const auto down = city->EntriesOf(kSite).value();
  ASSERT_TRUE(box->Add(kSite, kWang));
  ASSERT_TRUE(box->Add(kSite, kLi));
  const base::Bytes sealed = Sealed(*box, kWang);
  EXPECT_EQ(city->Open(kSite, kWang, sealed).error().code, base::ErrorCode::kNotFound);
  EXPECT_EQ(Bring(*up, *down), 2U);
  EXPECT_EQ(Bring(*up, *down), 0U) << "acknowledged";
  EXPECT_EQ(base::AsText(city->Open(kSite, kWang, sealed).value()), "王小明 13812348000");
  EXPECT_EQ(city->Open(kOther, kWang, sealed).error().code, base::ErrorCode::kNotFound);

  Bring(*down, *up);  // the search key
  EXPECT_EQ(up->Summary().value(), down->Summary().value());
  ASSERT_TRUE(city->Erase(kSite, kWang));
  EXPECT_EQ(Bring(*down, *up), 1U);
  EXPECT_EQ(box->Open(kSite, kWang, sealed).error().code, base::ErrorCode::kErased);
  EXPECT_EQ(up->Summary().value(), down->Summary().value());
}

TEST_F(PersonVaultTest, RefusesAKeyOfSomebodyErasedAndSaysSoAgain) {
  const auto vault = OpenVault();
  const auto entries = vault->EntriesOf(kSite).value();
  ASSERT_TRUE(vault->Erase(kSite, kWang)) << "of one that was never known";
  ASSERT_TRUE(entries->OnTold(entries->Waiting(10).value()));
  ASSERT_TRUE(entries->Waiting(10)->empty());
  ASSERT_TRUE(entries->TakeIn({{kWang, security::Secret{7}}}));
  EXPECT_EQ(vault->Seal(kSite, kWang, {}).error().code, base::ErrorCode::kErased);
  const std::vector<PersonEntry> tombstone = {{kWang, std::nullopt}};
  EXPECT_EQ(entries->Waiting(10).value(), tombstone);
}

TEST_F(PersonVaultTest, KeepsBothKeysWhereABoxHadLostTheFirst) {
  base::Bytes old_sealed;
  const auto city = OpenVault(VaultSide::kCity, "city.db");
  {
    const auto box = OpenVault();
    ASSERT_TRUE(box->Add(kSite, kWang));
    old_sealed = Sealed(*box, kWang, "old");
    Bring(*box->EntriesOf(kSite).value(), *city->EntriesOf(kSite).value());
  }
  const auto box = OpenVault(VaultSide::kBox, "replaced.db");
  ASSERT_TRUE(box->Add(kSite, kWang));
  const base::Bytes new_sealed = Sealed(*box, kWang, "new");
  const auto up = box->EntriesOf(kSite).value();
  const auto down = city->EntriesOf(kSite).value();
  Bring(*up, *down);
  ASSERT_TRUE(down->Compare(up->Summary().value()));
  Bring(*down, *up);
  EXPECT_EQ(up->Summary().value(), down->Summary().value());
  for (PersonVault* vault : {box.get(), city.get()}) {
    EXPECT_EQ(base::AsText(vault->Open(kSite, kWang, old_sealed).value()), "old");
    EXPECT_EQ(base::AsText(vault->Open(kSite, kWang, new_sealed).value()), "new");
  }
  EXPECT_EQ(base::AsText(city->Open(kSite, kWang, Sealed(*box, kWang, "later")).value()), "later");
}

TEST_F(PersonVaultTest, SearchesByTheSameHashesOnBothSides) {
  const Searchable wang{"王小明", "34052419800101001X", "", "13812348000"};
  const auto finds = [](const std::vector<base::Bytes>& stored, const std::vector<base::Bytes>& looked_for) {
    return std::ranges::any_of(looked_for,
                               [&](const auto& one) { return std::ranges::find(stored, one) != stored.end(); });
  };
  const auto box = OpenVault();
  // Before the city's key has come: the box's own, which stays good for what was stored under it.
  const auto early = box->KeysOf(kSite, wang).value();
  EXPECT_TRUE(finds(early, box->SearchKeys(kSite, "王小明").value()));
  const auto city = OpenVault(VaultSide::kCity, "city.db");
  const auto up = box->EntriesOf(kSite).value();
  const auto down = city->EntriesOf(kSite).value();
  Bring(*up, *down);
  Bring(*down, *up);
  const auto at_box = box->KeysOf(kSite, wang).value();
  const auto at_city = city->KeysOf(kSite, wang).value();
  EXPECT_EQ(at_box, at_city);
  EXPECT_EQ(city->KeysOf(kOther, wang).value(), at_city) << "the city searches all sites at once";
  EXPECT_NE(at_box, early);
  for (const char* typed : {"王小明", "34052419800101001x", "138 1234 8000", "8000"}) {
    EXPECT_TRUE(finds(early, box->SearchKeys(kSite, typed).value())) << typed;
    EXPECT_TRUE(finds(at_box, box->SearchKeys(kSite, typed).value())) << typed;
    EXPECT_TRUE(finds(at_city, city->SearchKeys(std::nullopt, typed).value())) << typed;
  }
  EXPECT_FALSE(finds(at_box, box->SearchKeys(kSite, "王小红").value()));
  EXPECT_FALSE(finds(at_box, box->SearchKeys(kSite, "0008").value()));
}

TEST_F(PersonVaultTest, SearchesWithHmacSm3OfTheTerm) {
  const auto vault = OpenVault();
  const auto entries = vault->EntriesOf(kSite).value();
  security::Secret counted{};
  for (std::size_t i = 0; i < counted.size(); ++i) counted[i] = static_cast<std::uint8_t>(i);
  ASSERT_TRUE(entries->TakeIn({{std::string(kCitySearchKey), counted}}));
  // From python's cryptography: HMAC-SM3(00…1f, "code:91150203MA0N000164"), 16 bytes.
  const auto hashes = vault->KeysOf(kSite, {"", "91150203ma0n000164", "", ""}).value();
  ASSERT_EQ(hashes.size(), 1U);
  EXPECT_EQ(base::ToHex(hashes[0]), "C2CAC3ED6342C445DF261FD081D6A713");
}

TEST_F(PersonVaultTest, OldSearchesStillFindAfterTheCityLostItsFile) {
  const auto box = OpenVault();
  const auto up = box->EntriesOf(kSite).value();
  std::vector<base::Bytes> stored;
  {
    const auto city = OpenVault(VaultSide::kCity, "city.db");
    Bring(*city->EntriesOf(kSite).value(), *up);
    stored = city->KeysOf(kSite, {"王小明", "", "", ""}).value();
  }
  const auto city = OpenVault(VaultSide::kCity, "city-anew.db");
  const auto down = city->EntriesOf(kSite).value();
  ASSERT_TRUE(up->Compare(down->Summary().value()));
  Bring(*up, *down);
  const auto looked_for = city->SearchKeys(std::nullopt, "王小明").value();
  EXPECT_NE(std::ranges::find(looked_for, stored.front()), looked_for.end());
}

}  // namespace
}  // namespace yb::persons
