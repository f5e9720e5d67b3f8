// Sender and receiver over a link that loses, repeats, delays and swaps whole messages, with restarts of both sides:
// whatever happens, central ends with each record once, in order.
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <random>

#include "core/sync/lane_receiver.hpp"
#include "core/sync/lane_sender.hpp"

namespace yb::sync {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

base::Bytes BodyOf(Position at) {
  const std::string text = std::to_string(at.epoch) + ":" + std::to_string(at.seq);
  return {text.begin(), text.end()};
}

/// A box that knows its newest chain heads only.
const ChainAt kForgotten = [](Position) { return std::nullopt; };

struct Faults {
  double loss = 0;
  double repeat = 0;
  double swap = 0;
  double receiver_restart = 0;
  double link_cut = 0;
  double store_failure = 0;
};

class World {
 public:
  World(std::uint64_t seed, Faults faults) : random_(seed), faults_(faults), sender_(SenderOptions{}) {}

  void Grow(std::uint64_t epoch, std::uint64_t records) {
    if (outbox_.empty() || outbox_.back().epoch != epoch) outbox_.push_back({epoch, 1, 0, {}});
    EpochRange& range = outbox_.back();
    for (std::uint64_t i = 0; i < records; ++i) {
      ++range.last;
      range.chain = NextChain(range.chain, BodyOf({epoch, range.last}));
    }
  }

  /// One round of everything; time moves by 100 ms.
  void Round() {
    now_ = now_ + milliseconds(100);
    if (!connected_) {
      sender_.OnConnected(now_, random_());
      connected_ = true;
    }
    if (Chance(faults_.link_cut)) {
      sender_.OnDisconnected();
      connected_ = false;
      up_.clear();
      down_.clear();
      return;
    }
    if (Chance(faults_.receiver_restart)) receiver_ = LaneReceiver(8);
    for (int i = 0; i < 16; ++i) {
      const LaneSender::Action action = sender_.Next(now_, outbox_);
      if (action.what == LaneSender::Do::kNothing) break;
      Do(action);
    }
    Shuffle(up_);
    while (!up_.empty()) {
      Message message = std::move(up_.front());
      up_.pop_front();
      if (Chance(faults_.loss)) continue;
      const int times = Chance(faults_.repeat) ? 2 : 1;
      for (int i = 0; i < times; ++i) Receive(message);
    }
    CommitAndAcknowledge();
    Shuffle(down_);
    while (!down_.empty()) {
      const Answer answer = std::move(down_.front());
      down_.pop_front();
      if (Chance(faults_.loss)) continue;
      if (answer.welcome) {
        EXPECT_NE(sender_.OnWelcome(*answer.welcome, outbox_, false, kForgotten, now_),
                  LaneSender::Standing::kRolledBack);
      } else if (const auto moved = sender_.OnAck(*answer.ack, now_)) {
        EXPECT_LE(moved->seq, Committed(moved->epoch)) << "acknowledged before it was committed";
      }
    }
  }

  [[nodiscard]] bool Done() const {
    for (const EpochRange& range : outbox_) {
      const auto found = stored_.find(range.epoch);
      if ((found == stored_.end() ? 0 : found->second.size()) != range.last) return false;
    }
    return true;
  }

  void ExpectEachRecordOnceInOrder() const {
    for (const EpochRange& range : outbox_) {
      const auto& bodies = stored_.at(range.epoch);
      ASSERT_EQ(bodies.size(), range.last);
      for (std::uint64_t seq = 1; seq <= range.last; ++seq) EXPECT_EQ(bodies[seq - 1], BodyOf({range.epoch, seq}));
    }
  }

 private:
  struct Message {
    std::optional<Hello> hello;
    std::optional<Frame> frame;
  };
  struct Answer {
    std::optional<Welcome> welcome;
    std::optional<Ack> ack;
  };

  bool Chance(double probability) { return std::uniform_real_distribution<>()(random_) < probability; }

  template <class T>
  void Shuffle(std::deque<T>& messages) {
    for (std::size_t i = 1; i < messages.size(); ++i) {
      if (Chance(faults_.swap)) std::swap(messages[i], messages[i - 1]);
    }
  }

  void Do(const LaneSender::Action& action) {
    if (action.what == LaneSender::Do::kSendHello) {
      up_.push_back({Hello{action.session, outbox_}, std::nullopt});
    } else if (action.what == LaneSender::Do::kSendFrame) {
      Frame frame{"150200", "lvye-01", Lane::kHistory, action.session, action.from.epoch, action.from.seq, {}};
      const auto range = std::ranges::find(outbox_, action.from.epoch, &EpochRange::epoch);
      const std::uint64_t count = std::min<std::uint64_t>(1 + random_() % 5, range->last - action.from.seq + 1);
      for (std::uint64_t i = 0; i < count; ++i) frame.bodies.push_back(BodyOf({frame.epoch, frame.first_seq + i}));
      sender_.OnFrameSent(action.from, {frame.epoch, frame.last_seq()}, now_);
      up_.push_back({std::nullopt, std::move(frame)});
    }
  }

  void Receive(const Message& message) {
    if (message.hello) {
      CommitAndAcknowledge();
      std::vector<EpochPosition> positions;
      for (const auto& [epoch, bodies] : stored_) positions.push_back({epoch, bodies.size(), chains_[epoch]});
      down_.push_back({receiver_.OnHello(*message.hello, std::move(positions)), std::nullopt});
      return;
    }
    const Frame& frame = *message.frame;
    const std::uint64_t before = receiver_.Accepted(frame.epoch);
    switch (receiver_.OnFrame(frame)) {
      case LaneReceiver::Verdict::kReopen:
        down_.push_back({std::nullopt, receiver_.AskToReopen(frame.session)});
        return;
      case LaneReceiver::Verdict::kApply:
      case LaneReceiver::Verdict::kApplyRest:
        for (std::uint64_t seq = before + 1; seq <= frame.last_seq(); ++seq) {
          uncommitted_.push_back({{frame.epoch, seq}, frame.bodies[seq - frame.first_seq]});
        }
        break;
      case LaneReceiver::Verdict::kDuplicate: break;
    }
    to_acknowledge_ = frame.epoch;
  }

  void CommitAndAcknowledge() {
    if (!uncommitted_.empty() && Chance(faults_.store_failure)) {
      uncommitted_.clear();
      to_acknowledge_.reset();
      receiver_.OnStoreFailed();
      return;
    }
    for (const auto& [at, body] : uncommitted_) {
      auto& bodies = stored_[at.epoch];
      ASSERT_EQ(bodies.size() + 1, at.seq) << "stored out of order or twice";
      bodies.push_back(body);
      chains_[at.epoch] = NextChain(chains_[at.epoch], body);
    }
    uncommitted_.clear();
    if (to_acknowledge_) down_.push_back({std::nullopt, receiver_.Acknowledge(*to_acknowledge_)});
    to_acknowledge_.reset();
  }

  std::uint64_t Committed(std::uint64_t epoch) const {
    const auto found = stored_.find(epoch);
    return found == stored_.end() ? 0 : found->second.size();
  }

  std::mt19937_64 random_;
  Faults faults_;
  base::Monotonic now_{};
  bool connected_ = false;
  LaneSender sender_;
  LaneReceiver receiver_{8};
  std::vector<EpochRange> outbox_;
  std::deque<Message> up_;
  std::deque<Answer> down_;
  std::vector<std::pair<Position, base::Bytes>> uncommitted_;
  std::optional<std::uint64_t> to_acknowledge_;
  std::map<std::uint64_t, std::vector<base::Bytes>> stored_;
  std::map<std::uint64_t, Chain> chains_;
};

TEST(Delivery, OverAGoodLinkTakesAFewRounds) {
  World world(1, {});
  world.Grow(100, 50);
  int rounds = 0;
  while (!world.Done() && rounds < 30) {
    world.Round();
    ++rounds;
  }
  world.ExpectEachRecordOnceInOrder();
  EXPECT_LT(rounds, 30);
}

TEST(Delivery, EndsWithEachRecordOnceWhateverTheLinkDoes) {
  for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
    std::mt19937_64 draw(seed);
    const auto upto = [&](double most) { return std::uniform_real_distribution<>(0, most)(draw); };
    World world(seed, {upto(0.2), upto(0.3), upto(0.3), upto(0.03), upto(0.03), upto(0.1)});
    std::uint64_t epoch = 100;
    int rounds = 0;
    for (int growth = 0; growth < 8; ++growth) {
      if (draw() % 8 == 0) ++epoch;
      world.Grow(epoch, 1 + draw() % 20);
      for (int i = 0; i < 20; ++i) world.Round();
    }
    while (!world.Done() && rounds < 30'000) {
      world.Round();
      ++rounds;
    }
    ASSERT_TRUE(world.Done()) << "seed " << seed << " did not come to its end";
    world.ExpectEachRecordOnceInOrder();
    if (HasFailure()) FAIL() << "seed " << seed;
  }
}

TEST(LaneSender, RecyclesTheLinkWhenNothingComesBack) {
  LaneSender sender(SenderOptions{});
  base::Monotonic now{};
  sender.OnConnected(now, 42);
  const std::vector<EpochRange> outbox = {{100, 1, 3, {}}};
  int hellos = 0;
  for (int i = 0; i < 1000; ++i) {
    const auto action = sender.Next(now, outbox);
    if (action.what == LaneSender::Do::kRecycle) break;
    if (action.what == LaneSender::Do::kSendHello) ++hellos;
    now = now + milliseconds(200);
  }
  EXPECT_EQ(hellos, 3);
}

TEST(LaneSender, NeverHasMoreFramesUnderWayThanItsWindowAndItsCredits) {
  LaneSender sender(SenderOptions{.window = 4});
  base::Monotonic now{};
  sender.OnConnected(now, 42);
  const std::vector<EpochRange> outbox = {{100, 1, 50, {}}};
  const auto hello = sender.Next(now, outbox);
  ASSERT_EQ(sender.OnWelcome({hello.session, {}, 2}, outbox, false, kForgotten, now), LaneSender::Standing::kGood);
  int sent = 0;
  while (sender.Next(now, outbox).what == LaneSender::Do::kSendFrame && sent < 10) {
    ++sent;
    const auto seq = static_cast<std::uint64_t>(sent);
    sender.OnFrameSent({100, seq}, {100, seq}, now);
  }
  EXPECT_EQ(sent, 2);
}

}  // namespace
}  // namespace yb::sync
