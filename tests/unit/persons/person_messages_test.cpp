// Bytes of the lane `person`: golden messages made by protoc (core/contract/vectors), and what is refused.
#include "core/persons/person_messages.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <numeric>

#include "core/contract/sync.pb.h"
#include "core/persons/search_terms.hpp"
#include "core/sync/frame_codec.hpp"

namespace yb::persons {
namespace {

constexpr std::string_view kOne = "018f3c5e-0000-7000-8000-000000000001";
constexpr std::string_view kTwo = "018f3c5e-0000-7000-8000-000000000002";

base::Bytes Golden(const std::string& name) {
  std::ifstream in("core/contract/vectors/" + name);
  return base::FromHex(std::string{std::istreambuf_iterator<char>(in), {}}).value();
}
security::Secret Counted() {
  security::Secret secret{};
  std::iota(secret.begin(), secret.end(), 0);
  return secret;
}

TEST(PersonMessages, AnOfferIsReadAndWrittenTheSame) {
  const base::Bytes bytes = Golden("person-offer.hex");
  const auto message = DecodePersonMessage(bytes);
  ASSERT_TRUE(message) << message.error().Describe();
  const auto& offer = std::get<PersonOffer>(*message);
  EXPECT_EQ(offer.number, 7U);
  const std::vector<PersonEntry> expected = {
      {std::string(kOne), Counted()}, {std::string(kTwo), std::nullopt}, {"city-search", Counted()}};
  EXPECT_EQ(offer.entries, expected);
  EXPECT_EQ(EncodeMessage(*message), bytes);
}

TEST(PersonMessages, ASummaryAndAnAckAreReadAndWrittenTheSame) {
  const base::Bytes summary = Golden("person-summary.hex");
  const auto message = DecodePersonMessage(summary);
  ASSERT_TRUE(message) << message.error().Describe();
  EXPECT_TRUE(std::get<PersonSummaryMessage>(*message).ask);
  EXPECT_EQ(std::get<PersonSummaryMessage>(*message).summary[63], 63U * 1000003U);
  EXPECT_EQ(EncodeMessage(*message), summary);
  const base::Bytes ack = Golden("person-ack.hex");
  const auto acked = DecodePersonMessage(ack);
  ASSERT_TRUE(acked) << acked.error().Describe();
  EXPECT_EQ(std::get<PersonAck>(*acked).number, 81985529216486895U);
  EXPECT_EQ(EncodeMessage(*acked), ack);
}

TEST(PersonMessages, NoneIsTakenForAMessageOfOtherLanes) {
  for (const char* name : {"person-offer.hex", "person-summary.hex", "person-ack.hex"}) {
    EXPECT_EQ(sync::DecodeUp(Golden(name)).error().code, base::ErrorCode::kUnsupported) << name;
    EXPECT_EQ(sync::DecodeDown(Golden(name)).error().code, base::ErrorCode::kUnsupported) << name;
  }
  EXPECT_EQ(DecodePersonMessage(Golden("frame-two-records.hex")).error().code, base::ErrorCode::kUnsupported);
}

TEST(PersonMessages, RefusesWhatCannotBe) {
  const auto refused = [](const auto& fill) {
    contract::PersonMessage message;
    fill(*message.mutable_offer()->add_entry());
    const std::string bytes = message.SerializeAsString();
    const auto decoded = DecodePersonMessage(base::AsBytes(bytes));
    return !decoded && decoded.error().code == base::ErrorCode::kCorrupt;
  };
  const std::string key(32, 'k');
  EXPECT_FALSE(refused([&](contract::PersonEntry& entry) { entry.set_person(std::string(kOne)), entry.set_key(key); }));
  EXPECT_TRUE(refused([&](contract::PersonEntry& entry) { entry.set_person("somebody"), entry.set_key(key); }));
  EXPECT_TRUE(refused([](contract::PersonEntry& entry) { entry.set_person(std::string(kOne)); }));
  EXPECT_TRUE(refused(
      [](contract::PersonEntry& entry) { entry.set_person(std::string(kOne)), entry.set_key(std::string(31, 'k')); }));
  EXPECT_TRUE(refused([&](contract::PersonEntry& entry) {
    entry.set_person(std::string(kOne)), entry.set_key(key), entry.set_erased(true);
  }));
  EXPECT_TRUE(refused([](contract::PersonEntry& entry) { entry.set_person("city-search"), entry.set_erased(true); }));
  contract::PersonMessage few;
  few.mutable_summary()->add_bucket(1);
  EXPECT_FALSE(DecodePersonMessage(base::AsBytes(few.SerializeAsString())));
}

TEST(PersonEntry, HasTheMarkThatTheProtocolTells) {
  // From python's hashlib: sha256(person)[0] % 64, sha256(person + b"\0" + key)[:8].
  EXPECT_EQ(BucketOf(kOne), 6U);
  EXPECT_EQ(MarkOf({std::string(kOne), Counted()}), 0x719279272978E92EU);
  EXPECT_EQ(MarkOf({std::string(kOne), std::nullopt}), 0x3260CE6480DD9D3CU);
}

TEST(SearchTerms, AreMadeAlikeOfWhatIsStoredAndTyped) {
  EXPECT_EQ(TermsOf({"王 小明", "34052419800101001x", "", "138-1234-8000"}),
            (std::vector<std::string>{"code:34052419800101001X", "name:王小明", "phone:13812348000", "tail:8000"}));
  EXPECT_EQ(TermsIn("8000"), (std::vector<std::string>{"tail:8000", "phone:8000"}));
  EXPECT_EQ(TermsIn("138 1234 8000"), std::vector<std::string>{"phone:13812348000"});
  EXPECT_EQ(TermsIn("９１１５０２０３ｍａ０ｎ０００１６４"),
            (std::vector<std::string>{"code:91150203MA0N000164", "name:91150203MA0N000164"}));
  EXPECT_EQ(TermsIn("　王小明 "), std::vector<std::string>{"name:王小明"});
  EXPECT_TRUE(TermsIn("  　").empty());
  EXPECT_TRUE(TermsOf({}).empty());
}

}  // namespace
}  // namespace yb::persons
