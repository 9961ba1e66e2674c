#include "migration/script_failure.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <flowdb/error.hpp>

#include "migration/excerpt.hpp"
#include "migration/postgresql/advice.hpp"
#include "sql/text_position.hpp"
#include "unit/migration/make_migration.hpp"

namespace flowdb::migration {
namespace {

using postgresql::advice_for;
using testing::HasSubstr;

const SessionFacts kSession{"rpa_db", "server_db", "public", "app"};
const SqlDialect& kDialect = sql_dialect(DatabaseType::postgresql);

ErrorFacts server_error(const std::string& message, const std::string& sqlstate, int position = 0,
                        const std::string& context = {}) {
  ErrorFacts facts;
  facts.database_name = "rpa_db";
  facts.server_message = message;
  facts.sqlstate = sqlstate;
  facts.statement_position = position;
  facts.context = context;
  return facts;
}

/// The error that the statement of that index (from 0) causes.
MigrationError failure(const MigrationFile& file, std::size_t index, const ErrorFacts& facts,
                       FailureStage stage = FailureStage::statement) {
  std::vector<Problem> problems;
  const auto script = check_script(file, kDialect, problems);
  EXPECT_TRUE(problems.empty());
  FailureContext context{script, &script.statements.at(index), stage, kSession, kDialect, "V006"};
  return script_error(QueryError{"raw", facts}, context);
}

std::pair<int, int> place_of(const MigrationError& error) {
  return {error.line(), error.column()};
}

TEST(ScriptFailure, SaysEverythingAboutAnErrorWithAPosition) {
  const auto file = make_file("V007__Add_index.sql",
                              "-- orders\n\nCREATE TABLE t (status text);\n\n"
                              "CREATE INDEX i ON t\n    (id, statu);\n");
  auto facts = server_error("column \"statu\" does not exist", "42703", 30);
  facts.hint = "Perhaps you meant \"status\".";
  const auto error = failure(file, 1, facts);
  EXPECT_STREQ(
      error.what(),
      "V007__Add_index.sql:6:10: ERROR: column \"statu\" does not exist (SQLSTATE 42703)\n"
      "        (id, statu);\n"
      "             ^\n"
      "Hint: Perhaps you meant \"status\".\n"
      "'V007__Add_index.sql' was rolled back as a whole; what was applied before it, up to "
      "V006, stays. Correct it and run the migrations of 'rpa_db' again.");
  EXPECT_EQ(error.script(), "V007__Add_index.sql");
  EXPECT_EQ(place_of(error), std::pair(6, 10));
  EXPECT_EQ(error.sqlstate(), "42703");
}

TEST(ScriptFailure, CountsCharacters_WhateverTheirBytesAndLineEnds) {
  const auto facts = server_error("syntax error", "42601", 12);  // the x behind the emoji
  const auto emoji = make_file("V1__x.sql", "SELECT 1;\r\nSELECT 'Grü😀', x y z;");
  EXPECT_EQ(place_of(failure(emoji, 1, server_error("syntax error", "42601", 16))),
            std::pair(2, 16));
  EXPECT_THAT(failure(emoji, 1, server_error("syntax error", "42601", 16)).what(),
              HasSubstr("\n    SELECT 'Grü😀', x y z;\n                    ^"));
  EXPECT_EQ(place_of(failure(make_file("V1__x.sql", "SELECT 1;\r\rSELECT 1,\r  x"), 1, facts)),
            std::pair(4, 2));
  const auto at_end = make_file("V1__x.sql", "CREATE TABLE t (id int\n;\n");
  EXPECT_EQ(place_of(failure(at_end, 0, server_error("syntax error at end of input", "42601", 23))),
            std::pair(1, 23));
}

TEST(ScriptFailure, PointsToTheStatement_WhenTheServerGivesNoPosition) {
  const auto file =
      make_file("V1__x.sql", "INSERT INTO t VALUES (1);\n  INSERT INTO t\nVALUES (1);");
  const auto error = failure(file, 1, server_error("duplicate key value", "23505"));
  EXPECT_EQ(place_of(error), std::pair(2, 3));
  EXPECT_THAT(error.what(), HasSubstr("\n      INSERT INTO t\n      ^"));
}

TEST(ScriptFailure, PointsIntoADoBlock) {
  const auto file = make_file("V1__x.sql",
                              "SELECT 1;\nDO LANGUAGE 'plpgsql' $body$\nBEGIN\n  PERFORM 1;\n"
                              "\tPERFORM f();\nEND $body$;");
  const std::string context =
      "PL/pgSQL function f() line 2 at RAISE; PL/pgSQL function inline_code_block line 4 at "
      "PERFORM";
  const auto error = failure(file, 1, server_error("no", "P0001", 0, context));
  EXPECT_EQ(place_of(error), std::pair(5, 2));
  EXPECT_THAT(error.what(),
              HasSubstr("\n    \tPERFORM f();\n    \t^\nIn: PL/pgSQL function f() line 2 "
                        "at RAISE\nIn: PL/pgSQL function inline_code_block"));
  const std::string beyond = "PL/pgSQL function inline_code_block line 40 at RAISE";
  EXPECT_EQ(place_of(failure(file, 1, server_error("no", "P0001", 0, beyond))), std::pair(2, 1));
  const auto quoted = make_file("V1__x.sql", "DO 'BEGIN\n  RAISE ''no'';\nEND';");
  const std::string second = "PL/pgSQL function inline_code_block line 2 at RAISE";
  EXPECT_EQ(place_of(failure(quoted, 0, server_error("no", "P0001", 0, second))), std::pair(2, 3));
}

TEST(ScriptFailure, NamesTheLineOfAFunctionThatTheScriptCreated) {
  const auto file =
      make_file("V1__x.sql",
                "CREATE OR REPLACE FUNCTION app.\"Check\"(a int) RETURNS int AS\n$$\nBEGIN\n"
                "  RAISE EXCEPTION 'no';\nEND $$ LANGUAGE plpgsql;\nSELECT app.\"Check\"(1);\n");
  const auto error = failure(
      file, 1,
      server_error("no", "P0001", 0, "PL/pgSQL function app.\"Check\"(integer) line 3 at RAISE"));
  EXPECT_EQ(place_of(error), std::pair(6, 1));
  EXPECT_THAT(error.what(), HasSubstr("\nIn: PL/pgSQL function app.\"Check\"(integer) line 3 at "
                                      "RAISE (V1__x.sql:4)\n"));
}

TEST(ScriptFailure, NamesTheLastChangeOfTheTable_WhenAConstraintWasDeferred) {
  const auto file = make_file("V1__x.sql",
                              "INSERT INTO child VALUES (1);\nUPDATE app.Child SET id = 2;\n"
                              "INSERT INTO other VALUES ('child');\nSELECT * FROM child;\n");
  const auto facts = server_error(
      "insert or update on table \"child\" violates foreign key constraint \"fk\"", "23503");
  const auto error = failure(file, 3, facts, FailureStage::commit);
  EXPECT_EQ(place_of(error), std::pair(2, 1));
  EXPECT_THAT(error.what(), HasSubstr("the place named is the last statement that changes this"));
  const auto unknown = server_error("duplicate key violates unique constraint \"u\"", "23505");
  EXPECT_EQ(place_of(failure(file, 3, unknown, FailureStage::commit)), std::pair(4, 1));
}

TEST(ScriptFailure, FindsTheNameThatTheMessageQuotes_WhenItStandsThereOnce) {
  const auto file = make_file("V1__x.sql",
                              "CREATE INDEX i ON t (id, \"Statu\");\n"
                              "CREATE INDEX nope ON t (nope);");
  const auto facts = server_error("column \"Statu\" does not exist", "42703");
  EXPECT_EQ(place_of(failure(file, 0, facts)), std::pair(1, 26));
  const auto twice = server_error("column \"nope\" does not exist", "42703");
  EXPECT_EQ(place_of(failure(file, 1, twice)), std::pair(2, 1));
  const auto data = server_error("value \"id\" out of range", "22003");
  EXPECT_EQ(place_of(failure(file, 0, data)), std::pair(1, 1));
}

TEST(Advice, GivesTheGrantForAMissingRight) {
  const auto advice = [](const std::string& message, const char* verb) {
    return advice_for(server_error(message, "42501"), verb, kSession);
  };
  EXPECT_EQ(advice("permission denied for schema public", "CREATE"),
            "Have its owner or a superuser run: GRANT CREATE ON SCHEMA public TO app;");
  EXPECT_THAT(advice("permission denied for schema Sales data", "CREATE"),
              HasSubstr("GRANT USAGE, CREATE ON SCHEMA \"Sales data\" TO app;"));
  EXPECT_THAT(advice("permission denied for schema stock", "SELECT"),
              HasSubstr("GRANT USAGE ON SCHEMA stock TO app;"));
  EXPECT_THAT(advice("permission denied for table orders", "UPDATE"),
              HasSubstr("GRANT SELECT, UPDATE ON TABLE orders TO app;"));
  EXPECT_THAT(advice("permission denied for foreign table far", "SELECT"),
              HasSubstr("GRANT SELECT ON TABLE far TO app;"));
  EXPECT_THAT(advice("must be owner of materialized view totals", "DROP"),
              HasSubstr("ALTER MATERIALIZED VIEW totals OWNER TO app;"));
  EXPECT_THAT(advice("permission denied to create extension \"dblink\"", "CREATE"),
              HasSubstr("GRANT CREATE ON DATABASE server_db TO app;"));
  EXPECT_THAT(advice("keine Berechtigung für Schema public", "CREATE"),
              HasSubstr("The role app lacks a right"));
  EXPECT_EQ(advice_for(server_error("duplicate key", "23505"), "INSERT", kSession), "");
}

TEST(Excerpt, ShowsOnlyTheSurroundingsInALongLine) {
  const auto line = std::string(500, 'a') + "X" + std::string(500, 'b');
  const auto shown = excerpt("short\n" + line + "\nshort", 506);
  EXPECT_EQ(shown, "    …" + std::string(100, 'a') + "X" + std::string(99, 'b') + "…\n     " +
                       std::string(100, ' ') + "^");
  EXPECT_EQ(excerpt("abc\n", 4), "    \n    ^");
  EXPECT_EQ(excerpt("", 0), "    \n    ^");
  EXPECT_EQ(excerpt("e\xCC\x81 日 x", 8), "    e\xCC\x81 日 x\n         ^");
}

}  // namespace
}  // namespace flowdb::migration
