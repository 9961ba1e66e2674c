#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include <flowdb/error.hpp>

#include "sql/statement.hpp"

namespace flowdb::sql {
namespace {

using Names = std::vector<std::string>;

struct Case {
  std::string_view source;
  std::string_view text;
  Names names;
};

void expect_parsed(const std::vector<Case>& cases, const Dialect& dialect) {
  for (const auto& each : cases) {
    const ParsedStatement statement{each.source, dialect};
    EXPECT_EQ(statement.source(), each.source);
    EXPECT_EQ(statement.text(), each.text);
    EXPECT_EQ(statement.names(), each.names) << each.source;
  }
}

TEST(ParsedStatement, NumbersNamedParametersForPostgresql) {
  expect_parsed(
      {
          {"SELECT 1", "SELECT 1", {}},
          {"", "", {}},
          {"SELECT :a, :b, :a, :A", "SELECT $1, $2, $1, $3", {"a", "b", "A"}},
          {":a", "$1", {"a"}},
          {"x=:a1_AND y>:_b", "x=$1 y>$2", {"a1_AND", "_b"}},
          {"SELECT ':a', E'\\':a', $$:a$$, $q$:a$q$, U&':a', \":a\" -- :a\n/* :a /* :a */ */, :b",
           "SELECT ':a', E'\\':a', $$:a$$, $q$:a$q$, U&':a', \":a\" -- :a\n/* :a /* :a */ */, $1",
           {"b"}},
          {"SELECT :a::int, x::text, CAST(:a AS text)",
           "SELECT $1::int, x::text, CAST($1 AS text)",
           {"a"}},
          {"SELECT a[1:2], a[i:j], a[:i], a[1: :j]",
           "SELECT a[1:2], a[i:j], a[$1], a[1: $2]",
           {"i", "j"}},
          {"f(x := :x, y => :y)", "f(x := $1, y => $2)", {"x", "y"}},
          {R"(SELECT \:a, a\:\:int, '\:', "\:" /* \: */, :b)",
           R"(SELECT :a, a::int, '\:', "\:" /* \: */, $1)",
           {"b"}},
          {"WHERE j ? 'k' AND j ?| :ks AND j @> :j",
           "WHERE j ? 'k' AND j ?| $1 AND j @> $2",
           {"ks", "j"}},
          {"SELECT to_char(t, 'HH24:MI:SS') < '12:30'",
           "SELECT to_char(t, 'HH24:MI:SS') < '12:30'",
           {}},
          {"a=-:a*:b/:a", "a=-$1*$2/$1", {"a", "b"}},
          {"PREPARE p AS SELECT $1, $2", "PREPARE p AS SELECT $1, $2", {}},
      },
      postgresql_dialect());
}

TEST(ParsedStatement, WritesAQuestionMarkPerUseForSqlServer) {
  expect_parsed({{"SELECT [a:b]]:c], :a, N':a', @x, #t.y WHERE a = :a AND b IN (:b)",
                  "SELECT [a:b]]:c], ?, N':a', @x, #t.y WHERE a = ? AND b IN (?)",
                  {"a", "b"}},
                 {"SELECT '?', [?], \"?\" -- ?\n", "SELECT '?', [?], \"?\" -- ?\n", {}}},
                sqlserver_dialect());
}

TEST(ParsedStatement, GivesManyParametersTheirNumbers) {
  std::string source = "VALUES (";
  std::string text = source;
  for (int index = 1; index <= 3000; ++index) {
    source.append(":p").append(std::to_string(index)).append(",");
    text.append("$").append(std::to_string(index)).append(",");
  }
  const ParsedStatement statement{source + ":p1)", postgresql_dialect()};
  EXPECT_EQ(statement.text(), text + "$1)");
  EXPECT_EQ(statement.names().size(), 3000U);
  EXPECT_EQ(statement.uses().back().name_index, 0U);
}

TEST(ParsedStatement, SaysWhereEachUseStands) {
  const ParsedStatement statement{"SELECT 'é', :a, :b, :a", postgresql_dialect()};
  ASSERT_EQ(statement.uses().size(), 3U);
  for (const auto& use : statement.uses()) {
    EXPECT_EQ(statement.source().substr(use.begin, use.end - use.begin),
              ":" + statement.names().at(use.name_index));
    EXPECT_FALSE(use.alone_in_list || use.within_list || use.negated);
  }
}

TEST(ParsedStatement, RefusesWhatCannotBeBound) {
  struct Refusal {
    std::string_view source;
    Dialect dialect;
    std::string_view what;
  };
  const Refusal refusals[] = {
      {"SELECT :a\n, $1", postgresql_dialect(),
       "The SQL text holds the positional parameter '$1'; write a named one, ':name' (line 2)."},
      {"SELECT ?", sqlserver_dialect(),
       "The SQL text holds the positional parameter '?'; write a named one, ':name' (line 1)."},
      {"SELECT\n\n:größe", postgresql_dialect(),
       "A parameter's name is made of ASCII letters, digits and '_'; rename ':größe', or write "
       "'\\:' for a plain colon (line 3)."},
      {"SELECT :a$b$, 1", postgresql_dialect(),
       "A parameter's name is made of ASCII letters, digits and '_'; rename ':a$b$', or write "
       "'\\:' for a plain colon (line 1)."},
      {"SELECT 'a", postgresql_dialect(),
       "A string literal is never closed; close it with ' (line 1)."},
  };
  for (const auto& each : refusals) {
    try {
      const ParsedStatement statement{each.source, each.dialect};
      ADD_FAILURE() << "accepted: " << each.source;
    } catch (const InvalidArgument& error) {
      EXPECT_EQ(error.what(), each.what);
    }
  }
}

/// Each parameter's use in short: `alone`, `within` or `-`, with the part that a list replaces.
std::string lists_of(std::string_view source) {
  const ParsedStatement statement{source, postgresql_dialect()};
  std::string result;
  for (const auto& use : statement.uses()) {
    if (!result.empty()) result += "; ";
    result += use.alone_in_list ? "alone" : use.within_list ? "within" : "-";
    if (use.negated) result += " negated";
    if (use.in_end > 0) {
      result.append(" ").append(statement.source(), use.in_begin, use.in_end - use.in_begin);
    }
  }
  return result;
}

TEST(ParsedStatement, FindsWhereAListMayStand) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"x IN (:a)", "alone IN (:a)"},
      {"x in(:a)", "alone in(:a)"},
      {"x NOT IN (:a)", "alone negated NOT IN (:a)"},
      {"x not /* c */ in\n( -- d\n :a /* e */ ) AND y",
       "alone negated not /* c */ in\n( -- d\n :a /* e */ )"},
      {"NOT x IN (:a)", "alone IN (:a)"},
      {"x IN (:a) AND y NOT IN (:b) AND z = :c", "alone IN (:a); alone negated NOT IN (:b); -"},
      {"f(x IN (:a))", "alone IN (:a)"},
      {"x IN (1, :a, :b)", "within; within"},
      {"x IN (:a, f(:b), :c + 1, -:d)", "within; -; -; -"},
      {"x IN (:a::int)", "-"},
      {"x IN ((:a))", "-"},
      {"x IN (f(:a))", "-"},
      {"x IN (ARRAY[1, :a, 2], :b)", "-; within"},
      {"x IN (SELECT :a)", "-"},
      {"x IN (SELECT y FROM z WHERE q IN (:a))", "alone IN (:a)"},
      {"x = ANY(:a) AND f(:b) AND (:c)", "-; -; -"},
      {"x = :a) IN (:b", "-; -"},
      {"\"in\" (:a) 'in' (:b) min(:c)", "-; -; -"},
      {"(a, b) IN ((:c, :d), (:e, :f))", "-; -; -; -"},
      {"INSERT INTO t (id) VALUES (:a)", "-"},
  };
  for (const auto& [source, expected] : cases) EXPECT_EQ(lists_of(source), expected) << source;
}

std::string fingerprint(std::string_view source) {
  return ParsedStatement{source, postgresql_dialect()}.fingerprint();
}

TEST(ParsedStatement, ShowsNoLiteralInItsFingerprint) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"SELECT  a,\n\tb FROM t -- note\n WHERE x = 'se''cret' AND y=-1.5e3 /* c */ ;",
       "SELECT a, b FROM t WHERE x = ? AND y=-?"},
      {"VALUES (E'a\\'', $$b$$, $t$c$t$, X'1F', U&'d', 0x1F, :name)",
       "VALUES (?, ?, ?, ?, ?, ?, :name)"},
      {"a/**/b", "a b"},
      {R"(SELECT a\:\:int, "x y"."Größe")", R"(SELECT a::int, "x y"."Größe")"},
      {"SELECT \"a\nb\"", "SELECT \"a b\""},
      {" ; ;", ""},
      {"SELECT \"\xFF\xC3\" '\xFF'", "SELECT \"??\" ?"},
  };
  for (const auto& [source, expected] : cases) EXPECT_EQ(fingerprint(source), expected) << source;
}

TEST(ParsedStatement, CutsItsFingerprintAt240Characters) {
  const auto exact = "SELECT " + std::string(233, 'a');
  EXPECT_EQ(fingerprint(exact), exact);
  EXPECT_EQ(fingerprint(exact + "b"), "SELECT " + std::string(232, 'a') + "…");
  EXPECT_EQ(fingerprint(exact + " ;"), exact);

  std::string umlauts;
  for (int count = 0; count < 5000; ++count) umlauts += "ü";
  EXPECT_EQ(fingerprint(umlauts), umlauts.substr(0, 2 * 239) + "…");
}

}  // namespace
}  // namespace flowdb::sql
