// Two vaults and their links on their own threads, over a way that loses messages.
#include "core/persons/person_link.hpp"

#include <gtest/gtest.h>

#include <atomic>

#include "core/storage/sqlite/sqlite_database.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/wait_until.hpp"

namespace yb::persons {
namespace {

const base::SiteId kSite = *base::SiteId::Parse("lvye-01");

std::string Person(int number) {
  return "018f3c5e-0000-7000-8000-000000000" + std::to_string(100 + number);
}

class PersonLinkTest : public testing::Test {
 protected:
  struct Half {
    std::unique_ptr<PersonVault> vault;
    std::unique_ptr<PersonLink> link;
    std::atomic<int> changes{0};
  };
  void Start(Half& half, Half& other, VaultSide side, const std::string& name) {
    const auto opener = storage::MakeSqliteOpener({.file = folder_.path() / name});
    half.vault = PersonVault::Open(*opener, security::MasterKey({}), side).value();
    PersonLinkOptions options;
    options.exchange.first_retry = std::chrono::milliseconds(20);
    options.exchange.most_retry = std::chrono::milliseconds(100);
    options.publish = [this, &other](const base::SiteId& site, sync::Lane lane, base::ByteView bytes) -> base::Status {
      const std::scoped_lock lock(way_);
      if (++messages_ % 3 == 0 || !other.link) return {};
      other.link->OnMessage(site, lane, bytes);
      return {};
    };
    options.on_changed = [&half](const base::SiteId&, const std::vector<PersonEntry>&) { ++half.changes; };
    auto link = std::make_unique<PersonLink>(std::move(options), *half.vault, clock_);
    link->Start(side == VaultSide::kBox ? std::vector{kSite} : std::vector<base::SiteId>());
    link->OnConnected();
    const std::scoped_lock lock(way_);
    half.link = std::move(link);
  }
  void Stop(Half& half) {
    std::unique_ptr<PersonLink> going;
    {
      const std::scoped_lock lock(way_);
      going = std::move(half.link);
    }
    going.reset();
    half.vault.reset();
  }
  void TearDown() override {
    Stop(box_);
    Stop(city_);
  }

  test::TempFolder folder_;
  base::SystemClock clock_;
  std::mutex way_;
  int messages_ = 0;
  Half box_, city_;
};

TEST_F(PersonLinkTest, BringsKeysUpAndErasuresDown) {
  Start(box_, city_, VaultSide::kBox, "box.db");
  Start(city_, box_, VaultSide::kCity, "city.db");
  std::vector<base::Bytes> sealed;
  for (int i = 0; i < 200; ++i) {
    ASSERT_TRUE(box_.vault->Add(kSite, Person(i)));
    sealed.push_back(box_.vault->Seal(kSite, Person(i), base::AsBytes(std::to_string(i))).value());
  }
  ASSERT_TRUE(test::WaitUntil([&] { return city_.vault->Open(kSite, Person(199), sealed[199]).has_value(); }));
  for (int i = 0; i < 200; ++i) {
    ASSERT_TRUE(test::WaitUntil([&] { return city_.vault->Open(kSite, Person(i), sealed[i]).has_value(); })) << i;
  }
  EXPECT_GT(city_.changes, 0);
  ASSERT_TRUE(city_.vault->Erase(kSite, Person(7)));
  EXPECT_TRUE(test::WaitUntil([&] { return box_.vault->IsErased(kSite, Person(7)).value_or(false); }));
}

TEST_F(PersonLinkTest, GivesAReplacedBoxItsKeysBackAndNoErasedOne) {
  Start(box_, city_, VaultSide::kBox, "box.db");
  Start(city_, box_, VaultSide::kCity, "city.db");
  for (const int i : {1, 2}) ASSERT_TRUE(box_.vault->Add(kSite, Person(i)));
  const auto one = box_.vault->Seal(kSite, Person(1), base::AsBytes("one")).value();
  const auto two = box_.vault->Seal(kSite, Person(2), base::AsBytes("two")).value();
  ASSERT_TRUE(test::WaitUntil([&] { return city_.vault->Open(kSite, Person(2), two).has_value(); }));
  ASSERT_TRUE(test::WaitUntil([&] { return city_.vault->Open(kSite, Person(1), one).has_value(); }));
  Stop(box_);
  ASSERT_TRUE(city_.vault->Erase(kSite, Person(1)));
  Start(box_, city_, VaultSide::kBox, "another-box.db");
  EXPECT_TRUE(test::WaitUntil([&] { return box_.vault->Open(kSite, Person(2), two).has_value(); }));
  EXPECT_TRUE(test::WaitUntil([&] { return box_.vault->IsErased(kSite, Person(1)).value_or(false); }));
}

TEST_F(PersonLinkTest, GoesOnAfterWhatItCannotRead) {
  Start(box_, city_, VaultSide::kBox, "box.db");
  Start(city_, box_, VaultSide::kCity, "city.db");
  box_.link->OnMessage(kSite, sync::Lane::kPerson, base::AsBytes("\xFF\xFF\xFF"));
  box_.link->OnMessage(kSite, sync::Lane::kFile, base::AsBytes("of another lane"));
  ASSERT_TRUE(box_.vault->Add(kSite, Person(1)));
  const auto one = box_.vault->Seal(kSite, Person(1), base::AsBytes("one")).value();
  EXPECT_TRUE(test::WaitUntil([&] { return city_.vault->Open(kSite, Person(1), one).has_value(); }));
}

}  // namespace
}  // namespace yb::persons
