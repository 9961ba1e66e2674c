#include "backend/postgresql/errors.hpp"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace flowdb::backend::postgresql {
namespace {

TEST(PostgresqlErrors, KnowWhatMaySucceedLater) {
  for (const std::string_view sqlstate :
       {"40001", "40P01", "53300", "53400", "55006", "55P03", "57P01", "57P02", "57P03", "57P05",
        "08000", "08001", "08003", "08004", "08006"}) {
    EXPECT_TRUE(is_transient(sqlstate)) << sqlstate;
  }
  // A full disk, a wrong state, a cancelled statement, an unknown outcome: trying again helps none.
  for (const std::string_view sqlstate :
       {"", "00000", "53100", "55000", "57014", "08007", "08P01", "25P02", "23505", "42601",
        "28P01", "3D000", "40003", "4000"}) {
    EXPECT_FALSE(is_transient(sqlstate)) << sqlstate;
  }
}

TEST(PostgresqlErrors, KnowConflictsAndTheEndOfASession) {
  EXPECT_TRUE(is_conflict("40001"));
  EXPECT_TRUE(is_conflict("40P01"));
  EXPECT_FALSE(is_conflict("40003"));
  EXPECT_FALSE(is_conflict("55P03"));
  for (const std::string_view sqlstate : {"57P01", "57P02", "57P03", "57P05", "25P03", "08P01"}) {
    EXPECT_TRUE(ends_session(sqlstate)) << sqlstate;
  }
  for (const std::string_view sqlstate : {"", "57014", "40001", "25P02", "53300"}) {
    EXPECT_FALSE(ends_session(sqlstate)) << sqlstate;
  }
}

TEST(PostgresqlErrors, TellOperationCauseAndStatement) {
  const std::string database = "rpa_db";
  const Secret password{"hunter2"};
  ErrorFacts facts;
  EXPECT_EQ(message_of(facts, {database, password, "query"}), "rpa_db: query failed");
  facts.sqlstate = "42P01";
  facts.server_message = "relation \"t\" does not exist";
  facts.hint = "Look elsewhere.";
  facts.context = "PL/pgSQL function f() line 3";
  EXPECT_EQ(message_of(facts, {database, password, "query", "SELECT * FROM t"}),
            "rpa_db: query failed: relation \"t\" does not exist (SQLSTATE 42P01) "
            "Hint: Look elsewhere. In: PL/pgSQL function f() line 3 Statement: SELECT * FROM t");
}

TEST(PostgresqlErrors, AreQueryErrors_WhenTheServerGaveNoCode) {
  const std::string database = "rpa_db";
  const Secret password{"hunter2"};
  try {
    throw_server_error(nullptr, {database, password, "query"});
  } catch (const QueryError& error) {
    EXPECT_EQ(error.sqlstate(), "");
    EXPECT_FALSE(error.is_transient());
    EXPECT_EQ(error.phase(), Phase::sent);
    EXPECT_EQ(error.database_name(), "rpa_db");
  }
}

}  // namespace
}  // namespace flowdb::backend::postgresql
