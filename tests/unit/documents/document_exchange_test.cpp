// Central and a box over a way that loses, repeats and swaps, with restarts of both and full disks: whatever happens,
// the box never has half a document or one that it refused, and in the end has what central wants there.
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <random>

#include "core/documents/document_reader.hpp"
#include "core/documents/document_writer.hpp"
#include "core/storage/sqlite/sqlite_database.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_folder.hpp"

namespace yb::documents {
namespace {

const base::SiteId kSite = *base::SiteId::Parse("lvye-01");

class World {
 public:
  explicit World(std::uint64_t seed) : random_(seed) {
    options_.piece = 1000;
    const auto box = storage::MakeSqliteOpener({.file = folder_.path() / "box.db"});
    const auto city = storage::MakeSqliteOpener({.file = folder_.path() / "city.db"});
    kept_ = AppliedDocuments::Open(*box).value();
    published_ = PublishedDocuments::Open(*city).value();
    StartReader();
    StartWriter();
  }

  /// A program that starts has in force what it kept.
  void StartReader() {
    in_force_.clear();
    for (const Kind kind : kAllKinds) {
      if (const auto document = kept_->Find(kind).value()) in_force_[kind] = *document;
    }
    reader_ = std::make_unique<DocumentReader>(
        options_, *kept_, [this](const Document& document) { return Apply(document); },
        [this](Kind kind) { ++current_[kind]; }, clock_);
    reader_->OnConnected(clock_.Steady(), random_());
  }
  void StartWriter() {
    writer_ = std::make_unique<DocumentWriter>(options_, kSite, *published_, clock_);
    writer_->OnConnected(clock_.Steady(), random_());
  }

  base::Status Apply(const Document& document) {
    if (Draw(full_disk_)) return base::Fail(base::ErrorCode::kDiskFull, "the disk is full");
    EXPECT_EQ(MakeDocument(document.head.kind, document.head.version, document.text).head, document.head)
        << "not whole";
    if (document.text.starts_with("broken"))
      return base::Fail(base::ErrorCode::kInvalidArgument, base::Words{"broken", "有误"});
    if (document.text.starts_with("needs calendar") && !in_force_.contains(Kind::kCalendar)) {
      return base::Fail(base::ErrorCode::kInvalidArgument, "there is no calendar");
    }
    const auto before = in_force_.find(document.head.kind);
    if (before != in_force_.end()) {
      EXPECT_GE(document.head.version, before->second.head.version) << "it went back";
    }
    in_force_[document.head.kind] = document;
    return {};
  }

  Head Publish(Kind kind, std::string text) {
    const Head head = published_->Publish(kind, std::nullopt, std::move(text), "test", clock_.Now()).value();
    writer_->OnChanged(clock_.Steady());
    return head;
  }
  void PublishAny() {
    const Kind kind = kAllKinds.at(random_() % 3);
    std::string text = random_() % 4 == 0 ? "broken " : "good ";
    text += std::to_string(random_());
    text.resize(text.size() + random_() % 5000, 'x');
    const bool broken = text.starts_with("broken");
    const Head head = Publish(kind, std::move(text));
    newest_[kind] = {head, broken};
  }

  void Round() {
    clock_.Advance(std::chrono::milliseconds(200 + random_() % 800));
    Send(*reader_, up_);
    Send(*writer_, down_);
    Deliver(up_, *writer_, down_);
    Deliver(down_, *reader_, up_);
  }
  void Chaos() {
    loss_ = repeat_ = swap_ = 0.15;
    full_disk_ = 0.1;
    for (int i = 0; i < 150; ++i) {
      if (Draw(0.06)) PublishAny();
      if (Draw(0.02)) StartReader();
      if (Draw(0.02)) StartWriter();
      Round();
    }
  }
  bool Settles() {
    loss_ = repeat_ = swap_ = full_disk_ = 0;
    for (int i = 0; i < 3000; ++i) {
      Round();
      if (Settled()) return true;
    }
    return false;
  }
  /// Central knows of each newest document what became of it, and it became what it should.
  bool Settled() {
    const auto told = published_->ToldOf(kSite).value();
    for (const auto& [kind, newest] : newest_) {
      if (!told) return false;
      const State& state = told->state;
      const auto applied = in_force_.find(kind);
      if (newest.broken) {
        const bool refused = std::ranges::find(state.refused, newest.head, &Refusal::head) != state.refused.end();
        if (!refused) return false;
        EXPECT_TRUE(applied == in_force_.end() || applied->second.head != newest.head);
      } else {
        const Head* const reported = Find(state.applied, kind);
        if (reported == nullptr || *reported != newest.head) return false;
        if (applied == in_force_.end() || applied->second.head != newest.head) return false;
        if (Find(kept_->Heads().value(), kind)->version != newest.head.version) return false;
      }
    }
    return true;
  }
  /// Messages sent while nothing happens for a time.
  std::size_t SentWithin(base::Duration time) {
    const std::size_t before = sent_;
    const base::Monotonic until = clock_.Steady() + time;
    while (clock_.Steady() < until) Round();
    return sent_ - before;
  }

  struct Newest {
    Head head;
    bool broken = false;
  };
  std::map<Kind, Newest> newest_;
  std::map<Kind, Document> in_force_;
  std::map<Kind, int> current_;
  std::unique_ptr<AppliedDocuments> kept_;
  std::unique_ptr<PublishedDocuments> published_;

 private:
  bool Draw(double chance) { return std::uniform_real_distribution<>(0, 1)(random_) < chance; }
  void Post(std::deque<base::Bytes>& way, const Message& message) {
    ++sent_;
    if (Draw(loss_)) return;
    way.push_back(EncodeMessage(message));
    if (Draw(repeat_)) way.push_back(way.back());
    if (Draw(swap_) && way.size() > 1) std::swap(way.back(), way[random_() % way.size()]);
  }
  void Send(DocumentEnd& end, std::deque<base::Bytes>& way) {
    for (int i = 0; i < 100; ++i) {
      const auto next = end.Next(clock_.Steady());
      ASSERT_TRUE(next) << next.error().Describe();
      if (!*next) return;
      Post(way, **next);
    }
    ADD_FAILURE() << "it sends without end";
  }
  void Deliver(std::deque<base::Bytes>& way, DocumentEnd& to, std::deque<base::Bytes>& back) {
    const std::size_t waiting = Draw(swap_) ? way.size() / 2 : way.size();
    for (std::size_t i = 0; i < waiting; ++i) {
      const auto message = DecodeDocumentMessage(way.front());
      way.pop_front();
      ASSERT_TRUE(message) << message.error().Describe();
      const auto answer = to.OnMessage(*message, clock_.Steady());
      if (answer && *answer) Post(back, **answer);
    }
  }

  test::TempFolder folder_;
  test::ManualClock clock_;
  std::mt19937_64 random_;
  double loss_ = 0, repeat_ = 0, swap_ = 0, full_disk_ = 0;
  std::size_t sent_ = 0;
  ExchangeOptions options_;
  std::deque<base::Bytes> up_, down_;
  std::unique_ptr<DocumentReader> reader_;
  std::unique_ptr<DocumentWriter> writer_;
};

class DocumentExchangeTest : public testing::TestWithParam<int> {};

TEST_P(DocumentExchangeTest, TheBoxEndsWithWhatCentralWantsThere) {
  for (int seed = GetParam() * 5; seed < GetParam() * 5 + 5; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    World world(static_cast<std::uint64_t>(seed));
    world.PublishAny();
    world.Chaos();
    ASSERT_TRUE(world.Settles());
  }
}
INSTANTIATE_TEST_SUITE_P(Seeds, DocumentExchangeTest, testing::Range(0, 6));

TEST(DocumentExchange, ABrokenOneIsRefusedWithItsReasonAndTheLastGoodOneStays) {
  World world(1);
  const Head good = world.Publish(Kind::kCatalogue, "good");
  world.newest_[Kind::kCatalogue] = {good, false};
  ASSERT_TRUE(world.Settles());
  const Head broken = world.Publish(Kind::kCatalogue, "broken");
  world.newest_[Kind::kCatalogue] = {broken, true};
  ASSERT_TRUE(world.Settles());
  EXPECT_EQ(world.in_force_.at(Kind::kCatalogue).head, good);
  const State state = world.published_->ToldOf(kSite).value()->state;
  EXPECT_EQ(state.applied, std::vector<Head>{good});
  ASSERT_EQ(state.refused.size(), 1U);
  EXPECT_EQ(state.refused[0].why.zh, "有误");
  // A program that starts anew, and may read more, is offered it once more.
  world.StartReader();
  EXPECT_EQ(world.in_force_.at(Kind::kCatalogue).head, good);
  ASSERT_TRUE(world.Settles());
}

TEST(DocumentExchange, OneThatDoesNotFitYetIsTakenUpWithWhatItNeeds) {
  World world(2);
  const Head delegations = world.Publish(Kind::kDelegations, "needs calendar");
  world.newest_[Kind::kDelegations] = {delegations, true};
  ASSERT_TRUE(world.Settles()) << "refused at first";
  world.newest_[Kind::kCalendar] = {world.Publish(Kind::kCalendar, "good"), false};
  world.newest_[Kind::kDelegations].broken = false;
  EXPECT_TRUE(world.Settles());
}

TEST(DocumentExchange, IsQuietOnceBothKnowAndTellsOnceAnHour) {
  World world(3);
  world.newest_[Kind::kDirectory] = {world.Publish(Kind::kDirectory, "good"), false};
  ASSERT_TRUE(world.Settles());
  (void)world.SentWithin(std::chrono::minutes(3));
  const int current = world.current_[Kind::kDirectory];
  const std::size_t sent = world.SentWithin(std::chrono::hours(6));
  EXPECT_GE(sent, 2U * 4U) << "a report and its answer, each hour or a little more";
  EXPECT_LE(sent, 2U * 6U);
  EXPECT_GE(world.current_[Kind::kDirectory], current + 4) << "that the directory is the newest is known anew";
}

}  // namespace
}  // namespace yb::documents
