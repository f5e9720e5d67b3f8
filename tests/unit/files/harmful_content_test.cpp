// What is no material of a case, by its first bytes: signatures as the formats' own documents give them.
#include "core/files/harmful_content.hpp"

#include <gtest/gtest.h>

namespace yb::files {
namespace {

using namespace std::string_view_literals;

bool IsTaken(std::string_view text) {
  return CheckContent(base::AsBytes(text)).has_value();
}

TEST(HarmfulContent, IsAProgramAScriptAShortcutOrAWebPage) {
  for (const std::string_view text :
       {"MZ\x90\0\x03"sv, "\x7F\x45LF\x02"sv, "\xCF\xFA\xED\xFE\x07"sv, "\xCA\xFE\xBA\xBE\0"sv, "#!/bin/sh\nrm"sv,
        "L\0\0\0\x01\x14\x02\0\0"sv, "<!DOCTYPE html><title>%PDF</title>"sv, "\xEF\xBB\xBF\n <Html lang=zh>"sv,
        "\t<script>alert(1)</script>"sv, "<?php echo 1;"sv}) {
    EXPECT_FALSE(IsTaken(text)) << text;
  }
  const auto refused = CheckContent(base::AsBytes("MZ"sv));
  EXPECT_EQ(refused.error().code, base::ErrorCode::kInvalidArgument);
  EXPECT_NE(refused.error().message_zh, CheckContent(base::AsBytes("<html>"sv)).error().message_zh);
}

TEST(HarmfulContent, IsNothingElse) {
  for (const std::string_view text : {""sv, "%PDF-1.4\n"sv, "\xFF\xD8\xFF\xE0"sv, "\x89PNG\r\n\x1A\n"sv, "PK\x03\x04"sv,
                                      "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv, "AC1032"sv, "a note\n"sv, "M"sv, "#"sv,
                                      "<?xml version='1.0'?><ofd/>"sv, "  0\r\nSECTION\r\n"sv, "<htm"sv}) {
    EXPECT_TRUE(IsTaken(text)) << text;
  }
}

}  // namespace
}  // namespace yb::files
