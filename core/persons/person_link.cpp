#include "core/persons/person_link.hpp"

#include "core/base/log.hpp"
#include "core/base/random.hpp"
#include "core/persons/person_messages.hpp"

namespace yb::persons {
namespace {

constexpr base::Duration kLongestWait = std::chrono::seconds(5);
constexpr std::size_t kMostWaiting = 10'000;  // messages; one more is as one that was lost on the way

const base::Logger kLog("persons");

}  // namespace

/// The other side of one site.
struct PersonLink::Peer {
  Peer(const ExchangeOptions& options, std::unique_ptr<PersonEntries> theirs)
      : entries(std::move(theirs)), exchange(options, *entries) {}
  std::unique_ptr<PersonEntries> entries;
  PersonExchange exchange;
};

PersonLink::PersonLink(PersonLinkOptions options, PersonVault& vault, const base::Clock& clock)
    : options_(std::move(options)), vault_(vault), clock_(clock) {}

PersonLink::~PersonLink() {
  vault_.SetOnChange(nullptr);
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void PersonLink::Start(const std::vector<base::SiteId>& sites) {
  for (const base::SiteId& site : sites) (void)PeerOf(site);
  if (const auto known = vault_.Sites()) {
    for (const base::SiteId& site : *known) (void)PeerOf(site);
  }
  vault_.SetOnChange([this] { inbox_.Post(Changed{}); });
  thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
}

void PersonLink::OnMessage(const base::SiteId& site, sync::Lane lane, base::ByteView payload) {
  if (lane != sync::Lane::kPerson) return;
  (void)inbox_.Post(Message{site, base::Bytes(payload.begin(), payload.end())}, kMostWaiting);
}

PersonLink::Peer* PersonLink::PeerOf(const base::SiteId& site) {
  std::unique_ptr<Peer>& peer = peers_[site];
  if (peer) return peer.get();
  auto entries = vault_.EntriesOf(site);
  if (!entries) {
    kLog.Error("keys of a site cannot be read", {{"site", site.text()}, {"why", entries.error().Describe()}});
    return nullptr;
  }
  peer = std::make_unique<Peer>(options_.exchange, std::move(*entries));
  if (connected_) peer->exchange.OnConnected(clock_.Steady(), base::DrawNumber());
  return peer.get();
}

void PersonLink::Run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    base::Duration wait = kLongestWait;
    for (const auto& [site, peer] : peers_) {
      if (!peer) continue;
      if (const auto wake_at = peer->exchange.WakeAt()) wait = std::min(wait, *wake_at - clock_.Steady());
    }
    for (const Event& event : inbox_.Take(stop, std::max(wait, base::Duration(0)))) Handle(event);
    for (const auto& [site, peer] : peers_) {
      while (peer && !stop.stop_requested()) {
        const auto next = peer->exchange.Next(clock_.Steady());
        if (!next) {
          kLog.Error("keys cannot be read", {{"site", site.text()}, {"why", next.error().Describe()}});
          break;
        }
        if (!*next) break;
        Send(site, **next);
      }
    }
  }
}

void PersonLink::Handle(const Event& event) {
  if (std::holds_alternative<Connected>(event)) {
    connected_ = true;
    for (auto& [site, peer] : peers_) {
      if (peer) peer->exchange.OnConnected(clock_.Steady(), base::DrawNumber());
    }
  } else if (std::holds_alternative<Disconnected>(event)) {
    connected_ = false;
    for (auto& [site, peer] : peers_) {
      if (peer) peer->exchange.OnDisconnected();
    }
  } else if (std::holds_alternative<Changed>(event)) {
    if (const auto known = vault_.Sites()) {
      for (const base::SiteId& site : *known) {
        if (Peer* peer = PeerOf(site)) peer->exchange.OnWaiting(clock_.Steady());
      }
    }
  } else {
    const auto& message = std::get<Message>(event);
    Take(message.site, message.payload);
  }
}

void PersonLink::Take(const base::SiteId& site, base::ByteView payload) {
  Peer* peer = PeerOf(site);
  if (peer == nullptr) return;
  const auto message = DecodePersonMessage(payload);
  if (!message) {
    kLog.Warn("unreadable message", {{"site", site.text()}, {"why", message.error().Describe()}});
    return;
  }
  const auto answer = peer->exchange.OnMessage(*message, clock_.Steady());
  if (!answer) {
    kLog.Error("keys are not stored, nothing is acknowledged",
               {{"site", site.text()}, {"why", answer.error().Describe()}});
    return;
  }
  if (*answer) Send(site, **answer);
  const auto* offer = std::get_if<PersonOffer>(&*message);
  if (offer != nullptr && options_.on_changed) options_.on_changed(site, offer->entries);
}

void PersonLink::Send(const base::SiteId& site, const PersonMessage& message) {
  (void)options_.publish(site, sync::Lane::kPerson, EncodeMessage(message));  // one that is lost comes again
}

}  // namespace yb::persons
