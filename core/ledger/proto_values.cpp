#include "core/ledger/proto_values.hpp"

#include "core/contract/ledger.pb.h"

namespace yb::ledger {
namespace {

constexpr std::int32_t kMostDay = 2'932'896;  // 9999-12-31
constexpr std::int32_t kLeastDay = -62'091;   // 1800-01-01

}  // namespace

std::int32_t DayNumber(calendar::CivilDate day) {
  return static_cast<std::int32_t>(day.time_since_epoch().count());
}

base::Result<calendar::CivilDate> ToDay(std::int32_t day) {
  if (day < kLeastDay || day > kMostDay) {
    return base::Fail(base::ErrorCode::kCorrupt, "a record names a day that cannot be");
  }
  return calendar::CivilDate(std::chrono::days(day));
}

base::Result<base::UtcTime> ToTime(std::int64_t micros) {
  constexpr std::int64_t kDay = 86'400'000'000;
  if (micros < kLeastDay * kDay || micros > kMostDay * kDay) {
    return base::Fail(base::ErrorCode::kCorrupt, "a record names a time that cannot be");
  }
  return base::UtcTime{micros};
}

std::string ToText(const std::optional<base::Decimal>& value) {
  return value ? value->ToString() : "";
}

base::Result<std::optional<base::Decimal>> ToDecimal(const std::string& text) {
  if (text.empty()) return std::optional<base::Decimal>();
  YB_ASSIGN(const base::Decimal value, base::Decimal::Parse(text));
  return std::optional(value);
}

base::Result<cases::Side> ToSide(std::uint32_t side) {
  if (side != 1 && side != 2) return base::Fail(base::ErrorCode::kCorrupt, "a record names no side");
  return static_cast<cases::Side>(side);
}

void Put(const cases::EventId& id, contract::LedgerEventId& out) {
  out.set_writer(static_cast<std::uint32_t>(id.writer));
  out.mutable_at()->set_epoch(id.at.epoch);
  out.mutable_at()->set_seq(id.at.seq);
}

base::Result<cases::EventId> Take(const contract::LedgerEventId& in) {
  YB_ASSIGN(const cases::Side writer, ToSide(in.writer()));
  return cases::EventId{writer, {in.at().epoch(), in.at().seq()}};
}

void Put(const cases::ItemTerms& terms, contract::ItemTerms& out) {
  out.set_item(terms.item);
  out.set_name(terms.name);
  out.set_version(terms.version);
  out.set_statutory_days(terms.statutory_days);
  out.set_promised_days(terms.promised_days);
  out.set_extension_days(terms.extension_days);
  Put(terms.signers, *out.mutable_signer());
  Put(terms.materials, *out.mutable_material());
}

cases::ItemTerms Take(const contract::ItemTerms& in) {
  return {in.item(),          in.name(),           in.version(),      in.statutory_days(),
          in.promised_days(), in.extension_days(), Take(in.signer()), Take(in.material())};
}

void Put(const cases::Actor& actor, contract::LedgerActor& out) {
  out.set_user(actor.user);
  out.set_name(actor.name);
  out.set_department(actor.department);
}

cases::Actor Take(const contract::LedgerActor& in) {
  return {in.user(), in.name(), in.department()};
}

}  // namespace yb::ledger
