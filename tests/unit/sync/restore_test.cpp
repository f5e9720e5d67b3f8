// Both sides set back to older copies, at any moment and any number of times, over a link that loses, repeats and swaps
// messages: in the end box and central hold the same, no record twice, and nothing is lost that one of them still held
// after the restores. What the box did not hold any more when central needed it is named as missing.
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <random>
#include <set>
#include <variant>

#include "core/sync/lane_receiver.hpp"
#include "core/sync/lane_sender.hpp"

namespace yb::sync {
namespace {

using std::chrono::milliseconds;
using Ids = std::multiset<base::Bytes>;

/// One epoch as either side keeps it.
struct Epoch {
  std::uint64_t first = 1;  // box: oldest held
  std::uint64_t last = 0;   // central: committed
  std::uint64_t acked = 0;
  bool rolled_back = false;
  std::uint64_t told = 0;
  Chain told_chain{};
  std::map<std::uint64_t, base::Bytes> rows;
  std::map<std::uint64_t, Chain> chains{{0, Chain{}}};  // after each record; of skipped ones, after the last of them

  void Append(const base::Bytes& body) {
    rows[last + 1] = body;
    chains[last + 1] = NextChain(chains[last], body);
    ++last;
  }
  /// What is up to `seq` is not held.
  void SkipTo(std::uint64_t seq, const Chain& chain) {
    last = seq;
    first = seq + 1;
    chains[seq] = chain;
  }
};
using Epochs = std::map<std::uint64_t, Epoch>;

struct Box {
  Epochs epochs;
  std::uint64_t closed = 0;  // epoch of a recovery that is not finished

  [[nodiscard]] std::vector<EpochRange> Outbox() const {
    std::vector<EpochRange> ranges;
    for (const auto& [number, epoch] : epochs) {
      if (number == closed) continue;
      ranges.push_back({number, epoch.first, epoch.last, epoch.chains.at(epoch.last), epoch.chains.at(epoch.first - 1),
                        epoch.acked, epoch.rolled_back});
    }
    return ranges;
  }
  [[nodiscard]] std::optional<Chain> ChainAt(Position at) const {
    const auto epoch = epochs.find(at.epoch);
    if (at.seq == 0) return Chain{};
    if (epoch == epochs.end() || at.epoch == closed || at.seq + 1 < epoch->second.first) return std::nullopt;
    const auto chain = epoch->second.chains.find(at.seq);
    return chain == epoch->second.chains.end() ? std::nullopt : std::optional(chain->second);
  }
  void Write(const base::Bytes& body) { epochs.rbegin()->second.Append(body); }

  void Cut(const std::vector<sync::Cut>& cuts) {
    std::uint64_t known = 0;  // to central
    for (const sync::Cut& cut : cuts) known = std::max(known, cut.epoch);
    const std::uint64_t highest = std::max(known, epochs.rbegin()->first);
    Epoch moved;
    if (closed != 0 && closed <= known) {
      moved = epochs.extract(closed).mapped();
      closed = 0;
    }
    for (const sync::Cut& cut : cuts) {
      Epoch& epoch = epochs[cut.epoch];
      Epoch kept;
      if (cut.keep + 1 >= epoch.first) {
        kept = epoch;
        kept.rows.erase(kept.rows.upper_bound(cut.keep), kept.rows.end());
        kept.chains.erase(kept.chains.upper_bound(cut.keep), kept.chains.end());
        kept.last = cut.keep;
        kept.acked = std::min(kept.acked, kept.last);
      }
      kept.rolled_back = epoch.rolled_back || cut.rolled_back;
      for (const auto& [seq, body] : epoch.rows) {
        if (!kept.rows.contains(seq)) moved.Append(body);
      }
      epoch = std::move(kept);
    }
    if (closed == 0) closed = highest + 1;
    for (const auto& [seq, body] : moved.rows) epochs[closed].Append(body);
    epochs[closed];
  }
  void Store(const Piece& piece) {
    Epoch& epoch = epochs[piece.epoch];
    if (piece.first_seq > epoch.last + 1) epoch.SkipTo(piece.first_seq - 1, piece.chain_before);
    for (const base::Bytes& body : piece.bodies) {
      epoch.Append(body);
      std::erase_if(epochs[closed].rows, [&](const auto& row) { return row.second == body; });
    }
    epoch.acked = epoch.last;
  }
  void Finish() {
    Epoch fresh;
    for (const auto& [seq, body] : epochs[closed].rows) fresh.Append(body);
    epochs[closed] = std::move(fresh);
    closed = 0;
  }
};

struct Missing {
  std::uint64_t epoch, first, last;
};

struct Central {
  Epochs epochs;
  std::vector<Missing> missing;
  std::uint64_t number = 1;  // central's own epoch

  [[nodiscard]] std::vector<EpochPosition> Positions() const {
    std::vector<EpochPosition> positions;
    for (const auto& [number_of, epoch] : epochs) {
      positions.push_back({number_of, epoch.last, epoch.chains.at(epoch.last), epoch.told, epoch.told_chain});
    }
    return positions;
  }
  void Open(const Hello& hello) {
    for (const EpochRange& range : hello.epochs) {
      Epoch& epoch = epochs[range.epoch];
      if (range.acked > epoch.last) ++number;
      if (range.first > epoch.last + 1) {
        missing.push_back({range.epoch, epoch.last + 1, range.first - 1});
        epoch.SkipTo(range.first - 1, range.chain_before);
      }
      if (range.last < epoch.told) continue;
      epoch.told = range.last;
      epoch.told_chain = range.chain;
    }
  }
  [[nodiscard]] Piece Answer(const Fetch& fetch) const {
    const Epoch& epoch = epochs.at(fetch.epoch);
    Piece piece{fetch.session, fetch.epoch, fetch.first, {}, {}};
    if (fetch.last < fetch.first) {
      const auto below = std::prev(epoch.chains.upper_bound(fetch.last));
      piece.first_seq = below->first + 1;
      piece.chain_before = below->second;
      return piece;
    }
    const auto next = epoch.rows.lower_bound(fetch.first);
    piece.first_seq = next == epoch.rows.end() ? epoch.last + 1 : next->first;
    piece.chain_before = epoch.chains.at(piece.first_seq - 1);
    for (std::uint64_t seq = piece.first_seq; seq <= fetch.last && epoch.rows.contains(seq) && piece.bodies.size() < 4;
         ++seq) {
      piece.bodies.push_back(epoch.rows.at(seq));
    }
    return piece;
  }
};

Ids IdsOf(const Epochs& epochs) {
  Ids ids;
  for (const auto& [number, epoch] : epochs) {
    for (const auto& [seq, body] : epoch.rows) ids.insert(body);
  }
  return ids;
}

class World {
 public:
  explicit World(std::uint64_t seed) : random_(seed), loss_(Upto(0.15)), repeat_(Upto(0.2)), swap_(Upto(0.2)) {
    box_.epochs[100];
  }

  void Write(std::uint64_t records) {
    for (std::uint64_t i = 0; i < records; ++i) {
      const std::string id = "record " + std::to_string(++written_);
      const base::Bytes body(id.begin(), id.end());
      box_.Write(body);
      alive_.insert(body);
    }
  }
  void CopyBox() { box_copies_.push_back(box_); }
  void CopyCentral() { central_copies_.push_back(central_); }

  void RestoreBox() {
    ExpectAllThere();
    box_ = Pick(box_copies_);
    Reconnect();
    alive_ = There();
  }
  void RestoreCentral() {
    ExpectAllThere();
    central_ = Pick(central_copies_);
    receiver_ = LaneReceiver(8);
    uncommitted_.clear();
    up_.clear();
    down_.clear();
    alive_ = There();
  }
  /// The box drops its oldest acknowledged records.
  void Forget() {
    for (auto& [number, epoch] : box_.epochs) {
      if (number == box_.closed || epoch.acked < epoch.first) continue;
      const std::uint64_t upto = epoch.first + random_() % (epoch.acked - epoch.first + 1);
      epoch.rows.erase(epoch.rows.begin(), epoch.rows.upper_bound(upto));
      epoch.first = upto + 1;
    }
    alive_ = There();
  }

  void Round() {
    now_ = now_ + milliseconds(100);
    if (!connected_) {
      sender_.OnConnected(now_, random_());
      connected_ = true;
    }
    if (Chance(0.01)) Reconnect();
    for (int i = 0; i < 16 && Act(); ++i) {
    }
    Deliver(up_, [this](const Up& up) { AtCentral(up); });
    Commit();
    Deliver(down_, [this](const Down& down) { AtBox(down); });
  }

  [[nodiscard]] bool Equal() const {
    if (box_.closed != 0 || box_.epochs.size() != central_.epochs.size()) return false;
    for (const auto& [number, epoch] : box_.epochs) {
      const auto there = central_.epochs.find(number);
      if (there == central_.epochs.end() || there->second.last != epoch.last) return false;
      if (there->second.chains.at(epoch.last) != epoch.chains.at(epoch.last)) return false;
    }
    return true;
  }

  void ExpectNothingLostOrDoubled() {
    ExpectAllThere();
    for (const auto& [number, epoch] : box_.epochs) {
      for (const auto& [seq, body] : epoch.rows) {
        const auto& rows = central_.epochs.at(number).rows;
        const auto row = rows.find(seq);
        if (row == rows.end()) continue;  // named below
        EXPECT_EQ(row->second, body) << number << ":" << seq;
      }
    }
    for (const auto& [number, epoch] : central_.epochs) {
      for (std::uint64_t seq = 1; seq <= epoch.last; ++seq) {
        const bool named = std::ranges::any_of(central_.missing, [&, of = number](const Missing& missing) {
          return missing.epoch == of && missing.first <= seq && seq <= missing.last;
        });
        EXPECT_TRUE(epoch.rows.contains(seq) || named) << "a hole without a name at " << number << ":" << seq;
      }
    }
    const Ids at_central = IdsOf(central_.epochs);
    const Ids at_box = IdsOf(box_.epochs);
    EXPECT_EQ(std::set<base::Bytes>(at_central.begin(), at_central.end()).size(), at_central.size()) << "doubled";
    EXPECT_EQ(std::set<base::Bytes>(at_box.begin(), at_box.end()).size(), at_box.size()) << "doubled at the box";
  }

  std::uint64_t Draw() { return random_(); }

 private:
  using Up = std::variant<Hello, Frame, Fetch>;
  using Down = std::variant<Welcome, Ack, Piece>;

  double Upto(double most) { return std::uniform_real_distribution<>(0, most)(random_); }
  bool Chance(double probability) { return Upto(1) < probability; }
  template <class T>
  const T& Pick(const std::vector<T>& copies) {
    return copies[random_() % copies.size()];
  }
  [[nodiscard]] std::set<base::Bytes> There() const {
    std::set<base::Bytes> there;
    for (const Ids& ids : {IdsOf(box_.epochs), IdsOf(central_.epochs)}) there.insert(ids.begin(), ids.end());
    return there;
  }
  void ExpectAllThere() const {
    const std::set<base::Bytes> there = There();
    EXPECT_TRUE(std::ranges::includes(there, alive_)) << "a record that was still held is lost";
  }
  void Reconnect() {
    sender_.OnDisconnected();
    connected_ = false;
    up_.clear();
    down_.clear();
  }
  template <class Message, class Receive>
  void Deliver(std::deque<Message>& messages, Receive receive) {
    for (std::size_t i = 1; i < messages.size(); ++i) {
      if (Chance(swap_)) std::swap(messages[i], messages[i - 1]);
    }
    std::deque<Message> taken;
    taken.swap(messages);
    for (const Message& message : taken) {
      if (Chance(loss_)) continue;
      receive(message);
      if (Chance(repeat_)) receive(message);
    }
  }
  [[nodiscard]] ChainAt BoxChain() const {
    return [this](Position at) { return box_.ChainAt(at); };
  }

  bool Act() {
    const LaneSender::Action action = sender_.Next(now_, box_.Outbox());
    switch (action.what) {
      case LaneSender::Do::kNothing: return false;
      case LaneSender::Do::kRecycle: Reconnect(); return false;
      case LaneSender::Do::kSendHello: up_.emplace_back(Hello{action.session, box_.Outbox()}); break;
      case LaneSender::Do::kSendFetch: up_.emplace_back(action.fetch); break;
      case LaneSender::Do::kSendFrame: SendFrame(action); break;
      case LaneSender::Do::kCut:
        box_.Cut(sender_.cuts());
        sender_.OnCut();
        break;
      case LaneSender::Do::kFinish:
        box_.Finish();
        sender_.OnFinished(now_);
        break;
    }
    return true;
  }
  void SendFrame(const LaneSender::Action& action) {
    Frame frame{"150200", "lvye-01", Lane::kHistory, action.session, action.from.epoch, action.from.seq, {}};
    const Epoch& epoch = box_.epochs.at(frame.epoch);
    const std::uint64_t count = 1 + random_() % 5;
    for (std::uint64_t seq = frame.first_seq; seq < frame.first_seq + count && seq <= epoch.last; ++seq) {
      frame.bodies.push_back(epoch.rows.at(seq));
    }
    sender_.OnFrameSent(action.from, {frame.epoch, frame.last_seq()}, now_);
    up_.emplace_back(std::move(frame));
  }

  void AtCentral(const Up& up) {
    if (const auto* hello = std::get_if<Hello>(&up)) {
      Commit();
      Welcome welcome = receiver_.OnHello(*hello, central_.Positions());
      central_.Open(*hello);
      // Told is what was told before this Hello; what is skipped is committed.
      for (EpochPosition& position : welcome.positions) {
        position.committed = central_.epochs[position.epoch].last;
        position.chain = central_.epochs[position.epoch].chains[position.committed];
      }
      (void)receiver_.OnHello(*hello, central_.Positions());
      down_.emplace_back(std::move(welcome));
    } else if (const auto* fetch = std::get_if<Fetch>(&up)) {
      if (central_.epochs.contains(fetch->epoch)) down_.emplace_back(central_.Answer(*fetch));
    } else {
      const Frame& frame = std::get<Frame>(up);
      const std::uint64_t before = receiver_.Accepted(frame.epoch);
      const auto verdict = receiver_.OnFrame(frame);
      if (verdict == LaneReceiver::Verdict::kReopen) {
        down_.emplace_back(receiver_.AskToReopen(frame.session));
        return;
      }
      for (std::uint64_t seq = before + 1; seq <= frame.last_seq(); ++seq) {
        uncommitted_.push_back({{frame.epoch, seq}, frame.bodies[seq - frame.first_seq]});
      }
      to_acknowledge_.insert(frame.epoch);
    }
  }
  void Commit() {
    for (const auto& [at, body] : uncommitted_) {
      Epoch& epoch = central_.epochs[at.epoch];
      ASSERT_EQ(epoch.last + 1, at.seq) << "stored out of order or twice";
      epoch.Append(body);
    }
    uncommitted_.clear();
    for (const std::uint64_t epoch : to_acknowledge_) down_.emplace_back(receiver_.Acknowledge(epoch));
    to_acknowledge_.clear();
  }
  void AtBox(const Down& down) {
    if (const auto* welcome = std::get_if<Welcome>(&down)) {
      if (sender_.OnWelcome(*welcome, box_.Outbox(), box_.closed != 0, BoxChain(), now_) ==
          LaneSender::Standing::kGood) {
        for (const EpochPosition& position : welcome->positions) {
          box_.epochs.at(position.epoch).acked = std::min(position.committed, box_.epochs.at(position.epoch).last);
        }
      }
    } else if (const auto* ack = std::get_if<Ack>(&down)) {
      if (const auto moved = sender_.OnAck(*ack, now_)) box_.epochs.at(moved->epoch).acked = moved->seq;
    } else {
      const Piece& piece = std::get<Piece>(down);
      if (!sender_.OnPiece(piece, BoxChain(), now_)) return;
      box_.Store(piece);
      sender_.OnStored(now_);
    }
  }

  std::mt19937_64 random_;
  double loss_, repeat_, swap_;
  base::Monotonic now_{};
  bool connected_ = false;
  std::uint64_t written_ = 0;
  Box box_;
  Central central_;
  std::vector<Box> box_copies_;
  std::vector<Central> central_copies_;
  LaneSender sender_{SenderOptions{}};
  LaneReceiver receiver_{8};
  std::deque<Up> up_;
  std::deque<Down> down_;
  std::vector<std::pair<Position, base::Bytes>> uncommitted_;
  std::set<std::uint64_t> to_acknowledge_;
  std::set<base::Bytes> alive_;
};

void Play(std::uint64_t seed, bool box_is_set_back, bool central_is_set_back, bool box_forgets) {
  World world(seed);
  world.CopyBox();
  world.CopyCentral();
  for (int act = 0; act < 12; ++act) {
    world.Write(world.Draw() % 15);
    const auto rounds = world.Draw() % 25;
    for (std::uint64_t i = 0; i < rounds; ++i) world.Round();
    if (world.Draw() % 2 == 0) world.CopyBox();
    if (world.Draw() % 2 == 0) world.CopyCentral();
    if (box_forgets && world.Draw() % 4 == 0) world.Forget();
    if (box_is_set_back && world.Draw() % 3 == 0) world.RestoreBox();
    if (central_is_set_back && world.Draw() % 4 == 0) world.RestoreCentral();
  }
  world.Write(3);
  int rounds = 0;
  for (; rounds < 30'000 && !world.Equal(); ++rounds) world.Round();
  ASSERT_TRUE(world.Equal()) << "did not come to one past";
  world.ExpectNothingLostOrDoubled();
}

constexpr std::uint64_t kSeeds = 600;

TEST(Restore, OfTheBoxLosesAndDoublesNothingThatIsStillHeld) {
  for (std::uint64_t seed = 1; seed <= kSeeds && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Play(seed, true, false, false);
  }
}

TEST(Restore, OfCentralBringsBackWhatTheBoxHoldsAndNamesTheRest) {
  for (std::uint64_t seed = 1; seed <= kSeeds && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Play(seed, false, true, true);
  }
}

TEST(Restore, OfBothInAnyOrderEndsInOnePast) {
  for (std::uint64_t seed = 1; seed <= kSeeds && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Play(seed, true, true, false);
  }
}

TEST(Restore, OfBothWhileTheBoxForgetsEndsInOnePast) {
  for (std::uint64_t seed = 1; seed <= kSeeds && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Play(seed, true, true, true);
  }
}

}  // namespace
}  // namespace yb::sync
