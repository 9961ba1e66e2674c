#include "config/dotenv.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "unit/config/config_test_support.hpp"

namespace flowdb::config {
namespace {

using config_test::message_of;
using namespace std::string_literals;

using Values = std::map<std::string, std::string>;

std::optional<std::string> process(std::string_view name) {
  return name == "PROCESS" ? std::optional{"process value"s}
         : name == "EMPTY" ? std::optional{""s}
                           : std::nullopt;
}

Values read(const std::string& text, const DotenvValues& earlier_file = {}) {
  Values values;
  for (const auto& [key, value] : parse_dotenv(text, "x.env", process, earlier_file)) {
    values[key] = value.reveal();
  }
  return values;
}

struct Case {
  std::string text;
  Values expected;
};

TEST(Dotenv, ReadsValuesAsPythonDotenvDoes) {
  const std::vector<Case> cases = {
      {"", {}},
      {"\n \n# A=1\n   # B=2\n", {}},
      {"A=1", {{"A", "1"}}},
      {"A=1\nB=2\n", {{"A", "1"}, {"B", "2"}}},
      {"A=1\r\nB=2\r\n", {{"A", "1"}, {"B", "2"}}},
      {"A=1\rB=2", {{"A", "1"}, {"B", "2"}}},
      {"\xEF\xBB\xBF"
       "A=1",
       {{"A", "1"}}},
      {"  A = b c \t\n", {{"A", "b c"}}},
      {"A=1\nA=2\n", {{"A", "2"}}},
      {"export A=1\nexport\t B=2\nexport=3\nexported=4",
       {{"A", "1"}, {"B", "2"}, {"export", "3"}, {"exported", "4"}}},
      {"'A'=1\nA.b-c_9=2\n1A=3", {{"A", "1"}, {"A.b-c_9", "2"}, {"1A", "3"}}},
      {"A=\nB= \t\nC=''\nD=\"\"\nE=", {{"A", ""}, {"B", ""}, {"C", ""}, {"D", ""}, {"E", ""}}},
      {"A=b=c&d=e", {{"A", "b=c&d=e"}}},
      // comments
      {"A=b #c", {{"A", "b"}}},
      {"A=b\t# c # d", {{"A", "b"}}},
      {"A=b#c", {{"A", "b#c"}}},
      {"A=#b", {{"A", "#b"}}},
      {"A= # b", {{"A", "# b"}}},
      {"A='b' # c\nB=\"c\"#d", {{"A", "b"}, {"B", "c"}}},
      {"A='b # c'\nB=\"c #d\"", {{"A", "b # c"}, {"B", "c #d"}}},
      // quotes and escapes
      {R"(A=a\nb\)", {{"A", R"(a\nb\)"}}},
      {R"(A=it's "so")", {{"A", R"(it's "so")"}}},
      {R"(A='a\nb\'c\\d"e')", {{"A", R"(a\nb'c\d"e)"}}},
      {R"(A="a\nb\tc\\d\"e\'f\qg\$h")", {{"A", "a\nb\tc\\d\"e'f\\qg\\$h"}}},
      {R"(A="\a\b\f\r\v")", {{"A", "\a\b\f\r\v"}}},
      {"A=' b '", {{"A", " b "}}},
      {"A=\"one\n two\n\n#three\"\nB='x\r\ny'\nC=1",
       {{"A", "one\n two\n\n#three"}, {"B", "x\ny"}, {"C", "1"}}},
      {"A=gr\xC3\xBC\xC3\x9F", {{"A", "gr\xC3\xBC\xC3\x9F"}}},
  };
  for (const auto& [text, expected] : cases) {
    EXPECT_EQ(read(text), expected) << text;
  }
}

TEST(Dotenv, ReplacesReferences) {
  const std::vector<Case> cases = {
      {"A=${PROCESS}", {{"A", "process value"}}},
      {"A=\"<${PROCESS}>\"", {{"A", "<process value>"}}},
      {"A='${PROCESS}'", {{"A", "process value"}}},
      {"A=1\nB=${A}${A}2", {{"A", "1"}, {"B", "112"}}},
      {"A=${B}\nB=1", {{"A", ""}, {"B", "1"}}},
      {"A=${UNKNOWN}", {{"A", ""}}},
      {"A=${UNKNOWN:-d e}", {{"A", "d e"}}},
      {"A=${UNKNOWN:-}", {{"A", ""}}},
      {"A=${PROCESS:-d}", {{"A", "process value"}}},
      {"A=${EMPTY:-d}", {{"A", ""}}},
      {"A=${UNKNOWN:-${PROCESS}}", {{"A", "${PROCESS}"}}},
      {"PROCESS=file\nA=${PROCESS}", {{"PROCESS", "file"}, {"A", "process value"}}},
      {"A='x'\nA=${A}y", {{"A", "xy"}}},
      {"A=$PROCESS $ ${PROCESS ${PROCESS:x} p$", {{"A", "$PROCESS $ ${PROCESS ${PROCESS:x} p$"}}},
      {"A=${UNKNOWN:-${B\nC=${A}}", {{"A", "${UNKNOWN:-${B"}, {"C", "${UNKNOWN:-${B}"}}},
  };
  for (const auto& [text, expected] : cases) {
    EXPECT_EQ(read(text), expected) << text;
  }
}

TEST(Dotenv, LooksInTheEarlierFileLast) {
  DotenvValues earlier;
  earlier.insert_or_assign("A", Secret{"earlier a"});
  earlier.insert_or_assign("B", Secret{"earlier b"});
  earlier.insert_or_assign("PROCESS", Secret{"earlier process"});
  EXPECT_EQ(read("A=own\nC=${A}, ${B}, ${PROCESS}", earlier),
            (Values{{"A", "own"}, {"C", "own, earlier b, process value"}}));
}

struct BadCase {
  std::string text;
  std::string expected;
};

TEST(Dotenv, NamesFileAndLine_WhenALineIsBad) {
  const std::vector<BadCase> cases = {
      {"A", "x.env:1: expected KEY=value; an empty value is written KEY="},
      {"A=1\n\n# c\nexport B\nC=1", "x.env:4: expected KEY=value; an empty value is written KEY="},
      {"A=1\r\nB: 2", "x.env:2: expected KEY=value; an empty value is written KEY="},
      {"A B=1", "x.env:1: expected KEY=value; an empty value is written KEY="},
      {"=a", "x.env:1: expected KEY=value, with a KEY of letters, digits, '_', '.' and '-'"},
      {"'A=1", "x.env:1: expected KEY=value, with a KEY of letters, digits, '_', '.' and '-'"},
      {"postgresql://u:p@h/d?x=y", "x.env:1: expected KEY=value; an empty value is written KEY="},
      {"A=1\nB='b' x", "x.env:2: text behind the closing quote, where only a comment may follow"},
      {"A=\"1\n2\n\"x", "x.env:3: text behind the closing quote, where only a comment may follow"},
      {"\nA='1\nB=2\n", "x.env:2: the quote that begins in this line is not closed"},
      {"A=\"1\\\"\n", "x.env:1: the quote that begins in this line is not closed"},
      {"A=1\nB=2\0 3"s, "x.env:2: a NUL character; a .env file is plain text"},
  };
  for (const auto& bad : cases) {
    EXPECT_EQ(message_of<ConfigurationError>([&] { read(bad.text); }), bad.expected) << bad.text;
  }
}

}  // namespace
}  // namespace flowdb::config
