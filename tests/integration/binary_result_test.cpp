// A statement that comes again is answered in PostgreSQL's binary form where all of its columns
// allow it. Nobody may notice.
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <flowdb/database_manager.hpp>

#include "integration/manager_for.hpp"
#include "result/encoding.hpp"
#include "support/test_server.hpp"

namespace flowdb::test {
namespace {

class BinaryResult : public testing::Test {
 protected:
  static bool is_binary(const ResultSet& rows) { return result::is_binary(rows[0][0]); }

  test_support::TestDatabase database_;
  DatabaseManager db_ = manager_for(database_, one_connection());
};

/// Each as the server's own text, and as the text and the JSON that flowdb makes of either form.
TEST_F(BinaryResult, GivesTheSameTextAndJson) {
  const std::vector<std::string> columns = {
      "bool: true, false, NULL",
      "int2: 32767, '-32768', 0",
      "int4: 2147483647, '-2147483648', 7",
      "int8: 9223372036854775807, '-9223372036854775808', 0",
      "float4: '0.1', '3.4028235e38', '1e-45', 'NaN', '-Infinity', '1e5', '1e6', '123456.7', '-0'",
      "float8: '0.1', '1.7976931348623157e308', '5e-324', 'NaN', 'Infinity', '1e14', '1e15', "
      "'1e16', "
      "'123456789012345.6', '0.0001', '0.00001', '-0', '5.684341886080802e-14', '9007199254740993'",
      "numeric: '0', '0.00', '1.50', '-0.000000000007', '100000000', '10023', '9999.99999', 'NaN', "
      "'Infinity', "
      "'-Infinity', '1234567890123456789012345678901234567890.0123456789', '1e-40', '1e100'",
      "text: 'a', '', 'Grüße 日本 😀', NULL",
      "varchar(5): 'a', 'abcde'",
      "char(5): 'a', 'abcde'",
      "name: 'a_name'",
      R"(bytea: '\x', '\x00ff10', 'text')",
      "date: '2000-01-01', '1999-12-31', '0001-01-01', '0044-03-15 BC', '9999-12-31', "
      "'5874897-12-31', 'infinity', '-infinity'",
      "time: '00:00', '24:00', '10:30:00.000001', '23:59:59.9'",
      "timestamp: '2000-01-01', '1999-12-31 23:59:59.999999', '0044-03-15 10:00 BC', "
      "'294276-12-31 23:59:59.999999', '4713-01-01 BC', 'infinity', '-infinity'",
      "timestamptz: '2000-01-01 00:00+02', '1969-12-31 23:59:59.5Z', '0044-03-15 10:00+00 BC', "
      "'infinity', '-infinity'",
      "uuid: '0123abcd-ef45-6789-90ab-cdef00ff1080'",
      R"(json: '{"a": [1, null]}', '1')",
      R"(jsonb: '{"a": [1, null]}', '"text"')"};
  for (const auto& column : columns) {
    const auto type = column.substr(0, column.find(':'));
    std::string values = column.substr(type.size() + 2);
    const auto sql = "SELECT value, value::text AS shown FROM unnest(ARRAY[" + values +
                     "]::" + type + "[]) AS of(value)";
    const auto in_text = db_.execute_query(sql);
    static_cast<void>(db_.execute_query(sql));
    const auto in_binary = db_.execute_query(sql);
    ASSERT_FALSE(is_binary(in_text)) << type;
    ASSERT_TRUE(is_binary(in_binary)) << type;
    EXPECT_EQ(in_binary.to_json(), in_text.to_json()) << type;
    for (std::size_t i = 0; i < in_text.size(); ++i) {
      ASSERT_EQ(in_binary[i]["value"].is_null(), in_text[i]["value"].is_null()) << type;
      if (in_text[i]["value"].is_null()) continue;
      if (in_text.columns()[0].type == ColumnType::bytes) {
        EXPECT_EQ(in_binary[i]["value"].as<Bytes>(), in_text[i]["value"].as<Bytes>());
        continue;
      }
      const auto text = in_binary[i]["value"].as<std::string>();
      EXPECT_EQ(text, in_text[i]["value"].as<std::string>()) << type;
      if (type != "bool" && type != "char(5)") {
        EXPECT_EQ(text, in_text[i]["shown"].as<std::string>()) << type;
      }
    }
  }
}

TEST_F(BinaryResult, IsNotAskedFor_WhereAColumnNeedsText) {
  for (const auto* column : {"'1 day'::interval", "'127.0.0.1'::inet", "ARRAY[1]", "'a'::\"char\"",
                             "4294967295::oid", "'(1,2)'::point"}) {
    const auto sql = std::string{"SELECT 1 AS number, "} + column + " AS value";
    const auto first = db_.execute_query(sql);
    static_cast<void>(db_.execute_query(sql));
    const auto third = db_.execute_query(sql);
    EXPECT_FALSE(is_binary(third)) << column;
    EXPECT_EQ(third.to_json(), first.to_json()) << column;
  }
}

TEST_F(BinaryResult, FollowsATableWhoseTypesChange) {
  database_.exec("CREATE TABLE t AS SELECT 1 AS a, 2 AS b");
  const auto read = [&] { return db_.execute_query("SELECT * FROM t"); };
  for (int i = 0; i < 3; ++i) EXPECT_EQ(read()[0]["b"].as<int>(), 2);
  EXPECT_TRUE(is_binary(read()));
  database_.exec("ALTER TABLE t ALTER b TYPE interval USING '2 days'::interval");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(read()[0]["b"].as<std::string>(), "2 days");
  database_.exec("ALTER TABLE t ALTER b TYPE int8 USING 3000000000");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(read()[0]["b"].as<std::int64_t>(), 3'000'000'000);
}

TEST_F(BinaryResult, ServesAStreamFromItsFirstUse_AndRowsThatAChangeReturns) {
  int seen = 0;
  for (const auto& row : db_.stream_query("SELECT i, i * 1.5 AS n FROM generate_series(1, 9) i")) {
    ASSERT_TRUE(result::is_binary(row[0]));
    EXPECT_EQ(row["i"].as<int>(), ++seen);
    EXPECT_EQ(row["n"].as<Decimal>().to_scaled(1), seen * 15);
  }
  EXPECT_EQ(seen, 9);
  database_.exec("CREATE TABLE t (id int)");
  for (int i = 0; i < 3; ++i) {
    const auto rows =
        db_.execute_query("INSERT INTO t VALUES (:id) RETURNING id, now() AS at", {{"id", i}});
    EXPECT_EQ(rows.one()["id"].as<int>(), i);
  }
}

}  // namespace
}  // namespace flowdb::test
