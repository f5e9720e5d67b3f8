#include "core/ledger/ledger_store.hpp"

#include <algorithm>
#include <array>

#include "core/base/log.hpp"
#include "core/base/uuid.hpp"
#include "core/domain/calendar/civil_day.hpp"
#include "core/domain/cases/transition_table.hpp"
#include "core/ledger/event_codec.hpp"

namespace yb::ledger {
namespace {

using base::ErrorCode;
using base::Fail;
using cases::CaseEvent;

const base::Logger kLog("ledger");

const std::string& Schema() {
  static const std::string schema =
      std::string(StreamLog::kSchema) + std::string(CaseTables::kSchema) +
      "CREATE TABLE counter (site INTEGER NOT NULL, name TEXT NOT NULL, last INTEGER NOT NULL,"
      "  PRIMARY KEY (site, name)) WITHOUT ROWID;";
  return schema;
}

/// How a receipt number names the epoch that it counts in: 1 for a ledger that never was set back; else the epoch's
/// minute since 2020 in the digits and capitals that are not mistaken for each other. A count of epochs would repeat
/// itself where one copy is put back twice.
std::string EpochCode(std::span<const StreamHead> heads) {
  if (heads.empty() || (heads.size() == 1 && !heads.front().closed)) return "1";
  constexpr std::string_view kDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  constexpr std::uint64_t kSecondsTo2020 = 1'577'836'800;
  std::uint64_t minutes = (std::max(heads.back().epoch, kSecondsTo2020) - kSecondsTo2020) / 60;
  std::string code;
  do code.insert(code.begin(), kDigits[minutes % kDigits.size()]);
  while ((minutes /= kDigits.size()) != 0);
  return code;
}

}  // namespace

LedgerStore::LedgerStore(LedgerOptions options, CaseTables::Calendar calendar, const base::Clock& clock,
                         Connection writer, Connection reader)
    : options_(std::move(options)),
      calendar_(std::move(calendar)),
      clock_(clock),
      writer_(std::move(writer)),
      reader_(std::move(reader)) {}

calendar::CivilDate LedgerStore::DayAt(base::UtcTime time) {
  return calendar::CivilDate(std::chrono::days(calendar::DayOf(time)));
}

std::string LedgerStore::DrawUuid() const {
  if (options_.draw_uuid) return options_.draw_uuid();
  return base::DrawUuid7(clock_.Now());
}

base::Result<LedgerStore::Connection> LedgerStore::Connect(storage::DatabaseOpener& opener,
                                                           CaseTables::Calendar calendar, bool only_existing) {
  Connection connection;
  YB_ASSIGN(connection.database, opener.Open());
  const std::array<std::string_view, 5> migrations = {Schema(), CaseTables::kSchema2, CaseTables::kSchema3,
                                                      SnapshotTables::kSchema, SnapshotTables::kSchema2};
  if (only_existing) {
    YB_TRY(storage::ExpectVersion(*connection.database, migrations.size()));
  } else {
    YB_TRY(storage::Migrate(*connection.database, migrations));
  }
  YB_ASSIGN(connection.log, StreamLog::Open(*connection.database));
  YB_ASSIGN(connection.tables, CaseTables::Open(*connection.database, *connection.log, std::move(calendar)));
  return connection;
}

base::Result<std::unique_ptr<LedgerStore>> LedgerStore::Open(storage::DatabaseOpener& opener, LedgerOptions options,
                                                             calendar::WorkingCalendar calendar,
                                                             const base::Clock& clock) {
  // Owned by the store, its tables, and whoever reckons with it at the moment.
  const auto shared = std::make_shared<const calendar::WorkingCalendar>(std::move(calendar));
  YB_ASSIGN(Connection writer, Connect(opener, shared, options.only_existing));
  YB_ASSIGN(Connection reader, Connect(opener, shared, options.only_existing));
  const bool only_existing = options.only_existing;
  std::unique_ptr<LedgerStore> store(
      new LedgerStore(std::move(options), shared, clock, std::move(writer), std::move(reader)));
  if (only_existing) {
    YB_ASSIGN(CaseTables::Calendar reckoned, store->writer_.tables->UseReckoned());
    store->calendar_.With([&](CaseTables::Calendar& held) { held = std::move(reckoned); });
  } else {
    YB_TRY(store->Reckon(shared));
  }
  return store;
}

CaseTables::Calendar LedgerStore::calendar() const {
  return calendar_.With([](const CaseTables::Calendar& held) { return held; });
}

base::Status LedgerStore::UseCalendar(calendar::WorkingCalendar calendar) {
  const auto shared = std::make_shared<const calendar::WorkingCalendar>(std::move(calendar));
  YB_TRY(Reckon(shared));
  calendar_.With([&](CaseTables::Calendar& held) { held = shared; });
  return {};
}

base::Status LedgerStore::Reckon(const CaseTables::Calendar& calendar) {
  return Change([&]() -> base::Status {
    YB_ASSIGN(const bool anew, writer_.tables->Reckon(calendar));
    if (anew) kLog.Info("deadlines are reckoned with another calendar");
    return {};
  });
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
  return Allows(file, Draft(file.state.case_id, actor, std::move(act)));
}

base::Status LedgerStore::Allows(const CaseFile& file, const CaseEvent& event) {
  if (file.state.needs_upgrade) {
    return Fail(ErrorCode::kUnsupported, base::Words{"the case holds an event of a later version: upgrade this program",
                                                     "办件含有更高版本的事件，本系统需升级后才能办理"});
  }
  YB_TRY(cases::FindTransition(file.state, event));
  return {};
}

base::Result<LedgerStore::NextPlace> LedgerStore::FindNext(SiteNo site) {
  NextPlace next;
  YB_ASSIGN(const std::vector<StreamHead> heads, writer_.log->Heads(Own(site)));
  if (heads.empty()) {
    next.head.epoch = static_cast<std::uint64_t>(std::max<std::int64_t>(clock_.Now().micros / 1'000'000, 1));
  } else {
    next.head = heads.back();
  }
  for (const StreamHead& one : heads) {
    if (one.last != 0) next.before = {one.epoch, one.last};
  }
  YB_ASSIGN(const std::uint64_t lamport, writer_.log->Lamport(site));
  YB_ASSIGN(next.seen, writer_.tables->Passed(Others(site)));
  next.lamport = lamport + 1;
  next.id = {options_.side, {next.head.epoch, next.head.last + 1}};
  return next;
}

base::Status LedgerStore::Append(SiteNo site, NextPlace& next, base::ByteView body) {
  const Stream own = Own(site);
  YB_TRY(writer_.log->Append(own, next.head, body));
  // Where others of the own stream wait for what they had seen, this one is passed with them.
  YB_ASSIGN(const cases::StreamPosition passed, writer_.tables->Passed(own));
  return passed >= next.before ? writer_.tables->Pass(own, next.id.at) : base::Status();
}

base::Result<CaseFile> LedgerStore::Write(SiteNo site, CaseEvent event, std::optional<CaseFile> before) {
  YB_ASSIGN(NextPlace next, FindNext(site));
  event.id = next.id;
  event.lamport = next.lamport;
  event.seen = next.seen;
  YB_TRY(Append(site, next, EncodeEvent(event, DrawUuid())));
  return writer_.tables->Project(site, event, std::move(before));
}

base::Result<std::string> LedgerStore::NextReceiptNo(SiteNo site, const std::string& prefix, int year) {
  YB_ASSIGN(const std::vector<StreamHead> heads, writer_.log->Heads(Own(site)));
  const std::string begin = prefix + "-" + EpochCode(heads) + "-" + std::to_string(year) + "-";
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
    return Fail(ErrorCode::kAlreadyExists,
                base::Words{"the idempotency key belongs to something else that was asked", "幂等键已用于另一请求"});
  }
  YB_ASSIGN(CaseFile file, at.tables->Load({select->Int(1), std::string(select->Text(2))}));
  return file;
}

base::Status LedgerStore::NoteDone(const Command& command, SiteNo site, const std::string& case_id) {
  if (command.key.empty()) return {};
  YB_ASSIGN(const auto insert,
            writer_.database->Prepare("INSERT INTO command (key, digest, site, case_id, time) VALUES (?, ?, ?, ?, ?)"));
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
  if (set_back_.With([&](const auto& sites) { return sites.contains(site); })) {
    return Fail(ErrorCode::kUnavailable,
                base::Words{"the ledger was set back and fetches its own past: numbers are locked for a moment",
                            "台账曾回退，正在取回本站记录，暂不能发号，请稍候再试"});
  }
  CaseFile file;
  bool wrote = false;
  const base::Status done = Change([&]() -> base::Status {
    YB_ASSIGN(std::optional<CaseFile> repeated, FindDone(writer_, command));
    if (repeated) {
      file = std::move(*repeated);
      return {};
    }
    wrote = true;
    YB_ASSIGN(const SiteNo no, writer_.log->EnsureSite(site));
    cases::Receive act;
    CaseEvent event = Draft(DrawUuid(), actor, {});
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
    YB_ASSIGN(CaseFile before, writer_.tables->Load({no, case_id}));
    CaseEvent event = Draft(case_id, actor, std::move(act));
    YB_TRY(Allows(before, event));
    YB_ASSIGN(file, Write(no, std::move(event), std::move(before)));
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

}  // namespace yb::ledger
