// PersonLink brings persons' keys and erasures from one side to the other, on the lane `person` both ways. The same at
// a box, which has one site, and at central.
//
// Owns its thread.
#pragma once

#include <map>
#include <thread>

#include "core/base/inbox.hpp"
#include "core/persons/person_exchange.hpp"
#include "core/persons/person_vault.hpp"
#include "core/sync/lane.hpp"

namespace yb::persons {

struct PersonLinkOptions {
  ExchangeOptions exchange;
  /// Sends on the lane's topic of a site, from the link's thread.
  std::function<base::Status(const base::SiteId&, sync::Lane, base::ByteView)> publish;
  /// Entries of a site came from the other side: what could not be opened may open now; on the link's thread.
  std::function<void(const base::SiteId&, const std::vector<PersonEntry>&)> on_changed;
};

class PersonLink {
 public:
  /// `vault` and `clock` outlive this.
  PersonLink(PersonLinkOptions options, PersonVault& vault, const base::Clock& clock);
  ~PersonLink();

  /// `sites`: whose other side to ask at once, beside those of the vault.
  void Start(const std::vector<base::SiteId>& sites);

  // From any thread.
  void OnConnected() { inbox_.Post(Connected{}); }
  void OnDisconnected() { inbox_.Post(Disconnected{}); }
  void OnMessage(const base::SiteId& site, sync::Lane lane, base::ByteView payload);

 private:
  struct Connected {};
  struct Disconnected {};
  struct Changed {};
  struct Message {
    base::SiteId site;
    base::Bytes payload;
  };
  using Event = std::variant<Connected, Disconnected, Changed, Message>;
  struct Peer;

  void Run(const std::stop_token& stop);
  void Handle(const Event& event);
  void Take(const base::SiteId& site, base::ByteView payload);
  void Send(const base::SiteId& site, const PersonMessage& message);
  /// Null where the vault cannot be read.
  [[nodiscard]] Peer* PeerOf(const base::SiteId& site);

  const PersonLinkOptions options_;
  PersonVault& vault_;
  const base::Clock& clock_;
  bool connected_ = false;  // thread only, as peers_
  std::map<base::SiteId, std::unique_ptr<Peer>> peers_;
  base::Inbox<Event> inbox_;
  std::jthread thread_;
};

}  // namespace yb::persons
