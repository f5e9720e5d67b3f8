#include "core/ledger/ledger_store.hpp"

#include <algorithm>
#include <array>

#include "core/base/log.hpp"
#include "core/domain/calendar/civil_day.hpp"
#include "core/domain/cases/transition_table.hpp"
#include "core/ledger/event_codec.hpp"

namespace yb::ledger {
namespace {

using base::ErrorCode;
using base::Fail;
using cases::CaseEvent;
using sync::Position;

const base::Logger kLog("ledger");

calendar::CivilDate DayAt(base::UtcTime time) {
  return calendar::CivilDate(std::chrono::days(calendar::DayOf(time)));
}

const std::string& Schema() {
  static const std::string schema =
      std::string(StreamLog::kSchema) + std::string(CaseTables::kSchema) +
      "CREATE TABLE counter (site INTEGER NOT NULL, name TEXT NOT NULL, last INTEGER NOT NULL,"
      "  PRIMARY KEY (site, name)) WITHOUT ROWID;";
  return schema;
}

}  // namespace

LedgerStore::LedgerStore(LedgerOptions options, const calendar::WorkingCalendar& calendar, const base::Clock& clock,
                         Connection writer, Connection reader)
    : options_(std::move(options)),
      calendar_(calendar),
      clock_(clock),
      writer_(std::move(writer)),
      reader_(std::move(reader)) {}

base::Result<LedgerStore::Connection> LedgerStore::Connect(storage::DatabaseOpener& opener,
                                                           const calendar::WorkingCalendar& calendar) {
  Connection connection;
  YB_ASSIGN(connection.database, opener.Open());
  const std::array<std::string_view, 2> migrations = {Schema(), CaseTables::kSchema2};
  YB_TRY(storage::Migrate(*connection.database, migrations));
  YB_ASSIGN(connection.log, StreamLog::Open(*connection.database));
  YB_ASSIGN(connection.tables, CaseTables::Open(*connection.database, *connection.log, calendar));
  return connection;
}

base::Result<std::unique_ptr<LedgerStore>> LedgerStore::Open(storage::DatabaseOpener& opener, LedgerOptions options,
                                                             const calendar::WorkingCalendar& calendar,
                                                             const base::Clock& clock) {
  YB_ASSIGN(Connection writer, Connect(opener, calendar));
  YB_ASSIGN(Connection reader, Connect(opener, calendar));
  return std::unique_ptr<LedgerStore>(
      new LedgerStore(std::move(options), calendar, clock, std::move(writer), std::move(reader)));
}

void LedgerStore::SetOnCommit(std::function<void()> told) {
  told_.With([&](std::function<void()>& held) { held = std::move(told); });
}

void LedgerStore::Tell() {
  told_.With([](const std::function<void()>& told) {
    if (told) told();
  });
}

base::Status LedgerStore::Change(const std::function<base::Status()>& change) {
  const std::scoped_lock lock(writing_);
  YB_ASSIGN(storage::Transaction transaction, storage::Transaction::Begin(*writer_.database));
  YB_TRY(change());
  return transaction.Commit();
}

base::Result<SiteNo> LedgerStore::Known(StreamLog& log, const base::SiteId& site) const {
  YB_ASSIGN(const std::optional<SiteNo> no, log.FindSite(site));
  if (no) return *no;
  return Fail(ErrorCode::kNotFound, base::Words{"no cases of site " + site.text(), "没有这个站点的办件"});
}

CaseEvent LedgerStore::Draft(const std::string& case_id, const cases::Actor& actor, cases::Act act) const {
  CaseEvent event;
  event.id.writer = options_.side;
  event.case_id = case_id;
  event.time = clock_.Now();
  event.day = DayAt(event.time);
  event.actor = actor;
  event.act = std::move(act);
  return event;
}

base::Status LedgerStore::Allows(const CaseFile& file, const cases::Actor& actor, cases::Act act) const {
  if (file.state.needs_upgrade) {
    return Fail(ErrorCode::kUnsupported, base::Words{"the case holds an event of a later version: upgrade this program",
                                                     "办件含有更高版本的事件，本系统需升级后才能办理"});
  }
  YB_TRY(cases::FindTransition(file.state, Draft(file.state.case_id, actor, std::move(act))));
  return {};
}

base::Result<CaseFile> LedgerStore::Write(SiteNo site, CaseEvent event) {
  const Stream own = Own(site);
  YB_ASSIGN(std::vector<StreamHead> heads, writer_.log->Heads(own));
  if (heads.empty()) {
    StreamHead first;
    first.epoch = static_cast<std::uint64_t>(std::max<std::int64_t>(event.time.micros / 1'000'000, 1));
    heads.push_back(first);
  }
  StreamHead& head = heads.back();
  cases::StreamPosition before;
  for (const StreamHead& one : heads) {
    if (one.last != 0) before = {one.epoch, one.last};
  }
  YB_ASSIGN(const std::uint64_t lamport, writer_.log->Lamport(site));
  YB_ASSIGN(event.seen, writer_.tables->Passed(Others(site)));
  event.lamport = lamport + 1;
  event.id.at = {head.epoch, head.last + 1};
  YB_TRY(writer_.log->Append(own, head, EncodeEvent(event, options_.draw_uuid())));
  // Where others of the own stream wait for what they had seen, this one is passed with them.
  YB_ASSIGN(const cases::StreamPosition passed, writer_.tables->Passed(own));
  if (passed >= before) YB_TRY(writer_.tables->Pass(own, event.id.at));
  return writer_.tables->Project(site, event);
}

base::Result<std::string> LedgerStore::NextReceiptNo(SiteNo site, const std::string& prefix, int year) {
  YB_ASSIGN(const std::vector<StreamHead> heads, writer_.log->Heads(Own(site)));
  const std::string begin =
      prefix + "-" + std::to_string(std::max<std::size_t>(heads.size(), 1)) + "-" + std::to_string(year) + "-";
  YB_ASSIGN(const auto next, writer_.database->Prepare("INSERT INTO counter (site, name, last) VALUES (?, ?, 1) ON"
                                                       " CONFLICT DO UPDATE SET last = last + 1 RETURNING last"));
  YB_ASSIGN(const bool row, next->Bind(1, site).Bind(2, std::string_view(begin)).Step());
  YB_CHECK(row, "a counter that was just raised is there");
  std::string digits = std::to_string(next->Int(0));
  YB_ASSIGN(const bool more, next->Step());
  (void)more;
  if (digits.size() < 6) digits.insert(0, 6 - digits.size(), '0');
  return begin + digits;
}

base::Result<std::optional<CaseFile>> LedgerStore::FindDone(const Connection& at, const Command& command) {
  if (command.key.empty()) return std::nullopt;
  YB_ASSIGN(const auto select, at.database->Prepare("SELECT digest, site, case_id FROM command WHERE key = ?"));
  YB_ASSIGN(const bool row, select->Bind(1, std::string_view(command.key)).Step());
  if (!row) return std::nullopt;
  if (!std::ranges::equal(select->Blob(0), command.digest)) {
    return Fail(ErrorCode::kAlreadyExists, base::Words{"the idempotency key belongs to something else that was asked",
                                                       "幂等键已用于另一请求"});
  }
  YB_ASSIGN(CaseFile file, at.tables->Load({select->Int(1), std::string(select->Text(2))}));
  return file;
}

base::Status LedgerStore::NoteDone(const Command& command, SiteNo site, const std::string& case_id) {
  if (command.key.empty()) return {};
  YB_ASSIGN(const auto insert, writer_.database->Prepare(
                                   "INSERT INTO command (key, digest, site, case_id, time) VALUES (?, ?, ?, ?, ?)"));
  return insert->Bind(1, std::string_view(command.key))
      .Bind(2, base::ByteView(command.digest))
      .Bind(3, site)
      .Bind(4, std::string_view(case_id))
      .Bind(5, clock_.Now().micros)
      .Run();
}

base::Result<std::optional<CaseFile>> LedgerStore::Done(const Command& command) {
  const std::scoped_lock lock(reading_);
  YB_ASSIGN(const storage::Snapshot snapshot, storage::Snapshot::Begin(*reader_.database));
  return FindDone(reader_, command);
}

base::Result<CaseFile> LedgerStore::Receive(const base::SiteId& site, const cases::Actor& actor, NewCase made,
                                            const Command& command) {
  if (options_.side != cases::Side::kPark) {
    return Fail(ErrorCode::kRefused, base::Words{"cases are received at the park", "收件在园区窗口办理"});
  }
  CaseFile file;
  bool wrote = false;
  const base::Status done = Change([&]() -> base::Status {
    YB_ASSIGN(std::optional<CaseFile> before, FindDone(writer_, command));
    if (before) {
      file = std::move(*before);
      return {};
    }
    wrote = true;
    YB_ASSIGN(const SiteNo no, writer_.log->EnsureSite(site));
    cases::Receive act;
    CaseEvent event = Draft(options_.draw_uuid(), actor, {});
    YB_ASSIGN(act.receipt_no, NextReceiptNo(no, made.receipt_prefix, calendar::YearOf(event.day)));
    act.terms = std::move(made.terms);
    act.person = std::move(made.person);
    act.applicant = std::move(made.applicant);
    act.area_m2 = made.area_m2;
    act.urgent = made.urgent;
    event.act = std::move(act);
    YB_ASSIGN(file, Write(no, std::move(event)));
    YB_TRY(NoteDone(command, no, file.state.case_id));
    return writer_.tables->AddKeys({no, file.state.case_id}, made.keys);
  });
  YB_TRY(done);
  if (wrote) Tell();
  return file;
}

base::Result<CaseFile> LedgerStore::Act(const base::SiteId& site, const std::string& case_id, const cases::Actor& actor,
                                        cases::Act act, const Command& command) {
  CaseFile file;
  bool wrote = false;
  const base::Status done = Change([&]() -> base::Status {
    YB_ASSIGN(std::optional<CaseFile> repeated, FindDone(writer_, command));
    if (repeated) {
      file = std::move(*repeated);
      return {};
    }
    wrote = true;
    YB_ASSIGN(const SiteNo no, Known(*writer_.log, site));
    YB_ASSIGN(const CaseFile before, writer_.tables->Load({no, case_id}));
    YB_TRY(Allows(before, actor, act));
    YB_ASSIGN(file, Write(no, Draft(case_id, actor, std::move(act))));
    return NoteDone(command, no, case_id);
  });
  YB_TRY(done);
  if (wrote) Tell();
  return file;
}

base::Result<CaseFile> LedgerStore::Find(const base::SiteId& site, const std::string& case_id) {
  const std::scoped_lock lock(reading_);
  YB_ASSIGN(const SiteNo no, Known(*reader_.log, site));
  YB_ASSIGN(const storage::Snapshot snapshot, storage::Snapshot::Begin(*reader_.database));
  return reader_.tables->Load({no, case_id});
}

base::Result<std::vector<base::SiteId>> LedgerStore::Sites() {
  const std::scoped_lock lock(reading_);
  YB_ASSIGN(const auto rows, reader_.log->Sites());
  std::vector<base::SiteId> sites;
  for (const auto& [no, site] : rows) sites.push_back(site);
  return sites;
}

base::Result<std::vector<StreamStatus>> LedgerStore::Status() {
  const std::scoped_lock lock(reading_);
  YB_ASSIGN(const storage::Snapshot snapshot, storage::Snapshot::Begin(*reader_.database));
  YB_ASSIGN(const auto sites, reader_.log->Sites());
  std::vector<StreamStatus> all;
  for (const auto& [no, site] : sites) {
    for (const cases::Side writer : {cases::Side::kPark, cases::Side::kCity}) {
      StreamStatus status{site, writer, {}, {}, {}};
      YB_ASSIGN(status.heads, reader_.log->Heads({no, writer}));
      YB_ASSIGN(status.attested, reader_.log->LastAttested({no, writer}));
      YB_ASSIGN(status.passed, reader_.tables->Passed({no, writer}));
      all.push_back(std::move(status));
    }
  }
  return all;
}

base::Status LedgerStore::AddKeys(const base::SiteId& site, const std::string& case_id,
                                  std::span<const base::Bytes> keys) {
  return Change([&]() -> base::Status {
    YB_ASSIGN(const SiteNo no, Known(*writer_.log, site));
    return writer_.tables->AddKeys({no, case_id}, keys);
  });
}

base::Status LedgerStore::ForgetKeys(const base::SiteId& site, const std::string& case_id) {
  return Change([&]() -> base::Status {
    YB_ASSIGN(const SiteNo no, Known(*writer_.log, site));
    return writer_.tables->ForgetKeys({no, case_id});
  });
}

std::vector<sync::EpochRange> LedgerStore::Outbox(const base::SiteId& site) {
  const std::scoped_lock lock(reading_);
  const auto no = reader_.log->FindSite(site);
  if (!no || !*no) return {};
  const auto heads = reader_.log->Heads(Own(**no));
  std::vector<sync::EpochRange> ranges;
  if (!heads) return ranges;
  for (const StreamHead& head : *heads) {
    if (head.closed) continue;
    ranges.push_back({head.epoch, 1, head.last, head.chain, {}, head.acked, head.rolled_back});
  }
  return ranges;
}

bool LedgerStore::Recovering(const base::SiteId& site) {
  const std::scoped_lock lock(reading_);
  const auto no = reader_.log->FindSite(site);
  if (!no || !*no) return false;
  const auto heads = reader_.log->Heads(Own(**no));
  return heads && !heads->empty() && heads->back().closed;
}

base::Result<std::vector<base::Bytes>> LedgerStore::ReadBodies(const base::SiteId& site, Position from,
                                                               std::size_t most_bytes) {
  const std::scoped_lock lock(reading_);
  YB_ASSIGN(const SiteNo no, Known(*reader_.log, site));
  return reader_.log->ReadBodies(Own(no), from, most_bytes);
}

std::optional<sync::Chain> LedgerStore::ChainAt(const base::SiteId& site, Position at) {
  const std::scoped_lock lock(reading_);
  const auto no = reader_.log->FindSite(site);
  if (!no || !*no) return at.seq == 0 ? std::optional(sync::Chain{}) : std::nullopt;
  return reader_.log->ChainAt(Own(**no), at).value_or(std::nullopt);
}

std::optional<sync::Chain> LedgerStore::OtherChainAt(const base::SiteId& site, Position at) {
  const std::scoped_lock lock(reading_);
  const auto no = reader_.log->FindSite(site);
  if (!no || !*no) return std::nullopt;
  return reader_.log->ChainAt(Others(**no), at).value_or(std::nullopt);
}

base::Status LedgerStore::OnAcknowledged(const base::SiteId& site, Position at, const sync::Chain& chain) {
  return Change([&]() -> base::Status {
    YB_ASSIGN(const SiteNo no, writer_.log->EnsureSite(site));
    YB_TRY(writer_.log->Attest(Own(no), {at, chain, clock_.Now()}));
    return writer_.log->Acknowledge(Own(no), at);
  });
}

base::Status LedgerStore::RebuildSite(SiteNo site) {
  YB_TRY(writer_.tables->Clear(site));
  YB_TRY(writer_.tables->Advance(site));
  return {};
}

base::Status LedgerStore::Cut(const base::SiteId& site, std::span<const sync::Cut> cuts) {
  kLog.Warn("the ledger was set back to an older copy: its own past is fetched from the other side",
            {{"site", site.text()}});
  return Change([&]() -> base::Status {
    YB_ASSIGN(const SiteNo no, writer_.log->EnsureSite(site));
    YB_TRY(writer_.log->Cut(Own(no), cuts, clock_.Now()));
    return RebuildSite(no);  // events have other places now
  });
}

base::Status LedgerStore::StoreFetched(const base::SiteId& site, const sync::Piece& piece) {
  return Change([&]() -> base::Status {
    YB_ASSIGN(const SiteNo no, Known(*writer_.log, site));
    return writer_.log->StoreFetched(Own(no), piece);
  });
}

base::Status LedgerStore::Finish(const base::SiteId& site) {
  return Change([&]() -> base::Status {
    YB_ASSIGN(const SiteNo no, Known(*writer_.log, site));
    YB_TRY(writer_.log->Finish(Own(no)));
    return RebuildSite(no);
  });
}

base::Result<StreamLog::Opening> LedgerStore::OpenForReading(const base::SiteId& site, const sync::Hello& hello) {
  StreamLog::Opening opening;
  const base::Status done = Change([&]() -> base::Status {
    YB_ASSIGN(const SiteNo no, writer_.log->EnsureSite(site));
    YB_ASSIGN(opening, writer_.log->OpenForReading(Others(no), hello));
    return {};
  });
  YB_TRY(done);
  return opening;
}

base::Result<std::vector<std::string>> LedgerStore::Store(const base::SiteId& site, std::uint64_t epoch,
                                                          std::uint64_t first_seq,
                                                          std::span<const base::Bytes> bodies) {
  std::vector<std::string> changed;
  const base::Status done = Change([&]() -> base::Status {
    YB_ASSIGN(const SiteNo no, writer_.log->EnsureSite(site));
    YB_TRY(writer_.log->Store(Others(no), epoch, first_seq, bodies));
    YB_ASSIGN(changed, writer_.tables->Advance(no));
    return {};
  });
  YB_TRY(done);
  return changed;
}

base::Result<sync::Piece> LedgerStore::AnswerFetch(const base::SiteId& site, const sync::Fetch& fetch,
                                                   std::size_t most_bytes) {
  const std::scoped_lock lock(reading_);
  YB_ASSIGN(const SiteNo no, Known(*reader_.log, site));
  return reader_.log->Answer(Others(no), fetch, most_bytes);
}

base::Result<std::vector<LedgerStore::Verdict>> LedgerStore::Verify() {
  const std::scoped_lock lock(reading_);
  YB_ASSIGN(const storage::Snapshot snapshot, storage::Snapshot::Begin(*reader_.database));
  YB_ASSIGN(const auto sites, reader_.log->Sites());
  std::vector<Verdict> verdicts;
  for (const auto& [no, site] : sites) {
    for (const cases::Side writer : {cases::Side::kPark, cases::Side::kCity}) {
      YB_ASSIGN(StreamLog::Verdict verdict, reader_.log->Verify({no, writer}));
      verdicts.push_back({site, writer, verdict});
    }
  }
  return verdicts;
}

base::Result<std::vector<LedgerStore::Rebuilt>> LedgerStore::Rebuild() {
  std::vector<Rebuilt> all;
  const base::Status done = Change([&]() -> base::Status {
    YB_ASSIGN(const auto sites, writer_.log->Sites());
    for (const auto& [no, site] : sites) {
      Rebuilt one{site, {}, {}};
      YB_ASSIGN(one.before, writer_.tables->DigestOf(no));
      YB_TRY(RebuildSite(no));
      YB_ASSIGN(one.after, writer_.tables->DigestOf(no));
      all.push_back(std::move(one));
    }
    return {};
  });
  YB_TRY(done);
  return all;
}

base::Status LedgerStore::RefreshDeadlines(calendar::CivilDate from) {
  return Change([&]() -> base::Status {
    YB_ASSIGN(const std::vector<CaseKey> keys, writer_.tables->DueFrom(from));
    for (const CaseKey& key : keys) YB_TRY(writer_.tables->Refresh(key));
    return {};
  });
}

}  // namespace yb::ledger
