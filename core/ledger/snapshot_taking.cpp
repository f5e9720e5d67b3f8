#include "core/ledger/snapshot_taking.hpp"

#include <algorithm>

#include "core/base/log.hpp"
#include "core/ledger/case_rows.hpp"
#include "core/ledger/event_codec.hpp"

namespace yb::ledger {
namespace {

using cases::Side;

constexpr std::int64_t kRecordsDeletedAtOnce = 500;
constexpr std::uint64_t kAll = INT64_MAX;  // as a snapshot's number: behind each that there is

const base::Logger kLog("ledger");

bool IsDue(const LedgerSnapshot& standing, const LedgerSnapshot* before, const SnapshotRule& rule, base::UtcTime now) {
  if (before == nullptr) return standing.events > 0;
  if (standing.events <= before->events) return false;
  return standing.events - before->events >= rule.events || now - before->time >= rule.age;
}

}  // namespace

base::Result<std::unique_ptr<SnapshotTaking>> SnapshotTaking::FindDue(CaseTables& tables, StreamLog& log,
                                                                      const SnapshotRule& rule,
                                                                      const std::set<std::string>& hurried,
                                                                      base::UtcTime now, const std::string& token) {
  YB_ASSIGN(const auto sites, log.Sites());
  for (const auto& [no, site] : sites) {
    YB_ASSIGN(const std::optional<Borrowed> borrowed, tables.snapshots().BorrowedOf(no));
    if (borrowed) continue;  // its events are not all here
    cases::Passed passed;
    for (const Side writer : {Side::kPark, Side::kCity}) {
      YB_ASSIGN(passed.of(writer), tables.Passed({no, writer}));
    }
    YB_ASSIGN(std::optional<LedgerSnapshot> standing, tables.snapshots().StandingAt(no, passed));
    if (!standing) continue;
    YB_ASSIGN(const auto kept, tables.snapshots().KeptOf(no));
    const LedgerSnapshot* before = kept.empty() || kept.front().unsound ? nullptr : &kept.front().snapshot;
    const bool hurry = hurried.contains(site.text());
    if (!IsDue(*standing, before, hurry ? SnapshotRule{1, rule.age, rule.piece} : rule, now)) continue;
    if (before == nullptr && !kept.empty()) {
      kLog.Warn("a snapshot of the ledger is given up, another one is taken",
                {{"site", site.text()}, {"why", InWords(*kept.front().unsound).en}});
    }
    std::unique_ptr<SnapshotTaking> taking(new SnapshotTaking);
    taking->rule_ = rule;
    taking->site_ = no;
    taking->token_ = token;
    taking->clearing_ = before == nullptr;
    taking->made_ = std::move(*standing);
    if (before != nullptr) {
      taking->before_ = before->no;
      taking->looked_ = before->Passed();
      taking->made_.records = before->records;
      taking->made_.cases = before->cases;
    }
    taking->made_.site = site.text();
    taking->made_.no = taking->before_ + 1;
    taking->made_.time = now;
    YB_ASSIGN(taking->made_.lamport, log.Lamport(no));
    return taking;
  }
  return std::unique_ptr<SnapshotTaking>();
}

base::Status SnapshotTaking::Begin(CaseTables& tables) {
  YB_TRY(tables.snapshots().NoteTaking(site_, token_));
  // One is kept while the next is made; where it cannot be gone on from, none.
  return tables.snapshots().DropBefore(site_, clearing_ ? kAll : before_);
}

base::Status SnapshotTaking::Read(CaseTables& tables) {
  piece_.clear();
  if (clearing_) return {};
  const cases::Passed until = made_.Passed();
  const Side writer = looked_.park < until.park ? Side::kPark : Side::kCity;
  cases::StreamPosition& at = looked_.of(writer);
  std::set<std::string> changed;
  YB_ASSIGN(const auto bodies, tables.BodiesAfter({site_, writer}, at, rule_.piece));
  for (const auto& [place, body] : bodies) {
    if (place > until.of(writer)) break;
    at = place;
    const auto any = DecodeAnyEvent({writer, place}, body);
    if (!any) continue;
    if (const auto* event = std::get_if<cases::CaseEvent>(&*any)) {
      if (!recorded_.contains(event->case_id)) changed.insert(event->case_id);
    } else {
      of_site_.push_back(PlaceOf(std::get<SiteEvent>(*any)));
    }
  }
  if (bodies.empty()) at = until.of(writer);
  for (const std::string& case_id : changed) {
    YB_ASSIGN(std::optional<CaseRecord> record, tables.RecordAt({site_, case_id}, until));
    if (record) piece_.push_back(std::move(*record));
    recorded_.insert(case_id);
  }
  return {};
}

base::Result<SnapshotTaking::Progress> SnapshotTaking::Write(CaseTables& tables) {
  SnapshotTables& snapshots = tables.snapshots();
  YB_ASSIGN(const bool mine, snapshots.IsTaking(site_, token_));
  if (!mine) return Progress::kLost;
  if (clearing_) {
    YB_ASSIGN(clearing_, snapshots.DeleteRecords(site_, kRecordsDeletedAtOnce));
    return Progress::kMore;
  }
  for (const CaseRecord& record : piece_) {
    YB_TRY(snapshots.Put({site_, record.case_id}, EncodeCaseRecord(record), made_));
  }
  const cases::Passed until = made_.Passed();
  if (looked_.park != until.park || looked_.city != until.city) return Progress::kMore;
  // A program that does not know events of the site passes them over: here they are found, if it was one.
  for (const FoldPlace& place : of_site_) YB_TRY(tables.EnterSiteEvent(site_, place));
  if (!of_site_.empty()) {
    YB_ASSIGN(const std::optional<CaseRecord> record, tables.SiteRecordAt(site_, until));
    if (record) YB_TRY(snapshots.Put(KeyOf(site_), EncodeCaseRecord(*record), made_));
  }
  YB_TRY(snapshots.Add(site_, made_));
  return Progress::kDone;
}

}  // namespace yb::ledger
