// What an archive takes, by its first bytes: signatures as the formats' own documents give them.
#include "core/files/content_kind.hpp"

#include <gtest/gtest.h>

namespace yb::files {
namespace {

using namespace std::string_view_literals;

std::string KindOf(std::string_view text) {
  return std::string(ContentKindOf(base::AsBytes(text)).value_or("none"));
}

TEST(ContentKind, IsToldByTheFirstBytes) {
  EXPECT_EQ(KindOf("%PDF-1.4\n%...."), "PDF");
  EXPECT_EQ(KindOf(std::string(1024, ' ') + "%PDF-1.7"), "PDF") << "readers look through the first 1024 bytes";
  EXPECT_EQ(KindOf("\xFF\xD8\xFF\xE0\0\x10JFIF"sv), "JPEG");
  EXPECT_EQ(KindOf("\x89PNG\r\n\x1A\n\0\0"sv), "PNG");
  EXPECT_EQ(KindOf("II*\0\x08\0\0\0"sv), "TIFF");
  EXPECT_EQ(KindOf("MM\0*\0\0\0\x08"sv), "TIFF");
  EXPECT_EQ(KindOf("PK\x03\x04\x14\0"sv), "ZIP");
  EXPECT_EQ(KindOf("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0"sv), "Office");
  EXPECT_EQ(KindOf("AC1032\0\0"sv), "DWG");
  EXPECT_EQ(KindOf("AutoCAD Binary DXF\r\n\x1A\0"sv), "DXF");
  EXPECT_EQ(KindOf("  0\r\nSECTION\r\n  2\r\nHEADER\r\n"), "DXF");
  EXPECT_EQ(KindOf("999\nby a program\n999\nonce more\n0\nSECTION\n"), "DXF");
}

TEST(ContentKind, IsNoneOfWhatNoArchiveTakes) {
  EXPECT_EQ(KindOf(""), "none");
  EXPECT_EQ(KindOf("MZ\x90\0"sv), "none");
  EXPECT_EQ(KindOf("\x7F"
                   "ELF"),
            "none");
  EXPECT_EQ(KindOf("<!doctype html><title>%PDF</title>"), "none");
  EXPECT_EQ(KindOf("a note\n"), "none");
  EXPECT_EQ(KindOf("AC10, a note"), "none");
  EXPECT_EQ(KindOf("0\nSECTIONS\n"), "none");
  EXPECT_EQ(KindOf("999\n"), "none");
  EXPECT_EQ(KindOf(std::string(1025, ' ') + "%PDF-1.7"), "none");
  const auto refused = CheckContentKind(base::AsBytes("a note"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::ErrorCode::kInvalidArgument);
  EXPECT_FALSE(refused.error().message_zh.empty());
}

}  // namespace
}  // namespace yb::files
