#include "core/ledger/case_tables.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "core/domain/cases/act_file.hpp"
#include "core/domain/cases/case_clock.hpp"
#include "core/ledger/case_rows.hpp"
#include "core/ledger/event_codec.hpp"

namespace yb::ledger {
namespace {

using base::ErrorCode;
using base::Fail;
using cases::CaseEvent;
using cases::CaseState;
using cases::Side;
using cases::StreamPosition;
using storage::Rows;
using storage::Signed;
using storage::Statement;

constexpr std::int64_t kBatch = 200;

std::string_view NameOf(Side side) {
  return side == Side::kPark ? "park" : "city";
}

base::Result<CaseFile> NoCase(const CaseKey& key) {
  return Fail(ErrorCode::kNotFound, base::Words{"there is no case " + key.case_id, "没有这个办件"});
}

}  // namespace

base::UtcTime NewestOf(const std::vector<CaseEvent>& events) {
  base::UtcTime newest{};
  for (const CaseEvent& event : events) newest = std::max(newest, event.time);
  return newest;
}

std::set<std::string> TurnOf(const CaseState& state) {
  std::set<std::string> who;
  // At the city those who may do it are the departments that have a part in the case, and each looks into its own list.
  const auto add_all_of = [&](Side side) {
    who.emplace(NameOf(side));
    if (side == Side::kCity) who.insert(state.signers.begin(), state.signers.end());
  };
  if (!state.finished() && !state.paused()) {
    who.emplace(NameOf(state.holder));
    if (state.holder == Side::kCity) {
      for (const std::string& department : state.signers) {
        if (!state.signatures.contains(department)) who.insert(department);
      }
      const bool all_signed = who.size() == 1;
      if (all_signed && !state.signers.empty()) who.insert(state.signers.front());
    }
  }
  for (const cases::Ineffective& one : state.ineffective) {
    if (!one.settled) add_all_of(one.event.writer);
  }
  for (const cases::OpenRequest& request : state.requests) {
    if (!state.finished()) add_all_of(cases::Other(request.event.writer));
  }
  if (state.awaits_hand_out()) add_all_of(Side::kPark);
  return who;
}

CaseTables::CaseTables(storage::Database& database, StreamLog& log, Calendar calendar,
                       std::unique_ptr<Statements> statements, std::unique_ptr<SnapshotTables> snapshots)
    : database_(database),
      log_(log),
      calendar_(std::move(calendar)),
      statements_(std::move(statements)),
      snapshots_(std::move(snapshots)) {}
CaseTables::~CaseTables() = default;

base::Result<std::unique_ptr<CaseTables>> CaseTables::Open(storage::Database& database, StreamLog& log,
                                                           Calendar calendar) {
  auto s = std::make_unique<Statements>();
  const std::pair<std::unique_ptr<Statement>*, std::string_view> wanted[] = {
      {&s->passed, "SELECT epoch, seq FROM passed WHERE site = ? AND writer = ?"},
      {&s->pass, "INSERT OR REPLACE INTO passed (site, writer, epoch, seq) VALUES (?, ?, ?, ?)"},
      {&s->add_event,
       "INSERT OR IGNORE INTO case_event (site, case_id, lamport, writer, epoch, seq) VALUES (?, ?, ?, ?, ?, ?)"},
      {&s->events,
       "SELECT c.writer, c.epoch, c.seq, e.body FROM case_event c LEFT JOIN event e ON e.site = c.site AND e.writer ="
       " c.writer AND e.epoch = c.epoch AND e.seq = c.seq WHERE c.site = ? AND c.case_id = ? ORDER BY c.lamport,"
       " c.writer, c.epoch, c.seq"},
      {&s->count_events, "SELECT count(*) FROM case_event WHERE site = ? AND case_id = ?"},
      {&s->places,
       "SELECT lamport, writer, epoch, seq FROM case_event WHERE site = ? AND case_id = ? ORDER BY lamport, writer,"
       " epoch, seq"},
      {&s->write,
       "INSERT INTO cases (site, case_id, receipt_no, number, phase, finished, suspended, supervised, due, person,"
       " updated) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET receipt_no ="
       " excluded.receipt_no, number = excluded.number, phase = excluded.phase, finished = excluded.finished,"
       " suspended = excluded.suspended, supervised = excluded.supervised, due = excluded.due, person ="
       " excluded.person, updated = excluded.updated"},
      {&s->touch,
       "UPDATE cases SET phase = ?5, updated = ?11 WHERE site = ?1 AND case_id = ?2 AND receipt_no = ?3 AND number = ?4"
       " AND finished = ?6 AND suspended = ?7 AND supervised = ?8 AND due = ?9 AND person = ?10 RETURNING 1"},
      {&s->turn, "INSERT INTO turn (site, case_id, who, due, finished) VALUES (?, ?, ?, ?, ?)"},
      {&s->turns, "SELECT who, due, finished FROM turn WHERE site = ? AND case_id = ?"},
      {&s->forget_turn, "DELETE FROM turn WHERE site = ? AND case_id = ?"},
      {&s->next,
       "SELECT epoch, seq, body FROM event WHERE site = ? AND writer = ? AND (epoch, seq) > (?, ?)"
       " ORDER BY epoch, seq LIMIT ?"},
      {&s->others,
       "SELECT site, case_id FROM cases WHERE site = ?1 AND case_id <> ?2 AND person = ?3 AND finished = 0"},
      {&s->of_person, "SELECT site, case_id FROM cases WHERE site = ? AND person = ?"},
      {&s->add_key, "INSERT OR IGNORE INTO case_key (site, case_id, key) VALUES (?, ?, ?)"},
      {&s->add_file, "INSERT OR IGNORE INTO case_file (site, case_id, file) VALUES (?, ?, ?)"},
  };
  for (const auto& [statement, sql] : wanted) {
    YB_ASSIGN(*statement, database.Prepare(sql));
  }
  YB_ASSIGN(auto snapshots, SnapshotTables::Open(database, log));
  return std::unique_ptr<CaseTables>(
      new CaseTables(database, log, std::move(calendar), std::move(s), std::move(snapshots)));
}

base::Result<StreamPosition> CaseTables::Passed(Stream stream) {
  Statement& select = *statements_->passed;
  const Rows rows(select);
  YB_ASSIGN(const bool row, select.Bind(1, stream.site).Bind(2, static_cast<std::int64_t>(stream.writer)).Step());
  if (!row) return StreamPosition{};
  return StreamPosition{static_cast<std::uint64_t>(select.Int(0)), static_cast<std::uint64_t>(select.Int(1))};
}

base::Status CaseTables::Pass(Stream stream, StreamPosition at) {
  return statements_->pass->Bind(1, stream.site)
      .Bind(2, static_cast<std::int64_t>(stream.writer))
      .Bind(3, Signed(at.epoch))
      .Bind(4, Signed(at.seq))
      .Run();
}

base::Result<std::uint64_t> CaseTables::ForEachBody(
    const CaseKey& key, const std::function<base::Status(const cases::EventId& id, base::ByteView body)>& use) {
  Statement& select = *statements_->events;
  const Rows rows(select);
  BindCase(select, key);
  std::uint64_t coming = 0;
  while (true) {
    YB_ASSIGN(const bool row, select.Step());
    if (!row) return coming;
    const cases::EventId id{static_cast<Side>(select.Int(0)),
                            {static_cast<std::uint64_t>(select.Int(1)), static_cast<std::uint64_t>(select.Int(2))}};
    if (select.IsNull(3)) {
      ++coming;
    } else {
      YB_TRY(use(id, select.Blob(3)));
    }
  }
}

base::Result<std::uint64_t> CaseTables::ForEachEvent(const CaseKey& key,
                                                     const std::function<void(CaseEvent event)>& use) {
  return ForEachBody(key, [&](const cases::EventId& id, base::ByteView body) -> base::Status {
    YB_ASSIGN(CaseEvent event, DecodeEvent(id, body));
    use(std::move(event));
    return {};
  });
}

base::Result<CaseFile> CaseTables::Load(const CaseKey& key) {
  CaseFile file;
  if (key.case_id.empty()) return NoCase(key);
  YB_ASSIGN(file.coming, ForEachEvent(key, [&](CaseEvent event) {
              cases::Apply(file.state, event);
              file.events.push_back(std::move(event));
            }));
  if (file.events.empty() && file.coming == 0) return NoCase(key);
  if (file.coming != 0) {
    YB_ASSIGN(std::optional<Refolded> folded, FoldOn(key));
    if (!folded) {
      return Fail(ErrorCode::kUnavailable,
                  base::Words{"the past of this case is being fetched: " + std::to_string(file.coming) +
                                  " of its events are on their way",
                              "正在取回此办件的历史记录，还差 " + std::to_string(file.coming) + " 条，请稍候再试"});
    }
    file.state = std::move(folded->state);
  }
  file.state.case_id = key.case_id;
  return file;
}

base::Result<std::vector<std::string>> CaseTables::AllOf(SiteNo site) {
  YB_ASSIGN(const auto select, database_.Prepare("SELECT site, case_id FROM cases WHERE site = ?"));
  YB_ASSIGN(std::vector<CaseKey> keys, TakeKeys(select->Bind(1, site)));
  std::vector<std::string> all;
  all.reserve(keys.size());
  for (CaseKey& key : keys) all.push_back(std::move(key.case_id));
  return all;
}

base::Status CaseTables::WriteRow(const CaseKey& key, const CaseState& state, base::UtcTime updated) {
  std::int64_t due = kNoDeadline;
  // The day matters for lamps only, not for the date.
  if (const auto clocks = cases::ReadClocks(state, *calendar_, state.accepted.value_or(calendar::CivilDate{}))) {
    if (!state.decided) due = clocks->promised.deadline.time_since_epoch().count();
  }
  const auto bind = [&](Statement& statement) -> Statement& {
    return BindCase(statement, key)
        .Bind(3, std::string_view(state.receipt_no))
        .Bind(4, std::string_view(state.number))
        .Bind(5, static_cast<std::int64_t>(state.phase))
        .Bind(6, std::int64_t{state.finished()})
        .Bind(7, std::int64_t{state.paused()})
        .Bind(8, std::int64_t{state.supervisions != 0})
        .Bind(9, due)
        .Bind(10, std::string_view(state.person))
        .Bind(11, updated.micros);
  };
  // Most acts change the phase or nothing: then no index is touched.
  bool touched = false;
  {
    Statement& touch = *statements_->touch;
    const Rows rows(touch);
    YB_ASSIGN(touched, bind(touch).Step());
  }
  if (!touched) YB_TRY(bind(*statements_->write).Run());
  return WriteTurns(key, TurnOf(state), due, state.finished());
}

base::Status CaseTables::WriteTurns(const CaseKey& key, const std::set<std::string>& who, std::int64_t due,
                                    bool finished) {
  std::set<std::string> before;
  bool same = true;
  {
    Statement& select = *statements_->turns;
    const Rows rows(select);
    BindCase(select, key);
    while (true) {
      YB_ASSIGN(const bool row, select.Step());
      if (!row) break;
      before.emplace(select.Text(0));
      same = same && select.Int(1) == due && (select.Int(2) != 0) == finished;
    }
  }
  if (same && before == who) return {};
  YB_TRY(BindCase(*statements_->forget_turn, key).Run());
  for (const std::string& one : who) {
    Statement& turn = BindCase(*statements_->turn, key).Bind(3, std::string_view(one)).Bind(4, due);
    YB_TRY(turn.Bind(5, std::int64_t{finished}).Run());
  }
  return {};
}

base::Status CaseTables::EnterPlace(const CaseKey& key, const FoldPlace& place) {
  return BindCase(*statements_->add_event, key)
      .Bind(3, Signed(place.lamport))
      .Bind(4, static_cast<std::int64_t>(place.id.writer))
      .Bind(5, Signed(place.id.at.epoch))
      .Bind(6, Signed(place.id.at.seq))
      .Run();
}

base::Status CaseTables::EnterFile(const CaseKey& key, const std::string& file) {
  return BindCase(*statements_->add_file, key).Bind(3, std::string_view(file)).Run();
}

base::Status CaseTables::Enter(const CaseKey& key, const CaseEvent& event) {
  if (const std::string file = cases::FileOf(event.act); !file.empty()) YB_TRY(EnterFile(key, file));
  return EnterPlace(key, {event.lamport, event.id});
}

base::Result<CaseFile> CaseTables::Project(SiteNo site, const CaseEvent& event, std::optional<CaseFile> before) {
  const CaseKey key{site, event.case_id};
  YB_TRY(Enter(key, event));
  YB_TRY(log_.RaiseLamport(site, event.lamport));
  if (before && !before->events.empty() && cases::FoldsBefore(before->events.back(), event)) {
    cases::Apply(before->state, event);
    before->events.push_back(event);
  } else {
    YB_ASSIGN(before, Load(key));
  }
  base::UtcTime updated = NewestOf(before->events);
  if (before->coming != 0) {
    YB_ASSIGN(const Refolded folded, Refold(key, From::kSnapshots));  // the record knows the times of the others
    updated = folded.updated;
  }
  YB_TRY(WriteRow(key, before->state, updated));
  return std::move(*before);
}

base::Result<std::int64_t> CaseTables::CountEvents(const CaseKey& key) {
  Statement& select = *statements_->count_events;
  const Rows rows(select);
  YB_ASSIGN(const bool row, BindCase(select, key).Step());
  return row ? select.Int(0) : 0;
}

base::Result<std::vector<std::string>> CaseTables::Advance(SiteNo site, From from) {
  std::map<std::string, std::int64_t> changed;  // and how many events came
  std::uint64_t lamport = 0;
  bool moved = true;
  while (moved) {
    moved = false;
    for (const Side writer : {Side::kPark, Side::kCity}) {
      const Stream stream{site, writer};
      YB_ASSIGN(const StreamPosition before, Passed(stream));
      StreamPosition at = before;
      YB_ASSIGN(const StreamPosition other, Passed({site, cases::Other(writer)}));
      YB_ASSIGN(const std::vector<Body> batch, BodiesAfter(stream, at, kBatch));
      for (const auto& [place, body] : batch) {
        // What is no event stays in the stream and says nothing (`ledger verify` names it).
        if (const auto any = DecodeAnyEvent({writer, place}, body)) {
          const bool waits = std::visit([&](const auto& event) { return event.seen > other; }, *any);
          if (waits) break;  // for what its writer had seen
          if (const auto* event = std::get_if<CaseEvent>(&*any)) {
            YB_TRY(Enter({site, event->case_id}, *event));
            lamport = std::max(lamport, event->lamport);
            ++changed[event->case_id];
          } else {
            YB_TRY(EnterSiteEvent(site, PlaceOf(std::get<SiteEvent>(*any))));
          }
        }
        at = place;
        moved = true;
      }
      if (at != before) YB_TRY(Pass(stream, at));
    }
  }
  if (!changed.empty()) YB_TRY(log_.RaiseLamport(site, lamport));
  // Each case once, however many of its events there were.
  std::vector<std::string> cases;
  for (const auto& [case_id, came] : changed) {
    const CaseKey key{site, case_id};
    // No snapshot has what came just now: to look for it would read pages that nobody else needs.
    YB_ASSIGN(const std::int64_t events, CountEvents(key));
    YB_ASSIGN(const Refolded folded, Refold(key, events == came ? From::kFirstEvent : from));
    YB_TRY(WriteRow(key, folded.state, folded.updated));
    cases.push_back(case_id);
  }
  return cases;
}

base::Status CaseTables::Clear(SiteNo site) {
  const std::string where = " WHERE site = " + std::to_string(site) + ";";
  return database_.Execute("DELETE FROM passed" + where + "DELETE FROM case_event" + where + "DELETE FROM cases" +
                           where + "DELETE FROM turn" + where + "DELETE FROM case_file" + where);
}

base::Result<CaseTables::Calendar> CaseTables::UseReckoned() {
  YB_ASSIGN(const auto select, database_.Prepare("SELECT calendar FROM reckoned"));
  YB_ASSIGN(const bool row, select->Step());
  if (row && !select->Text(0).empty()) {
    YB_ASSIGN(calendar::WorkingCalendar calendar, calendar::WorkingCalendar::FromDescription(select->Text(0)));
    calendar_ = std::make_shared<const calendar::WorkingCalendar>(std::move(calendar));
  }
  return calendar_;
}

base::Result<bool> CaseTables::Reckon(Calendar calendar) {
  calendar_ = std::move(calendar);
  {
    YB_ASSIGN(const auto select, database_.Prepare("SELECT calendar FROM reckoned"));
    YB_ASSIGN(const bool row, select->Step());
    if (row && select->Text(0) == calendar_->Describe()) return false;
  }
  // Those without a deadline as well: at the start of a program that says otherwise whose turn it is, `reckoned` is
  // empty.
  YB_ASSIGN(const auto open, database_.Prepare("SELECT site, case_id FROM cases WHERE finished = 0 OR due < ? OR EXISTS"
                                               " (SELECT 1 FROM turn t WHERE t.site = cases.site AND t.case_id ="
                                               " cases.case_id)"));
  YB_ASSIGN(const std::vector<CaseKey> keys, TakeKeys(open->Bind(1, kNoDeadline)));
  for (const CaseKey& key : keys) {
    const auto folded = Refold(key, From::kSnapshots);
    if (!folded && folded.error().code == ErrorCode::kUnavailable) continue;  // written when its past is here
    if (!folded) return Fail(folded.error());
    YB_TRY(WriteRow(key, folded->state, folded->updated));
  }
  YB_ASSIGN(const auto note, database_.Prepare("UPDATE reckoned SET calendar = ?"));
  const std::string text = calendar_->Describe();
  YB_TRY(note->Bind(1, std::string_view(text)).Run());
  return !keys.empty();
}

base::Result<std::vector<CaseKey>> CaseTables::OthersOf(const CaseKey& key, const std::string& person) {
  if (person.empty()) return std::vector<CaseKey>();
  return TakeKeys(BindCase(*statements_->others, key).Bind(3, std::string_view(person)));
}

base::Result<std::vector<CaseKey>> CaseTables::CasesOf(SiteNo site, const std::string& person) {
  return TakeKeys(statements_->of_person->Bind(1, site).Bind(2, std::string_view(person)));
}

base::Status CaseTables::AddKeys(const CaseKey& key, std::span<const base::Bytes> keys) {
  for (const base::Bytes& one : keys) YB_TRY(BindCase(*statements_->add_key, key).Bind(3, base::ByteView(one)).Run());
  return {};
}

base::Status CaseTables::ForgetKeys(const CaseKey& key) {
  YB_ASSIGN(const auto forget, database_.Prepare("DELETE FROM case_key WHERE site = ? AND case_id = ?"));
  YB_TRY(BindCase(*forget, key).Run());
  YB_ASSIGN(const auto commands, database_.Prepare("DELETE FROM command WHERE site = ? AND case_id = ?"));
  return BindCase(*commands, key).Run();
}

base::Result<std::vector<CaseKey>> CaseTables::CasesWith(const std::string& file) {
  YB_ASSIGN(const auto select, database_.Prepare("SELECT site, case_id FROM case_file WHERE file = ?"));
  return TakeKeys(select->Bind(1, std::string_view(file)));
}

}  // namespace yb::ledger
