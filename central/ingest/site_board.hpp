// SiteBoard moves what pages show of the sites: live values, states of lines, who is heard, how far each lane is. Live
// frames are taken in on a thread of their own, so that they wait for no commit.
//
// Owns its thread. Owned by Ingest. All methods are safe to call from any thread.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <thread>

#include "central/ingest/ingest_counters.hpp"
#include "core/base/guarded.hpp"
#include "core/base/ids.hpp"
#include "core/base/inbox.hpp"
#include "core/sync/frame_codec.hpp"
#include "core/telemetry/site_state.hpp"

namespace yb::central {

/// All sites as pages show them.
using SiteStates = std::map<base::SiteId, telemetry::SiteState>;

struct SiteBoardOptions {
  std::size_t most_waiting = 20'000;  // live frames; more are dropped, newer ones come
  base::Duration offline_after = std::chrono::seconds(30);
  std::function<void(const base::SiteId&)> on_heard{};  // a box that was not heard before, or not for long; quick
  std::function<void()> on_named{};                     // TakeNames has something; quick, on the board's thread
};

class SiteBoard {
 public:
  SiteBoard(SiteBoardOptions options, base::Guarded<SiteStates>& states, IngestCounters& counters,
            const base::Clock& clock);
  ~SiteBoard() { Stop(); }
  SiteBoard(const SiteBoard&) = delete;
  SiteBoard& operator=(const SiteBoard&) = delete;

  void Start();
  void Stop();

  /// Returns at once.
  void OnLive(const base::SiteId& site, base::ByteView payload);
  /// Something came from this box.
  void Heard(const base::SiteId& site);
  /// Boxes that were not heard for too long are offline.
  void NoteSilence();
  /// Records of a frame were committed, from the one behind the first `skip`.
  void ShowCommitted(const base::SiteId& site, const sync::Frame& frame, std::size_t skip);
  /// Names that sites have given themselves since the last call; to be kept.
  [[nodiscard]] std::map<base::SiteId, std::string> TakeNames();

 private:
  struct Message {
    base::SiteId site;
    base::Bytes payload;
  };

  void Run(const std::stop_token& stop);
  void HandleLive(const Message& message);

  const SiteBoardOptions options_;
  base::Guarded<SiteStates>& states_;
  IngestCounters& counters_;
  const base::Clock& clock_;
  base::Guarded<std::map<base::SiteId, base::Monotonic>> heard_;  // its lock is taken before that of states_
  base::Guarded<std::map<base::SiteId, std::string>> names_;
  base::Inbox<Message> messages_;
  std::jthread thread_;
};

}  // namespace yb::central
