// LedgerLink brings the two streams of each site from one side to the other (sync-protocol.md, lanes `ledger` and
// `decision`): it sends the own one and takes in the other's. The same at a box, which has one site, and at central. A
// new box takes over central's snapshot first (lane `snapshot`), and neither lane goes on until that has ended.
//
// Owns its thread; a backlog of cases delays no reading and no alarm.
#pragma once

#include <map>
#include <memory>
#include <thread>
#include <variant>

#include "core/base/inbox.hpp"
#include "core/ledger/snapshot_borrower.hpp"
#include "core/sync/lane_link.hpp"
#include "core/sync/lane_receiver.hpp"

namespace yb::ledger {

struct LedgerLinkOptions {
  base::CityId city;
  sync::SenderOptions sender;
  sync::FrameSizerOptions frames;
  std::uint32_t credits = 8;
  std::size_t piece_bytes = 64U << 10;  // of what the other side asks for, at once
  BorrowOptions borrow;
  /// Sends on the lane's topic of a site, from the link's thread.
  std::function<base::Status(const base::SiteId&, sync::Lane, base::ByteView)> publish;
  /// Cases of a site that events of the other side changed, or own ones that came back; on the link's thread.
  std::function<void(const base::SiteId&, const std::vector<std::string>&)> on_changed;
};

/// As the link stands with the other side of one site.
struct LedgerSession {
  bool open = false;                         // the other side takes in what is written here
  std::optional<base::UtcTime> last_word{};  // from the other side
  std::uint64_t committed = 0;               // events taken in since the start
};

class LedgerLink {
 public:
  /// `store` and `clock` outlive this.
  LedgerLink(LedgerLinkOptions options, LedgerStore& store, const base::Clock& clock);
  ~LedgerLink();

  /// `sites`: whose other side to greet at once.
  void Start(const std::vector<base::SiteId>& sites);
  /// Publishes nothing any more; what still comes in is dropped. For who owns what it publishes over.
  void Stop();

  // From any thread.
  void OnConnected() { inbox_.Post(Connected{}); }
  void OnDisconnected() { inbox_.Post(Disconnected{}); }
  /// The other side of a site is there, as something else that came from it shows: it is greeted.
  void OnHeard(const base::SiteId& site) { (void)inbox_.Post(Heard{site}, kMostWaiting); }
  void OnMessage(const base::SiteId& site, sync::Lane lane, base::ByteView payload);
  [[nodiscard]] std::map<base::SiteId, LedgerSession> sessions() const;

 private:
  static constexpr std::size_t kMostWaiting = 10'000;  // messages; one more is as one that was lost on the way

  struct Connected {};
  struct Disconnected {};
  struct Heard {
    base::SiteId site;
  };
  struct Message {
    base::SiteId site;
    sync::Lane lane;
    base::Bytes payload;
  };
  using Event = std::variant<Connected, Disconnected, Heard, Message>;
  struct Peer;

  void Run(const std::stop_token& stop);
  void Handle(const Event& event);
  void HandleOther(const base::SiteId& site, Peer& peer, base::ByteView payload);
  void TakeHello(const base::SiteId& site, Peer& peer, const sync::Hello& hello);
  void TakeFrame(const base::SiteId& site, Peer& peer, const sync::Frame& frame);
  void TakeSnapshot(const base::SiteId& site, Peer& peer, base::ByteView payload);
  void Answer(const base::SiteId& site, base::ByteView bytes);
  void Step(const base::SiteId& site, Peer& peer, const std::stop_token& stop);
  /// Takes the other side's snapshot over, where it is wanted.
  void LookForSnapshot(const base::SiteId& site, Peer& peer);
  void Greet(Peer& peer);
  [[nodiscard]] Peer& PeerOf(const base::SiteId& site);
  void ShowSessions();

  const LedgerLinkOptions options_;
  LedgerStore& store_;
  const base::Clock& clock_;
  const sync::Lane own_;    // written here
  const sync::Lane other_;  // written by the other side
  bool connected_ = false;  // thread only, as all down to `inbox_`
  std::map<base::SiteId, std::unique_ptr<Peer>> peers_;
  std::set<base::SiteId> cut_;  // sites whose own past has just shown to be gone
  base::Inbox<Event> inbox_;
  base::Guarded<std::map<base::SiteId, LedgerSession>> sessions_;
  std::jthread thread_;
};

}  // namespace yb::ledger
