// Two sides over a way that loses, repeats, swaps and delays, with restarts and restores of both: whatever happens,
// both end with the same entries, no key of somebody erased among them.
#include "core/persons/person_exchange.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <random>
#include <set>

namespace yb::persons {
namespace {

/// Entries in memory: what the vault promises, done in another way.
class Memory final : public PersonEntries {
 public:
  std::map<std::string, std::set<security::Secret>> keys;
  std::set<std::string> erased;
  std::set<std::pair<std::string, std::uint64_t>> untold;
  bool failing = false;

  void Add(const std::string& person, const security::Secret& key) {
    if (erased.contains(person)) return;
    keys[person].insert(key);
    untold.emplace(person, MarkOf({person, key}));
  }
  void Erase(const std::string& person) {
    keys.erase(person);
    std::erase_if(untold, [&](const auto& one) { return one.first == person; });
    erased.insert(person);
    untold.emplace(person, MarkOf({person, std::nullopt}));
  }
  [[nodiscard]] std::vector<PersonEntry> All() const {
    std::vector<PersonEntry> all;
    for (const auto& [person, of] : keys) {
      for (const auto& key : of) all.push_back({person, key});
    }
    for (const auto& person : erased) all.push_back({person, std::nullopt});
    return all;
  }

  base::Result<PersonSummary> Summary() override {
    PersonSummary summary{};
    for (const PersonEntry& entry : All()) summary[BucketOf(entry.person)] ^= MarkOf(entry);
    return summary;
  }
  base::Status Compare(const PersonSummary& other) override {
    const PersonSummary own = *Summary();
    for (const PersonEntry& entry : All()) {
      const std::size_t bucket = BucketOf(entry.person);
      if (own[bucket] != other[bucket]) untold.emplace(entry.person, MarkOf(entry));
    }
    return {};
  }
  base::Result<std::vector<PersonEntry>> Waiting(std::size_t most) override {
    std::vector<PersonEntry> waiting;
    for (const PersonEntry& entry : All()) {
      if (waiting.size() < most && untold.contains({entry.person, MarkOf(entry)})) waiting.push_back(entry);
    }
    return waiting;
  }
  base::Status OnTold(const std::vector<PersonEntry>& entries) override {
    for (const PersonEntry& entry : entries) untold.erase({entry.person, MarkOf(entry)});
    return {};
  }
  base::Status TakeIn(const std::vector<PersonEntry>& entries) override {
    if (failing) return base::Fail(base::ErrorCode::kDiskFull, "the disk is full");
    for (const PersonEntry& entry : entries) {
      if (!entry.key) {
        Erase(entry.person);
        untold.erase({entry.person, MarkOf(entry)});
      } else if (erased.contains(entry.person)) {
        untold.emplace(entry.person, MarkOf({entry.person, std::nullopt}));
      } else {
        keys[entry.person].insert(*entry.key);
      }
    }
    return {};
  }
};

struct Faults {
  double loss = 0, repeat = 0, swap = 0, delay = 0, restart = 0, restore = 0, disk_full = 0, cut = 0;
};

class World {
 public:
  World(std::uint64_t seed, Faults faults) : random_(seed), faults_(faults) {
    for (Side& side : sides_) side.Restart(now_, random_());
  }

  void Run(int rounds) {
    for (int i = 0; i < rounds; ++i) {
      Act();
      Round();
    }
  }
  /// Without further faults or acts; whether both have come to rest.
  [[nodiscard]] bool Settles() {
    faults_ = {};
    for (Side& side : sides_) {
      side.memory.failing = false;
      side.exchange->OnConnected(now_, random_());
    }
    for (int i = 0; i < 5000; ++i) {
      Round();
      if (Quiet()) return true;
    }
    return false;
  }
  void ExpectSameAndErased() {
    EXPECT_EQ(sides_[0].memory.keys, sides_[1].memory.keys);
    EXPECT_EQ(sides_[0].memory.erased, sides_[1].memory.erased);
    for (const Side& side : sides_) {
      for (const auto& person : side.memory.erased) EXPECT_FALSE(side.memory.keys.contains(person)) << person;
      // What was stored anywhere when the faults ended is everywhere.
      for (const auto& person : held_erased_) EXPECT_TRUE(side.memory.erased.contains(person)) << person;
      for (const auto& [person, key] : held_keys_) {
        if (side.memory.erased.contains(person)) continue;
        EXPECT_TRUE(side.memory.keys.at(person).contains(key)) << person;
      }
    }
  }
  void NoteHeld() {
    for (const Side& side : sides_) {
      held_erased_.insert(side.memory.erased.begin(), side.memory.erased.end());
      for (const auto& [person, keys] : side.memory.keys) {
        for (const auto& key : keys) held_keys_.emplace(person, key);
      }
    }
  }

 private:
  struct Side {
    Memory memory;
    std::optional<Memory> copy;  // of an earlier moment
    std::unique_ptr<PersonExchange> exchange;
    std::deque<PersonMessage> to;  // on the way to it
    void Restart(base::Monotonic now, std::uint64_t random) {
      exchange = std::make_unique<PersonExchange>(
          ExchangeOptions{std::chrono::milliseconds(300), std::chrono::seconds(3), std::chrono::hours(1), 3}, memory);
      exchange->OnConnected(now, random);
    }
  };
  bool Chance(double probability) { return std::uniform_real_distribution<>()(random_) < probability; }
  std::string SomePerson() { return "018f3c5e-0000-7000-8000-0000000000" + std::to_string(10 + random_() % 20); }
  security::Secret SomeKey() {
    security::Secret key{};
    for (auto& byte : key) byte = static_cast<std::uint8_t>(random_());
    return key;
  }

  void Act() {
    Side& side = sides_[random_() % 2];
    if (Chance(0.3)) side.memory.Add(SomePerson(), SomeKey());
    if (Chance(0.05)) side.memory.Erase(SomePerson());
    side.exchange->OnWaiting(now_);
    if (Chance(0.02)) side.copy = side.memory;
    if (side.copy && Chance(faults_.restore)) {
      side.memory = *side.copy;
      side.Restart(now_, random_());
    }
    if (Chance(faults_.restart)) side.Restart(now_, random_());
    if (Chance(faults_.cut)) {
      for (Side& one : sides_) {
        one.exchange->OnDisconnected();
        one.to.clear();
        one.exchange->OnConnected(now_, random_());
      }
    }
    side.memory.failing = Chance(faults_.disk_full);
  }

  void Round() {
    now_ = now_ + std::chrono::milliseconds(100);
    for (int i = 0; i < 2; ++i) {
      while (true) {
        const auto next = sides_[i].exchange->Next(now_);
        ASSERT_TRUE(next);
        if (!*next) break;
        Post(1 - i, **next);
      }
    }
    for (int i = 0; i < 2; ++i) {
      std::deque<PersonMessage> coming;
      coming.swap(sides_[i].to);
      for (std::size_t k = 1; k < coming.size(); ++k) {
        if (Chance(faults_.swap)) std::swap(coming[k], coming[k - 1]);
      }
      for (const PersonMessage& message : coming) {
        if (Chance(faults_.delay)) {
          sides_[i].to.push_back(message);
          continue;
        }
        const auto answer = sides_[i].exchange->OnMessage(message, now_);
        if (answer && *answer) Post(1 - i, **answer);
      }
    }
  }
  void Post(int to, const PersonMessage& message) {
    if (Chance(faults_.loss)) return;
    sides_[to].to.push_back(message);
    if (Chance(faults_.repeat)) sides_[to].to.push_back(message);
  }
  bool Quiet() {
    for (Side& side : sides_) {
      if (!side.to.empty() || !side.exchange->open() || !side.memory.untold.empty()) return false;
    }
    return true;
  }

  std::mt19937_64 random_;
  Faults faults_;
  base::Monotonic now_{1'000'000};
  std::array<Side, 2> sides_;
  std::set<std::string> held_erased_;
  std::set<std::pair<std::string, security::Secret>> held_keys_;
};

void Play(std::uint64_t seed, Faults faults, int rounds) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  World world(seed, faults);
  world.Run(rounds);
  world.NoteHeld();
  ASSERT_TRUE(world.Settles());
  world.ExpectSameAndErased();
}

TEST(PersonExchange, BringsEverythingOverACleanWay) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) Play(seed, {}, 40);
}

TEST(PersonExchange, EndsTheSameOverABadWay) {
  for (std::uint64_t seed = 0; seed < 2000 && !testing::Test::HasFailure(); ++seed) {
    Play(seed, {.loss = 0.3, .repeat = 0.2, .swap = 0.3, .delay = 0.2, .restart = 0.05, .disk_full = 0.1, .cut = 0.03},
         60);
  }
}

TEST(PersonExchange, EndsTheSameWhereASideIsSetBackToAnOldCopy) {
  for (std::uint64_t seed = 0; seed < 2000 && !testing::Test::HasFailure(); ++seed) {
    Play(seed, {.loss = 0.1, .repeat = 0.1, .swap = 0.1, .delay = 0.1, .restart = 0.02, .restore = 0.05}, 60);
  }
}

TEST(PersonExchange, SaysNothingMoreOnceBothHaveTheSame) {
  World world(1, {});
  world.Run(30);
  ASSERT_TRUE(world.Settles());
  Memory memory;
  memory.Add("018f3c5e-0000-7000-8000-000000000010", {});
  PersonExchange exchange({}, memory);
  base::Monotonic now{1'000'000};
  exchange.OnConnected(now, 1);
  const auto summary = exchange.Next(now);
  ASSERT_TRUE(std::get<PersonSummaryMessage>(**summary).ask);
  const auto offer = std::get<PersonOffer>(**exchange.Next(now));
  EXPECT_FALSE(*exchange.OnMessage(PersonAck{offer.number + 1}, now)) << "of another offer";
  ASSERT_FALSE(memory.untold.empty());
  EXPECT_FALSE(*exchange.OnMessage(PersonAck{offer.number}, now));
  EXPECT_TRUE(memory.untold.empty());
  EXPECT_FALSE(*exchange.OnMessage(PersonSummaryMessage{false, *memory.Summary()}, now));
  EXPECT_FALSE(*exchange.Next(now));
  EXPECT_GE(*exchange.WakeAt() - now, std::chrono::hours(1));
}

}  // namespace
}  // namespace yb::persons
