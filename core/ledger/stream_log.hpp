// StreamLog: the streams of the ledger (台账) as they are stored. A stream is what one side wrote about one site: the
// park's (site→city) and the city's (city→site). A record is one event's bytes, kept exactly as they were written; the
// chain runs over these bytes. Nothing is ever deleted.
//
// Stored names: `site` (no, site, lamport); `head` (of each epoch); `event` (bodies with the chain after each);
// `attest` (what the other side told of a chain, so that neither can rewrite its past alone).
//
// Over one connection; one thread at a time. What writes runs within a transaction of the caller.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/base/ids.hpp"
#include "core/domain/cases/case_event.hpp"
#include "core/storage/database.hpp"
#include "core/sync/lane_recovery.hpp"

namespace yb::ledger {

using SiteNo = std::int64_t;

struct Stream {
  SiteNo site = 0;
  cases::Side writer = cases::Side::kPark;
  friend auto operator<=>(const Stream&, const Stream&) = default;
};

/// One epoch of a stream: 1…last, without holes.
struct StreamHead {
  std::uint64_t epoch = 0;
  std::uint64_t last = 0;
  sync::Chain chain{};
  std::uint64_t acked = 0;   // writer: by the other side
  std::uint64_t told = 0;    // reader: highest sequence the writer has told of …
  sync::Chain told_chain{};  // … and its chain head
  bool closed = false;       // writer: of a recovery that is not finished
  bool rolled_back = false;  // the writer was set back in this epoch
};

/// What the other side said of a stream: its chain at a place.
struct Attestation {
  sync::Position at;
  sync::Chain chain{};
  base::UtcTime time{};
};

/// The first place where a stream is not what it was.
struct Break {
  enum class What : std::uint8_t {
    kChanged,    // the bytes do not give the chain that is stored beside them
    kMissing,    // an event is not there
    kRewritten,  // the chain holds in itself, and the other side has recorded another one
    kUnreadable,
  };
  What what = What::kChanged;
  sync::Position at;
  std::uint64_t agreed = 0;  // kRewritten: up to here the other side has recorded what is here; 0 for none
};
[[nodiscard]] base::Words InWords(Break::What what);

class StreamLog {
 public:
  /// The schema's statements, for the file's migrations.
  static constexpr std::string_view kSchema =
      "CREATE TABLE site (no INTEGER PRIMARY KEY, site TEXT NOT NULL UNIQUE, lamport INTEGER NOT NULL DEFAULT 0);"
      "CREATE TABLE head (site INTEGER NOT NULL REFERENCES site, writer INTEGER NOT NULL, epoch INTEGER NOT NULL,"
      "  last INTEGER NOT NULL, chain BLOB NOT NULL, acked INTEGER NOT NULL, told INTEGER NOT NULL,"
      "  told_chain BLOB NOT NULL, closed INTEGER NOT NULL, rolled_back INTEGER NOT NULL,"
      "  PRIMARY KEY (site, writer, epoch)) WITHOUT ROWID;"
      "CREATE TABLE event (site INTEGER NOT NULL REFERENCES site, writer INTEGER NOT NULL, epoch INTEGER NOT NULL,"
      "  seq INTEGER NOT NULL, chain BLOB NOT NULL, body BLOB NOT NULL, PRIMARY KEY (site, writer, epoch, seq))"
      "  WITHOUT ROWID;"
      "CREATE TABLE attest (site INTEGER NOT NULL REFERENCES site, writer INTEGER NOT NULL, epoch INTEGER NOT NULL,"
      "  seq INTEGER NOT NULL, chain BLOB NOT NULL, time INTEGER NOT NULL, PRIMARY KEY (site, writer, epoch, seq))"
      "  WITHOUT ROWID;"
      "CREATE TABLE central (epoch INTEGER NOT NULL);"
      "INSERT INTO central (epoch) VALUES (1);";

  [[nodiscard]] static base::Result<std::unique_ptr<StreamLog>> Open(storage::Database& database);
  ~StreamLog();

  [[nodiscard]] base::Result<std::vector<std::pair<SiteNo, base::SiteId>>> Sites();
  [[nodiscard]] base::Result<std::optional<SiteNo>> FindSite(const base::SiteId& site);
  [[nodiscard]] base::Result<SiteNo> EnsureSite(const base::SiteId& site);
  /// The highest Lamport time of the site's events.
  [[nodiscard]] base::Result<std::uint64_t> Lamport(SiteNo site);
  [[nodiscard]] base::Status RaiseLamport(SiteNo site, std::uint64_t lamport);

  /// Ascending by epoch.
  [[nodiscard]] base::Result<std::vector<StreamHead>> Heads(Stream stream);
  [[nodiscard]] base::Status SaveHead(Stream stream, const StreamHead& head);
  /// Writes the body at head.last + 1 and advances and stores `head`.
  [[nodiscard]] base::Status Append(Stream stream, StreamHead& head, base::ByteView body);

  [[nodiscard]] base::Result<std::optional<base::Bytes>> Body(Stream stream, sync::Position at);
  /// From `from` on, of one epoch, in order: at least one if there is one, then as many as fit `most_bytes`.
  [[nodiscard]] base::Result<std::vector<base::Bytes>> ReadBodies(Stream stream, sync::Position from,
                                                                  std::size_t most_bytes);
  /// Each event of the stream with its place, in order.
  [[nodiscard]] base::Status ForEach(Stream stream, const std::function<void(sync::Position, base::ByteView)>& use);
  /// Zeros for sequence 0; nullopt where it is not held.
  [[nodiscard]] base::Result<std::optional<sync::Chain>> ChainAt(Stream stream, sync::Position at);
  /// What a Fetch asks for, as much as fits.
  [[nodiscard]] base::Result<sync::Piece> Answer(Stream stream, const sync::Fetch& fetch, std::size_t most_bytes);

  // ---- The reader's side ----
  /// Takes over what a Hello tells; what is committed of each epoch. True in `restored` where the writer remembers
  /// acknowledgements that this side does not.
  struct Opening {
    std::vector<sync::EpochPosition> positions;
    std::uint64_t central_epoch = 0;
    bool restored = false;
    std::optional<sync::Position> rewritten;  // the writer now tells another chain of what it sent than it did then
  };
  [[nodiscard]] base::Result<Opening> OpenForReading(Stream stream, const sync::Hello& hello);
  /// kCorrupt where the bodies do not follow what is there.
  [[nodiscard]] base::Status Store(Stream stream, std::uint64_t epoch, std::uint64_t first_seq,
                                   std::span<const base::Bytes> bodies);

  // ---- The writer's side (sync-protocol.md, "A box that was set back") ----
  [[nodiscard]] base::Status Acknowledge(Stream stream, sync::Position at);
  [[nodiscard]] base::Status Cut(Stream stream, std::span<const sync::Cut> cuts, base::UtcTime now);
  [[nodiscard]] base::Status StoreFetched(Stream stream, const sync::Piece& piece);
  [[nodiscard]] base::Status Finish(Stream stream);

  [[nodiscard]] base::Status Attest(Stream stream, const Attestation& attestation);
  [[nodiscard]] base::Result<std::optional<Attestation>> LastAttested(Stream stream);

  /// Reads all of a stream: its first break, and how many events were looked at.
  struct Verdict {
    std::uint64_t events = 0;
    std::optional<Break> first_break;
  };
  [[nodiscard]] base::Result<Verdict> Verify(Stream stream);
  /// Where two copies of one stream part, of what both hold; each holds in itself (Verify). Events in common are
  /// counted.
  struct Comparison {
    std::uint64_t events = 0;
    std::optional<sync::Position> differs;
  };
  [[nodiscard]] base::Result<Comparison> Compare(Stream stream, StreamLog& other, Stream others);

 private:
  struct Statements;
  /// What the other side recorded of events that are not here.
  [[nodiscard]] base::Result<std::optional<Break>> AttestedAndGone(Stream stream, std::span<const StreamHead> heads);
  StreamLog(storage::Database& database, std::unique_ptr<Statements> statements);

  storage::Database& database_;
  std::unique_ptr<Statements> statements_;
};

}  // namespace yb::ledger
