// PrintJournal: papers that are to be printed and are not done yet, in `prints.db`, so that they outlive the program.
// Papers themselves are not kept: they show an applicant in full.
//
// Stored names, since 0.3: `print`; papers by the names of kPaperNames. Safe from any thread.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/casework/paper_of_case.hpp"
#include "core/storage/database.hpp"

namespace yb::casework {

/// A paper that was asked for.
struct PrintOrder {
  std::string job;  // UUIDv7: in the order in which they were asked for
  base::SiteId site;
  std::string case_id;
  papers::PaperKind paper = papers::PaperKind::kAcceptance;
  bool again = false;  // 重打
  cases::Actor actor;  // who asked
  bool begun = false;  // it was being printed
};

class PrintJournal {
 public:
  [[nodiscard]] static base::Result<std::unique_ptr<PrintJournal>> Open(storage::DatabaseOpener& opener);

  /// Each is on the disk when it returns.
  [[nodiscard]] base::Status Add(const PrintOrder& order);
  [[nodiscard]] base::Status NoteBegun(const std::string& job);
  /// Printed, or failed.
  [[nodiscard]] base::Status NoteDone(const std::string& job);
  /// What is not done, in the order in which it was asked for.
  [[nodiscard]] base::Result<std::vector<PrintOrder>> NotDone();

 private:
  explicit PrintJournal(std::unique_ptr<storage::Database> database) : database_(std::move(database)) {}

  std::mutex mutex_;
  std::unique_ptr<storage::Database> database_;  // under the mutex
};

}  // namespace yb::casework
