// What CaseTables does with snapshots: makes records of cases, folds on from them, and holds them against the events.
#include <algorithm>

#include "core/domain/cases/act_file.hpp"
#include "core/ledger/case_rows.hpp"
#include "core/ledger/event_codec.hpp"

namespace yb::ledger {
namespace {

using cases::CaseEvent;
using cases::Side;
using cases::StreamPosition;
using storage::Rows;
using storage::Statement;

constexpr std::int64_t kBatch = 500;

/// Folds events given in fold order into the record of their case.
class Recorder {
 public:
  explicit Recorder(const std::string& case_id) { record_.case_id = case_id; }

  void Add(const CaseEvent& event) {
    cases::Apply(state_, event);
    record_.events.push_back({event.lamport, event.id});
    record_.updated = std::max(record_.updated, event.time);
    if (std::string file = cases::FileOf(event.act); !file.empty()) files_.insert(std::move(file));
  }
  [[nodiscard]] CaseRecord Take() {
    state_.case_id = record_.case_id;
    record_.state = std::move(state_);
    record_.files.assign(files_.begin(), files_.end());
    return std::move(record_);
  }

 private:
  CaseRecord record_;
  cases::CaseState state_;
  std::set<std::string> files_;
};

FoldPlace PlaceIn(const Statement& row) {
  return {static_cast<std::uint64_t>(row.Int(0)),
          {static_cast<Side>(row.Int(1)),
           {static_cast<std::uint64_t>(row.Int(2)), static_cast<std::uint64_t>(row.Int(3))}}};
}

}  // namespace

base::Result<std::vector<CaseTables::Body>> CaseTables::BodiesAfter(Stream stream, StreamPosition at,
                                                                    std::int64_t most) {
  Statement& next = *statements_->next;
  const Rows rows(next);
  next.Bind(1, stream.site)
      .Bind(2, static_cast<std::int64_t>(stream.writer))
      .Bind(3, static_cast<std::int64_t>(at.epoch))
      .Bind(4, static_cast<std::int64_t>(at.seq))
      .Bind(5, most);
  std::vector<Body> bodies;
  while (true) {
    YB_ASSIGN(const bool row, next.Step());
    if (!row) return bodies;
    const base::ByteView body = next.Blob(2);
    bodies.push_back({{static_cast<std::uint64_t>(next.Int(0)), static_cast<std::uint64_t>(next.Int(1))},
                      {body.begin(), body.end()}});
  }
}

base::Result<std::optional<CaseRecord>> CaseTables::RecordAt(const CaseKey& key, const cases::Passed& until) {
  Recorder recorder(key.case_id);
  YB_ASSIGN(const std::uint64_t coming, ForEachEvent(key, [&](const CaseEvent& event) {
              if (event.id.at <= until.of(event.id.writer)) recorder.Add(event);
            }));
  if (coming != 0) return base::Fail(base::ErrorCode::kUnavailable, "events of a case are still on their way");
  CaseRecord record = recorder.Take();
  return record.events.empty() ? std::nullopt : std::optional(std::move(record));
}

base::Result<std::optional<CaseRecord>> CaseTables::SiteRecordAt(SiteNo site, const cases::Passed& until) {
  CaseRecord record;
  Statement& select = *statements_->places;
  const Rows rows(select);
  BindCase(select, KeyOf(site));
  while (true) {
    YB_ASSIGN(const bool row, select.Step());
    if (!row) return record.events.empty() ? std::nullopt : std::optional(std::move(record));
    const FoldPlace place = PlaceIn(select);
    if (place.id.at <= until.of(place.id.writer)) record.events.push_back(place);
  }
}

base::Result<std::optional<CaseTables::Refolded>> CaseTables::FoldOn(const CaseKey& key) {
  YB_ASSIGN(std::optional<CaseRecord> record, snapshots_->RecordOf(key));
  if (!record) return std::optional<Refolded>();
  std::vector<FoldPlace> later;
  {
    Statement& select = *statements_->places;
    const Rows rows(select);
    BindCase(select, key);
    std::size_t known = 0;
    while (true) {
      YB_ASSIGN(const bool row, select.Step());
      if (!row) break;
      const FoldPlace place = PlaceIn(select);
      if (known == record->events.size()) {
        later.push_back(place);
      } else if (place != record->events[known++]) {
        return std::optional<Refolded>();  // it came to lie before what was folded
      }
    }
    if (known != record->events.size()) return std::optional<Refolded>();
  }
  Refolded folded{std::move(*record->state), record->updated};
  for (const FoldPlace& place : later) {
    YB_ASSIGN(const std::optional<base::Bytes> body,
              log_.Body({key.site, place.id.writer}, {place.id.at.epoch, place.id.at.seq}));
    if (!body) return std::optional<Refolded>();
    YB_ASSIGN(const CaseEvent event, DecodeEvent(place.id, *body));
    cases::Apply(folded.state, event);
    folded.updated = std::max(folded.updated, event.time);
  }
  folded.state.case_id = key.case_id;
  folded_ += later.size();
  return std::optional(std::move(folded));
}

base::Result<CaseTables::Refolded> CaseTables::Refold(const CaseKey& key, From from) {
  if (from == From::kSnapshots) {
    YB_ASSIGN(std::optional<Refolded> on, FoldOn(key));
    if (on) return std::move(*on);
  }
  YB_ASSIGN(CaseFile file, Load(key));
  folded_ += file.events.size();
  return Refolded{std::move(file.state), NewestOf(file.events)};
}

base::Result<bool> CaseTables::Restore(SiteNo site, const LedgerSnapshot& snapshot) {
  YB_TRY(Clear(site));
  YB_ASSIGN(const bool whole, snapshots_->ForEachRecord(site, snapshot, [&](const CaseRecord& record) -> base::Status {
    YB_TRY(EnterRecord(site, record));
    if (record.state || record.case_id.empty()) return {};
    const CaseKey key{site, record.case_id};
    const auto folded = Refold(key, From::kFirstEvent);
    if (folded) return WriteRow(key, folded->state, folded->updated);
    // Seen when its past is here.
    return folded.error().code == base::ErrorCode::kUnavailable ? base::Status() : base::Fail(folded.error());
  }));
  if (!whole) return false;
  YB_TRY(PassTo(site, snapshot));
  return true;
}

base::Status CaseTables::EnterRecord(SiteNo site, const CaseRecord& record) {
  const CaseKey key{site, record.case_id};
  for (const FoldPlace& place : record.events) YB_TRY(EnterPlace(key, place));
  for (const std::string& file : record.files) YB_TRY(EnterFile(key, file));
  return record.state && !key.case_id.empty() ? WriteRow(key, *record.state, record.updated) : base::Status();
}

base::Status CaseTables::PassTo(SiteNo site, const LedgerSnapshot& snapshot) {
  for (const auto& [writer, stream] : snapshot.streams) {
    YB_ASSIGN(const StreamPosition passed, Passed({site, writer}));
    if (passed < stream.passed) YB_TRY(Pass({site, writer}, stream.passed));
  }
  return log_.RaiseLamport(site, snapshot.lamport);
}

base::Result<CaseTables::Check> CaseTables::CheckSnapshot(SiteNo site, const LedgerSnapshot& snapshot) {
  const cases::Passed passed = snapshot.Passed();
  std::uint64_t recorded = 0;
  Check check;
  // The events of a record are those of its case or of the site, and they come to what it says.
  const auto holds = [&](const CaseRecord& record) -> base::Result<bool> {
    Recorder recorder(record.case_id);
    for (const FoldPlace& place : record.events) {
      if (place.id.at > passed.of(place.id.writer)) return false;
      YB_ASSIGN(const std::optional<base::Bytes> body,
                log_.Body({site, place.id.writer}, {place.id.at.epoch, place.id.at.seq}));
      const auto any = DecodeAnyEvent(place.id, body ? *body : base::Bytes());
      if (!any || std::visit([](const auto& event) { return event.lamport; }, *any) != place.lamport) return false;
      const auto* event = std::get_if<CaseEvent>(&*any);
      if ((event != nullptr ? event->case_id : KeyOf(site).case_id) != record.case_id) return false;
      if (event != nullptr) recorder.Add(*event);
    }
    recorded += record.events.size();
    const CaseRecord made = recorder.Take();
    const bool ascending =
        std::ranges::adjacent_find(record.events, std::ranges::greater_equal()) == record.events.end();
    return ascending && made.files == record.files && made.updated == record.updated &&
           (!record.state || *record.state == *made.state);
  };
  YB_ASSIGN(const bool whole, snapshots_->ForEachRecord(site, snapshot, [&](const CaseRecord& record) -> base::Status {
    YB_ASSIGN(const bool good, holds(record));
    if (!good && !check.unsound) check = {Unsound::kOtherFold, record.case_id};
    return {};
  }));
  if (!whole) return Check{Unsound::kDamaged, {}};
  if (check.unsound) return check;
  // And there are no other events.
  std::uint64_t events = 0;
  for (const Side writer : {Side::kPark, Side::kCity}) {
    StreamPosition at;
    while (at < passed.of(writer)) {
      YB_ASSIGN(const std::vector<Body> bodies, BodiesAfter({site, writer}, at, kBatch));
      if (bodies.empty()) break;
      for (const auto& [place, body] : bodies) {
        at = place;
        if (place <= passed.of(writer) && DecodeAnyEvent({writer, place}, body)) ++events;
      }
    }
  }
  if (events != recorded) check.unsound = Unsound::kOtherFold;
  return check;
}

}  // namespace yb::ledger
