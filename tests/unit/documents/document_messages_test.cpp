// The bytes of the lane `document`, against golden ones made by protoc.
#include "core/documents/document_messages.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "core/contract/sync.pb.h"
#include "core/sync/frame_codec.hpp"

namespace yb::documents {
namespace {

const std::string kCalendar = "[[year]]\nyear = 2027\n";

base::Bytes Golden(const std::string& name) {
  std::ifstream in("core/contract/vectors/" + name);
  return base::FromHex(std::string{std::istreambuf_iterator<char>(in), {}}).value();
}
Message Read(const std::string& name) {
  const base::Bytes bytes = Golden(name);
  const auto message = DecodeDocumentMessage(bytes);
  EXPECT_TRUE(message) << message.error().Describe();
  EXPECT_EQ(EncodeMessage(*message), bytes) << name;
  return *message;
}

TEST(DocumentMessages, EachIsReadAndWrittenTheSame) {
  const Head calendar = MakeDocument(Kind::kCalendar, 3, kCalendar).head;
  const Head catalogue = MakeDocument(Kind::kCatalogue, 9, "version = 2\n").head;
  const auto report = std::get<Report>(Read("document-report.hex"));
  EXPECT_EQ(report.number, 7U);
  EXPECT_EQ(report.state.applied, std::vector<Head>{calendar});
  ASSERT_EQ(report.state.refused.size(), 1U);
  EXPECT_EQ(report.state.refused[0], (Refusal{catalogue, {"no items", "没有事项"}}));
  const auto offer = std::get<Offer>(Read("document-offer.hex"));
  EXPECT_EQ(offer.number, 7U);
  EXPECT_EQ(offer.heads, (std::vector<Head>{calendar, catalogue}));
  const auto want = std::get<Want>(Read("document-want.hex"));
  EXPECT_EQ(want.head, calendar);
  EXPECT_EQ(want.offset, 9U);
  EXPECT_EQ(want.length, 12U);
  const auto piece = std::get<Piece>(Read("document-piece.hex"));
  EXPECT_EQ(piece.head, calendar);
  EXPECT_EQ(piece.content, kCalendar.substr(9));
}

TEST(DocumentMessages, NoneIsTakenForAMessageOfOtherLanes) {
  for (const char* name : {"document-report.hex", "document-offer.hex", "document-want.hex", "document-piece.hex"}) {
    EXPECT_EQ(sync::DecodeUp(Golden(name)).error().code, base::ErrorCode::kUnsupported) << name;
    EXPECT_EQ(sync::DecodeDown(Golden(name)).error().code, base::ErrorCode::kUnsupported) << name;
  }
  for (const char* name : {"person-ack.hex", "file-want.hex", "hello-two-epochs.hex"}) {
    EXPECT_EQ(DecodeDocumentMessage(Golden(name)).error().code, base::ErrorCode::kUnsupported) << name;
  }
}

std::string Bytes(const contract::DocumentMessage& message) {
  return message.SerializeAsString();
}

TEST(DocumentMessages, AKindOfALaterVersionIsPassedOverInOffersAndRefusedElsewhere) {
  contract::DocumentHead head;
  head.set_kind(static_cast<contract::DocumentKind>(77));
  head.set_version(1);
  head.set_sha256(std::string(32, 'x'));
  contract::DocumentMessage offer;
  *offer.mutable_offer()->add_document() = head;
  const std::string bytes = Bytes(offer);
  const auto read = DecodeDocumentMessage(base::AsBytes(bytes));
  ASSERT_TRUE(read) << read.error().Describe();
  EXPECT_TRUE(std::get<Offer>(*read).heads.empty());
  contract::DocumentMessage want;
  *want.mutable_want()->mutable_document() = head;
  EXPECT_EQ(DecodeDocumentMessage(base::AsBytes(Bytes(want))).error().code, base::ErrorCode::kUnsupported);
}

TEST(DocumentMessages, WhatCannotBeIsRefused) {
  contract::DocumentMessage short_sha, too_long, long_piece;
  short_sha.mutable_want()->mutable_document()->set_kind(contract::DOCUMENT_CALENDAR);
  short_sha.mutable_want()->mutable_document()->set_sha256("short");
  too_long = short_sha;
  too_long.mutable_want()->mutable_document()->set_sha256(std::string(32, 'x'));
  too_long.mutable_want()->mutable_document()->set_size(kMostBytes + 1);
  *long_piece.mutable_piece()->mutable_document() = too_long.want().document();
  long_piece.mutable_piece()->mutable_document()->set_size(kMostBytes);
  long_piece.mutable_piece()->set_content(std::string(kMostPiece + 1, 'x'));
  for (const auto* message : {&short_sha, &too_long, &long_piece}) {
    EXPECT_EQ(DecodeDocumentMessage(base::AsBytes(Bytes(*message))).error().code, base::ErrorCode::kCorrupt);
  }
  EXPECT_EQ(DecodeDocumentMessage(base::AsBytes("\xFF\xFF")).error().code, base::ErrorCode::kCorrupt);
}

}  // namespace
}  // namespace yb::documents
