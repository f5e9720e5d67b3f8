// Auditor compares what central holds with what it acknowledged, one segment (an hour of a lane) after the other, over
// and over. What is missing or changed is named, and the box is asked to send it again; only records that give the
// acknowledged chain take the place of others.
//
// Owned by ingest; used on its thread only.
#pragma once

#include <deque>
#include <functional>
#include <map>

#include "central/store/central_store.hpp"
#include "core/base/guarded.hpp"

namespace yb::central {

struct AuditOptions {
  base::Duration interval = std::chrono::seconds(1);         // one segment each
  base::Duration answer_timeout = std::chrono::seconds(30);  // a box that says nothing is asked again later
  std::size_t most_bytes = 64U << 20;                        // of one segment's bodies
};

class Auditor {
 public:
  struct Place {
    base::SiteId site;
    sync::Lane lane = sync::Lane::kHistory;
    friend auto operator<=>(const Place&, const Place&) = default;
  };
  using Ask = std::function<void(const Place&, const sync::Fetch&)>;
  using Changed = std::function<void(const Place&)>;

  /// `ask` sends to the box; `changed` is told where damage was found or healed.
  Auditor(AuditOptions options, CentralStore& store, const base::Clock& clock, Ask ask, Changed changed);

  /// Looks at one segment if it is time.
  void OnTick();
  /// A box sent records again.
  void OnResent(const Place& place, const sync::Piece& piece);
  /// Has the box send the segments that hold first…last again, whether they seem good or not.
  void Want(const Place& place, std::uint64_t epoch, std::uint64_t first, std::uint64_t last);

  /// Records that the box is being asked for again. Any thread.
  [[nodiscard]] std::uint64_t Left(const Place& place) const;

 private:
  /// One segment on its way.
  struct Healing {
    telemetry::Segment segment;
    std::vector<base::Bytes> bodies;
    std::size_t bytes = 0;
    bool asked = false;
    base::Monotonic deadline{};
  };
  struct Cursor {
    std::vector<std::pair<Place, std::uint64_t>> epochs;
    std::size_t at = 0;
    std::uint64_t from = 1;
  };

  [[nodiscard]] base::Status Look();
  [[nodiscard]] base::Status BeginRound();
  [[nodiscard]] base::Status WantAll(const Place& place, std::uint64_t epoch, std::uint64_t first, std::uint64_t last);
  void Queue(const Place& place, const telemetry::Segment& segment);
  void AskNext(const Place& place);
  void ShowLeft();
  void End(const Place& place, telemetry::DamageState state, std::uint64_t rows);

  const AuditOptions options_;
  CentralStore& store_;
  const base::Clock& clock_;
  const Ask ask_;
  const Changed changed_;
  base::Monotonic next_{};
  Cursor cursor_;
  std::map<Place, std::deque<Healing>> healing_;  // the first of each is asked for
  base::Guarded<std::map<Place, std::uint64_t>> left_;
};

}  // namespace yb::central
