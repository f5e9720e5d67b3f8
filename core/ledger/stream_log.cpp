#include "core/ledger/stream_log.hpp"

#include <algorithm>

#include "core/ledger/stream_rows.hpp"

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

}  // namespace

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

base::Status StreamLog::ForEach(Stream stream, const std::function<void(Position, ByteView)>& use) {
  YB_ASSIGN(const auto select,
            database_.Prepare("SELECT epoch, seq, body FROM event WHERE site = ? AND writer = ? ORDER BY epoch, seq"));
  BindStream(*select, stream);
  while (true) {
    YB_ASSIGN(const bool row, select->Step());
    if (!row) return {};
    use({Unsigned(select->Int(0)), Unsigned(select->Int(1))}, select->Blob(2));
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
    if (range->last == head.last && range->chain != head.chain) opening.rewritten = {head.epoch, head.last};
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

}  // namespace yb::ledger
