// Broken scripts: where the error is, what is undone, what stays.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/migration/migration_fixture.hpp"

namespace flowdb::test_support {
namespace {

using testing::HasSubstr;

struct BrokenScript {
  const char* what;
  std::string contents;
  int line;
  int column;
  std::string fragment;  ///< of the error's text
};

const std::vector<BrokenScript>& broken_scripts() {
  static const std::vector<BrokenScript> scripts{
      {"a missing column", "-- comment\n\nCREATE TABLE b (id int);\nCREATE INDEX ON b (idd);\n", 4,
       20,
       "V2__b.sql:4:20: ERROR: column \"idd\" does not exist (SQLSTATE 42703)\n"
       "    CREATE INDEX ON b (idd);\n                       ^\n"},
      {"a hint", "CREATE TABLE b (status text);\nSELECT b.statu FROM b;", 2, 8,
       "\nHint: Perhaps you meant to reference the column \"b.status\"."},
      {"CRLF", "CREATE TABLE b (id int);\r\n\r\nSELECT *\r\n  FROM b\r\n  WHERE nope = 1;\r\n", 5,
       9, "\n      WHERE nope = 1;\n            ^\n"},
      {"CR alone", "CREATE TABLE b (id int);\rSELECT\r nope FROM b;", 3, 2,
       "\n     nope FROM b;\n"},
      {"a byte order mark", "\xEF\xBB\xBFSELEC 1;", 1, 1,
       "syntax error at or near \"SELEC\" (SQLSTATE 42601)\n    SELEC 1;\n    ^\n"},
      {"a mark and a comment", "\xEF\xBB\xBF/* 😀\n */ SELECT 1; SELECT nope;", 2, 22, "42703"},
      {"emoji before it", "SELECT '😀😀', '日本', nope;", 1, 20,
       "\n    SELECT '😀😀', '日本', nope;\n                           ^\n"},
      {"a tab before it", "SELECT 1;\n\tSELECT nope;", 2, 9,
       "\n    \tSELECT nope;\n    \t       ^\n"},
      {"the third of four on a line", "SELECT 1; SELECT 2; SELECT nope; SELECT 3;", 1, 28, "42703"},
      {"the end of input", "CREATE TABLE b\n  AS\n;", 2, 5, "syntax error at end of input"},
      {"an open parenthesis", "CREATE TABLE b (\n  id int\n;\nSELECT 1;", 3, 1, "at or near \";\""},
      {"a duplicate key",
       "CREATE TABLE b (id int PRIMARY KEY);\nINSERT INTO b VALUES (1);\n"
       "  INSERT INTO b\n  VALUES (1);\n",
       3, 3, "(SQLSTATE 23505)\n      INSERT INTO b\n      ^\n"},
      {"a division by zero", "SELECT 1;\n\nSELECT 1 / (id - 1) FROM a;", 3, 1, "22012"},
      {"an error in a DO body",
       "SELECT 1;\nDO $$\nBEGIN\n  PERFORM 1;\n  INSERT INTO a VALUES (1);\nEND $$;", 5, 3,
       "\nIn: PL/pgSQL function inline_code_block line 4 at SQL statement"},
      {"a missing column in a DO body", "DO $body$ BEGIN\n\n    PERFORM nope FROM a;\nEND $body$;",
       3, 5, "42703"},
      {"a syntax error in a DO body", "SELECT 1;\nDO $$\nBEGIN\n  IF THEN\nEND $$;", 4, 6, "42601"},
      {"a syntax error in a function",
       "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $f$\nBEGIN\n  RETRN 1;\nEND $f$;", 3, 3,
       "42601"},
      {"an error in a function of the script",
       "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $f$\nBEGIN\n  RAISE EXCEPTION 'no' "
       "USING "
       "HINT = 'Think.';\nEND $f$;\n\nSELECT f();",
       6, 1, "\nHint: Think.\nIn: PL/pgSQL function f() line 3 at RAISE (V2__b.sql:3)\n"},
      {"COMMIT in a DO body", "SELECT 1;\nDO $$\nBEGIN\n  COMMIT;\nEND $$;", 4, 3, "2D000"},
      {"a deferred constraint",
       "CREATE TABLE b (id int PRIMARY KEY,\n  a int REFERENCES a DEFERRABLE INITIALLY DEFERRED);\n"
       "INSERT INTO b VALUES (1, 99);\nCREATE TABLE c (id int);\n",
       3, 1,
       "(SQLSTATE 23503)\n    INSERT INTO b VALUES (1, 99);\n    ^\nIt is deferred, so it was"},
      {"a deferred trigger",
       "CREATE TABLE b (id int);\nCREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$\n"
       "BEGIN RAISE 'no'; END $$;\nCREATE CONSTRAINT TRIGGER t AFTER INSERT ON b INITIALLY DEFERRED"
       " FOR EACH ROW EXECUTE FUNCTION f();\nINSERT INTO b VALUES (1);\n  SELECT 1;",
       6, 3, "the place named is that statement.\n"},
      {"a name that exists", "CREATE TABLE c (id int);\nCREATE TABLE\n  A (id int);", 3, 3,
       "relation \"a\" already exists (SQLSTATE 42P07)\n      A (id int);\n      ^\n"},
      {"a name in ALTER TABLE", "ALTER TABLE a ADD b int,\n  DROP COLUMN \"No\";", 2, 15, "42703"},
      {"what only the server knows cannot run in a transaction", "SELECT 1;\nCALL leave();", 2, 1,
       "2D000"},
  };
  return scripts;
}

TEST_F(MigrationTest, NamesThePlaceOfEveryError_AndUndoesThatScriptOnly) {
  write("V1__a.sql",
        "CREATE TABLE a (id int PRIMARY KEY);\nINSERT INTO a VALUES (1);\n"
        "CREATE PROCEDURE leave() LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$;");
  write("V3__c.sql", "CREATE TABLE later (id int);");
  auto db = manager();
  for (const auto& script : broken_scripts()) {
    SCOPED_TRACE(script.what);
    write("V2__b.sql", script.contents);
    const auto error = failure();
    EXPECT_EQ(error.script(), "V2__b.sql");
    EXPECT_EQ(error.line(), script.line) << error.what();
    EXPECT_EQ(error.column(), script.column) << error.what();
    EXPECT_THAT(error.what(), HasSubstr(script.fragment));
    EXPECT_THAT(error.what(), HasSubstr("'V2__b.sql' was rolled back as a whole; what was applied "
                                        "before it, up to V1, stays. Correct it and run"));
    EXPECT_EQ(history(), "V1__a.sql");
    EXPECT_FALSE(has_table("b") || has_table("later"));
  }
  write("V2__b.sql", "CREATE TABLE b (id int);");
  EXPECT_EQ(db.run_migrations().current_version, "V3");
}

TEST_F(MigrationTest, LeavesNothingBehind_WhenTheFirstScriptFails) {
  write("V1__a.sql", "CREATE TABLE a (id int);\nSELECT nope;");
  EXPECT_THAT(failure().what(), HasSubstr("nothing was applied before it"));
  EXPECT_FALSE(has_table("a") || has_table("schema_version"));
  EXPECT_EQ(scalar("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database ="
                   " (SELECT oid FROM pg_database WHERE datname = current_database())"),
            "0");
}

TEST_F(MigrationTest, StopsAtAFailedRowOfAnotherTool) {
  write("V1__a.sql", "CREATE TABLE a (id int);");
  run();
  write("V2__b.sql", "CREATE TABLE b (id int);");
  database_.exec("UPDATE schema_version SET success = false");
  const auto error = failure();
  const std::string text = error.what();
  const auto remedy = text.find("DELETE FROM");
  ASSERT_NE(remedy, std::string::npos) << text;
  EXPECT_FALSE(has_table("b"));
  database_.exec("DROP TABLE a; " + text.substr(remedy, text.find(';', remedy) - remedy));
  EXPECT_EQ(run().applied.size(), 2U);
}

}  // namespace
}  // namespace flowdb::test_support
