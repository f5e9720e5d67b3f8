#include <algorithm>

#include "core/base/digest.hpp"
#include "core/ledger/case_rows.hpp"

namespace yb::ledger {
namespace {

/// Of a number that is looked for by a part of it, in characters.
constexpr std::size_t kLeastPart = 4;

std::string SitesClause(const CaseFilter& filter, std::string_view table) {
  if (filter.sites.empty()) return "";
  std::string clause = " AND " + std::string(table) + ".site IN (";
  for (const SiteNo site : filter.sites) clause += (clause.back() == '(' ? "" : ",") + std::to_string(site);
  return clause + ")";
}

/// How many there are of a tab, from the counts; `?1` is who, `?2` the day.
std::string CountClause(const CaseFilter& filter) {
  const auto count = [&](const std::string& which) {
    return "(SELECT coalesce(sum(c.n), 0) FROM " + which + SitesClause(filter, "c") + ")";
  };
  switch (filter.tab) {
    case Tab::kTodo: return count("turn_count c WHERE c.who = ?1 AND ?2 = ?2");
    case Tab::kDoing:
      return count("case_count c WHERE c.finished = 0 AND ?2 = ?2") + " - " +
             count("turn_count c WHERE c.who = ?1 AND c.finished = 0");
    case Tab::kDone: return count("case_count c WHERE c.finished = 1 AND ?1 = ?1 AND ?2 = ?2");
    case Tab::kSuspended: return count("case_count c WHERE c.finished = 0 AND c.suspended = 1 AND ?1 = ?1 AND ?2 = ?2");
    case Tab::kOverdue:
      return count("case_count c WHERE c.finished = 0 AND c.due < ?2 AND c.suspended = 0 AND ?1 = ?1");
    case Tab::kSupervised:
      return count("case_count c WHERE c.finished = 0 AND c.supervised = 1 AND ?1 = ?1 AND ?2 = ?2");
  }
  return "0";
}

/// What the rows of a tab are, behind SELECT …; `?1` is who, `?2` the day.
std::string FromClause(const CaseFilter& filter) {
  switch (filter.tab) {
    case Tab::kTodo: return " FROM turn c WHERE c.who = ?1 AND ?2 = ?2" + SitesClause(filter, "c");
    case Tab::kDoing:
      return " FROM cases c WHERE c.finished = 0 AND ?2 = ?2 AND NOT EXISTS (SELECT 1 FROM turn t WHERE t.site = c.site"
             " AND t.case_id = c.case_id AND t.who = ?1)" +
             SitesClause(filter, "c");
    case Tab::kDone: return " FROM cases c WHERE c.finished = 1 AND ?1 = ?1 AND ?2 = ?2" + SitesClause(filter, "c");
    case Tab::kSuspended:
      return " FROM cases c WHERE c.finished = 0 AND c.suspended = 1 AND ?1 = ?1 AND ?2 = ?2" +
             SitesClause(filter, "c");
    case Tab::kOverdue:
      return " FROM cases c WHERE c.finished = 0 AND c.due < ?2 AND c.suspended = 0 AND ?1 = ?1" +
             SitesClause(filter, "c");
    case Tab::kSupervised:
      return " FROM cases c WHERE c.finished = 0 AND c.supervised = 1 AND ?1 = ?1 AND ?2 = ?2" +
             SitesClause(filter, "c");
  }
  return "";
}

}  // namespace

std::string_view ToString(Tab tab) {
  switch (tab) {
    case Tab::kTodo: return "todo";
    case Tab::kDoing: return "doing";
    case Tab::kDone: return "done";
    case Tab::kSuspended: return "suspended";
    case Tab::kOverdue: return "overdue";
    case Tab::kSupervised: return "supervised";
  }
  return "";
}

std::optional<Tab> ParseTab(std::string_view text) {
  const auto found = std::ranges::find(kTabs, text, [](Tab tab) { return ToString(tab); });
  return found == kTabs.end() ? std::nullopt : std::optional(*found);
}

base::Result<std::int64_t> CaseTables::Count(const CaseFilter& filter) {
  YB_ASSIGN(const auto select, database_.Prepare("SELECT " + CountClause(filter)));
  const std::int64_t today = filter.today.time_since_epoch().count();
  YB_ASSIGN(const bool row, select->Bind(1, std::string_view(filter.who)).Bind(2, today).Step());
  return row ? select->Int(0) : 0;
}

base::Result<std::optional<calendar::CivilDate>> CaseTables::NextDue(const std::vector<SiteNo>& sites) {
  CaseFilter filter;
  filter.sites = sites;
  YB_ASSIGN(const auto select,
            database_.Prepare("SELECT c.due FROM cases c WHERE c.finished = 0 AND c.suspended = 0 AND c.due < ?" +
                              SitesClause(filter, "c") + " ORDER BY c.due LIMIT 1"));
  YB_ASSIGN(const bool row, select->Bind(1, kNoDeadline).Step());
  if (!row) return std::nullopt;
  return calendar::CivilDate(std::chrono::days(select->Int(0)));
}

base::Result<std::vector<CaseKey>> CaseTables::List(const CaseFilter& filter) {
  const std::string order = filter.tab == Tab::kDone ? " ORDER BY c.updated DESC" : " ORDER BY c.due";
  YB_ASSIGN(const auto select, database_.Prepare("SELECT c.site, c.case_id" + FromClause(filter) + order +
                                                 ", c.site, c.case_id LIMIT ?3 OFFSET ?4"));
  const std::int64_t today = filter.today.time_since_epoch().count();
  select->Bind(1, std::string_view(filter.who)).Bind(2, today).Bind(3, filter.limit).Bind(4, filter.offset);
  return TakeKeys(*select);
}

base::Result<std::vector<CaseKey>> CaseTables::Search(const std::string& text, std::span<const base::Bytes> keys,
                                                      int most) {
  std::vector<CaseKey> found;
  const auto add = [&](const std::vector<CaseKey>& more) {
    for (const CaseKey& key : more) {
      if (found.size() < static_cast<std::size_t>(most) && std::ranges::find(found, key) == found.end()) {
        found.push_back(key);
      }
    }
  };
  for (const std::string_view column : {"receipt_no", "number"}) {
    YB_ASSIGN(const auto select, database_.Prepare("SELECT site, case_id FROM cases WHERE " + std::string(column) +
                                                   " = ?1 AND ?1 <> '' LIMIT ?2"));
    YB_ASSIGN(const std::vector<CaseKey> more,
              TakeKeys(select->Bind(1, std::string_view(text)).Bind(2, std::int64_t{most})));
    add(more);
  }
  YB_ASSIGN(const auto select, database_.Prepare("SELECT site, case_id FROM case_key WHERE key = ? LIMIT ?"));
  for (const base::Bytes& key : keys) {
    YB_ASSIGN(const std::vector<CaseKey> more,
              TakeKeys(select->Bind(1, base::ByteView(key)).Bind(2, std::int64_t{most})));
    add(more);
  }
  if (text.size() < kLeastPart) return found;
  // Last: who typed all of something meant that.
  YB_ASSIGN(const auto part,
            database_.Prepare("SELECT site, case_id FROM cases WHERE instr(upper(receipt_no), upper(?1)) > 0"
                              " OR instr(number, upper(?1)) > 0 ORDER BY updated DESC LIMIT ?2"));
  YB_ASSIGN(const std::vector<CaseKey> more,
            TakeKeys(part->Bind(1, std::string_view(text)).Bind(2, std::int64_t{most})));
  add(more);
  return found;
}

base::Result<std::pair<std::int64_t, std::int64_t>> CaseTables::CountAll() {
  YB_ASSIGN(const auto select, database_.Prepare("SELECT (SELECT count(*) FROM cases), (SELECT count(*) FROM event)"));
  YB_ASSIGN(const bool row, select->Step());
  YB_CHECK(row, "counts are always there");
  return std::pair(select->Int(0), select->Int(1));
}

base::Result<std::vector<std::string>> CaseTables::DoubleReceipts() {
  YB_ASSIGN(const auto select,
            database_.Prepare("SELECT receipt_no FROM cases WHERE receipt_no <> '' GROUP BY receipt_no"
                              " HAVING count(*) > 1 ORDER BY receipt_no"));
  std::vector<std::string> numbers;
  while (true) {
    YB_ASSIGN(const bool row, select->Step());
    if (!row) return numbers;
    numbers.emplace_back(select->Text(0));
  }
}

base::Result<std::string> CaseTables::DigestOf(SiteNo site) {
  const std::string where = " WHERE site = " + std::to_string(site);
  const std::array queries = {
      "SELECT writer || '|' || epoch || '|' || seq FROM passed" + where + " ORDER BY writer",
      "SELECT case_id || '|' || lamport || '|' || writer || '|' || epoch || '|' || seq FROM case_event" + where +
          " ORDER BY case_id, lamport, writer, epoch, seq",
      "SELECT case_id || '|' || receipt_no || '|' || number || '|' || phase || '|' || finished || '|' || suspended ||"
      " '|' || supervised || '|' || due || '|' || person || '|' || updated FROM cases" +
          where + " ORDER BY case_id",
      "SELECT case_id || '|' || who || '|' || due FROM turn" + where + " ORDER BY case_id, who",
      "SELECT case_id || '|' || file FROM case_file" + where + " ORDER BY case_id, file"};
  base::Digest digest{};
  for (const std::string& query : queries) {
    YB_ASSIGN(const auto select, database_.Prepare(query));
    while (true) {
      YB_ASSIGN(const bool row, select->Step());
      if (!row) break;
      digest = base::Sha256(digest, base::AsBytes(select->Text(0)));
    }
  }
  return base::ToHex(digest);
}

}  // namespace yb::ledger
