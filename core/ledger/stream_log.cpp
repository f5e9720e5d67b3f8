#include "core/ledger/stream_log.hpp"

#include <algorithm>

#include "core/ledger/event_codec.hpp"

namespace yb::ledger {
namespace {

using base::Bytes;
using base::ByteView;
using base::ErrorCode;
using base::Fail;
using storage::Rows;
using storage::Statement;
using sync::Chain;
using sync::Position;

constexpr std::int64_t kBatch = 500;

std::int64_t Signed(std::uint64_t value) {
  return static_cast<std::int64_t>(value);
}
std::uint64_t Unsigned(std::int64_t value) {
  return static_cast<std::uint64_t>(value);
}

Chain ToChain(ByteView bytes) {
  Chain chain{};
  std::copy_n(bytes.begin(), std::min(bytes.size(), chain.size()), chain.begin());
  return chain;
}

Statement& BindStream(Statement& statement, Stream stream) {
  return statement.Bind(1, stream.site).Bind(2, static_cast<std::int64_t>(stream.writer));
}
Statement& BindEpoch(Statement& statement, Stream stream, std::uint64_t epoch) {
  return BindStream(statement, stream).Bind(3, Signed(epoch));
}
Statement& BindPlace(Statement& statement, Stream stream, Position at) {
  return BindEpoch(statement, stream, at.epoch).Bind(4, Signed(at.seq));
}

StreamHead& Ensure(std::vector<StreamHead>& heads, std::uint64_t epoch) {
  const auto found = std::ranges::find(heads, epoch, &StreamHead::epoch);
  if (found != heads.end()) return *found;
  StreamHead head;
  head.epoch = epoch;
  return *heads.insert(std::ranges::upper_bound(heads, epoch, {}, &StreamHead::epoch), head);
}

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

struct StreamLog::Statements {
  std::unique_ptr<Statement> sites, find_site, add_site, lamport, raise, heads, save_head, append, body, bodies, chain,
      attest, attested;
};

StreamLog::StreamLog(storage::Database& database, std::unique_ptr<Statements> statements)
    : database_(database), statements_(std::move(statements)) {}
StreamLog::~StreamLog() = default;

base::Result<std::unique_ptr<StreamLog>> StreamLog::Open(storage::Database& database) {
  auto s = std::make_unique<Statements>();
  const std::pair<std::unique_ptr<Statement>*, std::string_view> wanted[] = {
      {&s->sites, "SELECT no, site FROM site ORDER BY no"},
      {&s->find_site, "SELECT no FROM site WHERE site = ?"},
      {&s->add_site, "INSERT OR IGNORE INTO site (site) VALUES (?)"},
      {&s->lamport, "SELECT lamport FROM site WHERE no = ?"},
      {&s->raise, "UPDATE site SET lamport = max(lamport, ?2) WHERE no = ?1"},
      {&s->heads,
       "SELECT epoch, last, chain, acked, told, told_chain, closed, rolled_back FROM head WHERE site = ? AND writer = ?"
       " ORDER BY epoch"},
      {&s->save_head,
       "INSERT OR REPLACE INTO head (site, writer, epoch, last, chain, acked, told, told_chain, closed, rolled_back)"
       " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
      {&s->append, "INSERT INTO event (site, writer, epoch, seq, chain, body) VALUES (?, ?, ?, ?, ?, ?)"},
      {&s->body, "SELECT body FROM event WHERE site = ? AND writer = ? AND epoch = ? AND seq = ?"},
      {&s->bodies, "SELECT body, seq FROM event WHERE site = ? AND writer = ? AND epoch = ? AND seq >= ? ORDER BY seq"},
      {&s->chain, "SELECT chain FROM event WHERE site = ? AND writer = ? AND epoch = ? AND seq = ?"},
      {&s->attest, "INSERT OR IGNORE INTO attest (site, writer, epoch, seq, chain, time) VALUES (?, ?, ?, ?, ?, ?)"},
      {&s->attested,
       "SELECT epoch, seq, chain, time FROM attest WHERE site = ? AND writer = ? ORDER BY epoch DESC, seq DESC LIMIT "
       "1"},
  };
  for (const auto& [statement, sql] : wanted) {
    YB_ASSIGN(*statement, database.Prepare(sql));
  }
  return std::unique_ptr<StreamLog>(new StreamLog(database, std::move(s)));
}

base::Result<std::vector<std::pair<SiteNo, base::SiteId>>> StreamLog::Sites() {
  Statement& select = *statements_->sites;
  const Rows rows(select);
  std::vector<std::pair<SiteNo, base::SiteId>> sites;
  while (true) {
    YB_ASSIGN(const bool row, select.Step());
    if (!row) return sites;
    YB_ASSIGN(base::SiteId site, base::SiteId::Parse(select.Text(1)));
    sites.emplace_back(select.Int(0), std::move(site));
  }
}

base::Result<std::optional<SiteNo>> StreamLog::FindSite(const base::SiteId& site) {
  Statement& find = *statements_->find_site;
  const Rows rows(find);
  YB_ASSIGN(const bool row, find.Bind(1, std::string_view(site.text())).Step());
  return row ? std::optional(find.Int(0)) : std::nullopt;
}

base::Result<SiteNo> StreamLog::EnsureSite(const base::SiteId& site) {
  YB_ASSIGN(const std::optional<SiteNo> known, FindSite(site));
  if (known) return *known;
  YB_TRY(statements_->add_site->Bind(1, std::string_view(site.text())).Run());
  YB_ASSIGN(const std::optional<SiteNo> added, FindSite(site));
  YB_CHECK(added.has_value(), "a site that was just added is there");
  return *added;
}

base::Result<std::uint64_t> StreamLog::Lamport(SiteNo site) {
  Statement& select = *statements_->lamport;
  const Rows rows(select);
  YB_ASSIGN(const bool row, select.Bind(1, site).Step());
  return row ? Unsigned(select.Int(0)) : 0;
}

base::Status StreamLog::RaiseLamport(SiteNo site, std::uint64_t lamport) {
  return statements_->raise->Bind(1, site).Bind(2, Signed(lamport)).Run();
}

base::Result<std::vector<StreamHead>> StreamLog::Heads(Stream stream) {
  Statement& select = *statements_->heads;
  const Rows rows(select);
  BindStream(select, stream);
  std::vector<StreamHead> heads;
  while (true) {
    YB_ASSIGN(const bool row, select.Step());
    if (!row) return heads;
    heads.push_back({Unsigned(select.Int(0)), Unsigned(select.Int(1)), ToChain(select.Blob(2)), Unsigned(select.Int(3)),
                     Unsigned(select.Int(4)), ToChain(select.Blob(5)), select.Int(6) != 0, select.Int(7) != 0});
  }
}

base::Status StreamLog::SaveHead(Stream stream, const StreamHead& head) {
  return BindEpoch(*statements_->save_head, stream, head.epoch)
      .Bind(4, Signed(head.last))
      .Bind(5, ByteView(head.chain))
      .Bind(6, Signed(head.acked))
      .Bind(7, Signed(head.told))
      .Bind(8, ByteView(head.told_chain))
      .Bind(9, std::int64_t{head.closed})
      .Bind(10, std::int64_t{head.rolled_back})
      .Run();
}

base::Status StreamLog::Append(Stream stream, StreamHead& head, ByteView body) {
  const Chain chain = sync::NextChain(head.chain, body);
  YB_TRY(BindPlace(*statements_->append, stream, {head.epoch, head.last + 1})
             .Bind(5, ByteView(chain))
             .Bind(6, body)
             .Run());
  head.last += 1;
  head.chain = chain;
  return SaveHead(stream, head);
}

base::Result<std::optional<Bytes>> StreamLog::Body(Stream stream, Position at) {
  Statement& select = *statements_->body;
  const Rows rows(select);
  YB_ASSIGN(const bool row, BindPlace(select, stream, at).Step());
  if (!row) return std::optional<Bytes>();
  const ByteView body = select.Blob(0);
  return std::optional(Bytes(body.begin(), body.end()));
}

base::Result<std::vector<Bytes>> StreamLog::ReadBodies(Stream stream, Position from, std::size_t most_bytes) {
  Statement& select = *statements_->bodies;
  const Rows rows(select);
  BindPlace(select, stream, from);
  std::vector<Bytes> bodies;
  std::size_t bytes = 0;
  while (true) {
    YB_ASSIGN(const bool row, select.Step());
    if (!row) return bodies;
    const ByteView body = select.Blob(0);
    const bool next = Unsigned(select.Int(1)) == from.seq + bodies.size();
    if (!next || (!bodies.empty() && bytes + body.size() > most_bytes)) return bodies;
    bytes += body.size();
    bodies.emplace_back(body.begin(), body.end());
  }
}

base::Result<std::optional<Chain>> StreamLog::ChainAt(Stream stream, Position at) {
  if (at.seq == 0) return std::optional(Chain{});
  Statement& select = *statements_->chain;
  const Rows rows(select);
  YB_ASSIGN(const bool row, BindPlace(select, stream, at).Step());
  return row ? std::optional(ToChain(select.Blob(0))) : std::nullopt;
}

base::Result<sync::Piece> StreamLog::Answer(Stream stream, const sync::Fetch& fetch, std::size_t most_bytes) {
  sync::Piece piece{fetch.session, fetch.epoch, fetch.first, {}, {}};
  YB_ASSIGN(const std::optional<Chain> before, ChainAt(stream, {fetch.epoch, fetch.first - 1}));
  if (!before) {
    // Nothing is deleted, so what is not there lies behind the last one.
    YB_ASSIGN(const std::vector<StreamHead> heads, Heads(stream));
    const auto head = std::ranges::find(heads, fetch.epoch, &StreamHead::epoch);
    if (head == heads.end()) {
      return Fail(ErrorCode::kNotFound, "no epoch " + std::to_string(fetch.epoch) + " of this stream");
    }
    piece.first_seq = head->last + 1;
    piece.chain_before = head->chain;
    return piece;
  }
  piece.chain_before = *before;
  if (fetch.last < fetch.first) return piece;
  YB_ASSIGN(piece.bodies, ReadBodies(stream, {fetch.epoch, fetch.first}, most_bytes));
  piece.bodies.resize(std::min<std::size_t>(piece.bodies.size(), fetch.last - fetch.first + 1));
  return piece;
}

base::Result<StreamLog::Opening> StreamLog::OpenForReading(Stream stream, const sync::Hello& hello) {
  YB_ASSIGN(std::vector<StreamHead> heads, Heads(stream));
  Opening opening;
  for (const sync::EpochRange& range : hello.epochs) (void)Ensure(heads, range.epoch);
  for (StreamHead& head : heads) {
    opening.positions.push_back({head.epoch, head.last, head.chain, head.told, head.told_chain});
    const auto range = std::ranges::find(hello.epochs, head.epoch, &sync::EpochRange::epoch);
    if (range == hello.epochs.end()) continue;
    opening.restored = opening.restored || range->acked > head.last;
    head.rolled_back = head.rolled_back || range->rolled_back;
    if (range->last >= head.told) {
      head.told = range->last;
      head.told_chain = range->chain;
    }
    YB_TRY(SaveHead(stream, head));
  }
  if (opening.restored) YB_TRY(database_.Execute("UPDATE central SET epoch = epoch + 1"));
  YB_ASSIGN(const auto epoch, database_.Prepare("SELECT epoch FROM central"));
  YB_ASSIGN(const bool row, epoch->Step());
  YB_CHECK(row, "there is one row in it for good");
  opening.central_epoch = Unsigned(epoch->Int(0));
  return opening;
}

base::Status StreamLog::Store(Stream stream, std::uint64_t epoch, std::uint64_t first_seq,
                              std::span<const Bytes> bodies) {
  YB_ASSIGN(std::vector<StreamHead> heads, Heads(stream));
  StreamHead& head = Ensure(heads, epoch);
  if (first_seq != head.last + 1) {
    return Fail(ErrorCode::kCorrupt,
                "events from " + std::to_string(first_seq) + " on do not follow " + std::to_string(head.last));
  }
  for (const Bytes& body : bodies) YB_TRY(Append(stream, head, body));
  return {};
}

base::Status StreamLog::Acknowledge(Stream stream, Position at) {
  YB_ASSIGN(std::vector<StreamHead> heads, Heads(stream));
  const auto head = std::ranges::find(heads, at.epoch, &StreamHead::epoch);
  if (head == heads.end() || head->acked >= at.seq) return {};
  head->acked = std::min(at.seq, head->last);
  return SaveHead(stream, *head);
}

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
  // One that had come to the other side before in another epoch; every event has an identity of its own.
  YB_ASSIGN(const auto drop,
            database_.Prepare("DELETE FROM event WHERE site = ? AND writer = ? AND epoch = ? AND body = ?"));
  for (const Bytes& body : piece.bodies) {
    YB_TRY(Append(stream, head, body));
    YB_TRY(BindEpoch(*drop, stream, closed).Bind(4, ByteView(body)).Run());
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

base::Status StreamLog::Attest(Stream stream, const Attestation& attestation) {
  if (attestation.at.seq == 0 || attestation.chain == Chain{}) return {};
  return BindPlace(*statements_->attest, stream, attestation.at)
      .Bind(5, ByteView(attestation.chain))
      .Bind(6, attestation.time.micros)
      .Run();
}

base::Result<std::optional<Attestation>> StreamLog::LastAttested(Stream stream) {
  Statement& select = *statements_->attested;
  const Rows rows(select);
  YB_ASSIGN(const bool row, BindStream(select, stream).Step());
  if (!row) return std::optional<Attestation>();
  return std::optional(
      Attestation{{Unsigned(select.Int(0)), Unsigned(select.Int(1))}, ToChain(select.Blob(2)), {select.Int(3)}});
}

base::Result<StreamLog::Verdict> StreamLog::Verify(Stream stream) {
  YB_ASSIGN(
      const auto select,
      database_.Prepare("SELECT e.seq, e.chain, e.body, a.chain FROM event e LEFT JOIN attest a ON a.site = e.site"
                        " AND a.writer = e.writer AND a.epoch = e.epoch AND a.seq = e.seq WHERE e.site = ?"
                        " AND e.writer = ? AND e.epoch = ? ORDER BY e.seq"));
  YB_ASSIGN(const std::vector<StreamHead> heads, Heads(stream));
  Verdict verdict;
  const auto broken = [&](Break::What what, const StreamHead& head, std::uint64_t seq) {
    verdict.first_break = Break{what, {head.epoch, seq}};
    return verdict;
  };
  for (const StreamHead& head : heads) {
    const Rows rows(*select);
    BindEpoch(*select, stream, head.epoch);
    Chain chain{};
    std::uint64_t next = 1;
    while (true) {
      YB_ASSIGN(const bool row, select->Step());
      if (!row) break;
      const std::uint64_t seq = Unsigned(select->Int(0));
      if (seq != next) return broken(Break::What::kMissing, head, next);
      chain = sync::NextChain(chain, select->Blob(2));
      if (!head.closed && chain != ToChain(select->Blob(1))) return broken(Break::What::kChanged, head, seq);
      const bool attested = select->IsNull(3) || chain == ToChain(select->Blob(3));
      const bool as_told = seq != head.told || head.told_chain == Chain{} || chain == head.told_chain;
      if (!attested || !as_told) return broken(Break::What::kRewritten, head, seq);
      const cases::EventId id{stream.writer, {head.epoch, seq}};
      if (!DecodeEvent(id, select->Blob(2))) return broken(Break::What::kUnreadable, head, seq);
      ++verdict.events;
      ++next;
    }
    if (next != head.last + 1) return broken(Break::What::kMissing, head, next);
    if (!head.closed && chain != head.chain) return broken(Break::What::kChanged, head, head.last);
  }
  return verdict;
}

}  // namespace yb::ledger
