#include "result/array_text.hpp"

#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace flowdb::result {
namespace {

using Kind = ArrayEntry::Kind;

// The entries in one line: values in <>, NULL as null, lists as written.
std::string shown(std::string_view text) {
  const auto entries = split_array(text);
  if (!entries) {
    return "malformed";
  }
  std::string line;
  for (const auto& entry : *entries) {
    line += entry.kind == Kind::null    ? "null"
            : entry.kind == Kind::value ? "<" + entry.text + ">"
                                        : entry.text;
  }
  return line;
}

// As PostgreSQL writes an array of text.
std::string written(const std::vector<std::optional<std::string>>& elements) {
  std::string text = "{";
  for (const auto& element : elements) {
    text += text.size() > 1 ? "," : "";
    if (!element) {
      text += "NULL";
      continue;
    }
    text += '"';
    for (const char character : *element) {
      if (character == '"' || character == '\\') {
        text += '\\';
      }
      text += character;
    }
    text += '"';
  }
  return text + "}";
}

TEST(ArrayText, IsTakenApart) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"{}", ""},
      {"{1}", "<1>"},
      {"{1,NULL,-3}", "<1>null<-3>"},
      {R"({"NULL","","a b"})", "<NULL><><a b>"},
      {R"({"a\"b","c\\d","{,}"})", R"(<a"b><c\d><{,}>)"},
      {R"({null,Null})", "<null><Null>"},
      {"{{1,2},{3,4}}", "{1,2}{3,4}"},
      {R"({{"}"},{"\"{"}})", R"({"}"}{"\"{"})"},
      {"[0:2]={1,2,3}", "<1><2><3>"},
      {"[-2:-1][0:1]={{1,2},{3,4}}", "{1,2}{3,4}"},
      {"{ü,日本}", "<ü><日本>"},
      {"{{{{{{1}}}}}}", "{{{{{1}}}}}"},
      {R"_({"(1,2)",2024-01-15})_", "<(1,2)><2024-01-15>"},
  };
  for (const auto& [text, expected] : cases) {
    EXPECT_EQ(shown(text), expected) << text;
  }
}

TEST(ArrayText, IsMalformed_WhenItIsNotWhatPostgresqlWrites) {
  for (const std::string text : {"",
                                 "1",
                                 "{",
                                 "}",
                                 "{1",
                                 "{1,",
                                 "{1,}",
                                 "{,1}",
                                 "{1}}",
                                 "{1}x",
                                 "x{1}",
                                 "{\"a}",
                                 "{\"a\\",
                                 "{\"a\"b}",
                                 "{a\"b\"}",
                                 "{a\\b}",
                                 "{1 ,2}",
                                 "{1, 2}",
                                 " {1}",
                                 "{{1}",
                                 "{{1}x}",
                                 "{{\"}}",
                                 "[]={1}",
                                 "[1]={1}",
                                 "[1:2]{1}",
                                 "[1:2={1}",
                                 "[a:b]={1}",
                                 "[1:2]=",
                                 "=={1}",
                                 "[1:1]=x{1}",
                                 "{{{{{{{1}}}}}}}"}) {
    EXPECT_EQ(shown(text), "malformed") << text;
  }
}

TEST(ArrayText, GivesBackWhatWasWritten) {
  std::mt19937_64 random{8};
  constexpr std::string_view kAlphabet = "ab\"\\{},; \nNUL";
  for (int round = 0; round < 5'000; ++round) {
    std::vector<std::optional<std::string>> elements(random() % 5);
    for (auto& element : elements) {
      if (random() % 4 != 0) {
        element.emplace();
        for (auto count = random() % 8; count > 0; --count) {
          *element += kAlphabet[random() % kAlphabet.size()];
        }
      }
    }
    const auto text = written(elements);
    const auto entries = split_array(text);
    ASSERT_TRUE(entries) << text;
    ASSERT_EQ(entries->size(), elements.size()) << text;
    for (std::size_t i = 0; i < elements.size(); ++i) {
      EXPECT_EQ((*entries)[i].kind, elements[i] ? Kind::value : Kind::null);
      EXPECT_EQ((*entries)[i].text, elements[i].value_or(""));
    }
    const auto nested = split_array("{" + text + "," + text + "}");
    ASSERT_TRUE(nested) << text;
    EXPECT_EQ((*nested)[1].text, text);
  }
}

TEST(ArrayText, NeverReadsPastItsEnd_WhateverTheText) {
  std::mt19937_64 random{9};
  constexpr std::string_view kAlphabet = "{{}}\"\\,1[:]=-";
  int valid = 0;
  for (int round = 0; round < 50'000; ++round) {
    std::string text = "{";
    for (auto count = random() % 12; count > 0; --count) {
      text += kAlphabet[random() % kAlphabet.size()];
    }
    const std::vector<char> exact{text.begin(), text.end()};  // no terminator behind it
    valid += split_array({exact.data(), exact.size()}) ? 1 : 0;
  }
  EXPECT_GT(valid, 100);
}

TEST(BytesFromHexadecimal, IsStrict) {
  EXPECT_EQ(bytes_from_hexadecimal("\\x"), "");
  EXPECT_EQ(bytes_from_hexadecimal("\\x00fFA0"), (std::string{"\x00\xFF\xA0", 3}));
  for (const char* text : {"", "\\", "00ff", "\\x0", "\\x0g", "\\X00", "x00f"}) {
    EXPECT_EQ(bytes_from_hexadecimal(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace flowdb::result
