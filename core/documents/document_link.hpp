// DocumentLink brings reference documents from central to the boxes, and what became of them back, on the lane
// `document`. The same at a box, which has one site, and at central; only the ends differ.
//
// Owns its thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <thread>

#include "core/base/ids.hpp"
#include "core/base/inbox.hpp"
#include "core/documents/document_end.hpp"
#include "core/sync/lane.hpp"

namespace yb::documents {

struct DocumentLinkOptions {
  /// Makes the end for a site that is heard or named for the first time.
  std::function<std::unique_ptr<DocumentEnd>(const base::SiteId&)> make_end;
  /// Sends on the lane's topic of a site, from the link's thread.
  std::function<base::Status(const base::SiteId&, sync::Lane, base::ByteView)> publish;
  /// Now and then, on the link's thread: for what nobody tells of, such as users changed from a shell. May be null.
  std::function<void()> on_look;
  base::Duration look_every = std::chrono::seconds(30);
};

class DocumentLink {
 public:
  /// `clock` outlives this.
  DocumentLink(DocumentLinkOptions options, const base::Clock& clock) : options_(std::move(options)), clock_(clock) {}
  ~DocumentLink() { Join(); }

  void Start(const std::vector<base::SiteId>& sites);
  /// Ends the thread: nothing is published any more. For who owns what it publishes over.
  void Stop() { Join(); }

  // From any thread.
  void OnConnected() { inbox_.Post(Connected{}); }
  void OnDisconnected() { inbox_.Post(Disconnected{}); }
  void OnMessage(const base::SiteId& site, sync::Lane lane, base::ByteView payload);
  /// Something was published.
  void OnChanged() { inbox_.Post(Changed{}); }

 private:
  struct Connected {};
  struct Disconnected {};
  struct Changed {};
  struct Arrived {
    base::SiteId site;
    base::Bytes payload;
  };
  using Event = std::variant<Connected, Disconnected, Changed, Arrived>;

  void Join();
  void Run(const std::stop_token& stop);
  void Handle(const Event& event);
  void Take(const base::SiteId& site, base::ByteView payload);
  void SendAll(const std::stop_token& stop);
  void Send(const base::SiteId& site, const Message& message);
  [[nodiscard]] DocumentEnd& EndOf(const base::SiteId& site);

  const DocumentLinkOptions options_;
  const base::Clock& clock_;
  bool connected_ = false;  // thread only, as ends_
  std::map<base::SiteId, std::unique_ptr<DocumentEnd>> ends_;
  base::Inbox<Event> inbox_;
  std::jthread thread_;
};

}  // namespace yb::documents
