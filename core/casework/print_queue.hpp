// PrintQueue (打印): makes papers of cases as PDF, one after the other, and gives them to a printer where there is one.
// That a paper was made becomes an event of its case, once it was: one that failed was not printed. Jobs and their PDFs
// are kept in memory for a while; a paper can always be made anew. What waits outlives the program and is printed after
// its start. What was being printed when it ended has failed: whether paper came out is for a person to see.
//
// Owns its thread. Safe from any thread.
#pragma once

#include <deque>
#include <map>
#include <thread>
#include <variant>

#include "core/base/inbox.hpp"
#include "core/casework/case_desk.hpp"
#include "core/casework/paper_of_case.hpp"
#include "core/casework/print_journal.hpp"
#include "core/papers/paper_printer.hpp"

namespace yb::casework {

struct PrintOptions {
  Letterhead letterhead;
  /// Program and arguments that take the PDF on standard input, such as {"lp", "-d", "hall"}; empty: none.
  std::vector<std::string> command;
  std::size_t most_kept = 64;
};

struct PrintJob {
  enum class State : std::uint8_t { kWaiting, kMaking, kDone, kFailed };
  std::string id;
  papers::PaperKind paper = papers::PaperKind::kAcceptance;
  State state = State::kWaiting;
  bool again = false;   // 重打
  base::Words message;  // why it failed and what to do
  std::optional<base::UtcTime> made;
  base::SiteId site;
};
[[nodiscard]] std::string_view ToString(PrintJob::State state);

class PrintQueue {
 public:
  /// Goes on with what `journal` holds. `desk`, `printer` and `clock` outlive this.
  [[nodiscard]] static base::Result<std::unique_ptr<PrintQueue>> Open(PrintOptions options,
                                                                      std::unique_ptr<PrintJournal> journal,
                                                                      CaseDesk& desk,
                                                                      const papers::PaperPrinter& printer,
                                                                      const base::Clock& clock);
  ~PrintQueue();

  /// On the disk when it returns. kRefused where the case has not come to this paper, kNotFound, kUnavailable where too
  /// many wait.
  [[nodiscard]] base::Result<PrintJob> Print(const Worker& worker, const base::SiteId& site, const std::string& case_id,
                                             papers::PaperKind paper);
  /// kNotFound.
  [[nodiscard]] base::Result<PrintJob> Find(const std::string& job) const;
  /// kNotFound; kRefused while it is not made.
  [[nodiscard]] base::Result<std::string> Pdf(const std::string& job) const;

 private:
  struct Kept {
    PrintJob job;
    std::string pdf;
  };
  PrintQueue(PrintOptions options, std::unique_ptr<PrintJournal> journal, CaseDesk& desk,
             const papers::PaperPrinter& printer, const base::Clock& clock);
  void TakeUp(const PrintOrder& order);
  [[nodiscard]] base::Status Queue(PrintOrder order);
  void Run(const std::stop_token& stop);
  void Do(const PrintOrder& order);
  void NoteDone(const PrintOrder& order);
  [[nodiscard]] base::Result<std::string> Make(const PrintOrder& order);
  void Change(const std::string& job, const std::function<void(Kept&)>& change);

  const PrintOptions options_;
  const std::unique_ptr<PrintJournal> journal_;
  CaseDesk& desk_;
  const papers::PaperPrinter& printer_;
  const base::Clock& clock_;
  mutable std::mutex mutex_;
  std::deque<Kept> jobs_;  // the newest last
  base::Inbox<PrintOrder> inbox_;
  std::jthread thread_;
};

}  // namespace yb::casework
