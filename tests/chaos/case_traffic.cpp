#include "tests/chaos/case_traffic.hpp"

#include <algorithm>

#include "core/base/uuid.hpp"
#include "core/domain/cases/transition_table.hpp"
#include "core/ledger/event_codec.hpp"
#include "core/storage/sqlite/sqlite_database.hpp"
#include "tests/support/case_acts.hpp"

namespace yb::chaos {
namespace {

using namespace cases;
using ledger::LedgerStore;
namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kBetweenActs{150};
constexpr std::size_t kMostCases = 400;
constexpr std::size_t kFilesOfACase = 12;

std::string NameOf(Side side) {
  return side == Side::kPark ? "park" : "city";
}

}  // namespace

CaseTraffic::CaseTraffic(fs::path box, fs::path central, base::SiteId site, std::uint64_t seed)
    : box_(std::move(box)), central_(std::move(central)), site_(std::move(site)), random_(seed) {}

void CaseTraffic::Start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
}

void CaseTraffic::End() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

std::unique_ptr<LedgerStore> CaseTraffic::Open(const fs::path& folder, Side side) const {
  if (!fs::exists(folder / "ledger.db")) return nullptr;
  const auto opener =
      storage::MakeSqliteOpener({.file = folder / "ledger.db", .busy_timeout = std::chrono::seconds(2)});
  ledger::LedgerOptions options;
  options.side = side;
  options.only_existing = true;
  options.draw_uuid = [this] {
    std::random_device random;
    return last_uid_ = base::MakeUuid7(clock_.Now(), random(), random());
  };
  auto store =
      LedgerStore::Open(*opener, std::move(options), calendar::WorkingCalendar(calendar::PublishedNotices()), clock_);
  return store ? std::move(*store) : nullptr;
}

void CaseTraffic::Run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    {
      const std::scoped_lock lock(files_);
      ActOnce(random_() % 2 == 0 ? Side::kPark : Side::kCity);
    }
    std::this_thread::sleep_for(kBetweenActs);
  }
}

void CaseTraffic::NoteDone(Side side, const ledger::CaseFile& file) {
  const CaseEvent* mine = nullptr;  // a fold puts it last but for events of the other side that it had not seen
  for (const CaseEvent& event : file.events) {
    if (event.id.writer == side && (mine == nullptr || event.id.at > mine->id.at)) mine = &event;
  }
  YB_CHECK(mine != nullptr, "what was done is in the case");
  done_.emplace(base::Sha256(ledger::EncodeEvent(*mine, last_uid_)),
                NameOf(side) + " " + cases::NameOf(KindOf(mine->act)).en + " of " + mine->case_id);
}

std::optional<std::string> CaseTraffic::MakeCase(LedgerStore& box) {
  const Actor clerk{"1", "张三", ""};
  ledger::NewCase made;
  made.terms = test::PlanningTerms();
  made.person = "0199c2aa-0000-7000-8000-0000000000aa";  // whose key no vault has
  made.receipt_prefix = "JY03";
  const auto received = box.Receive(site_, clerk, made);
  if (!received) return std::nullopt;
  NoteDone(Side::kPark, *received);
  std::string id = received->state.case_id;
  const Act steps[] = {PutMaterial{"application", "f", test::AsSealed("n"), 1},
                       PutMaterial{"site-plan", "f", test::AsSealed("n"), 1}, Accept{}, HandOver{}};
  for (const Act& step : steps) {
    const auto did = box.Act(site_, id, clerk, step);
    if (!did) break;
    NoteDone(Side::kPark, *did);
  }
  return id;
}

std::optional<std::string> CaseTraffic::CaseForFiles(bool full_too) {
  const std::scoped_lock lock(files_);
  const auto box = Open(box_, Side::kPark);
  if (!box) return std::nullopt;
  const bool another = cases_for_files_.empty() || (given_ >= kFilesOfACase && !full_too);
  // One that a replaced file took along is not there any more.
  if (!another && box->Find(site_, cases_for_files_.back())) {
    ++given_;
    return cases_for_files_.back();
  }
  auto made = MakeCase(*box);
  if (!made) return std::nullopt;
  cases_for_files_.push_back(*made);
  given_ = 1;
  return made;
}

std::map<std::string, std::string> CaseTraffic::FilesNamed() {
  std::map<std::string, std::string> named;
  const std::scoped_lock lock(files_);
  const auto box = Open(box_, Side::kPark);
  if (!box) return named;
  for (const std::string& id : cases_for_files_) {
    const auto file = box->Find(site_, id);
    if (!file) continue;
    for (const CaseEvent& event : file->events) {
      if (const auto* put = std::get_if<PutMaterial>(&event.act)) named.emplace(put->file, id);
    }
  }
  return named;
}

/// A program may be dead, its disk full or its file locked: then nothing was done.
void CaseTraffic::ActOnce(Side side) {
  const auto store = Open(side == Side::kPark ? box_ : central_, side);
  if (!store) return;
  if (side == Side::kPark && (cases_.empty() || (random_() % 6 == 0 && cases_.size() < kMostCases))) {
    const auto made = MakeCase(*store);
    if (made) cases_.push_back(*made);
    return;
  }
  if (cases_.empty()) return;
  const std::string& id = cases_[random_() % cases_.size()];
  const auto file = store->Find(site_, id);
  if (!file) return;
  std::vector<EventId> requests;
  for (const OpenRequest& open : file->state.requests) requests.push_back(open.event);
  const Actor actor{"2", "李四", side == Side::kCity ? (random_() % 2 == 0 ? test::kPlanning : test::kHousing) : ""};
  std::mt19937 draws(static_cast<unsigned>(random_()));
  const auto did = store->Act(site_, id, actor, test::RandomAct(draws, requests));
  if (did) NoteDone(side, *did);
}

CaseTraffic::Bodies CaseTraffic::AllIn(const fs::path& folder) const {
  Bodies all;
  const auto store = Open(folder, Side::kPark);
  if (!store) return all;
  store->Read([&](ledger::StreamLog& log, ledger::CaseTables&) {
    const auto no = log.FindSite(site_);
    if (!no || !*no) return;
    for (const Side writer : {Side::kPark, Side::kCity}) {
      const auto each =
          log.ForEach({**no, writer}, [&](sync::Position, base::ByteView body) { all.insert(base::Sha256(body)); });
      YB_CHECK(each.has_value(), "a ledger cannot be read");
    }
  });
  return all;
}

void CaseTraffic::ExcuseReplacing(const fs::path& folder, const fs::path& copy) {
  const Bodies kept = AllIn(copy);
  const Bodies elsewhere = AllIn(folder == box_ ? central_ : box_);
  for (const base::Digest& body : AllIn(folder)) {
    if (!kept.contains(body) && !elsewhere.contains(body)) excused_.insert(body);
  }
}

bool CaseTraffic::CaughtUp() const {
  const auto box = Open(box_, Side::kPark);
  const auto central = Open(central_, Side::kCity);
  if (!box || !central) return false;
  const auto at_box = box->Status();
  const auto at_central = central->Status();
  if (!at_box || !at_central || at_box->size() != at_central->size()) return false;
  for (std::size_t i = 0; i < at_box->size(); ++i) {
    const auto places = [](const ledger::StreamStatus& status) {
      std::vector<std::pair<std::uint64_t, std::uint64_t>> out;
      for (const ledger::StreamHead& head : status.heads) {
        if (head.closed) out.emplace_back(0, 0);
        if (head.last != 0) out.emplace_back(head.epoch, head.last);
      }
      return out;
    };
    if (places((*at_box)[i]) != places((*at_central)[i])) return false;
  }
  return true;
}

LedgerVerdict CaseTraffic::Judge() const {
  LedgerVerdict verdict;
  const auto box = Open(box_, Side::kPark);
  const auto central = Open(central_, Side::kCity);
  if (!box || !central) {
    verdict.wrong.emplace_back("a ledger is not there");
    return verdict;
  }
  for (LedgerStore* store : {box.get(), central.get()}) {
    const std::string whose = store == box.get() ? "box" : "central";
    const auto streams = store->Verify();
    YB_CHECK(streams.has_value(), "a ledger cannot be read");
    for (const auto& stream : *streams) {
      if (!stream.stream.first_break) continue;
      const auto& broken = *stream.stream.first_break;
      verdict.wrong.push_back(whose + ", stream of the " + NameOf(stream.writer) + ", " +
                              std::to_string(broken.at.epoch) + "/" + std::to_string(broken.at.seq) + ": " +
                              ledger::InWords(broken.what).en);
    }
  }
  if (!CaughtUp()) verdict.wrong.emplace_back("the two ledgers do not hold the same events");
  const auto compared = box->Compare(*central);
  YB_CHECK(compared.has_value(), "the ledgers cannot be compared");
  for (const auto& stream : *compared) {
    verdict.events_compared += stream.streams.events;
    if (stream.streams.differs)
      verdict.wrong.push_back("the ledgers part in the stream of the " + NameOf(stream.writer));
  }
  const Bodies held = AllIn(box_);
  for (const auto& [body, what] : done_) {
    if (held.contains(body)) continue;
    if (excused_.contains(body)) {
      ++verdict.excused_restore;
    } else {
      verdict.wrong.push_back("lost: " + what);
    }
  }
  std::vector<std::string> all = cases_;
  all.insert(all.end(), cases_for_files_.begin(), cases_for_files_.end());
  for (const std::string& id : all) {
    const auto here = box->Find(site_, id);
    const auto there = central->Find(site_, id);
    if (!here && !there) continue;  // its events are accounted for above
    if (!here || !there || here->state != there->state) {
      verdict.wrong.push_back("case " + id + " is not the same on both sides");
      continue;
    }
    ++verdict.cases_compared;
    verdict.conflicts += here->state.ineffective.size();
  }
  const auto rebuilt_box = box->Rebuild();
  const auto rebuilt_central = central->Rebuild();
  YB_CHECK(rebuilt_box && rebuilt_central, "the tables cannot be made anew");
  for (const auto* rebuilt : {&*rebuilt_box, &*rebuilt_central}) {
    for (const auto& site : *rebuilt) {
      if (site.before != site.after) verdict.wrong.emplace_back("tables are not what their events say");
    }
  }
  if (!rebuilt_box->empty() && !rebuilt_central->empty() && rebuilt_box->at(0).after != rebuilt_central->at(0).after) {
    verdict.wrong.emplace_back("the tables of both sides differ");
  }
  return verdict;
}

}  // namespace yb::chaos
