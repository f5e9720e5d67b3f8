// Papers of a case: made in the background, an event once they were and only then, and handed to a printer.
#include "core/casework/print_queue.hpp"

#include <atomic>
#include <fstream>

#include "core/casework/hand_out.hpp"
#include "tests/unit/casework/case_city.hpp"

namespace yb::test {
namespace {

using casework::PrintJob;
using papers::PaperKind;

/// Prints what it was asked for, or fails.
class FakePrinter final : public papers::PaperPrinter {
 public:
  base::Result<base::Bytes> Print(const papers::Paper& paper) const override {
    while (stuck) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    if (fails) return base::Fail(base::ErrorCode::kUnsupported, base::Words{"no font has 䶮", "没有字体含有“䶮”"});
    last_.With([&](papers::Paper& held) { held = paper; });
    const std::string text = "%PDF of " + paper.receipt_no;
    return base::Bytes(text.begin(), text.end());
  }
  [[nodiscard]] papers::Paper last() const {
    return last_.With([](const papers::Paper& held) { return held; });
  }
  std::atomic<bool> fails{false};
  std::atomic<bool> stuck{false};

 private:
  mutable base::Guarded<papers::Paper> last_;
};

class PrintQueueTest : public CaseCity {
 protected:
  void SetUp() override {
    CaseCity::SetUp();
    case_id_ = Accepted();
    desk_.emplace(casework::CaseDeskOptions{kSite, "JY03", nullptr}, *box_.store, vault(), box_.app->files(),
                  box_.app->reference(), clock_);
  }
  void TearDown() override {
    queue_.reset();
    CaseCity::TearDown();
  }
  /// The vault of the box, opened a second time.
  persons::PersonVault& vault() {
    const auto opener = storage::MakeSqliteOpener({.file = folder_.path() / "box/persons.db"});
    vault_ = persons::PersonVault::Open(*opener, box_.app->master(), persons::VaultSide::kBox).value();
    return *vault_;
  }
  void Start(std::vector<std::string> command = {}) {
    casework::PrintOptions options;
    options.letterhead = {"九原工业园区政务服务工作站", "", "包头市人民政府", "有管辖权的人民法院"};
    options.command = std::move(command);
    queue_.reset();
    queue_ = casework::PrintQueue::Open(options, Journal("prints.db"), *desk_, printer_, clock_).value();
  }
  std::unique_ptr<casework::PrintJournal> Journal(const std::string& name) {
    const auto opener = storage::MakeSqliteOpener({.file = folder_.path() / name});
    return casework::PrintJournal::Open(*opener).value();
  }
  PrintJob Ask(PaperKind kind) {
    const auto job = queue_->Print({{"1", "张窗口", ""}, {http::Role::kClerk}}, kSite, case_id_, kind);
    EXPECT_TRUE(job) << job.error().Describe();
    return job.value_or(PrintJob{});
  }
  [[nodiscard]] PrintJob::State StateOf(const PrintJob& job) const { return queue_->Find(job.id).value().state; }
  PrintJob Print(PaperKind kind) {
    const PrintJob job = Ask(kind);
    PrintJob done;
    EXPECT_TRUE(WaitUntil([&] {
      done = queue_->Find(job.id).value();
      return done.state == PrintJob::State::kDone || done.state == PrintJob::State::kFailed;
    }));
    return done;
  }
  /// `again` of each print event.
  std::vector<bool> Printed() {
    std::vector<bool> again;
    const ledger::CaseFile file = box_.store->Find(kSite, case_id_).value();
    for (const cases::CaseEvent& event : file.events) {
      if (const auto* print = std::get_if<cases::Print>(&event.act)) again.push_back(print->again);
    }
    return again;
  }

  std::string case_id_;
  FakePrinter printer_;
  std::unique_ptr<persons::PersonVault> vault_;
  std::optional<casework::CaseDesk> desk_;
  std::unique_ptr<casework::PrintQueue> queue_;
};

TEST_F(PrintQueueTest, WritesDownEachPaperThatWasMadeAndThatItWasMadeAgain) {
  Start();
  const PrintJob first = Print(PaperKind::kAcceptance);
  EXPECT_EQ(first.state, PrintJob::State::kDone);
  EXPECT_FALSE(first.again);
  EXPECT_TRUE(queue_->Pdf(first.id)->starts_with("%PDF of JY03-"));
  EXPECT_TRUE(Print(PaperKind::kAcceptance).again);
  EXPECT_EQ(Printed(), (std::vector<bool>{false, true}));
  const papers::Paper paper = printer_.last();
  EXPECT_EQ(paper.applicant, "王小䶮") << "it is the applicant's own paper";
  EXPECT_EQ(paper.applicant_code, "150***********0011");
  EXPECT_EQ(paper.organisation, "九原工业园区政务服务工作站");
  const auto& notice = std::get<papers::AcceptanceNotice>(paper.body);
  EXPECT_EQ(notice.materials.size(), 5U);
  EXPECT_EQ(calendar::ToString(notice.promised.date), "2026-03-09");
  EXPECT_TRUE(papers::Check(paper)) << papers::Check(paper).error().Describe();
}

TEST_F(PrintQueueTest, WritesNothingDownOfAPaperThatFailed) {
  Start();
  printer_.fails = true;
  const PrintJob job = Print(PaperKind::kAcceptance);
  EXPECT_EQ(job.state, PrintJob::State::kFailed);
  EXPECT_NE(job.message.zh.find("䶮"), std::string::npos);
  EXPECT_FALSE(queue_->Pdf(job.id));
  EXPECT_TRUE(Printed().empty());
  printer_.fails = false;
  EXPECT_FALSE(Print(PaperKind::kAcceptance).again) << "the first one was never made";
}

TEST_F(PrintQueueTest, PrintsWhatWaitedWhenTheProgramEndedAndSaysWhatItWasPrinting) {
  Start();
  printer_.stuck = true;
  const PrintJob printing = Ask(PaperKind::kAcceptance);
  ASSERT_TRUE(WaitUntil([&] { return StateOf(printing) == PrintJob::State::kMaking; }));
  const PrintJob waiting = Ask(PaperKind::kAcceptance);
  EXPECT_EQ(StateOf(waiting), PrintJob::State::kWaiting);
  // As a disk holds it when the program is killed at this moment.
  const auto left = folder_.path() / "left.db";
  for (const char* part : {"", "-wal"}) {
    std::filesystem::copy_file((folder_.path() / "prints.db").string() + part, left.string() + part);
  }
  printer_.stuck = false;
  queue_.reset();
  EXPECT_EQ(Printed().size(), 1U) << "one that ends by itself finishes the paper that it has begun, and no more";

  casework::PrintOptions options;
  options.letterhead = {"九原工业园区政务服务工作站", "", "包头市人民政府", "有管辖权的人民法院"};
  queue_ = casework::PrintQueue::Open(options, Journal("left.db"), *desk_, printer_, clock_).value();
  const PrintJob interrupted = queue_->Find(printing.id).value();
  EXPECT_EQ(interrupted.state, PrintJob::State::kFailed);
  EXPECT_NE(interrupted.message.zh.find("是否已出纸"), std::string::npos);
  EXPECT_EQ(interrupted.site, kSite);
  ASSERT_TRUE(WaitUntil([&] { return StateOf(waiting) == PrintJob::State::kDone; }));
  EXPECT_TRUE(queue_->Pdf(waiting.id)->starts_with("%PDF of JY03-"));
  EXPECT_EQ(Printed().size(), 2U);
  const ledger::CaseFile file = box_.store->Find(kSite, case_id_).value();
  EXPECT_EQ(file.events.back().actor.name, "张窗口") << "whoever asked for it";

  queue_.reset();
  EXPECT_TRUE(Journal("left.db")->NotDone()->empty());
  Start();
  ASSERT_TRUE(WaitUntil([&] { return StateOf(waiting) == PrintJob::State::kDone; }))
      << "by a program that ended itself";
}

TEST_F(PrintQueueTest, RefusesAPaperThatTheCaseHasNotComeTo) {
  Start();
  for (const PaperKind kind :
       {PaperKind::kCorrection, PaperKind::kDecline, PaperKind::kDelivery, PaperKind::kPlanningPermit}) {
    const auto job = queue_->Print({{"1", "张窗口", ""}, {http::Role::kClerk}}, kSite, case_id_, kind);
    ASSERT_FALSE(job) << casework::NameOf(kind);
    EXPECT_EQ(job.error().code, base::ErrorCode::kRefused) << casework::NameOf(kind);
  }
}

TEST_F(PrintQueueTest, GivesThePaperToThePrinterAndSaysWhenThatFails) {
  const std::string printed = (folder_.path() / "printed.pdf").string();
  Start({"dd", "of=" + printed, "status=none"});
  const PrintJob job = Print(PaperKind::kAcceptance);
  ASSERT_EQ(job.state, PrintJob::State::kDone) << job.message.en;
  std::ifstream in(printed);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), queue_->Pdf(job.id).value());
  Start({"false"});
  EXPECT_EQ(Print(PaperKind::kAcceptance).state, PrintJob::State::kFailed);
  Start({"/no/such/printer"});
  EXPECT_EQ(Print(PaperKind::kAcceptance).state, PrintJob::State::kFailed);
  EXPECT_EQ(Printed().size(), 1U);
}

TEST_F(PrintQueueTest, FillsInEveryPaperSoThatItCanBePrinted) {
  Start();
  const std::string id = case_id_;
  ASSERT_EQ(Act(box_, kClerk, id, {{"act", "decide"}, {"granted", true}}).status, 200);
  ASSERT_EQ(Act(box_, kClerk, id, {{"act", "certify"}, {"number", "建字第150207202600001号"}}).status, 200);
  EXPECT_EQ(Print(PaperKind::kPlanningPermit).state, PrintJob::State::kDone);
  EXPECT_TRUE(papers::Check(printer_.last())) << papers::Check(printer_.last()).error().Describe();
  const auto permit = std::get<papers::PlanningPermit>(printer_.last().body);
  EXPECT_EQ(permit.number, "建字第150207202600001号");
  EXPECT_EQ(permit.instrument, "包自然资委〔2025〕第 7 号");
  ASSERT_EQ(Act(box_, kClerk, id, {{"act", "dispatch"}, {"courier", "EMS"}, {"waybill", "1234"}}).status, 200);
  ASSERT_EQ(Act(box_, kClerk, id, {{"act", "deliver"}, {"receiver", "李四"}, {"relation", "代收"}}).status, 200);
  EXPECT_EQ(Print(PaperKind::kDelivery).state, PrintJob::State::kDone);
  EXPECT_TRUE(papers::Check(printer_.last())) << papers::Check(printer_.last()).error().Describe();
  const auto receipt = std::get<papers::DeliveryReceipt>(printer_.last().body);
  EXPECT_EQ(receipt.waybill, "1234");
  EXPECT_EQ(receipt.receiver, "李四");
  EXPECT_EQ(receipt.relation, "代收");

  case_id_ = Receive().body["case"]["case"];
  ASSERT_EQ(Act(box_, kClerk, case_id_,
                {{"act", "correction_notice"}, {"materials", {"survey"}}, {"text", "请补交加盖公章的地形图"}})
                .status,
            200);
  EXPECT_EQ(Print(PaperKind::kCorrection).state, PrintJob::State::kDone);
  EXPECT_TRUE(papers::Check(printer_.last())) << papers::Check(printer_.last()).error().Describe();
  EXPECT_EQ(std::get<papers::CorrectionNotice>(printer_.last().body).missing[0].name, "现状地形图");

  case_id_ = Receive().body["case"]["case"];
  ASSERT_EQ(Act(box_, kClerk, case_id_, {{"act", "decline"}, {"text", "不属于本机关职权范围"}}).status, 200);
  EXPECT_EQ(Print(PaperKind::kDecline).state, PrintJob::State::kDone);
  EXPECT_TRUE(papers::Check(printer_.last())) << papers::Check(printer_.last()).error().Describe();
}

TEST(HandOut, KillsAPrinterThatDoesNotEnd) {
  const base::Bytes bytes(10, 'x');
  const auto done = casework::HandOut({"sleep", "600"}, bytes, std::chrono::milliseconds(100));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, base::ErrorCode::kTimeout);
}

}  // namespace
}  // namespace yb::test
