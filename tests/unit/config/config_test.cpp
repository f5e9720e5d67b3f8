#include <gtest/gtest.h>

#include <unistd.h>
#include <fstream>

#include "core/config/nearest_word.hpp"
#include "core/config/toml_table.hpp"
#include "tests/support/temp_folder.hpp"

namespace yb::config {
namespace {

using base::ErrorCode;

constexpr std::string_view kGood = R"(name = "a"
port = 80
deep = true
share = 0.25
factor = "0.01"
words = ["x", "y"]

[web]
pages = "pages/../dist"

[[line]]
key = "one"

[[line]]
key = "two"
)";

/// What `read` complains about in the table of `text`, or "none".
template <class Read>
std::string Complaint(std::string_view text, Read read) {
  const base::Result<TomlNode> root = ParseToml(text, "a.toml");
  if (!root) return root.error().Describe();
  TomlTable table(*root, "a.toml");
  const auto result = read(table);
  return result ? "none" : result.error().Describe();
}

TEST(TomlTable, ReadsEveryKindOfValue) {
  const TomlNode root = ParseToml(kGood, "etc/a.toml").value();
  TomlTable table(root, "etc/a.toml");
  EXPECT_EQ(table.Text("name").value(), "a");
  EXPECT_EQ(table.Whole("port", 0, 65'535).value(), 80);
  EXPECT_TRUE(table.FlagOr("deep", false).value());
  EXPECT_EQ(table.NumberOr("share", 0, 1, 0).value(), 0.25);
  EXPECT_EQ(table.DecimalOr("factor", base::Decimal(1, 0)).value(), base::Decimal(1, 2));
  EXPECT_EQ(table.TextsOr("words").value(), (std::vector<std::string>{"x", "y"}));
  TomlTable web = table.Table("web").value();
  EXPECT_EQ(web.Path("pages").value(), "etc/dist") << "relative to the file's folder";
  std::vector<TomlTable> lines = table.Tables("line").value();
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[1].Text("key").value(), "two");
  EXPECT_EQ(lines[1].Place(), "etc/a.toml:14");
  EXPECT_TRUE(web.RefuseUnknownKeys());
  EXPECT_TRUE(table.RefuseUnknownKeys());
}

TEST(TomlTable, GivesTheDefaultOfAnAbsentKey) {
  const TomlNode root = ParseToml("empty = \"\"\n", "etc/a.toml").value();
  TomlTable table(root, "etc/a.toml");
  EXPECT_EQ(table.TextOr("name", "b").value(), "b");
  EXPECT_EQ(table.WholeOr("port", 0, 9, 7).value(), 7);
  EXPECT_EQ(table.PathOr("folder", "run/data").value(), "run/data") << "a default is taken as it is";
  EXPECT_EQ(table.PathOr("empty", "run/data").value(), "");
  EXPECT_FALSE(table.TableIfAny("web").value());
  EXPECT_TRUE(table.Tables("line").value().empty());
}

TEST(TomlTable, RefusesAMissingKey) {
  EXPECT_EQ(Complaint("", [](TomlTable& table) { return table.Text("name"); }),
            "a.toml:1: name: is missing (expected a text in quotes)");
  EXPECT_EQ(Complaint("", [](TomlTable& table) { return table.Table("web"); }),
            "a.toml:1: web: is missing (expected a table written as [web])");
}

TEST(TomlTable, RefusesAValueOfAnotherKind) {
  const auto whole = [](TomlTable& table) { return table.Whole("v", 1, 9); };
  EXPECT_EQ(Complaint("\nv = \"3\"\n", whole),
            "a.toml:2: v: found the text \"3\" (expected a whole number from 1 to 9)");
  EXPECT_EQ(Complaint("v = 3.0\n", whole), "a.toml:1: v: found the number 3 (expected a whole number from 1 to 9)");
  EXPECT_EQ(Complaint("v = 2026-03-02\n", whole),
            "a.toml:1: v: found a date or time (expected a whole number from 1 to 9)");
  EXPECT_EQ(Complaint("v = 1\n", [](TomlTable& table) { return table.FlagOr("v", true); }),
            "a.toml:1: v: found the number 1 (expected true or false)");
  EXPECT_EQ(Complaint("v = true\n", [](TomlTable& table) { return table.TextOr("v", ""); }),
            "a.toml:1: v: found true (expected a text in quotes)");
  EXPECT_EQ(Complaint("v = \"\"\n", [](TomlTable& table) { return table.Text("v"); }),
            "a.toml:1: v: found the text \"\" (expected a text that is not empty)");
  EXPECT_EQ(Complaint("v = [1]\n", [](TomlTable& table) { return table.Tables("v"); }),
            "a.toml:1: v: found the number 1 (expected tables written as [[…v]])");
  EXPECT_EQ(Complaint("[v]\n", [](TomlTable& table) { return table.Path("v"); }),
            "a.toml:1: v: found a table (expected a text in quotes)");
}

TEST(TomlTable, RefusesANumberOutOfRange) {
  for (const char* text : {"v = 0", "v = 10", "v = -9223372036854775808"}) {
    EXPECT_NE(Complaint(text, [](TomlTable& table) { return table.WholeOr("v", 1, 9, 5); })
                  .find("(expected a whole number from 1 to 9)"),
              std::string::npos)
        << text;
  }
  EXPECT_EQ(Complaint("v = 1.5", [](TomlTable& table) { return table.NumberOr("v", 0, 1, 0); }),
            "a.toml:1: v: found the number 1.5 (expected a number from 0 to 1)");
  EXPECT_EQ(Complaint("v = nan", [](TomlTable& table) { return table.NumberOr("v", 0, 1, 0); }),
            "a.toml:1: v: found the number nan (expected a number from 0 to 1)");
}

TEST(TomlTable, RefusesAKeyNobodyAskedForWithTheNearestAsAHint) {
  const auto read = [](TomlTable& table) -> base::Status {
    YB_TRY(table.TextOr("address", ""));
    YB_TRY(table.WholeOr("port", 0, 9, 0));
    return table.RefuseUnknownKeys();
  };
  EXPECT_EQ(Complaint("port = 1\nadress = \"x\"\n", read),
            "a.toml:2: adress: is no known key (did you mean 'address'?)");
  EXPECT_EQ(Complaint("colour = 1\n", read), "a.toml:1: colour: is no known key (expected one of address, port)");
}

TEST(ParseToml, NamesTheLineThatIsNone) {
  EXPECT_EQ(ParseToml("a = 1\n\nb = \n", "a.toml").error().context, "a.toml:3");
  EXPECT_EQ(ParseToml("a = 1\n[b\n", "a.toml").error().code, ErrorCode::kInvalidArgument);
}

TEST(ParseToml, RefusesAKeyThatIsThereTwice) {
  const base::Error error = ParseToml("port = 1\nname = \"a\"\nport = 2\n", "a.toml").error();
  EXPECT_EQ(error.context, "a.toml:3");
  EXPECT_NE(error.message.find("port"), std::string::npos) << error.message;
  EXPECT_FALSE(ParseToml("[web]\n[web]\n", "a.toml"));
}

TEST(LoadToml, SaysWhichFileIsMissing) {
  const test::TempFolder folder;
  const base::Error error = LoadToml(folder.path() / "none.toml").error();
  EXPECT_EQ(error.code, ErrorCode::kNotFound);
  EXPECT_EQ(error.context, (folder.path() / "none.toml").string());
}

TEST(LoadToml, SaysWhichFileMayNotBeRead) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read every file";
  const test::TempFolder folder;
  const std::filesystem::path file = folder.path() / "a.toml";
  std::ofstream(file) << kGood;
  std::filesystem::permissions(file, std::filesystem::perms::none);
  EXPECT_EQ(LoadToml(file).error().code, ErrorCode::kPermission);
}

TEST(LoadToml, RefusesAFolder) {
  const test::TempFolder folder;
  const base::Error error = LoadToml(folder.path()).error();
  EXPECT_EQ(error.code, ErrorCode::kIo);
  EXPECT_EQ(error.context, folder.path().string());
}

TEST(LoadToml, ReadsAFileLongerThanOneRead) {
  const test::TempFolder folder;
  const std::string filler(10'000, '#');
  std::ofstream(folder.path() / "a.toml") << filler << "\nlast = 1\n";
  const TomlNode root = LoadToml(folder.path() / "a.toml").value();
  ASSERT_EQ(root.entries.size(), 1U);
  EXPECT_EQ(root.entries[0].value.line, 2);
}

TEST(QuotedToml, IsReadBackAsItWas) {
  const std::string text = "九原 \"A\" C:\\new\tline\n\x7F";
  const TomlNode root = ParseToml("v = " + QuotedToml(text), "a.toml").value();
  EXPECT_EQ(root.entries.at(0).value.text, text);
}

TEST(NearestWord, IsNoneWhereNothingIsNear) {
  EXPECT_EQ(NearestWord("prot", {"port", "name"}), "port");
  EXPECT_EQ(NearestWord("colour", {"port", "name"}), std::nullopt);
}

}  // namespace
}  // namespace yb::config
