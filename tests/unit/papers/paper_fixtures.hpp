// The papers of tests/fixtures/papers, which were written by hand in the text form of version 1.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "core/papers/paper_codec.hpp"

namespace yb::papers {

inline constexpr const char* kKindNames[] = {"acceptance", "correction", "decline", "delivery", "planning_permit"};

inline std::string FixtureText(const std::string& kind) {
  std::ifstream file("tests/fixtures/papers/" + kind + ".json");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

inline Paper Fixture(const std::string& kind) {
  base::Result<Paper> paper = Decode(FixtureText(kind));
  EXPECT_TRUE(paper) << kind << ": " << paper.error().Describe();
  return paper ? *paper : Paper{};
}

inline CivilDate Day(const char* text) {
  return *calendar::ParseDate(text);
}

}  // namespace yb::papers
