#include "core/sync/frame_codec.hpp"

#include <zstd.h>

#include <algorithm>
#include <memory>

#include "core/base/digest.hpp"
#include "core/contract/message_bytes.hpp"
#include "core/contract/sync.pb.h"

namespace yb::sync {
namespace {

using base::ErrorCode;
using base::Fail;

constexpr int kCompressionLevel = 1;  // frames are small: level 3 saves 2 % and costs twice the time

std::string ToText(const Chain& chain) {
  return {chain.begin(), chain.end()};
}

base::Result<Chain> ToChain(const std::string& text) {
  Chain chain{};
  if (text.empty()) return chain;
  if (text.size() != chain.size()) return Fail(ErrorCode::kCorrupt, "a chain head is not 16 bytes long");
  std::copy(text.begin(), text.end(), chain.begin());
  return chain;
}

std::string Compress(const std::string& plain) {
  std::string packed(ZSTD_compressBound(plain.size()), '\0');
  const std::size_t size = ZSTD_compress(packed.data(), packed.size(), plain.data(), plain.size(), kCompressionLevel);
  YB_CHECK(ZSTD_isError(size) == 0, "zstd cannot fail with a buffer of its own bound");
  packed.resize(size);
  return packed;
}

base::Result<std::string> Decompress(const std::string& packed) {
  const unsigned long long size = ZSTD_getFrameContentSize(packed.data(), packed.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > kMaxFrameBytes) {
    return Fail(ErrorCode::kCorrupt, "the payload is no zstd block of at most 8 MiB");
  }
  std::string plain(size, '\0');
  const std::size_t written = ZSTD_decompress(plain.data(), plain.size(), packed.data(), packed.size());
  if (ZSTD_isError(written) != 0 || written != size) return Fail(ErrorCode::kCorrupt, "the payload does not unpack");
  return plain;
}

/// `payload` and `digest` of a message, packed from bodies.
template <class Message>
void SetBodies(const std::vector<base::Bytes>& bodies, Message& out) {
  PackedBodies packed = PackBodies(bodies);
  out.set_payload(std::move(packed.payload));
  out.set_digest(packed.digest.data(), packed.digest.size());
}

/// The bodies of a message that says it has those of first_seq … last_seq.
template <class Message>
base::Result<std::vector<base::Bytes>> ReadBodies(const Message& in) {
  YB_ASSIGN(std::vector<base::Bytes> bodies, UnpackBodies(in.payload(), base::AsBytes(in.digest())));
  const auto count = static_cast<std::uint64_t>(bodies.size());
  if (in.first_seq() == 0 || in.first_seq() + count < in.first_seq() || in.last_seq() + 1 != in.first_seq() + count) {
    return Fail(ErrorCode::kCorrupt, "the frame names sequences " + std::to_string(in.first_seq()) + "…" +
                                         std::to_string(in.last_seq()) + " and carries " + std::to_string(count) +
                                         " records");
  }
  return bodies;
}

base::Result<Frame> FromContract(const contract::Frame& in) {
  if (in.min_reader() > kSchema) {
    return Fail(ErrorCode::kUnsupported, "the frame needs reader version " + std::to_string(in.min_reader()),
                "update this side first");
  }
  YB_ASSIGN(std::vector<base::Bytes> bodies, ReadBodies(in));
  if (bodies.empty()) return Fail(ErrorCode::kCorrupt, "the frame carries no record");
  const auto lane = ParseLane(ToString(static_cast<Lane>(in.lane())));
  if (!lane) return Fail(ErrorCode::kCorrupt, "the frame names no lane");
  return Frame{in.city(), in.site(), *lane, in.session(), in.epoch(), in.first_seq(), std::move(bodies)};
}

void ToContract(const Piece& piece, contract::Piece& out) {
  out.set_session(piece.session);
  out.set_epoch(piece.epoch);
  out.set_first_seq(piece.first_seq);
  out.set_last_seq(piece.last_seq());
  out.set_chain_before(ToText(piece.chain_before));
  SetBodies(piece.bodies, out);
}

base::Result<Piece> FromContract(const contract::Piece& in) {
  YB_ASSIGN(const Chain chain, ToChain(in.chain_before()));
  YB_ASSIGN(std::vector<base::Bytes> bodies, ReadBodies(in));
  return Piece{in.session(), in.epoch(), in.first_seq(), chain, std::move(bodies)};
}

void ToContract(const Fetch& fetch, contract::Fetch& out) {
  out.set_session(fetch.session);
  out.set_epoch(fetch.epoch);
  out.set_first_seq(fetch.first);
  out.set_last_seq(fetch.last);
}

base::Result<Fetch> FromContract(const contract::Fetch& in) {
  if (in.first_seq() == 0 || in.last_seq() + 1 < in.first_seq()) {
    return Fail(ErrorCode::kCorrupt, "records " + std::to_string(in.first_seq()) + "…" + std::to_string(in.last_seq()) +
                                         " are asked for, which is no range");
  }
  return Fetch{in.session(), in.epoch(), in.first_seq(), in.last_seq()};
}

base::Result<Hello> FromContract(const contract::Hello& in) {
  Hello hello;
  hello.session = in.session();
  hello.answering = in.answering();
  for (const contract::EpochRange& epoch : in.epochs()) {
    YB_ASSIGN(const Chain chain, ToChain(epoch.chain()));
    YB_ASSIGN(const Chain before, ToChain(epoch.chain_before()));
    hello.epochs.push_back(
        {epoch.epoch(), epoch.first_seq(), epoch.last_seq(), chain, before, epoch.acked(), epoch.rolled_back()});
  }
  return hello;
}

base::Result<Welcome> FromContract(const contract::Welcome& in) {
  Welcome welcome{in.session(), {}, in.credits(), in.central_epoch()};
  for (const contract::EpochPosition& position : in.positions()) {
    YB_ASSIGN(const Chain chain, ToChain(position.chain()));
    YB_ASSIGN(const Chain told, ToChain(position.told_chain()));
    welcome.positions.push_back({position.epoch(), position.committed(), chain, position.told(), told});
  }
  return welcome;
}

}  // namespace

PackedBodies PackBodies(const std::vector<base::Bytes>& bodies) {
  contract::Records records;
  for (const base::Bytes& body : bodies) records.add_body(body.data(), body.size());
  PackedBodies packed{Compress(records.SerializeAsString()), {}};
  packed.digest = base::Sha256(base::AsBytes(packed.payload));
  return packed;
}

base::Result<std::vector<base::Bytes>> UnpackBodies(const std::string& payload, base::ByteView digest) {
  if (!std::ranges::equal(digest, base::Sha256(base::AsBytes(payload)))) {
    return Fail(ErrorCode::kCorrupt, "the frame's digest does not fit its payload");
  }
  YB_ASSIGN(const std::string plain, Decompress(payload));
  contract::Records records;
  if (!records.ParseFromString(plain)) return Fail(ErrorCode::kCorrupt, "the payload is no list of records");
  std::vector<base::Bytes> bodies;
  bodies.reserve(static_cast<std::size_t>(records.body_size()));
  for (const std::string& body : records.body()) bodies.emplace_back(body.begin(), body.end());
  return bodies;
}

base::Bytes EncodeUp(const Hello& hello) {
  contract::Up up;
  contract::Hello& out = *up.mutable_hello();
  out.set_session(hello.session);
  out.set_answering(hello.answering);
  for (const EpochRange& range : hello.epochs) {
    contract::EpochRange& epoch = *out.add_epochs();
    epoch.set_epoch(range.epoch);
    epoch.set_first_seq(range.first);
    epoch.set_last_seq(range.last);
    epoch.set_chain(ToText(range.chain));
    if (range.first > 1) epoch.set_chain_before(ToText(range.chain_before));
    epoch.set_acked(range.acked);
    epoch.set_rolled_back(range.rolled_back);
  }
  return ToBytes(up);
}

base::Bytes EncodeUp(const Frame& frame) {
  contract::Up up;
  contract::Frame& out = *up.mutable_frame();
  out.set_city(frame.city);
  out.set_site(frame.site);
  out.set_lane(static_cast<contract::Lane>(frame.lane));
  out.set_session(frame.session);
  out.set_epoch(frame.epoch);
  out.set_first_seq(frame.first_seq);
  out.set_last_seq(frame.last_seq());
  out.set_schema(kSchema);
  out.set_min_reader(MinReaderOf(frame.lane));
  SetBodies(frame.bodies, out);
  return ToBytes(up);
}

base::Bytes EncodeUp(const Fetch& fetch) {
  contract::Up up;
  ToContract(fetch, *up.mutable_fetch());
  return ToBytes(up);
}

base::Bytes EncodeUp(const Piece& resent) {
  contract::Up up;
  ToContract(resent, *up.mutable_resent());
  return ToBytes(up);
}

base::Bytes EncodeDown(const Welcome& welcome) {
  contract::Down down;
  contract::Welcome& out = *down.mutable_welcome();
  out.set_session(welcome.session);
  out.set_credits(welcome.credits);
  out.set_central_epoch(welcome.central_epoch);
  for (const EpochPosition& position : welcome.positions) {
    contract::EpochPosition& epoch = *out.add_positions();
    epoch.set_epoch(position.epoch);
    epoch.set_committed(position.committed);
    epoch.set_chain(ToText(position.chain));
    epoch.set_told(position.told);
    if (position.told_chain != Chain{}) epoch.set_told_chain(ToText(position.told_chain));
  }
  return ToBytes(down);
}

base::Bytes EncodeDown(const Ack& ack) {
  contract::Down down;
  contract::Ack& out = *down.mutable_ack();
  out.set_session(ack.session);
  out.set_reason(ack.reopen ? contract::ACK_REOPEN : contract::ACK_COMMITTED);
  out.set_epoch(ack.epoch);
  out.set_committed(ack.committed);
  out.set_credits(ack.credits);
  if (ack.chain != Chain{}) out.set_chain(ToText(ack.chain));
  return ToBytes(down);
}

base::Bytes EncodeDown(const Piece& piece) {
  contract::Down down;
  ToContract(piece, *down.mutable_piece());
  return ToBytes(down);
}

base::Bytes EncodeDown(const Fetch& resend) {
  contract::Down down;
  ToContract(resend, *down.mutable_resend());
  return ToBytes(down);
}

base::Result<UpMessage> DecodeUp(base::ByteView bytes) {
  contract::Up up;
  if (!up.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Fail(ErrorCode::kCorrupt, "the bytes are no message of this protocol");
  }
  switch (up.kind_case()) {
    case contract::Up::kHello: return FromContract(up.hello());
    case contract::Up::kFrame: return FromContract(up.frame());
    case contract::Up::kFetch: return FromContract(up.fetch());
    case contract::Up::kResent: return FromContract(up.resent());
    case contract::Up::KIND_NOT_SET: break;
  }
  return Fail(ErrorCode::kUnsupported, "the message is of a kind this version does not know");
}

base::Result<DownMessage> DecodeDown(base::ByteView bytes) {
  contract::Down down;
  if (!down.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Fail(ErrorCode::kCorrupt, "the bytes are no message of this protocol");
  }
  switch (down.kind_case()) {
    case contract::Down::kWelcome: return FromContract(down.welcome());
    case contract::Down::kAck: {
      const contract::Ack& in = down.ack();
      YB_ASSIGN(const Chain chain, ToChain(in.chain()));
      return Ack{in.session(), in.reason() != contract::ACK_COMMITTED, in.epoch(), in.committed(), in.credits(), chain};
    }
    case contract::Down::kPiece: return FromContract(down.piece());
    case contract::Down::kResend: return FromContract(down.resend());
    case contract::Down::kAlarmAct:  // no message of lanes: telemetry::DecodeDownAct reads it
    case contract::Down::KIND_NOT_SET: break;
  }
  return Fail(ErrorCode::kUnsupported, "the message is of a kind this version does not know");
}

}  // namespace yb::sync
