#include <cstdint>
#include <string_view>

#include <gtest/gtest.h>

#include <flowdb/error.hpp>

#include "migration/migration_file.hpp"

namespace flowdb::migration {
namespace {

#define BOM "\xEF\xBB\xBF"

TEST(Checksum, IsFlyways) {
  struct Case {
    std::string_view contents;
    std::int32_t checksum;
  };
  const Case cases[] = {
      {"", 0},
      {"\n", 0},
      {"\r\n\r\n", 0},
      {BOM, 0},
      {"CREATE TABLE t (id INT);\n", 1556295178},
      {"CREATE TABLE t (id INT);\r\n", 1556295178},
      {"CREATE TABLE t (id INT);", 1556295178},
      {BOM "CREATE TABLE t (id INT);\n", 1556295178},
      {"CREATE TABLE t (id INT);\nINSERT INTO t VALUES (1);\n", 194980085},
      {"CREATE TABLE t (id INT);\rINSERT INTO t VALUES (1);\r", 194980085},
      {"CREATE TABLE t (id INT);INSERT INTO t VALUES (1);", 194980085},
      {"CREATE TABLE t (id INT); \n", 166061429},
      {"-- Grüße, 日本 😀\nSELECT 1;\n", 2047838523},
      {"SELECT 'a\xE2\x80\xA8"
       "b\x0B"
       "c\x0C"
       "d\xC2\x85"
       "e';\n",
       -1233057192},
      {"SELECT 1;\n" BOM "SELECT 2;\n", -737986772},
  };
  for (const auto& each : cases) {
    EXPECT_EQ(checksum(each.contents, "V1__x.sql"), each.checksum) << each.contents;
  }
  EXPECT_NE(checksum(BOM BOM, "V1__x.sql"), 0) << "only one mark is stripped";
}

TEST(Checksum, RefusesTextThatIsNotUtf8_NamingTheLine) {
  try {
    checksum(BOM
             "SELECT 1;\r\n-- Gr\xFC\xDF"
             "e\n",
             "V1__x.sql");
    ADD_FAILURE();
  } catch (const MigrationError& error) {
    EXPECT_STREQ(error.what(),
                 "V1__x.sql:2: the file is not valid UTF-8; save it in that encoding.");
    EXPECT_EQ(error.script(), "V1__x.sql");
    EXPECT_EQ(error.line(), 2);
  }
}

}  // namespace
}  // namespace flowdb::migration
