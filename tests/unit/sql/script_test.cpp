#include "sql/script.hpp"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "sql/lexer.hpp"

namespace flowdb::sql {
namespace {

TEST(Script, FindsEachStatementWithItsPlace) {
  constexpr std::string_view text =
      "-- Größe: tables\r\n"
      "CREATE TABLE größe (a text DEFAULT ';');  /* ü */ begin ;\r\n"
      "\r\n"
      ";\tINSERT INTO größe\n"
      "VALUES ('😀;'), (:x) -- the end\n"
      ";\n"
      "CREATE FUNCTION f() RETURNS int\n"
      "BEGIN ATOMIC SELECT 1; SELECT 2; END;\n"
      "COMMIT";
  struct Expected {
    std::string_view text;
    Position position;
    StatementKind kind;
    std::string_view verb;
  };
  const Expected expected[] = {
      {"CREATE TABLE größe (a text DEFAULT ';')", {2, 1}, StatementKind::definition, "CREATE"},
      {"begin", {2, 51}, StatementKind::transaction, "BEGIN"},
      {"INSERT INTO größe\nVALUES ('😀;'), (:x)", {4, 3}, StatementKind::write, "INSERT"},
      {"CREATE FUNCTION f() RETURNS int\nBEGIN ATOMIC SELECT 1; SELECT 2; END",
       {7, 1},
       StatementKind::definition,
       "CREATE"},
      {"COMMIT", {9, 1}, StatementKind::transaction, "COMMIT"},
  };
  const auto statements = split_script(text, postgresql_dialect());
  ASSERT_EQ(statements.size(), std::size(expected));
  for (std::size_t index = 0; index < statements.size(); ++index) {
    const auto& statement = statements[index];
    EXPECT_EQ(text.substr(statement.begin, statement.end - statement.begin), expected[index].text);
    EXPECT_EQ(statement.position, expected[index].position) << expected[index].text;
    EXPECT_EQ(statement.kind, expected[index].kind);
    EXPECT_EQ(statement.verb, expected[index].verb);
  }
}

TEST(Script, HoldsNothing_WhenThereAreOnlyComments) {
  for (const auto text : {"", " \n", ";;", "-- a;\n/* b; */", "--"}) {
    EXPECT_TRUE(split_script(text, postgresql_dialect()).empty()) << text;
  }
}

TEST(Script, TurnsTheServersCharacterIntoAPlace) {
  constexpr std::string_view text = "-- ü\nSELECT 'é',\r\n  statu FROM t";
  const auto statement = split_script(text, postgresql_dialect()).at(0);
  const auto sent = text.substr(statement.begin);
  // `statu` is the 16th character of what was sent.
  const auto offset = statement.begin + byte_of_character(sent, 16);
  EXPECT_EQ(text.substr(offset, 5), "statu");
  EXPECT_EQ(position_at(text, offset), (Position{3, 3}));
}

TEST(Script, SaysWhereALiteralWasOpened) {
  constexpr std::string_view text = "SELECT 1;\n  SELECT $x$ never";
  try {
    split_script(text, postgresql_dialect());
    ADD_FAILURE();
  } catch (const LexicalError& error) {
    EXPECT_EQ(position_at(text, error.offset()), (Position{2, 10}));
  }
}

TEST(Script, TakesNoLongerThanItsLength) {
  std::string text;
  for (int index = 0; index < 20000; ++index) text += "INSERT INTO t VALUES (1);\n";
  const auto statements = split_script(text, postgresql_dialect());
  ASSERT_EQ(statements.size(), 20000U);
  EXPECT_EQ(statements.back().position, (Position{20000, 1}));
}

}  // namespace
}  // namespace flowdb::sql
