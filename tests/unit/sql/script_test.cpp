#include "sql/script.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sql/lexer.hpp"

namespace flowdb::sql {
namespace {

using testing::ElementsAre;

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

/// `text[data]` of each statement.
std::vector<std::string> parts_of(std::string_view text) {
  std::vector<std::string> parts;
  for (const auto& statement : split_script(text, postgresql_dialect())) {
    parts.emplace_back(text.substr(statement.begin, statement.end - statement.begin));
    if (!statement.copy_data) continue;
    const auto& data = *statement.copy_data;
    parts.back() += "[" + std::string{text.substr(data.begin, data.end - data.begin)} + "]";
  }
  return parts;
}

TEST(Script, TakesTheDataOfACopyWithIt) {
  EXPECT_THAT(parts_of("COPY t FROM STDIN; -- behind\n1\t';\n\\.\nSELECT 1;"),
              ElementsAre("COPY t FROM STDIN[1\t';\n]", "SELECT 1"));
  EXPECT_THAT(parts_of("copy t (a) from stdin\r\n;\r\n1\r\n\\.\r\nSELECT 1"),
              ElementsAre("copy t (a) from stdin[1\r\n]", "SELECT 1"));
  EXPECT_THAT(parts_of("COPY t FROM STDIN;\n\\."), ElementsAre("COPY t FROM STDIN[]"));
  EXPECT_THAT(
      parts_of("COPY (SELECT 1 FROM stdin) TO '/x';\nCOPY t FROM 'stdin'; COPY t TO STDOUT"),
      ElementsAre("COPY (SELECT 1 FROM stdin) TO '/x'", "COPY t FROM 'stdin'", "COPY t TO STDOUT"));
  const auto statements =
      split_script("COPY t FROM STDIN;\n'ü\n\\.\n SELECT 1;", postgresql_dialect());
  EXPECT_EQ(statements.at(1).position, (Position{4, 2}));
}

TEST(Script, EndsABodyWhereTheServerDoes) {
  const std::string body = "CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC ";
  for (const auto* rest : {"END", "SELECT 1; END", "SELECT CASE WHEN a THEN 1 END; ; END",
                           "SELECT 1 AS end; SELECT a.end; SELECT 2 end; END"}) {
    EXPECT_THAT(parts_of(body + rest + ";SELECT 1;"), ElementsAre(body + rest, "SELECT 1"));
  }
  EXPECT_EQ(parts_of("CREATE FUNCTION f(begin atomic) RETURNS int AS ''; SELECT 1").size(), 2U);
}

TEST(Script, LeavesWhatADumpSaysToPsqlOut_AndKeepsOtherCommands) {
  EXPECT_THAT(parts_of("\\restrict Ab9\r\nSELECT 1;\n\\unrestrict Ab9\n"), ElementsAre("SELECT 1"));
  EXPECT_THAT(
      parts_of("\\set x ';'\nSELECT 1 \\g (a=1) x; y\nSELECT 2\\; SELECT 3\n\\restrict a b"),
      ElementsAre("\\set x ';'", "SELECT 1", "\\g (a=1) x; y", "SELECT 2", "\\; SELECT 3",
                  "\\restrict a b"));
  EXPECT_TRUE(split_script("\\i x", postgresql_dialect()).at(0).is_client_command());
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
