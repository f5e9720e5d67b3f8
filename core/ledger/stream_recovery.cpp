#include <map>

#include "core/base/digest.hpp"
#include "core/ledger/stream_rows.hpp"

namespace yb::ledger {
namespace {

using base::Bytes;
using base::ByteView;
using base::ErrorCode;
using base::Fail;
using storage::Rows;
using sync::Chain;
using sync::Position;

constexpr std::int64_t kBatch = 500;

}  // namespace

base::Status StreamLog::Cut(Stream stream, std::span<const sync::Cut> cuts, base::UtcTime now) {
  YB_ASSIGN(std::vector<StreamHead> heads, Heads(stream));
  std::uint64_t known = heads.empty() ? 0 : heads.back().epoch;
  for (const sync::Cut& cut : cuts) known = std::max(known, cut.epoch);
  StreamHead target;
  target.epoch = std::max(Unsigned(std::max<std::int64_t>(now.micros / 1'000'000, 1)), known + 1);
  YB_ASSIGN(const auto move, database_.Prepare("UPDATE event SET epoch = ?5, seq = seq + ?6 WHERE site = ?1 AND"
                                               " writer = ?2 AND epoch = ?3 AND seq > ?4"));
  const auto move_above = [&](std::uint64_t epoch, std::uint64_t keep, std::uint64_t last) -> base::Status {
    YB_TRY(BindPlace(*move, stream, {epoch, keep})
               .Bind(5, Signed(target.epoch))
               .Bind(6, Signed(target.last) - Signed(keep))
               .Run());
    target.last += last - keep;
    return {};
  };
  if (!heads.empty() && heads.back().closed) {
    const StreamHead closed = heads.back();
    heads.pop_back();
    YB_TRY(move_above(closed.epoch, 0, closed.last));
    YB_ASSIGN(const auto forget, database_.Prepare("DELETE FROM head WHERE site = ? AND writer = ? AND epoch = ?"));
    YB_TRY(BindEpoch(*forget, stream, closed.epoch).Run());
  }
  for (const sync::Cut& cut : cuts) {
    StreamHead& head = Ensure(heads, cut.epoch);
    head.rolled_back = head.rolled_back || cut.rolled_back;
    if (cut.keep < head.last) {
      YB_ASSIGN(const std::optional<Chain> chain, ChainAt(stream, {cut.epoch, cut.keep}));
      YB_TRY(move_above(cut.epoch, cut.keep, head.last));
      head.last = cut.keep;
      head.chain = chain.value_or(Chain{});
      head.acked = std::min(head.acked, head.last);
    }
    YB_TRY(SaveHead(stream, head));
  }
  target.closed = true;
  return SaveHead(stream, target);
}

base::Status StreamLog::StoreFetched(Stream stream, const sync::Piece& piece) {
  YB_ASSIGN(std::vector<StreamHead> heads, Heads(stream));
  const std::uint64_t closed = heads.back().epoch;
  StreamHead& head = Ensure(heads, piece.epoch);
  if (piece.first_seq != head.last + 1) {
    return Fail(ErrorCode::kCorrupt, "what came back does not follow what is here");
  }
  std::map<base::Digest, std::uint64_t> moved;  // what waits in the closed epoch
  {
    YB_ASSIGN(const auto select,
              database_.Prepare("SELECT body, seq FROM event WHERE site = ? AND writer = ? AND epoch = ?"));
    BindEpoch(*select, stream, closed);
    while (true) {
      YB_ASSIGN(const bool row, select->Step());
      if (!row) break;
      moved.emplace(base::Sha256(select->Blob(0)), Unsigned(select->Int(1)));
    }
  }
  YB_ASSIGN(const auto drop,
            database_.Prepare("DELETE FROM event WHERE site = ? AND writer = ? AND epoch = ? AND seq = ?"));
  for (const Bytes& body : piece.bodies) {
    YB_TRY(Append(stream, head, body));
    // One that had come to the other side before in another epoch; every event has an identity of its own.
    const auto same = moved.find(base::Sha256(body));
    if (same != moved.end()) YB_TRY(BindPlace(*drop, stream, {closed, same->second}).Run());
  }
  head.acked = head.last;
  return SaveHead(stream, head);
}

base::Status StreamLog::Finish(Stream stream) {
  YB_ASSIGN(std::vector<StreamHead> heads, Heads(stream));
  StreamHead& head = heads.back();
  YB_CHECK(head.closed, "only a closed epoch is opened");
  YB_ASSIGN(const auto select, database_.Prepare("SELECT seq, body FROM event WHERE site = ? AND writer = ? AND"
                                                 " epoch = ? AND seq > ? ORDER BY seq LIMIT ?"));
  YB_ASSIGN(const auto update, database_.Prepare("UPDATE event SET seq = ?5, chain = ?6 WHERE site = ?1 AND writer = ?2"
                                                 " AND epoch = ?3 AND seq = ?4"));
  head.last = 0;
  head.chain = {};
  head.closed = false;
  std::vector<std::pair<std::uint64_t, Chain>> batch;
  std::uint64_t above = 0;
  do {
    batch.clear();
    BindPlace(*select, stream, {head.epoch, above}).Bind(5, kBatch);
    {
      const Rows rows(*select);
      while (true) {
        YB_ASSIGN(const bool row, select->Step());
        if (!row) break;
        head.chain = sync::NextChain(head.chain, select->Blob(1));
        batch.emplace_back(Unsigned(select->Int(0)), head.chain);
      }
    }
    for (const auto& [seq, chain] : batch) {
      YB_TRY(BindPlace(*update, stream, {head.epoch, seq}).Bind(5, Signed(++head.last)).Bind(6, ByteView(chain)).Run());
      above = seq;
    }
  } while (!batch.empty());
  return SaveHead(stream, head);
}

}  // namespace yb::ledger
