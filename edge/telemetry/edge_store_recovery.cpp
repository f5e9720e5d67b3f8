// EdgeStore: what a box does with its own records when it was set back to an older copy.
#include <algorithm>

#include "core/base/log.hpp"
#include "core/telemetry/compaction.hpp"
#include "edge/telemetry/edge_store.hpp"

namespace yb::edge {
namespace {

using sync::Lane;
using telemetry::EpochHead;
using telemetry::EpochMover;

const base::Logger kLog("store");

EpochHead& Ensure(std::vector<EpochHead>& heads, std::uint64_t epoch) {
  const auto found = std::ranges::find(heads, epoch, &EpochHead::epoch);
  if (found != heads.end()) return *found;
  return *heads.insert(std::ranges::upper_bound(heads, epoch, {}, &EpochHead::epoch), EpochHead{epoch});
}

}  // namespace

bool EdgeStore::Recovering(Lane lane) const {
  const std::scoped_lock lock(pending_mutex_);
  return heads_.at(lane).back().closed;
}

std::vector<EpochHead> EdgeStore::HeadsOf(Lane lane) const {
  const std::scoped_lock lock(pending_mutex_);
  return heads_.at(lane);
}

void EdgeStore::SetHeads(Lane lane, std::vector<EpochHead> heads) {
  const std::scoped_lock lock(pending_mutex_);
  heads_.at(lane) = std::move(heads);
}

base::Status EdgeStore::Cut(Lane lane, std::span<const sync::Cut> cuts) {
  const std::scoped_lock writing(writing_);
  std::vector<EpochHead> heads = HeadsOf(lane);
  std::uint64_t known = 0;
  for (const sync::Cut& cut : cuts) known = std::max(known, cut.epoch);
  const auto now = static_cast<std::uint64_t>(std::max<std::int64_t>(clock_.Now().micros / 1'000'000, 1));
  EpochHead target{std::max({now, known + 1, heads.back().epoch + 1})};
  EpochMover mover(*log_, site_no_, lane);
  YB_ASSIGN(storage::Transaction transaction, log_->Begin());
  if (heads.back().closed) {
    const EpochHead closed = heads.back();
    heads.pop_back();
    target.last = closed.last;
    if (closed.epoch > known) {
      target.epoch = closed.epoch;
    } else {
      // Another past of this box used this number.
      YB_TRY(mover.Move(closed.epoch, 0, target.epoch, 0));
      YB_TRY(mover.RemoveHead(closed.epoch));
    }
  }
  for (const sync::Cut& cut : cuts) {
    EpochHead& head = Ensure(heads, cut.epoch);
    head.rolled_back = head.rolled_back || cut.rolled_back;
    const std::uint64_t above = std::max(cut.keep, head.first - 1);
    const bool anew = cut.keep + 1 < head.first;
    if (lane == Lane::kHistory) {
      YB_TRY(telemetry::Compaction(*log_, site_no_).TakeBack(cut.epoch, above, anew ? 0 : cut.keep));
    }
    YB_TRY(mover.Move(cut.epoch, above, target.epoch, target.last));
    target.last += head.last - std::min(above, head.last);
    if (anew) {
      head = {.epoch = head.epoch, .rolled_back = head.rolled_back};
    } else if (cut.keep < head.last) {
      YB_ASSIGN(const auto chain, log_->ChainAt(site_no_, lane, {cut.epoch, cut.keep}));
      head.last = cut.keep;
      head.chain = chain.value_or(head.chain_before);
      head.acked = std::min(head.acked, head.last);
    }
    YB_TRY(log_->SaveHead(site_no_, lane, head));
  }
  target.closed = true;
  heads.push_back(target);
  YB_TRY(log_->SaveHead(site_no_, lane, target));
  YB_TRY(transaction.Commit());
  kLog.Warn("this box was set back to an older copy: its own past is fetched from central",
            {{"lane", sync::ToString(lane)}, {"epoch", target.epoch}, {"records_set_apart", target.last}});
  SetHeads(lane, std::move(heads));
  return {};
}

base::Status EdgeStore::StoreFetched(Lane lane, const sync::Piece& piece) {
  const std::scoped_lock writing(writing_);
  std::vector<EpochHead> heads = HeadsOf(lane);
  const std::uint64_t closed = heads.back().epoch;
  EpochHead& head = Ensure(heads, piece.epoch);
  EpochMover mover(*log_, site_no_, lane);
  YB_ASSIGN(storage::Transaction transaction, log_->Begin());
  if (piece.first_seq > head.last + 1) {
    // Central does not hold what lies between either.
    head.last = piece.first_seq - 1;
    head.chain = piece.chain_before;
    head.first = piece.first_seq;
    head.chain_before = piece.chain_before;
  }
  for (const base::Bytes& body : piece.bodies) {
    YB_TRY(log_->Append(site_no_, lane, head, body));
    YB_TRY(mover.DropSame(closed, body));
  }
  head.acked = head.last;
  YB_TRY(log_->SaveHead(site_no_, lane, head));
  YB_TRY(transaction.Commit());
  SetHeads(lane, std::move(heads));
  return {};
}

base::Status EdgeStore::Finish(Lane lane) {
  {
    const std::scoped_lock writing(writing_);
    std::vector<EpochHead> heads = HeadsOf(lane);
    EpochHead& head = heads.back();
    EpochMover mover(*log_, site_no_, lane);
    YB_ASSIGN(storage::Transaction transaction, log_->Begin());
    YB_ASSIGN(const telemetry::PointNumbers numbers, mover.SettlePoints(head.epoch));
    YB_TRY(mover.Renumber(head, numbers));
    head.closed = false;
    YB_TRY(log_->SaveHead(site_no_, lane, head));
    if (lane == Lane::kAlarm) YB_TRY(log_->RefoldAlarms(site_no_));  // records came out of order
    YB_TRY(transaction.Commit());
    kLog.Info("this box has one past with central again", {{"lane", sync::ToString(lane)},
                                                           {"epoch", head.epoch},
                                                           {"records_written_again", head.last},
                                                           {"points_renumbered", numbers.size()}});
    SetHeads(lane, std::move(heads));
    if (lane == Lane::kHistory) {
      const std::scoped_lock lock(pending_mutex_);
      // As the lines number them: they go on with the numbers they were given at the start.
      telemetry::PointNumbers all = numbers;
      for (const auto& [line, box] : renumbered_) all[line] = numbers.contains(box) ? numbers.at(box) : box;
      renumbered_ = std::move(all);
      live_.clear();
    }
    YB_TRY(ReadHourBack(lane));
    YB_TRY(ReadStateBack());
  }
  ShowProgress();
  TellNews();
  return {};
}

}  // namespace yb::edge
