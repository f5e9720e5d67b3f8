// What a new box waits for: the cases under way, all cases, and its whole past, of a site with 30,000 cases of which
// nine of ten are finished. In one process, so that its figures are work and bytes; what these bytes take on a line of
// 256 kbit/s is added. Prints one JSON line.
#include <chrono>
#include <cstdio>

#include "core/storage/sqlite/sqlite_database.hpp"
#include "core/sync/frame_codec.hpp"
#include "tests/bench/case_load.hpp"
#include "tests/support/temp_folder.hpp"

namespace {

using namespace yb;
using Clock = std::chrono::steady_clock;
using ledger::LedgerStore;

const std::size_t kPieceBytes = ledger::LedgerLinkOptions{}.piece_bytes;
constexpr double kLine = 256'000.0 / 8;  // bytes a second

std::unique_ptr<LedgerStore> Open(const std::filesystem::path& file, cases::Side side, const base::Clock& clock) {
  const auto opener = storage::MakeSqliteOpener({.file = file});
  auto store = LedgerStore::Open(*opener, {side}, calendar::WorkingCalendar(calendar::PublishedNotices()), clock);
  YB_CHECK(store.has_value(), "the ledger does not open");
  return std::move(*store);
}

struct Spent {
  double seconds = 0, bytes = 0;
  [[nodiscard]] double OnTheLine() const { return seconds + bytes / kLine; }
};

}  // namespace

int main() {
  const test::TempFolder folder;
  const base::SystemClock clock;
  const base::SiteId site = *base::SiteId::Parse("lvye-01");
  const auto central = Open(folder.path() / "central.db", cases::Side::kCity, clock);
  bench::CaseLoad station(cases::Side::kPark);
  for (int i = 0; i < 60; ++i) station.FillCases(*central, site, 500, i % 10 != 0);
  for (bool more = true; more;) more = *central->SnapshotStep();
  const auto box = Open(folder.path() / "box.db", cases::Side::kPark, clock);
  YB_CHECK(box->NoteRestored(site).has_value(), "the box is a new one");

  Spent spent, open;
  auto lap = Clock::now();
  const auto spend = [&](std::size_t bytes) {
    spent.seconds += std::chrono::duration<double>(Clock::now() - lap).count();
    spent.bytes += static_cast<double>(bytes);
    lap = Clock::now();
  };
  while (true) {
    const auto want = *box->Borrowing(site);
    if (!want) break;
    const base::Bytes bytes = ledger::EncodeMessage(*central->Lend(site, *want, kPieceBytes));
    const auto message = *ledger::DecodeSnapshotMessage(bytes);
    const auto& piece = std::get<ledger::SnapshotPiece>(message);
    YB_CHECK(box->Borrow(site, piece).has_value(), "a piece is taken over");
    spend(bytes.size());
    if (open.bytes == 0 && (!piece.next || piece.next->finished)) open = spent;
  }
  const Spent whole = spent;
  spent = {};
  const auto streams = *central->Status();
  for (const ledger::StreamStatus& status : streams) {
    if (status.writer != cases::Side::kPark) continue;
    for (const ledger::StreamHead& head : status.heads) {
      for (std::uint64_t next = 1; next <= head.last;) {
        const auto answer = *central->AnswerFetch(site, {1, head.epoch, next, head.last}, kPieceBytes);
        const base::Bytes bytes = sync::EncodeDown(answer);
        const auto down = *sync::DecodeDown(bytes);
        const auto& piece = std::get<sync::Piece>(down);
        YB_CHECK(box->StoreFetched(site, piece).has_value(), "a piece of the past is stored");
        next = piece.last_seq() + 1;
        spend(bytes.size());
      }
    }
  }
  YB_CHECK(box->Finish(site).has_value(), "the past is back");
  spend(0);
  for (const std::uint64_t no : {std::uint64_t{1}, station.cases() / 2, station.cases()}) {
    const std::string id = bench::CaseLoad::CaseId(no);
    YB_CHECK(box->Find(site, id)->state == central->Find(site, id)->state, "a case is the same on both sides");
  }
  std::printf("under way: %.2f s and %.1f MB; all cases: %.2f s and %.1f MB; the past: %.2f s and %.1f MB\n",
              open.seconds, open.bytes / 1e6, whole.seconds, whole.bytes / 1e6, spent.seconds, spent.bytes / 1e6);
  std::printf(
      "{\"cases\":%llu,\"open_s\":%.2f,\"open_mb\":%.2f,\"all_s\":%.2f,\"all_mb\":%.2f,\"past_s\":%.2f,"
      "\"past_mb\":%.2f,\"open_on_line_s\":%.0f,\"all_on_line_s\":%.0f,\"past_on_line_s\":%.0f,"
      "\"start_ratio\":%.3f}\n",
      static_cast<unsigned long long>(station.cases()), open.seconds, open.bytes / 1e6, whole.seconds,
      whole.bytes / 1e6, spent.seconds, spent.bytes / 1e6, open.OnTheLine(), whole.OnTheLine(), spent.OnTheLine(),
      open.OnTheLine() / spent.OnTheLine());
  return 0;
}
