// Broken scripts, beside those of migration_failure_test.cpp: where each error is, to the
// character.
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

/// What the server finds.
const std::vector<BrokenScript>& refused_by_server() {
  static const std::vector<BrokenScript> scripts{
      {"a mark, CRLF and emoji", "\xEF\xBB\xBF-- 😀\r\nSELECT '😀';\r\n  SELECT '日本😀', nope;\r\n",
       3, 17, "\n      SELECT '日本😀', nope;\n                       ^\n"},
      {"CRLF in a DO body",
       "SELECT 1;\r\nDO $$\r\nBEGIN\r\n  PERFORM 1;\r\n  PERFORM 1 / 0;\r\nEND $$;\r\n", 5, 3,
       "22012"},
      {"emoji in a DO body", "DO $x$ BEGIN\n  RAISE NOTICE '😀'; PERFORM nope();\nEND $x$;", 2, 3,
       "42883"},
      {"a DO on a line with others", "SELECT '😀'; DO $$ BEGIN RAISE 'no'; END $$;", 1, 19,
       "(SQLSTATE P0001)"},
      {"an EXECUTE in a DO body", "DO $$\nBEGIN\n\n  EXECUTE 'SELECT nope FROM a';\nEND $$;", 4, 3,
       "\nIn: PL/pgSQL function inline_code_block line 4 at EXECUTE"},
      {"a function of the script, called in a DO body",
       "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN RETURN 1 / 0; END $$;\n"
       "DO $$\nBEGIN\n  PERFORM f();\nEND $$;",
       5, 3,
       "\nIn: PL/pgSQL function f() line 2 at RETURN (V2__b.sql:2)\nIn: PL/pgSQL function inline"},
      {"a trigger of the script",
       "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n  RAISE 'never';\n"
       "END $$;\nCREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION f();\n"
       " INSERT INTO a VALUES (2);",
       6, 2, "line 3 at RAISE (V2__b.sql:3)"},
      {"an SQL function's body",
       "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$\n  SELECT 1;\n  SELECT nope FROM "
       "a;\n$$;",
       3, 10, "\n      SELECT nope FROM a;\n             ^\n"},
      {"an atomic body",
       "CREATE FUNCTION f() RETURNS int LANGUAGE sql\nBEGIN ATOMIC\n  SELECT 1;\n  SELECT "
       "nope;\nEND;",
       4, 10, "42703"},
      {"a view", "SELECT 1; CREATE VIEW v AS\n\tSELECT nope FROM a;", 2, 9, "42703"},
      {"a value of another type", "INSERT INTO a VALUES\n  (2), ('x');", 2, 9, "22P02"},
      {"a function that is not there", "SELECT id,\n nope(id) FROM a;", 2, 2,
       "\nHint: No function"},
      {"a role that is not there", "GRANT SELECT ON a\n  TO nobody_at_all;", 2, 6, "42704"},
      {"a table that is not there", "DROP TABLE a,\n  s.nope;", 2, 3, "3F000"},
      {"a table to alter that is not there", "ALTER TABLE\n  Nope ADD b int;", 2, 3, "42P01"},
      {"a column to comment on that is not there", "COMMENT ON COLUMN a.nope IS '😀';", 1, 21,
       "42703"},
      {"a check that a row violates", "SELECT 1;\n  ALTER TABLE a ADD CONSTRAINT c CHECK (id > 5);",
       2, 3, "23514"},
      {"a deferred unique constraint",
       "CREATE TABLE b (id int UNIQUE DEFERRABLE INITIALLY DEFERRED);\nINSERT INTO b VALUES (1);\n"
       "INSERT INTO b VALUES (1);\nSELECT 2;\nSELECT 3;",
       3, 1, "It is deferred"},
      {"a deferred reference that loses its row",
       "CREATE TABLE b (id int PRIMARY KEY);\nCREATE TABLE c (b int REFERENCES b DEFERRABLE);\n"
       "INSERT INTO b VALUES (1);\nINSERT INTO c VALUES (1);\nSET CONSTRAINTS ALL DEFERRED;\n"
       "  DELETE FROM b;\nSELECT 1;",
       6, 3, "the place named is the last statement that changes this table."},
      {"the data of a COPY", "COPY a FROM STDIN;\n2\nx\n\\.\n", 3, 1,
       "\nIn: COPY a, line 2, column id\n"},
      {"a statement behind the data of a COPY", "COPY a FROM STDIN;\n😀\n\\.\nSELECT nope;", 2, 1,
       "22P02"},
  };
  return scripts;
}

/// What is refused before anything runs.
const std::vector<BrokenScript>& refused_before() {
  static const std::vector<BrokenScript> scripts{
      {"a string without an end", "SELECT 1;\r\n  SELECT '😀', 'never;\r\n", 2, 15,
       "close it with '"},
      {"a comment without an end", "SELECT 1; /* /* */\nSELECT 2;", 1, 11, "close it with */"},
      {"a dollar quote without an end", "DO $a$\nBEGIN\nEND $b$;", 1, 4, "close it with the $a$"},
      {"a name without an end", "SELECT \"nope;\n", 1, 8, "close it with \""},
      {"data without an end", "SELECT 1;\nCOPY a FROM STDIN;\n1\n", 2, 1, "nothing but \\."},
      {"a command of psql's", "SELECT 1;\n\\connect other\n", 2, 1,
       "\\connect is a command of psql's"},
      {"a COMMIT", "\xEF\xBB\xBFSELECT '😀'; COMMIT;", 1, 13, "COMMIT has no place here"},
      {"bytes that are no UTF-8", "SELECT 1;\nSELECT '\xFF';", 2, 0, "UTF-8"},
  };
  return scripts;
}

class BrokenScripts : public MigrationTest {
 protected:
  BrokenScripts() {
    write("V1__a.sql", "CREATE TABLE a (id int PRIMARY KEY);\nINSERT INTO a VALUES (1);");
  }

  void expect_place(const BrokenScript& script) {
    SCOPED_TRACE(script.what);
    write("V2__b.sql", script.contents);
    const auto error = failure();
    EXPECT_EQ(error.script(), "V2__b.sql") << error.what();
    EXPECT_EQ(error.line(), script.line) << error.what();
    EXPECT_EQ(error.column(), script.column) << error.what();
    EXPECT_THAT(error.what(), HasSubstr(script.fragment));
    EXPECT_EQ(scalar("SELECT count(*) FROM a"), "1");
    EXPECT_FALSE(has_table("b"));
  }
};

TEST_F(BrokenScripts, NameThePlace_WhenTheServerRefusesThem) {
  run();
  for (const auto& script : refused_by_server()) expect_place(script);
}

TEST_F(BrokenScripts, NameThePlace_WhenNothingOfThemRuns) {
  run();
  for (const auto& script : refused_before()) expect_place(script);
}

}  // namespace
}  // namespace flowdb::test_support
