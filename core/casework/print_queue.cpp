#include "core/casework/print_queue.hpp"

#include <algorithm>

#include "core/base/log.hpp"
#include "core/base/uuid.hpp"
#include "core/casework/hand_out.hpp"

namespace yb::casework {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Result;
using base::Words;

const base::Logger kLog("print");

constexpr std::size_t kMostWaiting = 50;
constexpr base::Duration kLongestWait = std::chrono::seconds(5);
constexpr std::chrono::milliseconds kHandOutLimit = std::chrono::seconds(60);

PrintJob JobOf(const PrintOrder& order) {
  PrintJob job;
  job.id = order.job;
  job.paper = order.paper;
  job.again = order.again;
  job.site = order.site;
  return job;
}

tl::unexpected<base::Error> NoJob() {
  return Fail(ErrorCode::kNotFound, Words{"there is no such print job", "没有这个打印任务"},
              Words{"print the paper again", "请重新打印"});
}

}  // namespace

std::string_view ToString(PrintJob::State state) {
  switch (state) {
    case PrintJob::State::kWaiting: return "waiting";
    case PrintJob::State::kMaking: return "making";
    case PrintJob::State::kDone: return "done";
    case PrintJob::State::kFailed: return "failed";
  }
  return "";
}

PrintQueue::PrintQueue(PrintOptions options, std::unique_ptr<PrintJournal> journal, CaseDesk& desk,
                       const papers::PaperPrinter& printer, const base::Clock& clock)
    : options_(std::move(options)), journal_(std::move(journal)), desk_(desk), printer_(printer), clock_(clock) {}

Result<std::unique_ptr<PrintQueue>> PrintQueue::Open(PrintOptions options, std::unique_ptr<PrintJournal> journal,
                                                     CaseDesk& desk, const papers::PaperPrinter& printer,
                                                     const base::Clock& clock) {
  YB_ASSIGN(const auto orders, journal->NotDone());
  std::unique_ptr<PrintQueue> queue(new PrintQueue(std::move(options), std::move(journal), desk, printer, clock));
  for (const PrintOrder& order : orders) queue->TakeUp(order);
  queue->thread_ = std::jthread([&queue = *queue](const std::stop_token& stop) { queue.Run(stop); });
  return queue;
}

void PrintQueue::TakeUp(const PrintOrder& order) {
  if (!order.begun) {
    const base::Status queued = Queue(order);
    if (!queued) kLog.Error("a paper waits until the next start", {{"why", queued.error().Describe()}});
    return;
  }
  PrintJob job = JobOf(order);
  job.state = PrintJob::State::kFailed;
  job.message = {"the program ended while the paper was being printed: look whether it came out, else print it again",
                 "打印过程中程序中断：请先查看是否已出纸，未出纸请重新打印"};
  kLog.Warn("a paper was being printed when the program ended", {{"case", order.case_id}});
  jobs_.push_back({std::move(job), ""});
  NoteDone(order);
}

PrintQueue::~PrintQueue() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

Result<PrintJob> PrintQueue::Print(const Worker& worker, const base::SiteId& site, const std::string& case_id,
                                   papers::PaperKind paper) {
  YB_ASSIGN(const ledger::CaseFile file, desk_.ledger().Find(site, case_id));
  YB_TRY(HasPaper(paper, file));
  const PrintOrder order{base::DrawUuid7(clock_.Now()), site, case_id, paper, WasPrinted(paper, file), worker.actor};
  YB_TRY(journal_->Add(order));
  const base::Status queued = Queue(order);
  if (!queued) {
    NoteDone(order);
    return Fail(queued.error());
  }
  return JobOf(order);
}

base::Status PrintQueue::Queue(PrintOrder order) {
  {
    const std::scoped_lock lock(mutex_);
    jobs_.push_back({JobOf(order), ""});
    while (jobs_.size() > options_.most_kept) jobs_.pop_front();
  }
  const std::string job = order.job;
  if (inbox_.Post(std::move(order), kMostWaiting)) return {};
  const std::scoped_lock lock(mutex_);
  std::erase_if(jobs_, [&](const Kept& kept) { return kept.job.id == job; });
  return Fail(ErrorCode::kUnavailable, Words{"too many papers wait to be printed", "等待打印的文书过多"},
              Words{"try again in a minute", "请稍后再试"});
}

void PrintQueue::NoteDone(const PrintOrder& order) {
  const base::Status noted = journal_->NoteDone(order.job);
  if (!noted) kLog.Error("a paper that is done will be told of as interrupted", {{"why", noted.error().Describe()}});
}

Result<PrintJob> PrintQueue::Find(const std::string& job) const {
  const std::scoped_lock lock(mutex_);
  const auto found = std::ranges::find(jobs_, job, [](const Kept& kept) { return kept.job.id; });
  if (found == jobs_.end()) return NoJob();
  return found->job;
}

Result<std::string> PrintQueue::Pdf(const std::string& job) const {
  const std::scoped_lock lock(mutex_);
  const auto found = std::ranges::find(jobs_, job, [](const Kept& kept) { return kept.job.id; });
  if (found == jobs_.end()) return NoJob();
  if (found->pdf.empty()) return Fail(ErrorCode::kRefused, Words{"the paper is not made yet", "文书尚未生成"});
  return found->pdf;
}

void PrintQueue::Change(const std::string& job, const std::function<void(Kept&)>& change) {
  const std::scoped_lock lock(mutex_);
  const auto found = std::ranges::find(jobs_, job, [](const Kept& kept) { return kept.job.id; });
  if (found != jobs_.end()) change(*found);
}

void PrintQueue::Run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    for (const PrintOrder& order : inbox_.Take(stop, kLongestWait)) {
      if (stop.stop_requested()) return;
      Do(order);
    }
  }
}

Result<std::string> PrintQueue::Make(const PrintOrder& order) {
  YB_TRY(journal_->NoteBegun(order.job));  // from here on it is not printed a second time by itself
  YB_ASSIGN(const ledger::CaseFile file, desk_.ledger().Find(order.site, order.case_id));
  const PersonView person = desk_.PersonOf(order.site, file.state);
  if (person.state != PersonView::State::kHere) {
    return Fail(ErrorCode::kUnavailable, person.state == PersonView::State::kErased
                                             ? Words{"the applicant was erased", "申请人信息已删除"}
                                             : Words{"the applicant's key has not come yet", "申请人信息尚未同步到"});
  }
  const auto reference = desk_.reference().Now();
  const auto calendar = desk_.calendar();
  YB_ASSIGN(const papers::Paper paper,
            PaperOf({order.paper, file, person.applicant, desk_.ReceiverOf(order.site, file), options_.letterhead,
                     reference->catalogue, *calendar, order.actor.name, desk_.Today()}));
  YB_ASSIGN(const base::Bytes pdf, printer_.Print(paper));
  if (!options_.command.empty()) YB_TRY(HandOut(options_.command, pdf, kHandOutLimit));
  YB_TRY(desk_.ledger().Act(order.site, order.case_id, order.actor,
                            cases::Print{std::string(NameOf(order.paper)), WasPrinted(order.paper, file)}));
  return std::string(base::AsText(pdf));
}

void PrintQueue::Do(const PrintOrder& order) {
  bool wanted = false;
  Change(order.job, [&](Kept& kept) {
    kept.job.state = PrintJob::State::kMaking;
    wanted = true;
  });
  if (!wanted) return NoteDone(order);  // so many came behind it that nobody can ask for it any more
  auto pdf = Make(order);
  NoteDone(order);
  if (!pdf) kLog.Warn("a paper was not printed", {{"case", order.case_id}, {"why", pdf.error().Describe()}});
  Change(order.job, [&](Kept& kept) {
    if (!pdf) {
      const base::Error& why = pdf.error();
      kept.job.state = PrintJob::State::kFailed;
      kept.job.message = {
          why.message + (why.hint.empty() ? "" : ": " + why.hint),
          why.message_zh.empty() ? why.message : why.message_zh + (why.hint_zh.empty() ? "" : "：" + why.hint_zh)};
      return;
    }
    kept.job.state = PrintJob::State::kDone;
    kept.job.made = clock_.Now();
    kept.pdf = std::move(*pdf);
  });
}

}  // namespace yb::casework
