#include "backend/redaction.hpp"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace flowdb::backend {
namespace {

std::string clean(const Params& params, std::string_view text, bool quotes_hold_values = false) {
  Redactor redactor;
  redactor.hide_values(params);
  return redactor.clean(text, quotes_hold_values);
}

TEST(Redactor, HidesBoundValuesWhereverTheyStand) {
  struct Case {
    Params params;
    std::string_view text;
    std::string_view cleaned;
  };
  const Case cases[] = {
      {{{"a", "Grace Hopper"}}, "no such user Grace Hopper, Grace Hopper", "no such user ?, ?"},
      {{{"a", "secret"}}, "xsecrety", "x?y"},
      // A short one is hidden only as a word, or a 1 would riddle every message.
      {{{"a", 1}}, "1 of 11 is (1), v1 and x_1", "? of 11 is (?), v1 and x_1"},
      {{{"a", "-5"}}, "out of range: -5", "out of range: ?"},
      {{{"a", -5}}, "got -5, not -51", "got ?, not -51"},
      {{{"a", "ab"}, {"b", "abcdefgh"}}, "abcdefgh ab", "? ?"},
      {{{"a", "?"}}, "what ? and ?", "what ? and ?"},
      {{{"a", nullptr}, {"b", ""}}, "nothing is bound", "nothing is bound"},
      {{{"a", Array{{"inner one", Array{{"inner two"}}}}}}, "inner one, inner two", "?, ?"},
      {{{"a", Decimal{"1234567.89"}}}, "field 1234567.89 is full", "field ? is full"},
      {{{"a", Json{R"({"key": "v"})"}}}, R"(bad {"key": "v"} here)", "bad ? here"},
      {{{"a", "Grace Hopper"}}, "no GRACE HOPPER, no grace hopper", "no ?, no ?"},
      {{{"a", "  Grace Hopper\t"}}, "no Grace Hopper", "no ?"},
      {{{"a", "Ada"}}, "ada in Canada", "? in Canada"},
      {{{"a", "  "}}, "nothing  is bound", "nothing  is bound"},
      {{{"a", "line one\nline two"}}, "bad\tline one\nline two\r\n", "bad ?"},
  };
  for (const auto& [params, text, cleaned] : cases) {
    EXPECT_EQ(clean(params, text), cleaned);
  }
}

TEST(Redactor, HidesALongerValueBeforeAShorterOneThatItContains) {
  EXPECT_EQ(clean({{"a", "password"}, {"b", "the password is"}}, "the password is x"), "? x");
}

TEST(Redactor, HidesSecrets_BesideValues) {
  Redactor redactor;
  redactor.hide_values({{"a", "some value"}});
  redactor.hide_secret(Secret{"hunter2"});
  redactor.hide_secret(Secret{});
  EXPECT_EQ(redactor.clean("user hunter2 with some value", false), "user ? with ?");
}

TEST(Redactor, HidesQuotedLiterals_AndWhatTheyQuoteThemselves) {
  struct Case {
    std::string_view text;
    std::string_view cleaned;
  };
  const Case cases[] = {
      {"no quotes", "no quotes"},
      {"key 'abc' exists", "key '?' exists"},
      {"it isn't there", "it isn't there"},
      {"it isn't 'there'", "it isn't '?'"},
      {"'O'Brien'", "'?'"},
      {"'it''s' and 'that'", "'?'"},
      {"unterminated 'abc", "unterminated '?"},
      {"near \"E'abc'\"", "near \"E'?'\""},
      {"near N'abc'", "near N'?'"},
      {"'", "'?"},
  };
  for (const auto& [text, cleaned] : cases) {
    EXPECT_EQ(clean({}, text), cleaned);
  }
}

TEST(Redactor, HidesWhatStandsInDoubleQuotes_OnlyWhenThatIsData) {
  constexpr std::string_view text = R"(invalid input syntax for type integer: "4x")";
  EXPECT_EQ(clean({}, text, true), R"(invalid input syntax for type integer: "?")");
  EXPECT_EQ(clean({}, text, false), text);
  EXPECT_EQ(clean({}, R"(bad: "a"b"c")", true), R"(bad: "?")");
  EXPECT_EQ(clean({}, R"(bad: "a)", true), R"(bad: "?)");
  EXPECT_EQ(clean({{"a", R"(se"cret"s)"}}, R"(bad: "se"cret"s")", true), R"(bad: "?")");
}

TEST(Redactor, KeepsNamesInQuotes) {
  Redactor redactor;
  redactor.keep_name("users");
  redactor.keep_name("");
  EXPECT_EQ(redactor.clean(R"("users" takes no "4x")", true), R"("users" takes no "?")");
  EXPECT_EQ(redactor.clean(R"(only "users")", true), R"(only "users")");
  EXPECT_EQ(redactor.clean(R"(cut short "users)", true), R"(cut short "?)");
  EXPECT_EQ(redactor.clean(R"(empty "")", true), R"(empty "?")");
}

}  // namespace
}  // namespace flowdb::backend
