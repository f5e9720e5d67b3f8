#include "core/ledger/snapshot_message.hpp"

#include "core/contract/message_bytes.hpp"
#include "core/contract/sync.pb.h"
#include "core/sync/frame_codec.hpp"

namespace yb::ledger {
namespace {

using base::ErrorCode;
using base::Fail;

void Put(const SnapshotPlace& place, contract::SnapshotPlace& out) {
  out.set_finished(place.finished);
  out.set_from(place.from);
}

SnapshotPlace Take(const contract::SnapshotPlace& in) {
  return {in.finished(), in.from()};
}

void ToContract(const SnapshotWant& want, contract::SnapshotMessage& out) {
  contract::SnapshotWant& to = *out.mutable_want();
  to.set_no(want.no);
  Put(want.at, *to.mutable_at());
}
void ToContract(const SnapshotPiece& piece, contract::SnapshotMessage& out) {
  contract::SnapshotPiece& to = *out.mutable_piece();
  const base::Bytes header = EncodeSnapshot(piece.snapshot);
  to.set_header(header.data(), header.size());
  Put(piece.at, *to.mutable_at());
  if (piece.next) Put(*piece.next, *to.mutable_next());
  sync::PackedBodies packed = sync::PackBodies(piece.records);
  to.set_payload(std::move(packed.payload));
  to.set_digest(packed.digest.data(), packed.digest.size());
}
void ToContract(const SnapshotNone& none, contract::SnapshotMessage& out) {
  out.mutable_none()->set_later(none.later);
}

base::Result<SnapshotMessage> FromContract(const contract::SnapshotPiece& in) {
  SnapshotPiece piece;
  YB_ASSIGN(piece.snapshot, DecodeSnapshot(base::AsBytes(in.header())));
  piece.at = Take(in.at());
  if (in.has_next()) piece.next = Take(in.next());
  YB_ASSIGN(piece.records, sync::UnpackBodies(in.payload(), base::AsBytes(in.digest())));
  return piece;
}

}  // namespace

base::Bytes EncodeMessage(const SnapshotMessage& message) {
  contract::SnapshotMessage out;
  std::visit([&](const auto& one) { ToContract(one, out); }, message);
  return contract::ToBytes(out);
}

base::Result<SnapshotMessage> DecodeSnapshotMessage(base::ByteView bytes) {
  contract::SnapshotMessage in;
  if (!in.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Fail(ErrorCode::kCorrupt, "the bytes are no message of this protocol");
  }
  switch (in.kind_case()) {
    case contract::SnapshotMessage::kWant: return SnapshotWant{in.want().no(), Take(in.want().at())};
    case contract::SnapshotMessage::kPiece: return FromContract(in.piece());
    case contract::SnapshotMessage::kNone: return SnapshotNone{in.none().later()};
    case contract::SnapshotMessage::KIND_NOT_SET: break;
  }
  return Fail(ErrorCode::kUnsupported, "the message is of a kind this version does not know");
}

}  // namespace yb::ledger
