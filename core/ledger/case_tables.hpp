// CaseTables: what pages ask of cases, projected from the events of the ledger in the transaction that stores them. A
// case itself is folded from its events when it is asked for; the tables find it: by number, by whose turn it is, by
// deadline. They can be made anew from the events at any time and are then the same.
//
// Stored names: `passed` (how far each stream is projected), `case_event` (the events of a case in fold order, and
// those of the site, which are under no case: their case_id is empty), `cases` (one row of each), `turn` (whose turn it
// is: "park", "city" or a department), `case_key` (keyed hashes to find a person's cases by), `reckoned` (the calendar
// that deadlines were reckoned with), `case_file` (which cases name a file), `command` (what was asked with an
// idempotency key; no projection, and never made anew).
//
// Over one connection; one thread at a time. What writes runs within a transaction of the caller.
#pragma once

#include <algorithm>
#include <memory>
#include <set>

#include "core/domain/calendar/working_calendar.hpp"
#include "core/ledger/site_event.hpp"
#include "core/ledger/snapshot_tables.hpp"

namespace yb::ledger {

/// 待办 在办 已办 挂起 超期 督办.
enum class Tab : std::uint8_t { kTodo, kDoing, kDone, kSuspended, kOverdue, kSupervised };
inline constexpr std::array kTabs = {Tab::kTodo,      Tab::kDoing,   Tab::kDone,
                                     Tab::kSuspended, Tab::kOverdue, Tab::kSupervised};
/// "todo", "doing", …: the spelling of the API.
[[nodiscard]] std::string_view ToString(Tab tab);
[[nodiscard]] std::optional<Tab> ParseTab(std::string_view text);

/// One case with its events in fold order.
struct CaseFile {
  cases::CaseState state;
  std::vector<cases::CaseEvent> events;
  /// Events that the state counts and that are not here yet: of a new box, whose past is on its way.
  std::uint64_t coming = 0;

  [[nodiscard]] bool HasEffect(const cases::CaseEvent& event) const {
    return std::ranges::find(state.ineffective, event.id, &cases::Ineffective::event) == state.ineffective.end();
  }
};

/// The last event with an act of one of these kinds that had an effect; null where there is none.
template <class... Acts>
[[nodiscard]] const cases::CaseEvent* LastOf(const CaseFile& file) {
  const cases::CaseEvent* last = nullptr;
  for (const cases::CaseEvent& event : file.events) {
    if ((std::holds_alternative<Acts>(event.act) || ...) && file.HasEffect(event)) last = &event;
  }
  return last;
}

struct CaseFilter {
  Tab tab = Tab::kTodo;
  std::string who = "park";     // for kTodo and kDoing: whose turn it is or is not
  std::vector<SiteNo> sites;    // empty: all
  calendar::CivilDate today{};  // for kOverdue
  std::int64_t offset = 0;
  std::int64_t limit = 50;
};

/// Who has to do something: the side that holds the case, of the departments those that are awaited; whoever is asked
/// for something or has an event that came to nothing, also while the case is suspended; the window that is to hand out
/// a department's correction notice. "park", "city", or a department.
[[nodiscard]] std::set<std::string> TurnOf(const cases::CaseState& state);

class CaseTables {
 public:
  static constexpr std::string_view kSchema =
      "CREATE TABLE passed (site INTEGER NOT NULL, writer INTEGER NOT NULL, epoch INTEGER NOT NULL,"
      "  seq INTEGER NOT NULL, PRIMARY KEY (site, writer)) WITHOUT ROWID;"
      "CREATE TABLE case_event (site INTEGER NOT NULL, case_id TEXT NOT NULL, lamport INTEGER NOT NULL,"
      "  writer INTEGER NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL,"
      "  PRIMARY KEY (site, case_id, lamport, writer, epoch, seq)) WITHOUT ROWID;"
      "CREATE TABLE cases (site INTEGER NOT NULL, case_id TEXT NOT NULL, receipt_no TEXT NOT NULL,"
      "  number TEXT NOT NULL, phase INTEGER NOT NULL, finished INTEGER NOT NULL, suspended INTEGER NOT NULL,"
      "  supervised INTEGER NOT NULL, due INTEGER NOT NULL, person TEXT NOT NULL, updated INTEGER NOT NULL,"
      "  PRIMARY KEY (site, case_id)) WITHOUT ROWID;"
      "CREATE INDEX cases_receipt ON cases (receipt_no);"
      "CREATE INDEX cases_number ON cases (number) WHERE number <> '';"
      "CREATE INDEX cases_person ON cases (site, person);"
      "CREATE INDEX cases_finished ON cases (updated) WHERE finished = 1;"
      "CREATE INDEX cases_open ON cases (due) WHERE finished = 0;"
      "CREATE INDEX cases_suspended ON cases (due) WHERE finished = 0 AND suspended = 1;"
      "CREATE INDEX cases_supervised ON cases (due) WHERE finished = 0 AND supervised = 1;"
      "CREATE TABLE turn (who TEXT NOT NULL, due INTEGER NOT NULL, site INTEGER NOT NULL, case_id TEXT NOT NULL,"
      "  PRIMARY KEY (who, due, site, case_id)) WITHOUT ROWID;"
      "CREATE INDEX turn_case ON turn (site, case_id);"
      "CREATE TABLE case_key (key BLOB NOT NULL, site INTEGER NOT NULL, case_id TEXT NOT NULL,"
      "  PRIMARY KEY (key, site, case_id)) WITHOUT ROWID;"
      "CREATE TABLE reckoned (calendar TEXT NOT NULL);"
      "INSERT INTO reckoned (calendar) VALUES ('');";

  static constexpr std::string_view kSchema2 =
      "CREATE TABLE case_file (file TEXT NOT NULL, site INTEGER NOT NULL, case_id TEXT NOT NULL,"
      "  PRIMARY KEY (file, site, case_id)) WITHOUT ROWID;"
      "CREATE INDEX case_file_case ON case_file (site, case_id);"
      "CREATE TABLE command (key TEXT NOT NULL PRIMARY KEY, digest BLOB NOT NULL, site INTEGER NOT NULL,"
      "  case_id TEXT NOT NULL, time INTEGER NOT NULL) WITHOUT ROWID;";

  /// Counts for the tabs, kept by triggers, so that a look at an inbox costs the same with a hundred cases and with a
  /// hundred thousand: `case_count` by what an open case's tabs are and by its deadline (0: finished), `turn_count` by
  /// whose turn it is. What has come to nothing is not there.
  static constexpr std::string_view kSchema3 =
      "ALTER TABLE turn ADD COLUMN finished INTEGER NOT NULL DEFAULT 0;"
      "UPDATE turn SET finished = 1 WHERE (site, case_id) IN (SELECT site, case_id FROM cases WHERE finished = 1);"
      "CREATE TABLE case_count (finished INTEGER NOT NULL, site INTEGER NOT NULL, suspended INTEGER NOT NULL,"
      "  supervised INTEGER NOT NULL, due INTEGER NOT NULL, n INTEGER NOT NULL,"
      "  PRIMARY KEY (finished, site, suspended, supervised, due)) WITHOUT ROWID;"
      "CREATE TABLE turn_count (who TEXT NOT NULL, finished INTEGER NOT NULL, site INTEGER NOT NULL,"
      "  n INTEGER NOT NULL, PRIMARY KEY (who, finished, site)) WITHOUT ROWID;"
      "INSERT INTO case_count SELECT finished, site, suspended, supervised, iif(finished, 0, due) AS day, count(*)"
      "  FROM cases GROUP BY finished, site, suspended, supervised, day;"
      "INSERT INTO turn_count SELECT who, finished, site, count(*) FROM turn GROUP BY who, finished, site;"
      "CREATE TRIGGER cases_in AFTER INSERT ON cases BEGIN"
      "  INSERT INTO case_count VALUES (new.finished, new.site, new.suspended, new.supervised,"
      "    iif(new.finished, 0, new.due), 1) ON CONFLICT DO UPDATE SET n = n + 1; END;"
      "CREATE TRIGGER cases_out AFTER DELETE ON cases BEGIN"
      "  UPDATE case_count SET n = n - 1 WHERE finished = old.finished AND site = old.site"
      "    AND suspended = old.suspended AND supervised = old.supervised AND due = iif(old.finished, 0, old.due);"
      "  DELETE FROM case_count WHERE finished = old.finished AND site = old.site AND suspended = old.suspended"
      "    AND supervised = old.supervised AND due = iif(old.finished, 0, old.due) AND n = 0; END;"
      "CREATE TRIGGER cases_moved AFTER UPDATE OF finished, suspended, supervised, due ON cases"
      "  WHEN (old.finished, old.suspended, old.supervised, old.due)"
      "    IS NOT (new.finished, new.suspended, new.supervised, new.due) BEGIN"
      "  INSERT INTO case_count VALUES (new.finished, new.site, new.suspended, new.supervised,"
      "    iif(new.finished, 0, new.due), 1) ON CONFLICT DO UPDATE SET n = n + 1;"
      "  UPDATE case_count SET n = n - 1 WHERE finished = old.finished AND site = old.site"
      "    AND suspended = old.suspended AND supervised = old.supervised AND due = iif(old.finished, 0, old.due);"
      "  DELETE FROM case_count WHERE finished = old.finished AND site = old.site AND suspended = old.suspended"
      "    AND supervised = old.supervised AND due = iif(old.finished, 0, old.due) AND n = 0; END;"
      "CREATE TRIGGER turn_in AFTER INSERT ON turn BEGIN"
      "  INSERT INTO turn_count VALUES (new.who, new.finished, new.site, 1) ON CONFLICT DO UPDATE SET n = n + 1; END;"
      "CREATE TRIGGER turn_out AFTER DELETE ON turn BEGIN"
      "  UPDATE turn_count SET n = n - 1 WHERE who = old.who AND finished = old.finished AND site = old.site; END;";

  /// Its owners are those that reckon with it at the moment.
  using Calendar = std::shared_ptr<const calendar::WorkingCalendar>;

  /// `log` outlives this.
  [[nodiscard]] static base::Result<std::unique_ptr<CaseTables>> Open(storage::Database& database, StreamLog& log,
                                                                      Calendar calendar);
  ~CaseTables();

  [[nodiscard]] base::Result<cases::StreamPosition> Passed(Stream stream);
  [[nodiscard]] base::Status Pass(Stream stream, cases::StreamPosition at);

  /// Puts one event into its case and writes the case's row anew. Gives the case as it is then. `before`: the case as
  /// it was, where it is known.
  [[nodiscard]] base::Result<CaseFile> Project(SiteNo site, const cases::CaseEvent& event,
                                               std::optional<CaseFile> before = {});
  /// An event of the site is among those that are projected.
  [[nodiscard]] base::Status EnterSiteEvent(SiteNo site, const FoldPlace& place);
  /// In fold order, each act once.
  [[nodiscard]] base::Result<std::vector<SiteEvent>> SiteEvents(SiteNo site);
  enum class From : std::uint8_t { kSnapshots, kFirstEvent };
  /// Takes in what both streams of a site hold beyond what was passed, each event once all is there that its writer had
  /// seen. Gives the cases that changed. Each is folded on from its record in the last snapshot where that holds: where
  /// no event came to lie before the last one in it.
  [[nodiscard]] base::Result<std::vector<std::string>> Advance(SiteNo site, From from = From::kSnapshots);
  /// Forgets what was projected of a site.
  [[nodiscard]] base::Status Clear(SiteNo site);
  /// Reckons with this calendar from now on, and writes the rows of cases that are not finished, or that somebody has
  /// something to do with, anew where they were reckoned with another one or none. True if they were.
  [[nodiscard]] base::Result<bool> Reckon(Calendar calendar);

  // ---- Snapshots (case_snapshots.cpp) ----
  [[nodiscard]] SnapshotTables& snapshots() { return *snapshots_; }
  using Body = std::pair<cases::StreamPosition, base::Bytes>;
  [[nodiscard]] base::Result<std::vector<Body>> BodiesAfter(Stream stream, cases::StreamPosition at, std::int64_t most);
  /// A case by the events that the streams held when they had passed so far; nullopt: it had none.
  [[nodiscard]] base::Result<std::optional<CaseRecord>> RecordAt(const CaseKey& key, const cases::Passed& until);
  /// The events of the site likewise: a record of no case and without a state.
  [[nodiscard]] base::Result<std::optional<CaseRecord>> SiteRecordAt(SiteNo site, const cases::Passed& until);
  /// Enters what a record of a snapshot says; of a case without a state its events only.
  [[nodiscard]] base::Status EnterRecord(SiteNo site, const CaseRecord& record);
  /// The tables are now at least what the snapshot says of both streams.
  [[nodiscard]] base::Status PassTo(SiteNo site, const LedgerSnapshot& snapshot);
  /// Makes the tables of a site what they were when the snapshot was taken; false where its records are not those that
  /// were written: the tables are of no use then.
  [[nodiscard]] base::Result<bool> Restore(SiteNo site, const LedgerSnapshot& snapshot);
  /// Folds every event that a snapshot stands on: why it is not right, and the first case that shows it, if one does.
  struct Check {
    std::optional<Unsound> unsound;
    std::string case_id;
  };
  [[nodiscard]] base::Result<Check> CheckSnapshot(SiteNo site, const LedgerSnapshot& snapshot);
  /// Events that were folded so far by Advance and Restore.
  [[nodiscard]] std::uint64_t folded() const { return folded_; }

  /// kNotFound; kUnavailable where the events that are here do not tell how the case stands.
  [[nodiscard]] base::Result<CaseFile> Load(const CaseKey& key);
  [[nodiscard]] base::Result<std::vector<std::string>> AllOf(SiteNo site);

  [[nodiscard]] base::Result<std::int64_t> Count(const CaseFilter& filter);
  /// The nearest deadline of what is not finished and not suspended.
  [[nodiscard]] base::Result<std::optional<calendar::CivilDate>> NextDue(const std::vector<SiteNo>& sites);
  /// By deadline, then by the identity; finished ones newest first.
  [[nodiscard]] base::Result<std::vector<CaseKey>> List(const CaseFilter& filter);
  /// By receipt number, 43-character number, or one of the keys, and behind those by a part of a number, in letters of
  /// any case; at most `most`.
  [[nodiscard]] base::Result<std::vector<CaseKey>> Search(const std::string& text, std::span<const base::Bytes> keys,
                                                          int most);
  /// Other cases that are not finished and of the same person.
  [[nodiscard]] base::Result<std::vector<CaseKey>> OthersOf(const CaseKey& key, const std::string& person);
  [[nodiscard]] base::Result<std::vector<CaseKey>> CasesOf(SiteNo site, const std::string& person);
  [[nodiscard]] base::Status AddKeys(const CaseKey& key, std::span<const base::Bytes> keys);
  [[nodiscard]] base::Status ForgetKeys(const CaseKey& key);
  /// Cases that name a file (SHA-256 in hex).
  [[nodiscard]] base::Result<std::vector<CaseKey>> CasesWith(const std::string& file);
  [[nodiscard]] base::Result<std::pair<std::int64_t, std::int64_t>> CountAll();  // cases, events
  /// SHA-256 over all rows that are projected of a site, in their order.
  [[nodiscard]] base::Result<std::string> DigestOf(SiteNo site);
  /// Takes the calendar that deadlines were reckoned with, where they were, and gives the one that is then in use.
  [[nodiscard]] base::Result<Calendar> UseReckoned();
  /// Receipt numbers (收件号) that more than one case has: given out twice after a copy of the file was put back.
  [[nodiscard]] base::Result<std::vector<std::string>> DoubleReceipts();

 private:
  struct Statements;
  struct Refolded {
    cases::CaseState state;
    base::UtcTime updated{};  // the newest time of its events
  };
  CaseTables(storage::Database& database, StreamLog& log, Calendar calendar, std::unique_ptr<Statements> statements,
             std::unique_ptr<SnapshotTables> snapshots);
  [[nodiscard]] base::Status Enter(const CaseKey& key, const cases::CaseEvent& event);
  [[nodiscard]] base::Status EnterPlace(const CaseKey& key, const FoldPlace& place);
  [[nodiscard]] base::Status EnterFile(const CaseKey& key, const std::string& file);
  /// Both give how many of them are not here yet.
  [[nodiscard]] base::Result<std::uint64_t> ForEachBody(
      const CaseKey& key, const std::function<base::Status(const cases::EventId& id, base::ByteView body)>& use);
  [[nodiscard]] base::Result<std::uint64_t> ForEachEvent(const CaseKey& key,
                                                         const std::function<void(cases::CaseEvent event)>& use);
  [[nodiscard]] base::Result<std::int64_t> CountEvents(const CaseKey& key);
  [[nodiscard]] base::Result<Refolded> Refold(const CaseKey& key, From from);
  [[nodiscard]] base::Result<std::optional<Refolded>> FoldOn(const CaseKey& key);
  [[nodiscard]] base::Status WriteRow(const CaseKey& key, const cases::CaseState& state, base::UtcTime updated);
  [[nodiscard]] base::Status WriteTurns(const CaseKey& key, const std::set<std::string>& who, std::int64_t due,
                                        bool finished);

  storage::Database& database_;
  StreamLog& log_;
  Calendar calendar_;
  std::unique_ptr<Statements> statements_;
  std::unique_ptr<SnapshotTables> snapshots_;
  std::uint64_t folded_ = 0;
};

}  // namespace yb::ledger
