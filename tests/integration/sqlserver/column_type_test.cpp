#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <flowdb/error.hpp>

#include "integration/sqlserver/sqlserver.hpp"
#include "integration/thrown_by.hpp"
#include "result/encoding.hpp"

namespace flowdb::test {
namespace {

struct Sample {
  std::string type;
  std::string literal;  ///< as T-SQL writes it
  ColumnType column;
  std::string text;  ///< what flowdb makes of it
};

class SqlserverColumns : public Sqlserver {
 protected:
  /// The value as a column of a table, beside NULL and beside a column of any length.
  void expect(const Sample& sample) {
    SCOPED_TRACE(sample.type + " " + sample.literal);
    const auto table =
        make_table("id int, value " + sample.type + " NULL, long_value nvarchar(max)");
    db_.execute_query("INSERT INTO " + table + " VALUES (1, " + sample.literal +
                      ", N'long'), (2, NULL, NULL)");
    for (const std::string columns : {"id, value", "long_value, value", "value, long_value"}) {
      const auto rows = db_.execute_query("SELECT " + columns + " FROM " + table + " ORDER BY id");
      ASSERT_EQ(rows.size(), 2U);
      EXPECT_EQ(rows[0]["value"].column().type, sample.column);
      EXPECT_EQ(result::raw_of(rows[0]["value"]), sample.text) << columns;
      EXPECT_TRUE(rows[1]["value"].is_null()) << columns;
    }
  }
};

TEST_F(SqlserverColumns, OfNumbersAreExact) {
  expect({"tinyint", "255", ColumnType::int16, "255"});
  expect({"smallint", "-32768", ColumnType::int16, "-32768"});
  expect({"int", "-2147483648", ColumnType::int32, "-2147483648"});
  expect({"bigint", "9223372036854775807", ColumnType::int64, "9223372036854775807"});
  expect({"bit", "1", ColumnType::boolean, "t"});
  expect({"decimal(38, 20)", "-123456789012345678.12345678901234567890", ColumnType::decimal,
          "-123456789012345678.12345678901234567890"});
  expect({"numeric(5, 5)", "-0.00120", ColumnType::decimal, "-0.00120"});
  expect({"money", "-922337203685477.5808", ColumnType::decimal, "-922337203685477.5808"});
  expect({"smallmoney", "214748.3647", ColumnType::decimal, "214748.3647"});
  expect({"float", "0.1", ColumnType::float64, "0.1"});
  expect({"real", "CAST(0.1 AS real)", ColumnType::float32, "0.1"});
}

TEST_F(SqlserverColumns, OfTimesAreExact_AndEarlyYearsKeepTheirZeros) {
  const bool fine = server().has_100_nanoseconds;
  expect({"date", "'0001-01-01'", ColumnType::date, "0001-01-01"});
  expect({"date", "'1582-10-10'", ColumnType::date, "1582-10-10"});
  expect({"time(7)", fine ? "'23:59:59.9999999'" : "'23:59:59.999999'", ColumnType::time,
          fine ? "23:59:59.9999999" : "23:59:59.999999"});
  expect({"time(0)", "'00:00:07'", ColumnType::time, "00:00:07"});
  expect({"datetime2(7)", fine ? "'0001-01-01 00:00:00.0000001'" : "'0001-01-01 00:00:00.000001'",
          ColumnType::timestamp,
          fine ? "0001-01-01 00:00:00.0000001" : "0001-01-01 00:00:00.000001"});
  expect(
      {"datetime", "'1753-01-01 23:59:59.997'", ColumnType::timestamp, "1753-01-01 23:59:59.997"});
  expect(
      {"datetime", "'2024-01-15 10:30:00.003'", ColumnType::timestamp, "2024-01-15 10:30:00.003"});
  expect({"smalldatetime", "'2024-01-15 10:30:00'", ColumnType::timestamp, "2024-01-15 10:30:00"});
  expect({"datetimeoffset(7)", "'0987-06-05 04:03:02.5 -03:30'", ColumnType::timestamp_tz,
          "0987-06-05 04:03:02.5-03:30"});
}

TEST_F(SqlserverColumns, OfTextsAndBytesAreWhole) {
  expect({"nvarchar(20)", "N'Grüße 𝒳🚀'", ColumnType::text, "Grüße 𝒳🚀"});
  expect({"nchar(4)", "N'ü'", ColumnType::text, "ü   "});
  expect({"varchar(20)", "'Grüße €'", ColumnType::text, "Grüße €"});
  expect({"char(4)", "'ab'", ColumnType::text, "ab  "});
  expect({"nvarchar(max)", "N''", ColumnType::text, ""});
  expect({"varchar(max)", "REPLICATE(CAST('é' AS varchar(max)), 30000)", ColumnType::text, [] {
            std::string text;
            for (int i = 0; i < 30'000; ++i) text += "é";
            return text;
          }()});
  expect({"varbinary(8)", "0x00FF10", ColumnType::bytes, std::string{"\0\xff\x10", 3}});
  expect({"binary(3)", "0x01", ColumnType::bytes, std::string{"\1\0\0", 3}});
  expect({"varbinary(max)", "0x", ColumnType::bytes, ""});
  expect({"uniqueidentifier", "'6F9619FF-8B86-D011-B42D-00C04FC964FF'", ColumnType::uuid,
          "6f9619ff-8b86-d011-b42d-00c04fc964ff"});
  expect({"xml", "N'<a b=\"ü\">🚀</a>'", ColumnType::text, "<a b=\"ü\">🚀</a>"});
}

TEST_F(SqlserverColumns, OfAnyLengthAreWhole_WhereverAPieceOfThemEnds) {
  // Characters of two units, one, two and three bytes stand at the end of the first piece.
  const auto table = make_table("id int, wide nvarchar(max), narrow varchar(max), document xml");
  std::string units;
  std::string letters;
  while (units.size() < 60'000) units += "aß€🚀𝒳b";
  while (letters.size() < 40'000) letters += "aßé€";
  std::vector<std::string> texts;
  std::vector<std::string> narrow;
  for (std::size_t shift = 0; shift < 12; ++shift) {
    texts.push_back(std::string(shift, 'x') + units);
    narrow.push_back(std::string(shift, 'x') + letters);
    db_.execute_query("INSERT INTO " + table + " VALUES (:id, :wide, :narrow, :document)",
                      {{"id", static_cast<int>(shift)},
                       {"wide", texts.back()},
                       {"narrow", narrow.back()},
                       {"document", "<a>" + texts.back() + "</a>"}});
  }
  const auto rows =
      db_.execute_query("SELECT wide, narrow, document FROM " + table + " ORDER BY id");
  for (std::size_t shift = 0; shift < texts.size(); ++shift) {
    EXPECT_TRUE(rows[shift]["wide"].as<std::string>() == texts[shift]) << shift;
    EXPECT_TRUE(rows[shift]["narrow"].as<std::string>() == narrow[shift]) << shift;
    EXPECT_TRUE(rows[shift]["document"].as<std::string>() == "<a>" + texts[shift] + "</a>")
        << shift;
  }
}

TEST_F(SqlserverColumns, OfVariantsAreTheTextOfTheirValues) {
  expect({"sql_variant", "CAST(42 AS int)", ColumnType::other, "42"});
  expect({"sql_variant", "CAST(-1.50 AS decimal(9, 2))", ColumnType::other, "-1.50"});
  expect({"sql_variant", "N'ü €'", ColumnType::other, "ü €"});
  expect({"sql_variant", "CAST('2024-01-15' AS date)", ColumnType::other, "2024-01-15"});
}

TEST_F(SqlserverColumns, AllTakeNullOfNoKind) {
  const auto table = make_table(
      "a int, b nvarchar(9), c varbinary(9), d date, e decimal(9, 2), f uniqueidentifier, g bit, "
      "h float, i datetimeoffset, j varbinary(max), k xml");
  Params nulls;
  std::string places;
  for (const char name : std::string{"abcdefghijk"}) {
    nulls.set(std::string(1, name), nullptr);
    places += (places.empty() ? ":" : ", :") + std::string(1, name);
  }
  const auto insert = "INSERT INTO " + table + " VALUES (" + places + ")";
  EXPECT_EQ(db_.execute_query(insert, nulls).affected_rows(), 1U);
  EXPECT_EQ(db_.execute_batch(insert, {nulls, nulls}), 2U);
  EXPECT_EQ(db_.bulk_insert(table, {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"},
                            {std::vector<Value>(11), std::vector<Value>(11)}),
            2U);
  db_.execute_query("UPDATE " + table + " SET a = :x, c = :x, d = :x", {{"x", nullptr}});
  EXPECT_EQ(db_.execute_query("SELECT count(*) FROM " + table +
                              " WHERE a IS NULL AND c IS NULL AND f IS NULL AND j IS NULL")
                .scalar<int>(),
            5);
  EXPECT_EQ(
      db_.execute_query("SELECT COALESCE(:x, 'none') AS t", {{"x", nullptr}}).scalar<std::string>(),
      "none");
}

}  // namespace
}  // namespace flowdb::test
