#include "core/persons/person_messages.hpp"

#include <algorithm>

#include "core/base/uuid.hpp"
#include "core/contract/message_bytes.hpp"
#include "core/contract/sync.pb.h"

namespace yb::persons {
namespace {

using base::ErrorCode;
using base::Fail;

void ToContract(const PersonSummaryMessage& message, contract::PersonMessage& out) {
  contract::PersonSummary& summary = *out.mutable_summary();
  for (const std::uint64_t bucket : message.summary) summary.add_bucket(bucket);
  summary.set_ask(message.ask);
}

void ToContract(const PersonOffer& offer, contract::PersonMessage& out) {
  contract::PersonOffer& to = *out.mutable_offer();
  to.set_number(offer.number);
  for (const PersonEntry& entry : offer.entries) {
    contract::PersonEntry& one = *to.add_entry();
    one.set_person(entry.person);
    if (entry.key) one.set_key(entry.key->data(), entry.key->size());
    one.set_erased(!entry.key);
  }
}

void ToContract(const PersonAck& ack, contract::PersonMessage& out) {
  out.mutable_ack()->set_number(ack.number);
}

base::Result<PersonMessage> FromContract(const contract::PersonSummary& in) {
  PersonSummaryMessage message{in.ask(), {}};
  if (static_cast<std::size_t>(in.bucket_size()) != message.summary.size()) {
    return Fail(ErrorCode::kCorrupt, "a summary has 64 buckets, this one " + std::to_string(in.bucket_size()));
  }
  std::ranges::copy(in.bucket(), message.summary.begin());
  return message;
}

base::Result<PersonEntry> FromContract(const contract::PersonEntry& in) {
  PersonEntry entry{in.person(), std::nullopt};
  if (!IsEntryName(entry.person)) return Fail(ErrorCode::kCorrupt, "an entry names no person");
  if (in.erased()) {
    if (!base::IsUuid(entry.person)) return Fail(ErrorCode::kCorrupt, "a key for searches cannot be erased");
    if (!in.key().empty()) return Fail(ErrorCode::kCorrupt, "an entry is erased and has a key");
    return entry;
  }
  security::Secret key{};
  if (in.key().size() != key.size()) return Fail(ErrorCode::kCorrupt, "the key of an entry is not 32 bytes long");
  std::ranges::copy(base::AsBytes(in.key()), key.begin());
  entry.key = key;
  return entry;
}

base::Result<PersonMessage> FromContract(const contract::PersonOffer& in) {
  if (static_cast<std::size_t>(in.entry_size()) > kMostEntries) {
    return Fail(ErrorCode::kCorrupt, "an offer has more than " + std::to_string(kMostEntries) + " entries");
  }
  PersonOffer offer{in.number(), {}};
  for (const contract::PersonEntry& entry : in.entry()) {
    YB_ASSIGN(PersonEntry one, FromContract(entry));
    offer.entries.push_back(std::move(one));
  }
  return offer;
}

}  // namespace

base::Bytes EncodeMessage(const PersonMessage& message) {
  contract::PersonMessage out;
  std::visit([&](const auto& one) { ToContract(one, out); }, message);
  return ToBytes(out);
}

base::Result<PersonMessage> DecodePersonMessage(base::ByteView bytes) {
  contract::PersonMessage in;
  if (!in.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Fail(ErrorCode::kCorrupt, "the bytes are no message of the lane person");
  }
  switch (in.kind_case()) {
    case contract::PersonMessage::kSummary: return FromContract(in.summary());
    case contract::PersonMessage::kOffer: return FromContract(in.offer());
    case contract::PersonMessage::kAck: return PersonAck{in.ack().number()};
    case contract::PersonMessage::KIND_NOT_SET: break;
  }
  return Fail(ErrorCode::kUnsupported, "the message is of a kind this version does not know");
}

}  // namespace yb::persons
