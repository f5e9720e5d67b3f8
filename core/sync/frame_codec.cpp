#include "core/sync/frame_codec.hpp"

#include <zstd.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "core/base/digest.hpp"
#include "core/contract/sync.pb.h"

namespace yb::sync {
namespace {

using base::ErrorCode;
using base::Fail;

constexpr int kCompressionLevel = 1;  // frames are small: level 3 saves 2 % and costs twice the time

base::Bytes ToBytes(const google::protobuf::MessageLite& message) {
  base::Bytes bytes(message.ByteSizeLong());
  message.SerializeToArray(bytes.data(), static_cast<int>(bytes.size()));
  return bytes;
}

std::string ToText(const Chain& chain) {
  return {chain.begin(), chain.end()};
}

base::Result<Chain> ToChain(const std::string& text) {
  Chain chain{};
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

/// How many sequences the bodies stand for; nullopt where they do not say so rightly.
std::optional<std::uint64_t> CountSequences(const contract::Records& records) {
  if (records.body_size() == 0) return std::nullopt;
  if (records.span_size() == 0) return static_cast<std::uint64_t>(records.body_size());
  if (records.span_size() != records.body_size()) return std::nullopt;
  constexpr std::uint64_t kMost = UINT64_MAX / 2;
  std::uint64_t count = 0;
  for (const std::uint64_t span : records.span()) {
    if (span == 0 || span > kMost - count) return std::nullopt;
    count += span;
  }
  return count;
}

base::Result<Frame> FromContract(const contract::Frame& in) {
  if (in.min_reader() > kSchema) {
    return Fail(ErrorCode::kUnsupported, "the frame needs reader version " + std::to_string(in.min_reader()),
                "update this side first");
  }
  const base::Digest digest = base::Sha256(base::AsBytes(in.payload()));
  if (!std::ranges::equal(base::AsBytes(in.digest()), digest)) {
    return Fail(ErrorCode::kCorrupt, "the frame's digest does not fit its payload");
  }
  YB_ASSIGN(const std::string plain, Decompress(in.payload()));
  contract::Records records;
  if (!records.ParseFromString(plain)) return Fail(ErrorCode::kCorrupt, "the payload is no list of records");
  const std::optional<std::uint64_t> count = CountSequences(records);
  if (!count || in.first_seq() == 0 || in.last_seq() < in.first_seq() || in.last_seq() - in.first_seq() + 1 != *count) {
    return Fail(ErrorCode::kCorrupt, "the frame names sequences " + std::to_string(in.first_seq()) + "…" +
                                         std::to_string(in.last_seq()) + " and carries " +
                                         std::to_string(records.body_size()) + " records that stand for others");
  }
  const auto lane = ParseLane(ToString(static_cast<Lane>(in.lane())));
  if (!lane) return Fail(ErrorCode::kCorrupt, "the frame names no lane");
  Frame frame{in.city(),  in.site(),      *lane, in.session(),
              in.epoch(), in.first_seq(), {},    {records.span().begin(), records.span().end()}};
  frame.bodies.reserve(static_cast<std::size_t>(records.body_size()));
  for (const std::string& body : records.body()) frame.bodies.emplace_back(body.begin(), body.end());
  return frame;
}

}  // namespace

base::Bytes EncodeUp(const Hello& hello) {
  contract::Up up;
  contract::Hello& out = *up.mutable_hello();
  out.set_session(hello.session);
  for (const EpochRange& range : hello.epochs) {
    contract::EpochRange& epoch = *out.add_epochs();
    epoch.set_epoch(range.epoch);
    epoch.set_first_seq(range.first);
    epoch.set_last_seq(range.last);
    epoch.set_chain(ToText(range.chain));
  }
  return ToBytes(up);
}

base::Bytes EncodeUp(const Frame& frame) {
  contract::Records records;
  for (const base::Bytes& body : frame.bodies) records.add_body(body.data(), body.size());
  for (const std::uint64_t span : frame.spans) records.add_span(span);
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
  out.set_min_reader(frame.spans.empty() ? kMinReader : kMinReaderOfSpans);
  out.set_payload(Compress(records.SerializeAsString()));
  const base::Digest digest = base::Sha256(base::AsBytes(out.payload()));
  out.set_digest(digest.data(), digest.size());
  return ToBytes(up);
}

base::Bytes EncodeDown(const Welcome& welcome) {
  contract::Down down;
  contract::Welcome& out = *down.mutable_welcome();
  out.set_session(welcome.session);
  out.set_credits(welcome.credits);
  for (const EpochPosition& position : welcome.positions) {
    contract::EpochPosition& epoch = *out.add_positions();
    epoch.set_epoch(position.epoch);
    epoch.set_committed(position.committed);
    epoch.set_chain(ToText(position.chain));
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
  return ToBytes(down);
}

base::Result<std::variant<Hello, Frame>> DecodeUp(base::ByteView bytes) {
  contract::Up up;
  if (!up.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Fail(ErrorCode::kCorrupt, "the bytes are no message of this protocol");
  }
  if (up.has_frame()) {
    YB_ASSIGN(Frame frame, FromContract(up.frame()));
    return frame;
  }
  if (!up.has_hello()) return Fail(ErrorCode::kUnsupported, "the message is of a kind this version does not know");
  Hello hello;
  hello.session = up.hello().session();
  for (const contract::EpochRange& epoch : up.hello().epochs()) {
    YB_ASSIGN(const Chain chain, ToChain(epoch.chain()));
    hello.epochs.push_back({epoch.epoch(), epoch.first_seq(), epoch.last_seq(), chain});
  }
  return hello;
}

base::Result<std::variant<Welcome, Ack>> DecodeDown(base::ByteView bytes) {
  contract::Down down;
  if (!down.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Fail(ErrorCode::kCorrupt, "the bytes are no message of this protocol");
  }
  if (down.has_ack()) {
    const contract::Ack& in = down.ack();
    return Ack{in.session(), in.reason() != contract::ACK_COMMITTED, in.epoch(), in.committed(), in.credits()};
  }
  if (!down.has_welcome()) return Fail(ErrorCode::kUnsupported, "the message is of a kind this version does not know");
  Welcome welcome;
  welcome.session = down.welcome().session();
  welcome.credits = down.welcome().credits();
  for (const contract::EpochPosition& position : down.welcome().positions()) {
    YB_ASSIGN(const Chain chain, ToChain(position.chain()));
    welcome.positions.push_back({position.epoch(), position.committed(), chain});
  }
  return welcome;
}

}  // namespace yb::sync
