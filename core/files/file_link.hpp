// FileLink brings files from one side to the other, on the lane `file` both ways: it asks for what is wanted here, and
// answers what the other side asks for. The same at a box, which has one site, and at central.
//
// Owns its thread.
#pragma once

#include <functional>
#include <list>
#include <map>
#include <thread>

#include "core/base/guarded.hpp"
#include "core/base/inbox.hpp"
#include "core/files/file_fetcher.hpp"
#include "core/files/file_store.hpp"
#include "core/sync/lane.hpp"

namespace yb::files {

struct FileLinkOptions {
  FetcherOptions fetcher;
  /// A site is answered only what it may have (FileStore::Share, Want): at central. At a box all may be asked for.
  bool only_shared = false;
  /// Whether the ledger lets a site have a file of which the store does not know it, since it was set back; from the
  /// link's thread. None: no.
  std::function<bool(const base::SiteId&, const base::Digest&)> may_have;
  /// Sends on the lane's topic of a site, from the link's thread.
  std::function<base::Status(const base::SiteId&, sync::Lane, base::ByteView)> publish;
  /// A wanted file is kept; on the link's thread, once for each file and site that wanted it.
  std::function<void(const base::SiteId&, const KeptFile&)> on_kept;
};

/// Since the start.
struct FileCounters {
  std::uint64_t kept = 0;
  std::uint64_t bytes_received = 0;
  std::uint64_t bytes_sent = 0;
  std::uint64_t mismatches = 0;  // files that came whole and were another content
  std::uint64_t unreadable = 0;  // messages
  std::uint64_t broken = 0;      // asks for a file that cannot be read here any more
  std::uint64_t store_failures = 0;
  std::uint64_t waiting = 0;  // files that are wanted now
};

class FileLink {
 public:
  /// `store` and `clock` outlive this.
  FileLink(FileLinkOptions options, FileStore& store, const base::Clock& clock);
  ~FileLink();

  /// Goes on with what the store wants.
  void Start();

  // From any thread.
  void OnConnected() { inbox_.Post(Connected{}); }
  void OnDisconnected() { inbox_.Post(Disconnected{}); }
  void OnMessage(const base::SiteId& site, sync::Lane lane, base::ByteView payload);
  /// Gets a file from the other side of `site`, for as long as it takes; remembered over restarts when it returns. One
  /// that is here already is told to `on_kept` as well. What could not be noted, as on a full disk, is an error and got
  /// until the next restart all the same; kInvalidArgument: larger than may be kept.
  [[nodiscard]] base::Status Want(const base::SiteId& site, const base::Digest& sha, std::uint64_t size);
  [[nodiscard]] FileCounters counters() const;

 private:
  struct Connected {};
  struct Disconnected {};
  struct Message {
    base::SiteId site;
    base::Bytes payload;
  };
  struct NewWant {
    WantedFile file;
  };
  using Event = std::variant<Connected, Disconnected, Message, NewWant>;
  struct Peer;
  struct OpenReader;

  void Run(const std::stop_token& stop);
  void Handle(const Event& event);
  void Fetch(const WantedFile& file);
  void Take(const base::SiteId& site, base::ByteView payload);
  void Answer(const base::SiteId& site, const FileWant& want);
  [[nodiscard]] base::Result<FileChunk> ReadChunk(const base::SiteId& site, const FileWant& want);
  void TakeChunk(const base::SiteId& site, Peer& peer, FileChunk chunk);
  /// The file, where it is complete.
  [[nodiscard]] base::Result<std::optional<KeptFile>> StoreChunks(const base::SiteId& site, Peer& peer,
                                                                  const FileFetcher::Store& step);
  /// Whoever wanted it is told.
  void Kept(const KeptFile& file);
  void Send(const base::SiteId& site, const FileMessage& message);
  [[nodiscard]] Peer& PeerOf(const base::SiteId& site);

  const FileLinkOptions options_;
  FileStore& store_;
  const base::Clock& clock_;
  bool connected_ = false;  // thread only, as all down to `inbox_`
  std::map<base::SiteId, std::unique_ptr<Peer>> peers_;
  std::list<OpenReader> readers_;  // of files asked for lately, the last one first
  base::Inbox<Event> inbox_;
  base::Guarded<FileCounters> counters_;
  std::jthread thread_;
};

}  // namespace yb::files
