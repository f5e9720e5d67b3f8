// LedgerStore: the ledger (台账) of one program, in `ledger.db` of its data folder. The park's side of a site and the
// city's are two streams; this program writes one of them and holds a copy of the other. Deciding, appending and
// projecting are one transaction, synced when it returns.
//
// Safe from any thread: one connection writes, one reads.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <set>

#include "core/base/digest.hpp"
#include "core/base/guarded.hpp"
#include "core/ledger/snapshot_taking.hpp"

namespace yb::ledger {

struct LedgerOptions {
  cases::Side side = cases::Side::kPark;
  std::function<std::string()> draw_uuid{};  // UUIDv7; empty: of the clock and the system's random numbers
  /// For looking at the file of a program that may be running: it has to be there, of this version, and nothing of it
  /// is brought up to date; the calendar is the one that it was reckoned with.
  bool only_existing = false;
  SnapshotRule snapshots{};
};

/// What makes a case (收件), but for its numbers.
struct NewCase {
  cases::ItemTerms terms;
  std::string person;
  base::Bytes applicant;  // sealed
  std::optional<base::Decimal> area_m2;
  bool urgent = false;
  std::string receipt_prefix;     // "JY03"
  std::vector<base::Bytes> keys;  // to find it by
};

/// What a page asks for, so that asking for it again has its effect once. Kept with what it did, in one transaction.
struct Command {
  std::string key;        // drawn by who asks; empty: none
  base::Digest digest{};  // of what is asked
};

/// One stream as its side and the other know it.
struct StreamStatus {
  base::SiteId site;
  cases::Side writer = cases::Side::kPark;
  std::vector<StreamHead> heads;
  std::optional<Attestation> attested;  // of the own stream, by the other side
  cases::StreamPosition passed;
};

class LedgerStore {
 public:
  [[nodiscard]] static base::Result<std::unique_ptr<LedgerStore>> Open(storage::DatabaseOpener& opener,
                                                                       LedgerOptions options,
                                                                       calendar::WorkingCalendar calendar,
                                                                       const base::Clock& clock);

  [[nodiscard]] cases::Side side() const { return options_.side; }
  /// The working calendar (工作日历) that this program reckons with: the one place to ask for it.
  [[nodiscard]] CaseTables::Calendar calendar() const;
  /// Another notice is known: from now on this calendar holds, and deadlines that rest on the earlier one are reckoned
  /// anew before it returns.
  [[nodiscard]] base::Status UseCalendar(calendar::WorkingCalendar calendar);
  /// Called after each commit of an own event, on the thread that made it.
  void SetOnCommit(std::function<void()> told);

  // ---- Deciding ----
  /// 收件 at the park. The receipt number carries the epoch and counts within it and the year. kUnavailable from when
  /// it shows that this file was set back until a new epoch is begun.
  [[nodiscard]] base::Result<CaseFile> Receive(const base::SiteId& site, const cases::Actor& actor, NewCase made,
                                               const Command& command = {});
  /// kNotFound; kRefused with the reason where the table of transitions does not let it happen. Of a command that was
  /// done already: the case as it is now.
  [[nodiscard]] base::Result<CaseFile> Act(const base::SiteId& site, const std::string& case_id,
                                           const cases::Actor& actor, cases::Act act, const Command& command = {});
  /// The case that a command made or changed, as it is now; nullopt where it is new. kAlreadyExists where its key was
  /// something else's.
  [[nodiscard]] base::Result<std::optional<CaseFile>> Done(const Command& command);
  /// Why `act` cannot be done now; success where it can.
  [[nodiscard]] base::Status Allows(const CaseFile& file, const cases::Actor& actor, cases::Act act) const;
  [[nodiscard]] static base::Status Allows(const CaseFile& file, const cases::CaseEvent& event);

  /// An event of the site (站点事件), with its identity, time, actor and act; the rest is filled in. False where it is
  /// in the ledger already.
  [[nodiscard]] base::Result<bool> ActOfSite(const base::SiteId& site, SiteEvent event);

  // ---- Reading ----
  /// In fold order, each act once; none of a site without a ledger.
  [[nodiscard]] base::Result<std::vector<SiteEvent>> SiteEvents(const base::SiteId& site);
  [[nodiscard]] base::Result<CaseFile> Find(const base::SiteId& site, const std::string& case_id);
  /// Runs `use` with the tables of one state of the file.
  template <class Use>
  [[nodiscard]] auto Read(Use&& use) {
    const std::scoped_lock lock(reading_);
    return std::forward<Use>(use)(*reader_.log, *reader_.tables);
  }
  [[nodiscard]] base::Result<std::vector<base::SiteId>> Sites();
  [[nodiscard]] base::Result<std::vector<StreamStatus>> Status();
  [[nodiscard]] base::Status AddKeys(const base::SiteId& site, const std::string& case_id,
                                     std::span<const base::Bytes> keys);
  /// A case is found by its numbers only from now on: its person was erased. Digests of what was asked of it go too.
  [[nodiscard]] base::Status ForgetKeys(const base::SiteId& site, const std::string& case_id);

  // ---- Synchronising (core/sync); `writer` is whose stream ----
  [[nodiscard]] std::vector<sync::EpochRange> Outbox(const base::SiteId& site);
  /// This side was set back to an older copy and its own past is not back yet: numbered stocks are locked (invariant
  /// 13).
  [[nodiscard]] bool Recovering(const base::SiteId& site);
  /// There is a closed epoch: what is written goes there until the own past is back.
  [[nodiscard]] bool HasClosed(const base::SiteId& site);
  /// What the other side knows of the own stream is what is here; or it knows more.
  void OnStanding(const base::SiteId& site, bool good);
  /// A person says that an older copy of the file was put here, or that this box takes the place of another: numbers
  /// are given out under a new epoch at once, and the own past is fetched as soon as the other side is there. The
  /// program has to be stopped.
  [[nodiscard]] base::Status NoteRestored(const base::SiteId& site);
  [[nodiscard]] base::Result<std::vector<base::Bytes>> ReadBodies(const base::SiteId& site, sync::Position from,
                                                                  std::size_t most_bytes);
  [[nodiscard]] std::optional<sync::Chain> ChainAt(const base::SiteId& site, sync::Position at);
  [[nodiscard]] base::Status OnAcknowledged(const base::SiteId& site, sync::Position at, const sync::Chain& chain);
  [[nodiscard]] base::Status Cut(const base::SiteId& site, std::span<const sync::Cut> cuts);
  [[nodiscard]] base::Status StoreFetched(const base::SiteId& site, const sync::Piece& piece);
  /// The cases that it changed: what waited for the own past is in them from now on.
  [[nodiscard]] base::Result<std::vector<std::string>> Finish(const base::SiteId& site);
  /// Of the other side's stream.
  [[nodiscard]] base::Result<StreamLog::Opening> OpenForReading(const base::SiteId& site, const sync::Hello& hello);
  [[nodiscard]] base::Result<std::vector<std::string>> Store(const base::SiteId& site, std::uint64_t epoch,
                                                             std::uint64_t first_seq,
                                                             std::span<const base::Bytes> bodies);
  [[nodiscard]] std::optional<sync::Chain> OtherChainAt(const base::SiteId& site, sync::Position at);
  [[nodiscard]] base::Result<sync::Piece> AnswerFetch(const base::SiteId& site, const sync::Fetch& fetch,
                                                      std::size_t most_bytes);

  // ---- A new box starts from the other side's snapshot (ledger_borrowing.cpp; ledger-format.md, "A new box") ----
  /// What to ask the other side for next: of a side that has no event of the site, and whose past the other one has;
  /// nullopt where nothing is taken over, or no more.
  [[nodiscard]] base::Result<std::optional<SnapshotWant>> Borrowing(const base::SiteId& site);
  /// Takes in a piece, and gives the cases that are seen by it; one that answers another question is passed over.
  /// kUnsupported, kCorrupt: it cannot be used, GiveUpBorrowing is to follow.
  [[nodiscard]] base::Result<std::vector<std::string>> Borrow(const base::SiteId& site, const SnapshotPiece& piece);
  /// The ledger starts from its events alone.
  [[nodiscard]] base::Status GiveUpBorrowing(const base::SiteId& site);
  /// Answers what the other side asks for. Where the newest snapshot is too old, another one is taken first.
  [[nodiscard]] base::Result<SnapshotMessage> Lend(const base::SiteId& site, const SnapshotWant& want,
                                                   std::size_t most_bytes);
  /// Called when a snapshot is to be taken at once (SnapshotStep), from any thread.
  void SetOnHurry(std::function<void()> told);

  // ---- Keeping ----
  struct Verdict {
    base::SiteId site;
    cases::Side writer = cases::Side::kPark;
    StreamLog::Verdict stream;
  };
  [[nodiscard]] base::Result<std::vector<Verdict>> Verify();
  /// Where this ledger and the other side's part, stream by stream of the sites that both have.
  struct Difference {
    base::SiteId site;
    cases::Side writer = cases::Side::kPark;
    StreamLog::Comparison streams;
  };
  [[nodiscard]] base::Result<std::vector<Difference>> Compare(LedgerStore& other);
  /// Each snapshot that is kept, newest first, held against a fold of all events that it stands on.
  struct SnapshotVerdict {
    base::SiteId site;
    std::uint64_t no = 0;
    LedgerSnapshot snapshot;
    CaseTables::Check check;
  };
  [[nodiscard]] base::Result<std::vector<SnapshotVerdict>> VerifySnapshots();
  /// What the projections of a site were made anew of.
  struct RebuildSource {
    std::optional<LedgerSnapshot> snapshot;                  // none: of all events
    std::vector<std::pair<std::uint64_t, Unsound>> refused;  // snapshots that were given up, by number
    std::uint64_t folded = 0;                                // events
    std::vector<std::string> changed;                        // cases with events beyond the snapshot
  };
  /// Makes the projections of a site anew; their digests before and after.
  struct Rebuilt {
    base::SiteId site;
    std::string before;
    std::string after;
    RebuildSource source;
    std::uint64_t events = 0;  // of the site
  };
  /// From the newest sound snapshot, or from the first event.
  [[nodiscard]] base::Result<std::vector<Rebuilt>> Rebuild(CaseTables::From from = CaseTables::From::kSnapshots);
  /// One small piece of the snapshot that is due by the rule, each a short transaction; killed between two of them the
  /// snapshot before stands. True where there may be more to do at once.
  [[nodiscard]] base::Result<bool> SnapshotStep();

 private:
  struct Connection {
    std::unique_ptr<storage::Database> database;
    std::unique_ptr<StreamLog> log;
    std::unique_ptr<CaseTables> tables;
  };
  LedgerStore(LedgerOptions options, CaseTables::Calendar calendar, const base::Clock& clock, Connection writer,
              Connection reader);
  [[nodiscard]] static base::Result<Connection> Connect(storage::DatabaseOpener& opener, CaseTables::Calendar calendar,
                                                        bool only_existing);
  [[nodiscard]] Stream Own(SiteNo site) const { return {site, options_.side}; }
  [[nodiscard]] Stream Others(SiteNo site) const { return {site, cases::Other(options_.side)}; }
  [[nodiscard]] base::Result<SiteNo> Known(StreamLog& log, const base::SiteId& site) const;
  [[nodiscard]] std::string DrawUuid() const;
  [[nodiscard]] static calendar::CivilDate DayAt(base::UtcTime time);
  [[nodiscard]] cases::CaseEvent Draft(const std::string& case_id, const cases::Actor& actor, cases::Act act) const;
  /// Where the next event of the own stream comes to stand.
  struct NextPlace {
    StreamHead head;
    cases::StreamPosition before;  // of the last one
    cases::EventId id;
    std::uint64_t lamport = 0;
    cases::StreamPosition seen;
  };
  /// Within a transaction, like the following.
  [[nodiscard]] base::Result<NextPlace> FindNext(SiteNo site);
  [[nodiscard]] base::Status Append(SiteNo site, NextPlace& next, base::ByteView body);
  /// Appends and projects. `before`: the case as it is, where it is known.
  [[nodiscard]] base::Result<CaseFile> Write(SiteNo site, cases::CaseEvent event, std::optional<CaseFile> before = {});
  /// Within a transaction.
  [[nodiscard]] base::Result<RebuildSource> RebuildSite(SiteNo site, CaseTables::From from);
  /// The cases with events beyond the snapshot that it was made of.
  [[nodiscard]] base::Result<std::vector<std::string>> RebuildTables(SiteNo site);
  /// Where nothing is here yet, the other side's snapshot is wanted.
  [[nodiscard]] base::Status WantSnapshot(SiteNo site);
  /// Of the events alone: the borrowed snapshot is of no use.
  [[nodiscard]] base::Status RebuildWithout(SiteNo site);
  /// Once the events are here that a borrowed snapshot stands on, they say whether it was right. `changed`: all cases
  /// then, else untouched.
  [[nodiscard]] base::Status SettleBorrowed(SiteNo site, std::vector<std::string>& changed);
  [[nodiscard]] static base::Result<std::optional<CaseFile>> FindDone(const Connection& at, const Command& command);
  [[nodiscard]] base::Status NoteDone(const Command& command, SiteNo site, const std::string& case_id);
  [[nodiscard]] base::Status Reckon(const CaseTables::Calendar& calendar);
  [[nodiscard]] base::Result<std::string> NextReceiptNo(SiteNo site, const std::string& prefix, int year);
  void Tell();
  /// Runs `change` in a transaction of the writer.
  [[nodiscard]] base::Status Change(const std::function<base::Status()>& change);

  const LedgerOptions options_;
  base::Guarded<CaseTables::Calendar> calendar_;
  const base::Clock& clock_;
  std::mutex writing_;
  Connection writer_;
  std::mutex reading_;
  Connection reader_;
  std::mutex taking_lock_;
  std::unique_ptr<SnapshotTaking> taking_;  // the snapshot under way, if any
  base::Guarded<std::function<void()>> told_;
  base::Guarded<std::set<base::SiteId>> set_back_;  // and no new epoch begun yet
  struct Hurry {
    struct Site {
      base::UtcTime asked{};
      bool waits = false;
    };
    std::function<void()> told;
    std::map<base::SiteId, Site> sites;  // whose snapshots were asked for
  };
  base::Guarded<Hurry> hurry_;
};

}  // namespace yb::ledger
