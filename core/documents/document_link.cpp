#include "core/documents/document_link.hpp"

#include "core/base/log.hpp"
#include "core/base/random.hpp"

namespace yb::documents {
namespace {

constexpr std::size_t kMostWaiting = 10'000;  // messages; one more is as one that was lost on the way

const base::Logger kLog("documents");

}  // namespace

void DocumentLink::Join() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void DocumentLink::Start(const std::vector<base::SiteId>& sites) {
  for (const base::SiteId& site : sites) (void)EndOf(site);
  thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
}

void DocumentLink::OnMessage(const base::SiteId& site, sync::Lane lane, base::ByteView payload) {
  if (lane != sync::Lane::kDocument) return;
  (void)inbox_.Post(Arrived{site, base::Bytes(payload.begin(), payload.end())}, kMostWaiting);
}

DocumentEnd& DocumentLink::EndOf(const base::SiteId& site) {
  std::unique_ptr<DocumentEnd>& end = ends_[site];
  if (!end) {
    end = options_.make_end(site);
    if (connected_) end->OnConnected(clock_.Steady(), base::DrawNumber());
  }
  return *end;
}

void DocumentLink::Run(const std::stop_token& stop) {
  base::Monotonic look_at = clock_.Steady();
  while (!stop.stop_requested()) {
    if (options_.on_look && clock_.Steady() >= look_at) {
      options_.on_look();
      look_at = clock_.Steady() + options_.look_every;
    }
    base::Duration wait = options_.look_every;
    for (const auto& [site, end] : ends_) {
      if (const auto wake_at = end->WakeAt()) wait = std::min(wait, *wake_at - clock_.Steady());
    }
    for (const Event& event : inbox_.Take(stop, std::max(wait, base::Duration(0)))) {
      if (stop.stop_requested()) return;
      Handle(event);
    }
    SendAll(stop);
  }
}

void DocumentLink::SendAll(const std::stop_token& stop) {
  for (const auto& [site, end] : ends_) {
    while (!stop.stop_requested()) {
      const auto next = end->Next(clock_.Steady());
      if (!next) {
        kLog.Error("documents cannot be read", {{"site", site.text()}, {"why", next.error().Describe()}});
        break;
      }
      if (!*next) break;
      Send(site, **next);
    }
  }
}

void DocumentLink::Handle(const Event& event) {
  if (const auto* arrived = std::get_if<Arrived>(&event)) {
    Take(arrived->site, arrived->payload);
    return;
  }
  if (!std::holds_alternative<Changed>(event)) connected_ = std::holds_alternative<Connected>(event);
  for (const auto& [site, end] : ends_) {
    if (std::holds_alternative<Changed>(event)) {
      end->OnChanged(clock_.Steady());
    } else if (connected_) {
      end->OnConnected(clock_.Steady(), base::DrawNumber());
    } else {
      end->OnDisconnected();
    }
  }
}

void DocumentLink::Take(const base::SiteId& site, base::ByteView payload) {
  const auto message = DecodeDocumentMessage(payload);
  if (!message) {
    kLog.Warn("unreadable message", {{"site", site.text()}, {"why", message.error().Describe()}});
    return;
  }
  const auto answer = EndOf(site).OnMessage(*message, clock_.Steady());
  if (!answer) {
    kLog.Error("a message is not taken in; it comes again",
               {{"site", site.text()}, {"why", answer.error().Describe()}});
    return;
  }
  if (*answer) Send(site, **answer);
}

void DocumentLink::Send(const base::SiteId& site, const Message& message) {
  (void)options_.publish(site, sync::Lane::kDocument, EncodeMessage(message));  // one that is lost comes again
}

}  // namespace yb::documents
