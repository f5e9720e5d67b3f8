// The documents that cases rest on: read strictly, told where they are wrong, in force at once.
#include "core/casework/catalogue.hpp"

#include <gtest/gtest.h>

#include "core/base/write_file.hpp"
#include "core/casework/reference.hpp"
#include "tests/support/temp_folder.hpp"

namespace yb::casework {
namespace {

const base::SiteId kSite = *base::SiteId::Parse("lvye-01");

calendar::CivilDate Day(const char* text) {
  return calendar::ParseDate(text).value();
}

class CatalogueTest : public testing::Test {
 protected:
  std::filesystem::path File(const std::string& text, const char* name = "catalogue.toml") {
    const std::filesystem::path file = folder_.path() / name;
    EXPECT_TRUE(base::WriteFile(file, text));
    return file;
  }
  test::TempFolder folder_;
};

TEST_F(CatalogueTest, OfThisVersionHoldsThePlanningPermitAsTheCityPromisesIt) {
  const auto catalogue = LoadCatalogue(std::filesystem::path(YB_SOURCE_DIR) / "firmware-config/cases/catalogue.toml");
  ASSERT_TRUE(catalogue) << catalogue.error().Describe();
  const Item* item = catalogue->Find("planning-permit");
  ASSERT_NE(item, nullptr);
  const cases::ItemTerms terms = TermsOf(*item, catalogue->version);
  EXPECT_EQ(terms.name, "建设工程规划许可证");
  EXPECT_EQ(terms.promised_days, 5) << "R33";
  EXPECT_EQ(terms.statutory_days, 20) << "行政许可法 §42";
  EXPECT_EQ(terms.extension_days, 10) << "§42";
  EXPECT_EQ(terms.signers, (std::vector<std::string>{"市自然资源局", "市住房和城乡建设局"}));
  EXPECT_EQ(terms.materials.size(), 5U) << "the letter of attorney is not asked of everybody";
  const auto delegations = LoadDelegations(std::filesystem::path(YB_SOURCE_DIR) / "deploy/demo/delegations.toml");
  ASSERT_TRUE(delegations) << delegations.error().Describe();
  const DelegationRule* rule = delegations->Find(kSite, "planning-permit", Day("2026-03-02"));
  ASSERT_NE(rule, nullptr);
  EXPECT_EQ(rule->delegation.most_area_m2->ToString(), "5000");
  EXPECT_EQ(delegations->Find(*base::SiteId::Parse("jiuyuan-01"), "planning-permit", Day("2026-03-02")), nullptr);
}

TEST_F(CatalogueTest, NamesThePlaceOfAFault) {
  const std::string good =
      "version = 1\n[[item]]\nkey = \"a\"\nname = \"A\"\npromised_days = 5\nstatutory_days = 20\n"
      "signers = [\"局\"]\n";
  ASSERT_TRUE(LoadCatalogue(File(good)));
  const std::pair<std::string, const char*> wrong[] = {
      {"[[item]]\n", "version"},
      {"version = 0\n", "version"},
      {good + "colour = \"red\"\n", "colour"},
      {"version = 1\n[[item]]\nkey = \"A b\"\nname = \"A\"\npromised_days = 5\nstatutory_days = 20\nsigners = "
       "[\"局\"]\n",
       "key"},
      {"version = 1\n[[item]]\nkey = \"a\"\nname = \"A\"\npromised_days = 25\nstatutory_days = 20\nsigners = "
       "[\"局\"]\n",
       "promised_days"},
      {"version = 1\n[[item]]\nkey = \"a\"\nname = \"A\"\npromised_days = 5\nstatutory_days = 20\nsigners = []\n",
       "signers"},
      {"version = 1\n[[item]]\nkey = \"a\"\nname = \"A\"\npromised_days = 5\nstatutory_days = 20\nsigners = [\"局\", "
       "\"局\"]\n",
       "signers"},
      {good + good.substr(good.find("[[item]]")), "key"},
      {good + "[[item.material]]\nkey = \"m\"\n", "name"},
      {good + "[[item.material]]\nkey = \"m\"\nname = \"M\"\n[[item.material]]\nkey = \"m\"\nname = \"N\"\n", "key"},
      {good + "[[item.field]]\nkey = \"Colour!\"\nname = \"C\"\n", "key"},
      {good + "[[item.field]]\nkey = \"colour\"\nname = \"C\"\nkind = \"decimal\"\n", "kind"},
      {good + "[[item.field]]\nkey = \"area_m2\"\nname = \"C\"\n", "kind"},
      {good + "[[item.field]]\nkey = \"area_m2\"\nname = \"C\"\nkind = \"flag\"\n", "kind"},
  };
  for (const auto& [text, key] : wrong) {
    const auto read = LoadCatalogue(File(text));
    ASSERT_FALSE(read) << text;
    EXPECT_NE(read.error().Describe().find(key), std::string::npos) << read.error().Describe();
    EXPECT_NE(read.error().Describe().find("catalogue.toml"), std::string::npos) << read.error().Describe();
  }
}

TEST_F(CatalogueTest, ReadsDelegationsAsStrictly) {
  const auto with = [](const std::string& key, const std::string& line) {
    std::string text = "version = 1\n[[delegation]]\n";
    const std::pair<const char*, const char*> lines[] = {{"instrument", "instrument = \"第 7 号\"\n"},
                                                         {"grantor", "grantor = \"局\"\n"},
                                                         {"site", "site = \"lvye-01\"\n"},
                                                         {"item", "item = \"a\"\n"},
                                                         {"mode", "mode = \"entrusted\"\n"},
                                                         {"most_area_m2", "most_area_m2 = \"5000.5\"\n"},
                                                         {"valid_from", "valid_from = \"2025-01-01\"\n"},
                                                         {"valid_to", "valid_to = \"2025-12-31\"\n"}};
    for (const auto& [name, good] : lines) text += name == key ? line : std::string(good);
    return text;
  };
  const auto good = LoadDelegations(File(with("", "")));
  ASSERT_TRUE(good) << good.error().Describe();
  EXPECT_EQ(good->rules[0].delegation.most_area_m2->ToString(), "5000.5");
  for (const auto& [key, line] :
       std::initializer_list<std::pair<std::string, std::string>>{{"instrument", ""},
                                                                  {"site", "site = \"No Site\"\n"},
                                                                  {"mode", "mode = \"perhaps\"\n"},
                                                                  {"most_area_m2", "most_area_m2 = 0.5\n"},
                                                                  {"valid_from", "valid_from = \"2025-02-30\"\n"},
                                                                  {"valid_to", "valid_to = \"2024-12-31\"\n"}}) {
    const auto read = LoadDelegations(File(with(key, line)));
    ASSERT_FALSE(read) << line;
    EXPECT_NE(read.error().Describe().find(key), std::string::npos) << read.error().Describe();
  }
}

TEST_F(CatalogueTest, RefusesADelegationOfAnItemThatIsNotThere) {
  const auto catalogue = File("version = 1\n");
  const auto delegations = File(
      "version = 1\n[[delegation]]\ninstrument = \"第 7 号\"\ngrantor = \"局\"\nsite = \"lvye-01\"\nitem = \"a\"\n"
      "mode = \"entrusted\"\nvalid_from = \"2025-01-01\"\nvalid_to = \"2025-12-31\"\n",
      "delegations.toml");
  EXPECT_FALSE(LoadReference({catalogue, delegations, {}}));
  EXPECT_TRUE(LoadReference({catalogue, {}, {}}));
  EXPECT_TRUE(LoadReference({})) << "a program without any receives nothing";
}

TEST_F(CatalogueTest, FindsTheDelegationThatHoldsOnTheDay) {
  Delegations delegations;
  for (const auto& [instrument, from, to] :
       {std::tuple{"old", "2024-01-01", "2024-12-31"}, std::tuple{"new", "2025-01-01", "2025-12-31"}}) {
    DelegationRule rule;
    rule.site = kSite;
    rule.item = "a";
    rule.delegation.instrument = instrument;
    rule.delegation.valid_from = Day(from);
    rule.delegation.valid_to = Day(to);
    delegations.rules.push_back(rule);
  }
  EXPECT_EQ(delegations.Find(kSite, "a", Day("2024-12-31"))->delegation.instrument, "old");
  EXPECT_EQ(delegations.Find(kSite, "a", Day("2025-01-01"))->delegation.instrument, "new");
  EXPECT_NE(delegations.Find(kSite, "a", Day("2027-01-01")), nullptr) << "so that the refusal can name it";
  EXPECT_EQ(delegations.Find(kSite, "b", Day("2025-01-01")), nullptr);
}

TEST_F(CatalogueTest, TakesUpTheNoticeOfAnotherYearFromAFile) {
  EXPECT_FALSE(LoadCalendar({})->Knows(2027));
  const auto file = File("[[year]]\nyear = 2027\ndays_off = [\"2027-01-01\"]\nworking_weekends = [\"2027-01-02\"]\n",
                         "calendar.toml");
  const auto calendar = LoadCalendar(file);
  ASSERT_TRUE(calendar) << calendar.error().Describe();
  EXPECT_TRUE(calendar->Knows(2027));
  EXPECT_TRUE(calendar->IsWorkingDay(Day("2027-01-02"))) << "a Saturday";
  EXPECT_FALSE(calendar->IsWorkingDay(Day("2027-01-01")));
  EXPECT_FALSE(calendar->IsWorkingDay(Day("2026-10-01"))) << "the published ones stay";
  EXPECT_FALSE(LoadCalendar(File("[[year]]\nyear = 2027\ndays_off = [\"2026-01-01\"]\n", "calendar.toml")));
}

TEST_F(CatalogueTest, IsInForceOnceApplied) {
  Reference reference(ReferenceData{});
  const auto before = reference.Now();
  ReferenceData next;
  next.catalogue.version = 2;
  reference.Apply(next);
  EXPECT_EQ(before->catalogue.version, 0U) << "whoever is at work goes on with what there was";
  EXPECT_EQ(reference.Now()->catalogue.version, 2U);
}

}  // namespace
}  // namespace yb::casework
