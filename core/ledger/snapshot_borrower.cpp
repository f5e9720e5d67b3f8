#include "core/ledger/snapshot_borrower.hpp"

#include "core/base/log.hpp"

namespace yb::ledger {
namespace {

const base::Logger kLog("ledger");

}  // namespace

void SnapshotBorrower::OnConnected(std::uint64_t random) {
  connected_ = true;
  random_ = random;
  backoff_.Reset();
  ask_at_ = heard_ = clock_.Steady();
}

std::optional<base::Monotonic> SnapshotBorrower::WakeAt() const {
  if (!connected_ || over_) return std::nullopt;
  return std::min(ask_at_, heard_ + options_.give_up);
}

base::Result<std::optional<SnapshotWant>> SnapshotBorrower::Next() {
  const base::Monotonic now = clock_.Steady();
  if (!connected_ || over_) return std::nullopt;
  if (now - heard_ >= options_.give_up) {
    YB_TRY(GiveUp("nobody answers"));
    return std::nullopt;
  }
  if (now < ask_at_) return std::nullopt;
  random_ = random_ * 6364136223846793005U + 1442695040888963407U;
  ask_at_ = now + backoff_.Next(random_ >> 16);
  YB_ASSIGN(std::optional<SnapshotWant> want, store_.Borrowing(site_));
  over_ = !want;
  return want;
}

base::Result<std::vector<std::string>> SnapshotBorrower::OnMessage(const SnapshotMessage& message) {
  if (over_) return std::vector<std::string>();
  heard_ = clock_.Steady();
  if (const auto* none = std::get_if<SnapshotNone>(&message)) {
    if (!later_since_) later_since_ = heard_;
    if (!none->later) {
      YB_TRY(GiveUp("the other side has none"));
    } else if (heard_ - *later_since_ >= options_.longest_later) {
      YB_TRY(GiveUp("the other side takes too long over it"));
    }
    return std::vector<std::string>();
  }
  const auto* piece = std::get_if<SnapshotPiece>(&message);
  if (piece == nullptr) return std::vector<std::string>();
  auto came = store_.Borrow(site_, *piece);
  if (came) {
    backoff_.Reset();
    ask_at_ = heard_;
    return came;
  }
  const bool of_the_piece =
      came.error().code == base::ErrorCode::kCorrupt || came.error().code == base::ErrorCode::kUnsupported;
  if (!of_the_piece) return came;  // a full disk, as an example: it is asked for again
  YB_TRY(GiveUp(came.error().Describe()));
  return std::vector<std::string>();
}

base::Status SnapshotBorrower::GiveUp(std::string_view why) {
  kLog.Warn("no snapshot of the other side is taken over, the ledger starts from its events",
            {{"site", site_.text()}, {"why", std::string(why)}});
  YB_TRY(store_.GiveUpBorrowing(site_));
  over_ = true;
  return {};
}

}  // namespace yb::ledger
