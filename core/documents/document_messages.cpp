#include "core/documents/document_messages.hpp"

#include <algorithm>

#include "core/contract/message_bytes.hpp"
#include "core/contract/sync.pb.h"

namespace yb::documents {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Result;

constexpr int kMostHeads = 64;  // kinds of later versions among them
constexpr std::size_t kMostWhy = 4096;

void Put(const Head& head, contract::DocumentHead& out) {
  out.set_kind(static_cast<contract::DocumentKind>(head.kind));
  out.set_version(head.version);
  out.set_sha256(head.sha.data(), head.sha.size());
  out.set_size(head.size);
}

/// Nullopt: of a kind of a later version.
Result<std::optional<Head>> Read(const contract::DocumentHead& in) {
  Head head;
  head.version = in.version();
  head.size = in.size();
  if (in.sha256().size() != head.sha.size()) return Fail(ErrorCode::kCorrupt, "a document has no SHA-256");
  std::ranges::copy(base::AsBytes(in.sha256()), head.sha.begin());
  if (head.size > kMostBytes) return Fail(ErrorCode::kCorrupt, "a document is longer than 1 MiB");
  const auto kind = KindOf(in.kind());
  if (!kind) return std::nullopt;
  head.kind = *kind;
  return head;
}

Result<Head> ReadKnown(const contract::DocumentHead& in) {
  YB_ASSIGN(const std::optional<Head> head, Read(in));
  if (!head) return Fail(ErrorCode::kUnsupported, "the document is of a kind this version does not know");
  return *head;
}

template <class List>
Result<std::vector<Head>> ReadAll(const List& in) {
  if (in.size() > kMostHeads) return Fail(ErrorCode::kCorrupt, "a message names too many documents");
  std::vector<Head> heads;
  for (const contract::DocumentHead& one : in) {
    YB_ASSIGN(const std::optional<Head> head, Read(one));
    if (head) heads.push_back(*head);
  }
  return heads;
}

void ToContract(const Report& report, contract::DocumentMessage& out) {
  contract::DocumentReport& to = *out.mutable_report();
  to.set_number(report.number);
  for (const Head& head : report.state.applied) Put(head, *to.add_applied());
  for (const Refusal& refusal : report.state.refused) {
    contract::DocumentRefusal& one = *to.add_refused();
    Put(refusal.head, *one.mutable_document());
    one.set_why(refusal.why.en);
    one.set_why_zh(refusal.why.zh);
  }
}
void ToContract(const Offer& offer, contract::DocumentMessage& out) {
  contract::DocumentOffer& to = *out.mutable_offer();
  to.set_number(offer.number);
  for (const Head& head : offer.heads) Put(head, *to.add_document());
}
void ToContract(const Want& want, contract::DocumentMessage& out) {
  contract::DocumentWant& to = *out.mutable_want();
  Put(want.head, *to.mutable_document());
  to.set_offset(want.offset);
  to.set_length(want.length);
}
void ToContract(const Piece& piece, contract::DocumentMessage& out) {
  contract::DocumentPiece& to = *out.mutable_piece();
  Put(piece.head, *to.mutable_document());
  to.set_offset(piece.offset);
  to.set_content(piece.content);
}

Result<Message> FromContract(const contract::DocumentReport& in) {
  Report report{in.number(), {}};
  YB_ASSIGN(report.state.applied, ReadAll(in.applied()));
  if (in.refused_size() > kMostHeads) return Fail(ErrorCode::kCorrupt, "a report names too many documents");
  for (const contract::DocumentRefusal& one : in.refused()) {
    if (one.why().size() > kMostWhy || one.why_zh().size() > kMostWhy) {
      return Fail(ErrorCode::kCorrupt, "a reason is longer than 4 KiB");
    }
    YB_ASSIGN(const std::optional<Head> head, Read(one.document()));
    if (head) report.state.refused.push_back({*head, {one.why(), one.why_zh()}});
  }
  return report;
}
Result<Message> FromContract(const contract::DocumentOffer& in) {
  YB_ASSIGN(std::vector<Head> heads, ReadAll(in.document()));
  return Offer{in.number(), std::move(heads)};
}
Result<Message> FromContract(const contract::DocumentWant& in) {
  YB_ASSIGN(const Head head, ReadKnown(in.document()));
  return Want{head, in.offset(), in.length()};
}
Result<Message> FromContract(const contract::DocumentPiece& in) {
  YB_ASSIGN(const Head head, ReadKnown(in.document()));
  if (in.content().size() > kMostPiece) return Fail(ErrorCode::kCorrupt, "a piece is longer than 64 KiB");
  return Piece{head, in.offset(), in.content()};
}

}  // namespace

base::Bytes EncodeMessage(const Message& message) {
  contract::DocumentMessage out;
  std::visit([&](const auto& one) { ToContract(one, out); }, message);
  return ToBytes(out);
}

Result<Message> DecodeDocumentMessage(base::ByteView bytes) {
  contract::DocumentMessage in;
  if (!in.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Fail(ErrorCode::kCorrupt, "the bytes are no message of the lane document");
  }
  switch (in.kind_case()) {
    case contract::DocumentMessage::kReport: return FromContract(in.report());
    case contract::DocumentMessage::kOffer: return FromContract(in.offer());
    case contract::DocumentMessage::kWant: return FromContract(in.want());
    case contract::DocumentMessage::kPiece: return FromContract(in.piece());
    case contract::DocumentMessage::KIND_NOT_SET: break;
  }
  return Fail(ErrorCode::kUnsupported, "the message is of a kind this version does not know");
}

}  // namespace yb::documents
