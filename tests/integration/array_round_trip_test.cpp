#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "integration/round_trip.hpp"

namespace flowdb::test {
namespace {

class ArrayRoundTrip : public RoundTrip {};

using Texts = std::vector<std::string>;
using Integers = std::vector<std::int64_t>;

TEST_F(ArrayRoundTrip, NumbersKeepTheirLimits) {
  expect_exact<Integers>("bigint[]", {{{}, "{}"},
                                      {{1, 2147483648, INT64_MIN, INT64_MAX},
                                       "{1,2147483648,-9223372036854775808,9223372036854775807}"}});
  expect_exact<std::vector<int>>("integer[]", {{{}, "{}"}, {{-1, 0, 1}, "{-1,0,1}"}});
  expect_exact<std::vector<Decimal>>("numeric[]",
                                     {{{Decimal{"1.50"}, Decimal{"NaN"}}, "{1.50,NaN}"}});
  expect_exact<std::vector<double>>("double precision[]", {{{0.1, 5e-324}, "{0.1,5e-324}"}});
  expect_exact<std::vector<bool>>("boolean[]", {{{true, false}, "{t,f}"}});
}

TEST_F(ArrayRoundTrip, TextsKeepWhatTheArraysOwnSyntaxUses) {
  expect_exact<Texts>(
      "text[]",
      {{{}, "{}"},
       {{"a,b", "{c}", "\"d\"", "e\\f", "NULL", "", " g ", "it's", "new\nline", "é"},
        "{\"a,b\",\"{c}\",\"\\\"d\\\"\",\"e\\\\f\",\"NULL\",\"\",\" g \",it's,\"new\nline\",é}"}});
}

TEST_F(ArrayRoundTrip, NullElementsStayNull) {
  expect_exact<std::vector<std::optional<std::string>>>(
      "text[]",
      {{{"NULL", std::nullopt, "null"}, "{\"NULL\",NULL,\"null\"}"}, {{std::nullopt}, "{NULL}"}});
  expect_exact<std::vector<std::optional<int>>>(
      "integer[]", {{{std::nullopt, 2147483647, std::nullopt}, "{NULL,2147483647,NULL}"}});
}

TEST_F(ArrayRoundTrip, TimesBytesAndDocumentsAreElementsToo) {
  const auto moment = Timestamp::parse("2024-02-29 12:34:56.123456");
  expect_exact<std::vector<Timestamp>>(
      "timestamp[]",
      {{{moment, Timestamp::infinity()}, "{\"2024-02-29 12:34:56.123456\",infinity}"}});
  expect_exact<std::vector<Date>>("date[]", {{{Date::parse("0001-01-01")}, "{0001-01-01}"}});
  expect_exact<std::vector<Bytes>>("bytea[]", {{{{}, {std::byte{0xFF}}}, R"({"\\x","\\xff"})"}});
  const std::string document = R"({"a": [1]})";
  expect_exact<std::vector<Json>>(
      "json[]", {{{Json{document}, Json{std::string{"null"}}}, R"({"{\"a\": [1]}","null"})"}});
  const std::string id = "0123abcd-ef45-6789-90ab-cdef00ff1080";
  expect_exact<std::vector<Uuid>>("uuid[]", {{{Uuid::parse(id)}, "{" + id + "}"}});
}

TEST_F(ArrayRoundTrip, ArraysMayBeNested) {
  expect_exact<std::vector<std::vector<int>>>("integer[]", {{{{1, 2}, {3, 4}}, "{{1,2},{3,4}}"}});
  expect_exact<std::vector<std::vector<Texts>>>(
      "text[]", {{{{{"a", "}"}}, {{",", "\""}}}, R"({{{a,"}"}},{{",","\""}}})"}});
}

TEST_F(ArrayRoundTrip, BoundsOtherThanOneDoNotDisturb) {
  const auto rows = db_.execute_query("SELECT '[0:2]={7,8,9}'::int[]");
  EXPECT_EQ(rows.scalar<std::vector<int>>(), (std::vector<int>{7, 8, 9}));
}

}  // namespace
}  // namespace flowdb::test
