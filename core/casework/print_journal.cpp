#include "core/casework/print_journal.hpp"

#include <array>

namespace yb::casework {
namespace {

constexpr std::array<std::string_view, 1> kMigrations = {R"(
  CREATE TABLE print (job TEXT PRIMARY KEY, site TEXT NOT NULL, case_id TEXT NOT NULL, paper TEXT NOT NULL,
    again INTEGER NOT NULL, user TEXT NOT NULL, name TEXT NOT NULL, department TEXT NOT NULL, begun INTEGER NOT NULL)
    STRICT, WITHOUT ROWID;
)"};

}  // namespace

base::Result<std::unique_ptr<PrintJournal>> PrintJournal::Open(storage::DatabaseOpener& opener) {
  YB_ASSIGN(auto database, opener.Open());
  YB_TRY(storage::Migrate(*database, kMigrations));
  return std::unique_ptr<PrintJournal>(new PrintJournal(std::move(database)));
}

base::Status PrintJournal::Add(const PrintOrder& order) {
  const std::scoped_lock lock(mutex_);
  YB_ASSIGN(const auto insert, database_->Prepare("INSERT INTO print VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  const std::string paper(NameOf(order.paper));
  return insert->Bind(1, std::string_view(order.job))
      .Bind(2, std::string_view(order.site.text()))
      .Bind(3, std::string_view(order.case_id))
      .Bind(4, std::string_view(paper))
      .Bind(5, std::int64_t{order.again})
      .Bind(6, std::string_view(order.actor.user))
      .Bind(7, std::string_view(order.actor.name))
      .Bind(8, std::string_view(order.actor.department))
      .Bind(9, std::int64_t{order.begun})
      .Run();
}

base::Status PrintJournal::NoteBegun(const std::string& job) {
  const std::scoped_lock lock(mutex_);
  YB_ASSIGN(const auto update, database_->Prepare("UPDATE print SET begun = 1 WHERE job = ?"));
  return update->Bind(1, std::string_view(job)).Run();
}

base::Status PrintJournal::NoteDone(const std::string& job) {
  const std::scoped_lock lock(mutex_);
  YB_ASSIGN(const auto remove, database_->Prepare("DELETE FROM print WHERE job = ?"));
  return remove->Bind(1, std::string_view(job)).Run();
}

base::Result<std::vector<PrintOrder>> PrintJournal::NotDone() {
  const std::scoped_lock lock(mutex_);
  YB_ASSIGN(const auto select, database_->Prepare("SELECT job, site, case_id, paper, again, user, name, department,"
                                                  " begun FROM print ORDER BY job"));
  std::vector<PrintOrder> orders;
  while (true) {
    YB_ASSIGN(const bool row, select->Step());
    if (!row) return orders;
    YB_ASSIGN(base::SiteId site, base::SiteId::Parse(select->Text(1)));
    const auto paper = ParsePaper(select->Text(3));
    if (!paper) return base::Fail(base::ErrorCode::kCorrupt, "a paper that waits to be printed is of no known kind");
    orders.push_back({std::string(select->Text(0)),
                      std::move(site),
                      std::string(select->Text(2)),
                      *paper,
                      select->Int(4) != 0,
                      {std::string(select->Text(5)), std::string(select->Text(6)), std::string(select->Text(7))},
                      select->Int(8) != 0});
  }
}

}  // namespace yb::casework
