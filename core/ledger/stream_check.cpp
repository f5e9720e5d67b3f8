#include "core/ledger/event_codec.hpp"
#include "core/ledger/stream_rows.hpp"

namespace yb::ledger {
namespace {

using storage::Rows;
using sync::Chain;
using sync::Position;

}  // namespace

base::Words InWords(Break::What what) {
  switch (what) {
    case Break::What::kChanged: return {"its bytes were changed", "内容被改动"};
    case Break::What::kMissing: return {"it is missing", "缺失"};
    case Break::What::kRewritten:
      return {"the past was rewritten: the other side recorded another chain", "历史被改写：与对方留存的链值不一致"};
    case Break::What::kUnreadable: return {"it cannot be read", "无法读取"};
  }
  return {"unknown", "未知"};
}

base::Result<std::optional<Break>> StreamLog::AttestedAndGone(Stream stream, std::span<const StreamHead> heads) {
  // While the own past is fetched back, the last of it is not there yet.
  if (!heads.empty() && heads.back().closed) return std::optional<Break>();
  YB_ASSIGN(const auto select, database_.Prepare("SELECT epoch, max(seq) FROM attest WHERE site = ? AND writer = ?"
                                                 " GROUP BY epoch ORDER BY epoch"));
  BindStream(*select, stream);
  while (true) {
    YB_ASSIGN(const bool row, select->Step());
    if (!row) return std::optional<Break>();
    const std::uint64_t epoch = Unsigned(select->Int(0));
    const auto head = std::ranges::find(heads, epoch, &StreamHead::epoch);
    const std::uint64_t last = head == heads.end() ? 0 : head->last;
    if (Unsigned(select->Int(1)) > last) return std::optional(Break{Break::What::kMissing, {epoch, last + 1}});
  }
}

base::Result<StreamLog::Comparison> StreamLog::Compare(Stream stream, StreamLog& other, Stream others) {
  YB_ASSIGN(const std::vector<StreamHead> heads, Heads(stream));
  YB_ASSIGN(const std::vector<StreamHead> theirs, other.Heads(others));
  Comparison comparison;
  for (const StreamHead& head : heads) {
    const auto same = std::ranges::find(theirs, head.epoch, &StreamHead::epoch);
    if (same == theirs.end() || head.closed || same->closed) continue;
    const auto alike = [&](std::uint64_t seq) -> base::Result<bool> {
      YB_ASSIGN(const std::optional<Chain> here, ChainAt(stream, {head.epoch, seq}));
      YB_ASSIGN(const std::optional<Chain> there, other.ChainAt(others, {head.epoch, seq}));
      return here && there && *here == *there;
    };
    // A chain that parted never comes together again, so the place is found by halving.
    std::uint64_t good = 0;
    std::uint64_t bad = std::min(head.last, same->last) + 1;
    while (good + 1 < bad) {
      const std::uint64_t middle = good + (bad - good) / 2;
      YB_ASSIGN(const bool equal, alike(middle));
      (equal ? good : bad) = middle;
    }
    comparison.events += good;
    if (good < std::min(head.last, same->last) && !comparison.differs) {
      comparison.differs = Position{head.epoch, good + 1};
    }
  }
  return comparison;
}

base::Result<StreamLog::Verdict> StreamLog::Verify(Stream stream) {
  YB_ASSIGN(
      const auto select,
      database_.Prepare("SELECT e.seq, e.chain, e.body, a.chain FROM event e LEFT JOIN attest a ON a.site = e.site"
                        " AND a.writer = e.writer AND a.epoch = e.epoch AND a.seq = e.seq WHERE e.site = ?"
                        " AND e.writer = ? AND e.epoch = ? ORDER BY e.seq"));
  YB_ASSIGN(const std::vector<StreamHead> heads, Heads(stream));
  Verdict verdict;
  std::uint64_t agreed = 0;  // in the epoch that is looked at
  const auto broken = [&](Break::What what, const StreamHead& head, std::uint64_t seq) {
    verdict.first_break = Break{what, {head.epoch, seq}, what == Break::What::kRewritten ? agreed : 0};
    return verdict;
  };
  for (const StreamHead& head : heads) {
    const Rows rows(*select);
    BindEpoch(*select, stream, head.epoch);
    Chain chain{};
    std::uint64_t next = 1;
    agreed = 0;
    while (true) {
      YB_ASSIGN(const bool row, select->Step());
      if (!row) break;
      const std::uint64_t seq = Unsigned(select->Int(0));
      // In a closed epoch those that came back have left their places.
      if (seq != next && !head.closed) return broken(Break::What::kMissing, head, next);
      chain = sync::NextChain(chain, select->Blob(2));
      if (!head.closed && chain != ToChain(select->Blob(1))) return broken(Break::What::kChanged, head, seq);
      const bool attested = select->IsNull(3) || chain == ToChain(select->Blob(3));
      const bool as_told = seq != head.told || head.told_chain == Chain{} || chain == head.told_chain;
      if (!attested || !as_told) return broken(Break::What::kRewritten, head, seq);
      if (!select->IsNull(3) || seq == head.told) agreed = seq;
      const cases::EventId id{stream.writer, {head.epoch, seq}};
      if (!DecodeAnyEvent(id, select->Blob(2))) return broken(Break::What::kUnreadable, head, seq);
      ++verdict.events;
      ++next;
    }
    if (next != head.last + 1 && !head.closed) return broken(Break::What::kMissing, head, next);
    if (!head.closed && chain != head.chain) return broken(Break::What::kChanged, head, head.last);
  }
  YB_ASSIGN(verdict.first_break, AttestedAndGone(stream, heads));
  return verdict;
}

}  // namespace yb::ledger
