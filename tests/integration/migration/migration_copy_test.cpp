// COPY … FROM STDIN in a migration, with its data below it.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/migration/migration_fixture.hpp"

namespace flowdb::test_support {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST_F(MigrationTest, LoadsTheDataOfACopy) {
  std::string many;
  for (int index = 0; index < 200'000; ++index) many += std::to_string(index) + "\trow\n";
  write("V1__dump.sql",
        "\\restrict aB3\nCREATE TABLE a (id int, note text);\n"
        "COPY a (id, note) FROM stdin;\n1\tit's; -- text\n2\t\\N\n3\tü\\\\😀\n\\.\n"
        "COPY a FROM stdin WITH (FORMAT csv, HEADER);\nid,note\n4,\"a\nb\"\n\\.\n"
        "INSERT INTO a VALUES (5, 'last');\n\\unrestrict aB3\n");
  write("V2__crlf.sql", "COPY a FROM STDIN;\r\n6\tsix\r\n\\.\r\nCOPY a FROM STDIN;\r\n\\.\r\n");
  write("V3__many.sql",
        "CREATE TABLE b (id int, note text);\nCOPY b FROM STDIN;\n" + many + "\\.\n");
  EXPECT_EQ(run().applied.size(), 3U);
  EXPECT_EQ(scalar("SELECT string_agg(id || '=' || coalesce(note, '?'), ' ' ORDER BY id) FROM a"),
            "1=it's; -- text 2=? 3=ü\\😀 4=a\nb 5=last 6=six");
  EXPECT_EQ(scalar("SELECT count(*) FROM b WHERE note = 'row'"), "200000");
}

TEST_F(MigrationTest, NamesTheLineOfTheDataThatTheServerRefuses_AndShowsNoValue) {
  write("V1__a.sql", "CREATE TABLE a (id int PRIMARY KEY, note text);");
  run();
  const auto fails = [this](const std::string& script, int line, int column) {
    SCOPED_TRACE(script);
    write("V2__b.sql", script);
    const auto error = failure();
    EXPECT_EQ(error.line(), line) << error.what();
    EXPECT_EQ(error.column(), column) << error.what();
    EXPECT_EQ(history(), "V1__a.sql");
    EXPECT_EQ(scalar("SELECT count(*) FROM a"), "0");
    return std::string{error.what()};
  };
  EXPECT_THAT(fails("-- data\nCOPY a FROM STDIN;\n1\tx\nsecret\ty\n\\.\n", 4, 1),
              AllOf(HasSubstr("(SQLSTATE 22P02)"), HasSubstr("In: COPY a, line 2, column id")));
  fails("COPY a FROM STDIN CSV;\n1,a\n2,\"x\ny\"\n3\n\\.\n", 5, 1);
  fails("COPY a FROM STDIN;\r\n1\tx\r\n1\ty\r\n\\.\r\n", 3, 1);
  fails("COPY a FROM STDIN;\n1\tx\n1\ty", 1, 1);
  fails("SELECT 1;\n COPY nope FROM STDIN;\n1\n\\.\n", 2, 7);
  fails("COPY a (id, nope) FROM STDIN;\n1\n\\.\n", 1, 13);
  fails("COPY a FROM STDIN;\n1\tx\n\\.\nSELECT nope;", 4, 8);
}

}  // namespace
}  // namespace flowdb::test_support
