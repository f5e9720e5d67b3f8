#include "core/ledger/ledger_link.hpp"

#include "core/base/log.hpp"
#include "core/base/random.hpp"
#include "core/ledger/stream_outbox.hpp"
#include "core/sync/frame_codec.hpp"

namespace yb::ledger {
namespace {

using sync::Lane;
using sync::LaneReceiver;

constexpr base::Duration kLongestWait = std::chrono::seconds(5);
/// A side that is heard and not open is greeted at most this often.
constexpr base::Duration kGreetAgain = std::chrono::seconds(2);

const base::Logger kLog("ledger");

}  // namespace

/// The other side of one site.
struct LedgerLink::Peer {
  Peer(sync::LaneLink link, std::uint32_t credits) : sender(std::move(link)), receiver(credits) {}
  sync::LaneLink sender;
  LaneReceiver receiver;
  std::unique_ptr<SnapshotBorrower> borrower;  // while there is one, both lanes wait
  base::Monotonic greet_from;                  // not before
  LedgerSession shown;
};

LedgerLink::LedgerLink(LedgerLinkOptions options, LedgerStore& store, const base::Clock& clock)
    : options_(std::move(options)),
      store_(store),
      clock_(clock),
      own_(store.side() == cases::Side::kPark ? Lane::kLedger : Lane::kDecision),
      other_(store.side() == cases::Side::kPark ? Lane::kDecision : Lane::kLedger) {}

LedgerLink::~LedgerLink() {
  Stop();
}

void LedgerLink::Stop() {
  store_.SetOnCommit(nullptr);
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void LedgerLink::Start(const std::vector<base::SiteId>& sites) {
  for (const base::SiteId& site : sites) (void)PeerOf(site);
  store_.SetOnCommit([this] { inbox_.Wake(); });
  thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
}

void LedgerLink::OnMessage(const base::SiteId& site, Lane lane, base::ByteView payload) {
  (void)inbox_.Post(Message{site, lane, base::Bytes(payload.begin(), payload.end())}, kMostWaiting);
}

std::map<base::SiteId, LedgerSession> LedgerLink::sessions() const {
  return sessions_.With([](const auto& sessions) { return sessions; });
}

LedgerLink::Peer& LedgerLink::PeerOf(const base::SiteId& site) {
  std::unique_ptr<Peer>& peer = peers_[site];
  if (!peer) {
    sync::LaneLink link({options_.city, site, own_, options_.sender, options_.frames},
                        std::make_unique<StreamOutbox>(store_, site, options_, cut_), clock_,
                        [this, site](base::ByteView bytes) { return options_.publish(site, own_, bytes); });
    peer = std::make_unique<Peer>(std::move(link), options_.credits);
    LookForSnapshot(site, *peer);
  }
  return *peer;
}

void LedgerLink::Run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    base::Duration wait = kLongestWait;
    for (const auto& [site, peer] : peers_) {
      const auto wake_at = peer->borrower ? peer->borrower->WakeAt() : peer->sender.WakeAt();
      if (wake_at) wait = std::min(wait, *wake_at - clock_.Steady());
    }
    for (const Event& event : inbox_.Take(stop, std::max(wait, base::Duration(0)))) Handle(event);
    for (auto& [site, peer] : peers_) {
      if (!stop.stop_requested()) Step(site, *peer, stop);
    }
    ShowSessions();
  }
}

void LedgerLink::Step(const base::SiteId& site, Peer& peer, const std::stop_token& stop) {
  for (bool more = !peer.borrower; more && !stop.stop_requested();) {
    const auto did = peer.sender.Step();
    // Nobody answers there: the other side greets when it is back.
    if (did == sync::LaneLink::Did::kAskedToRecycle && store_.side() == cases::Side::kCity) {
      peer.sender.OnDisconnected();
    }
    if (cut_.erase(site) != 0) LookForSnapshot(site, peer);
    more = did == sync::LaneLink::Did::kSomething && !peer.borrower;
  }
  if (!peer.borrower) return;
  const auto want = peer.borrower->Next();
  if (!want) {
    kLog.Error("a snapshot cannot be taken over", {{"site", site.text()}, {"why", want.error().Describe()}});
  } else if (*want) {
    (void)options_.publish(site, Lane::kSnapshot, EncodeMessage(**want));  // one that is lost is asked again
  }
  if (!peer.borrower->over()) return;
  peer.borrower.reset();
  if (connected_) peer.sender.OnConnected(base::DrawNumber());
}

void LedgerLink::LookForSnapshot(const base::SiteId& site, Peer& peer) {
  const auto wanted = store_.Borrowing(site);
  if (!wanted || !*wanted) return;
  peer.sender.OnDisconnected();
  peer.borrower = std::make_unique<SnapshotBorrower>(options_.borrow, store_, site, clock_);
  if (connected_) peer.borrower->OnConnected(base::DrawNumber());
}

void LedgerLink::TakeSnapshot(const base::SiteId& site, Peer& peer, base::ByteView payload) {
  const auto message = DecodeSnapshotMessage(payload);
  if (!message) {
    kLog.Warn("unreadable message", {{"site", site.text()}, {"why", message.error().Describe()}});
    return;
  }
  if (const auto* want = std::get_if<SnapshotWant>(&*message)) {
    if (store_.side() != cases::Side::kCity) return;
    const auto piece = store_.Lend(site, *want, options_.piece_bytes);
    if (piece) {
      (void)options_.publish(site, Lane::kSnapshot, EncodeMessage(*piece));
    } else {
      kLog.Error("a snapshot cannot be lent", {{"site", site.text()}, {"why", piece.error().Describe()}});
    }
    return;
  }
  if (!peer.borrower) return;
  const auto came = peer.borrower->OnMessage(*message);
  if (!came) {
    kLog.Error("a snapshot cannot be taken over", {{"site", site.text()}, {"why", came.error().Describe()}});
  } else if (options_.on_changed && !came->empty()) {
    options_.on_changed(site, *came);
  }
}

void LedgerLink::Handle(const Event& event) {
  if (std::holds_alternative<Connected>(event)) {
    connected_ = true;
    for (auto& [site, peer] : peers_) {
      if (peer->borrower) {
        peer->borrower->OnConnected(base::DrawNumber());
      } else {
        peer->sender.OnConnected(base::DrawNumber());
      }
    }
    return;
  }
  if (std::holds_alternative<Disconnected>(event)) {
    connected_ = false;
    for (auto& [site, peer] : peers_) {
      peer->sender.OnDisconnected();
      if (peer->borrower) peer->borrower->OnDisconnected();
    }
    return;
  }
  if (const auto* heard = std::get_if<Heard>(&event)) {
    Peer& peer = PeerOf(heard->site);
    if (!peer.sender.open() && !peer.borrower) Greet(peer);
    return;
  }
  const auto& message = std::get<Message>(event);
  Peer& peer = PeerOf(message.site);
  peer.shown.last_word = clock_.Now();
  if (message.lane == Lane::kSnapshot) TakeSnapshot(message.site, peer, message.payload);
  if (peer.borrower) return;  // what the lanes bring now is sent again
  if (message.lane == own_) peer.sender.OnMessage(message.payload);
  if (message.lane == other_) HandleOther(message.site, peer, message.payload);
}

void LedgerLink::HandleOther(const base::SiteId& site, Peer& peer, base::ByteView payload) {
  const auto up = sync::DecodeUp(payload);
  if (!up) {
    kLog.Warn("unreadable message", {{"site", site.text()}, {"why", up.error().Describe()}});
    Answer(site, sync::EncodeDown(peer.receiver.AskToReopen(0)));
    return;
  }
  if (const auto* hello = std::get_if<sync::Hello>(&*up)) TakeHello(site, peer, *hello);
  if (const auto* frame = std::get_if<sync::Frame>(&*up)) TakeFrame(site, peer, *frame);
  if (const auto* fetch = std::get_if<sync::Fetch>(&*up)) {
    const auto piece = store_.AnswerFetch(site, *fetch, options_.piece_bytes);
    if (piece) Answer(site, sync::EncodeDown(*piece));
  }
}

void LedgerLink::TakeHello(const base::SiteId& site, Peer& peer, const sync::Hello& hello) {
  auto opening = store_.OpenForReading(site, hello);
  if (!opening) {
    kLog.Error("no session can be opened", {{"site", site.text()}, {"why", opening.error().Describe()}});
    return;  // the other side asks again
  }
  if (opening->restored) {
    kLog.Error("this ledger was set back to an older copy; the other side sends again what it holds",
               {{"site", site.text()}});
  }
  if (opening->rewritten) {
    kLog.Error("the other side has rewritten its past: what it sent then and what it holds now differ",
               {{"site", site.text()}, {"epoch", opening->rewritten->epoch}, {"seq", opening->rewritten->seq}});
  }
  sync::Welcome welcome = peer.receiver.OnHello(hello, std::move(opening->positions));
  welcome.central_epoch = opening->central_epoch;
  Answer(site, sync::EncodeDown(welcome));
  // It may have begun anew, and then knows of no session of ours.
  if (connected_ && !hello.answering) peer.sender.OnConnected(base::DrawNumber(), true);
}

void LedgerLink::Greet(Peer& peer) {
  const base::Monotonic now = clock_.Steady();
  if (!connected_ || (now < peer.greet_from && !peer.sender.down())) return;
  peer.greet_from = now + kGreetAgain;
  peer.sender.OnConnected(base::DrawNumber());
}

void LedgerLink::TakeFrame(const base::SiteId& site, Peer& peer, const sync::Frame& frame) {
  if (frame.site != site.text() || frame.city != options_.city.text() || frame.lane != other_) {
    kLog.Warn("a frame names another origin than its topic", {{"site", site.text()}, {"frame", frame.site}});
    return;
  }
  const std::uint64_t before = peer.receiver.Accepted(frame.epoch);
  switch (peer.receiver.OnFrame(frame)) {
    case LaneReceiver::Verdict::kReopen:
      Answer(site, sync::EncodeDown(peer.receiver.AskToReopen(frame.session)));
      return;
    case LaneReceiver::Verdict::kDuplicate: break;
    case LaneReceiver::Verdict::kApply:
    case LaneReceiver::Verdict::kApplyRest: {
      const auto fresh = std::span(frame.bodies).subspan(static_cast<std::size_t>(before + 1 - frame.first_seq));
      const auto changed = store_.Store(site, frame.epoch, before + 1, fresh);
      if (!changed) {
        kLog.Error("events are not stored, nothing is acknowledged",
                   {{"site", site.text()}, {"why", changed.error().Describe()}});
        peer.receiver.OnStoreFailed();
        Answer(site, sync::EncodeDown(peer.receiver.AskToReopen(frame.session)));
        return;
      }
      peer.shown.committed += fresh.size();
      if (options_.on_changed && !changed->empty()) options_.on_changed(site, *changed);
      break;
    }
  }
  sync::Ack ack = peer.receiver.Acknowledge(frame.epoch);
  ack.chain = store_.OtherChainAt(site, {ack.epoch, ack.committed}).value_or(sync::Chain{});
  Answer(site, sync::EncodeDown(ack));
}

void LedgerLink::Answer(const base::SiteId& site, base::ByteView bytes) {
  (void)options_.publish(site, other_, bytes);  // one that is lost is asked for again
}

void LedgerLink::ShowSessions() {
  sessions_.With([this](auto& shown) {
    for (const auto& [site, peer] : peers_) {
      peer->shown.open = peer->sender.open();
      shown[site] = peer->shown;
    }
  });
}

}  // namespace yb::ledger
