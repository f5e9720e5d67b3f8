// Published documents in force in a program: read strictly, fitting each other, over the files it began with, across
// restarts.
#include "core/casework/reference_documents.hpp"

#include <gtest/gtest.h>

#include "core/case_app/box_documents.hpp"
#include "core/case_app/city_documents.hpp"
#include "core/storage/sqlite/sqlite_database.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/wait_until.hpp"

namespace yb::casework {
namespace {

using documents::Kind;
using documents::MakeDocument;

const base::SiteId kSite = *base::SiteId::Parse("lvye-01");

std::string CatalogueOf(int version, const std::string& key) {
  return "version = " + std::to_string(version) + "\n[[item]]\nkey = \"" + key +
         "\"\nname = \"事项\"\npromised_days = 5\nstatutory_days = 20\nsigners = [\"局\"]\n";
}
std::string DelegationsOf(int version, const std::string& item) {
  return "version = " + std::to_string(version) + "\n[[delegation]]\ninstrument = \"第 7 号\"\ngrantor = \"局\"\n" +
         "site = \"lvye-01\"\nitem = \"" + item +
         "\"\nmode = \"entrusted\"\nvalid_from = \"2025-01-01\"\nvalid_to = \"2027-12-31\"\n";
}
const std::string kCalendar2099 = "[[year]]\nyear = 2099\ndays_off = [\"2099-01-01\"]\n";

calendar::CivilDate Day(const char* text) {
  return calendar::ParseDate(text).value();
}

/// One program: the documents that it began with are a catalogue with the item "a".
struct Program {
  Program(const std::filesystem::path& file, cases::Side side, const base::Clock& clock)
      : reference({ParseCatalogue(CatalogueOf(1, "a"), "shipped").value(), {}}) {
    const auto opener = storage::MakeSqliteOpener({.file = file});
    ledger = ledger::LedgerStore::Open(*opener, {side}, CalendarWith({}), clock).value();
  }
  [[nodiscard]] std::string item() const { return reference.Now()->catalogue.items.at(0).key; }
  Reference reference;
  std::unique_ptr<ledger::LedgerStore> ledger;
};

class ReferenceDocumentsTest : public testing::Test {
 protected:
  test::TempFolder folder_;
  base::SystemClock clock_;
};

TEST_F(ReferenceDocumentsTest, OneThatIsBrokenOrDoesNotFitChangesNothing) {
  Program program(folder_.path() / "ledger.db", cases::Side::kPark, clock_);
  ReferenceDocuments documents(program.reference, *program.ledger);
  ASSERT_TRUE(documents.Apply(MakeDocument(Kind::kDelegations, 1, DelegationsOf(1, "a"))));
  const auto before = program.reference.Now();
  const documents::Document wrong[] = {
      MakeDocument(Kind::kCatalogue, 2, "version = 2\ncolour = \"red\"\n"),
      MakeDocument(Kind::kCatalogue, 2, CatalogueOf(2, "b")),      // the delegation of "a" would name nothing
      MakeDocument(Kind::kDelegations, 2, DelegationsOf(2, "b")),  // no such item
      MakeDocument(Kind::kCalendar, 1, "# nothing\n"),
      MakeDocument(Kind::kCalendar, 1, "[[year]]\nyear = 2099\ndays_off = [\"2098-01-01\"]\n"),
      MakeDocument(Kind::kDirectory, 1, "format = 1\n"),
  };
  for (const documents::Document& document : wrong) {
    EXPECT_FALSE(documents.Check(document)) << document.text;
    EXPECT_FALSE(documents.Apply(document)) << document.text;
    EXPECT_EQ(program.reference.Now(), before);
    EXPECT_FALSE(program.ledger->calendar()->Knows(2099));
  }
  ASSERT_TRUE(documents.ApplyAll({wrong[1], wrong[2]})) << "together they fit";
  EXPECT_EQ(program.item(), "b");
}

TEST(ReferenceDocumentsSummary, NamesWhatIsInADocument) {
  const auto summary = [](Kind kind, const std::string& text) {
    return ReferenceDocuments::Summary(MakeDocument(kind, 0, text));
  };
  EXPECT_EQ(summary(Kind::kCatalogue, CatalogueOf(1, "a"))->zh, "1 个事项：事项");
  EXPECT_EQ(summary(Kind::kCatalogue, CatalogueOf(1, "a"))->en, "1 items: 事项");
  EXPECT_EQ(summary(Kind::kDelegations, DelegationsOf(1, "a"))->zh, "1 条赋权：lvye-01 a");
  EXPECT_EQ(summary(Kind::kCalendar, kCalendar2099 + "[[year]]\nyear = 2100\ndays_off = [\"2100-01-01\"]\n")->zh,
            "2 个年份：2099、2100");
  EXPECT_FALSE(summary(Kind::kCalendar, "# nothing\n"));
  EXPECT_FALSE(summary(Kind::kDirectory, "format = 1\n"));
}

TEST_F(ReferenceDocumentsTest, ACalendarIsInForceAtOnce) {
  Program program(folder_.path() / "ledger.db", cases::Side::kPark, clock_);
  ReferenceDocuments documents(program.reference, *program.ledger);
  ASSERT_TRUE(documents.Apply(MakeDocument(Kind::kCalendar, 1, kCalendar2099)));
  EXPECT_TRUE(program.ledger->calendar()->Knows(2099));
  EXPECT_FALSE(program.ledger->calendar()->IsWorkingDay(Day("2099-01-01")));  // a Thursday
  EXPECT_TRUE(program.ledger->calendar()->IsWorkingDay(Day("2099-01-02")));
  EXPECT_TRUE(program.ledger->calendar()->Knows(2026)) << "years that were published with this version stay";
}

TEST(MissingYear, IsToldFromDecemberOnUntilTheNoticeIsLoaded) {
  const calendar::WorkingCalendar plain(std::vector<calendar::YearNotice>{{2098, {}, {}}});
  EXPECT_EQ(MissingYear(plain, Day("2098-11-30")), std::nullopt);
  EXPECT_EQ(MissingYear(plain, Day("2098-12-01")), 2099);
  EXPECT_EQ(MissingYear(plain, Day("2098-12-31")), 2099);
  const calendar::WorkingCalendar both(std::vector<calendar::YearNotice>{{2098, {}, {}}, {2099, {}, {}}});
  EXPECT_EQ(MissingYear(both, Day("2098-12-31")), std::nullopt);
}

TEST_F(ReferenceDocumentsTest, WhatCentralPublishesIsInForceAtTheBoxAndStaysSoWithoutIt) {
  Program city_program(folder_.path() / "city-ledger.db", cases::Side::kCity, clock_);
  const auto city_file = storage::MakeSqliteOpener({.file = folder_.path() / "city.db"});
  const auto box_file = storage::MakeSqliteOpener({.file = folder_.path() / "box.db"});
  const auto ledger_file = folder_.path() / "box-ledger.db";
  std::string directory;
  {
    Program box_program(ledger_file, cases::Side::kPark, clock_);
    std::unique_ptr<case_app::CityDocuments> city;
    std::unique_ptr<case_app::BoxDocuments> box;
    std::atomic<int> current{0};
    std::mutex of_directory;
    city = case_app::CityDocuments::Open(
               {[&](const base::SiteId& site, sync::Lane lane, base::ByteView bytes) -> base::Status {
                  box->link().OnMessage(site, lane, bytes);
                  return {};
                },
                [](const std::set<base::SiteId>&) {
                  return base::Result<std::map<base::SiteId, std::string>>({{kSite, "users"}});
                }},
               *city_file, city_program.reference, *city_program.ledger, clock_)
               .value();
    box = case_app::BoxDocuments::Open(
              {kSite,
               [&](const base::SiteId& site, sync::Lane lane, base::ByteView bytes) -> base::Status {
                 city->link().OnMessage(site, lane, bytes);
                 return {};
               },
               [&](const documents::Document& document) -> base::Status {
                 const std::scoped_lock lock(of_directory);
                 directory = document.text;
                 return {};
               },
               [&] { ++current; }},
              *box_file, box_program.reference, *box_program.ledger, clock_)
              .value();
    city->link().Start({kSite});
    box->link().Start({kSite});
    city->link().OnConnected();
    box->link().OnConnected();
    ASSERT_TRUE(city->published().Publish(Kind::kCatalogue, std::nullopt, CatalogueOf(2, "b"), "test", clock_.Now()));
    ASSERT_TRUE(city->published().Publish(Kind::kDelegations, kSite, DelegationsOf(2, "b"), "test", clock_.Now()));
    ASSERT_TRUE(city->published().Publish(Kind::kCalendar, std::nullopt, kCalendar2099, "test", clock_.Now()));
    EXPECT_TRUE(test::WaitUntil([&] {
      const auto told = city->published().ToldOf(kSite).value();
      return told && told->state.applied.size() == 4 && told->state.refused.empty();
    }));
    EXPECT_EQ(box_program.item(), "b");
    EXPECT_TRUE(box_program.ledger->calendar()->Knows(2099));
    EXPECT_GT(current, 0);
    box->link().Stop();
    city->link().Stop();
  }
  EXPECT_EQ(directory, "users");
  // The next start, without central: the shipped catalogue is not what is in force.
  Program again(ledger_file, cases::Side::kPark, clock_);
  const auto box = case_app::BoxDocuments::Open({kSite, {}, {}, {}}, *box_file, again.reference, *again.ledger, clock_);
  ASSERT_TRUE(box) << box.error().Describe();
  EXPECT_EQ(again.item(), "b");
  EXPECT_EQ(again.reference.Now()->delegations.version, 2U);
  EXPECT_TRUE(again.ledger->calendar()->Knows(2099));
}

}  // namespace
}  // namespace yb::casework
