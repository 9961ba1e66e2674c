#include "sql/batches.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "sql/lexer.hpp"

namespace flowdb::sql {
namespace {

std::vector<std::string> texts(std::string_view script) {
  std::vector<std::string> result;
  for (const auto& batch : split_batches(script)) {
    result.emplace_back(script.substr(batch.begin, batch.end - batch.begin));
  }
  return result;
}

using Texts = std::vector<std::string>;

TEST(Batches, EndAtALineOfGoAlone) {
  EXPECT_EQ(texts("CREATE TABLE a (id INT)\nGO\nSELECT 1;\nSELECT 2\r\n  go \t\r\nSELECT 3"),
            (Texts{"CREATE TABLE a (id INT)", "SELECT 1;\nSELECT 2", "SELECT 3"}));
  EXPECT_EQ(texts("SELECT 1\rGo\rSELECT 2\rGO"), (Texts{"SELECT 1", "SELECT 2"}));
  EXPECT_EQ(texts("GO\nGO\n\nSELECT 1\nGO\nGO"), Texts{"SELECT 1"});
  EXPECT_EQ(texts("SELECT 1 -- one\nGO -- done\n/* x\n */ GO /* y */\nSELECT 2"),
            (Texts{"SELECT 1 -- one", "SELECT 2"}));
  EXPECT_EQ(texts("-- nothing\nGO\n/* but\nGO\n comments */"), Texts{});
  EXPECT_EQ(texts(""), Texts{});
}

TEST(Batches, AreNotEndedByAGoThatIsSomethingElse) {
  for (const std::string script :
       {"SELECT 'a\nGO\nb'", "SELECT N'it''s\nGO\n'", "SELECT [a]]\nGO\n]", "SELECT \"a\nGO\n\"",
        "SELECT 1 /* a /* b */\nGO\n*/", "SELECT 1 AS\nGO, 2 AS b", "SELECT 1 GO", "EXEC\n@GO",
        "SELECT a.\n[GO]", "SELECT 1 -- \\\n, 2\n,GO", "SELECT 1\nGOTO finish"}) {
    EXPECT_EQ(texts(script), Texts{script}) << script;
  }
}

TEST(Batches, KeepTheCommentsThatAProcedureIsStoredWith) {
  const std::string_view script =
      "\n-- Ünique\nCREATE PROCEDURE p AS\n  SELECT 1 -- one\n-- end\nGO\n\n SELECT 2";
  const auto batches = split_batches(script);
  ASSERT_EQ(batches.size(), 2U);
  EXPECT_EQ(texts(script)[0], "-- Ünique\nCREATE PROCEDURE p AS\n  SELECT 1 -- one\n-- end");
  EXPECT_EQ(batches[0].verb, "CREATE");
  EXPECT_EQ(batches[0].position, (Position{2, 1}));
  EXPECT_EQ(batches[1].position, (Position{8, 2}));
}

TEST(Batches, RepeatAsOftenAsTheNumberSays) {
  const auto batches = split_batches("SELECT 1\nGO 5\nSELECT 2\ngo 007 -- times\nSELECT 3\nGO");
  ASSERT_EQ(batches.size(), 3U);
  EXPECT_EQ(batches[0].repetitions, 5U);
  EXPECT_EQ(batches[1].repetitions, 7U);
  EXPECT_EQ(batches[2].repetitions, 1U);
}

TEST(Batches, RefuseASeparatorThatTheToolsWouldNotTake) {
  const auto refusal = [](std::string_view script) {
    try {
      split_batches(script);
    } catch (const LexicalError& error) {
      EXPECT_EQ(position_at(script, error.offset()).line, 2U);
      return std::string{error.what()};
    }
    return std::string{"(taken)"};
  };
  EXPECT_EQ(refusal("SELECT 1\nGO;"), "GO is no statement: remove the ; behind it (line 2).");
  for (const auto* script : {"SELECT 1\nGO 0", "SELECT 1\nGO 1.5", "SELECT 1\nGO 2147483648"}) {
    EXPECT_EQ(refusal(script),
              "The number behind GO must be a whole one from 1 to 2147483647 (line 2).");
  }
  EXPECT_EQ(refusal("SELECT 1\n SELECT 'open\nGO\n").substr(0, 32),
            "A string literal is never closed");
}

TEST(Batches, TakeNoLongerThanTheirLength) {
  std::string script;
  for (int index = 0; index < 20000; ++index) script += "INSERT INTO t VALUES (1)\nGO\n";
  const auto batches = split_batches(script);
  ASSERT_EQ(batches.size(), 20000U);
  EXPECT_EQ(batches.back().position, (Position{39999, 1}));
}

}  // namespace
}  // namespace flowdb::sql
