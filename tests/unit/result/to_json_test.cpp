#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <flowdb/result_set.hpp>

#include "make_result.hpp"
#include "result/base64.hpp"
#include "unit/message_of.hpp"

namespace flowdb {
namespace {

using nlohmann::json;
using test::make_result;
using test::message_of;
using Type = ColumnType;

json json_of(Type type, std::optional<std::string> raw, Type element = Type::other) {
  return make_result({{"x", type, element}}, {{std::move(raw)}})[0].to_json().at("x");
}

TEST(ToJson, WritesEachTypeAsDocumented) {
  const std::vector<std::tuple<Type, std::string, std::string>> cases = {
      {Type::boolean, "t", "true"},
      {Type::boolean, "false", "false"},
      {Type::int16, "-32768", "-32768"},
      {Type::int32, "0", "0"},
      {Type::int64, "9223372036854775807", "9223372036854775807"},
      {Type::float32, "0.1", "0.1"},
      {Type::float64, "-2.5e-07", "-2.5e-07"},
      {Type::float64, "NaN", R"("NaN")"},
      {Type::float32, "Infinity", R"("Infinity")"},
      {Type::float64, "-Infinity", R"("-Infinity")"},
      {Type::decimal, "10.50", R"("10.50")"},
      {Type::decimal, "NaN", R"("NaN")"},
      {Type::text, "a \"b\" ü", R"("a \"b\" ü")"},
      {Type::text, "", R"("")"},
      {Type::bytes, std::string{"\x00\xFF", 2}, R"("AP8=")"},
      {Type::date, "2024-01-15", R"("2024-01-15")"},
      {Type::date, "-infinity", R"("-infinity")"},
      {Type::time, "10:30:00.123456", R"("10:30:00.123456")"},
      {Type::timestamp, "2024-01-15 10:30:00.123456", R"("2024-01-15T10:30:00.123456")"},
      {Type::timestamp, "0044-03-15 12:00:00 BC", R"("0044-03-15T12:00:00 BC")"},
      {Type::timestamp, "294276-12-31 23:59:59", R"("294276-12-31T23:59:59")"},
      {Type::timestamp, "infinity", R"("infinity")"},
      {Type::timestamp_tz, "2024-01-15 10:30:00+00", R"("2024-01-15T10:30:00Z")"},
      {Type::timestamp_tz, "2024-01-15 10:30:00.5+00:00", R"("2024-01-15T10:30:00.5Z")"},
      {Type::timestamp_tz, "2024-01-15 10:30:00-05:30", R"("2024-01-15T10:30:00-05:30")"},
      {Type::timestamp_tz, "2024-01-15 10:30:00+05", R"("2024-01-15T10:30:00+05:00")"},
      {Type::timestamp_tz, "0044-03-15 12:00:00+00 BC", R"("0044-03-15T12:00:00Z BC")"},
      {Type::timestamp_tz, "0044-03-15 12:00:00-05 BC", R"("0044-03-15T12:00:00-05:00 BC")"},
      {Type::timestamp_tz, "-infinity", R"("-infinity")"},
      {Type::uuid, "0123abcd-ef45-6789-90ab-cdef00ff1080",
       R"("0123abcd-ef45-6789-90ab-cdef00ff1080")"},
      {Type::json, R"({"a": [1, null]})", R"({"a":[1,null]})"},
      {Type::json, "null", "null"},
      {Type::other, "1 day 02:00:00", R"("1 day 02:00:00")"},
  };
  for (const auto& [type, raw, expected] : cases) {
    EXPECT_EQ(json_of(type, raw).dump(), expected) << to_string(type);
    EXPECT_TRUE(json_of(type, std::nullopt).is_null());
  }
}

TEST(ToJson, NestsArrays) {
  const std::vector<std::tuple<Type, std::string, std::string>> cases = {
      {Type::int32, "{1,NULL,3}", "[1,null,3]"},
      {Type::int32, "{}", "[]"},
      {Type::int64, "[0:1][1:2]={{1,2},{3,NULL}}", "[[1,2],[3,null]]"},
      {Type::text, R"({"a b",NULL,"NULL",""})", R"(["a b",null,"NULL",""])"},
      {Type::bytes, R"({"\\x00ff","\\x"})", R"(["AP8=",""])"},
      {Type::boolean, "{t,f}", "[true,false]"},
      {Type::decimal, "{1.50,NaN}", R"(["1.50","NaN"])"},
      {Type::timestamp_tz, R"({"2024-01-15 10:30:00+00"})", R"(["2024-01-15T10:30:00Z"])"},
      {Type::json, R"({"{\"a\": 1}",NULL})", R"([{"a":1},null])"},
  };
  for (const auto& [element, raw, expected] : cases) {
    EXPECT_EQ(json_of(Type::array, raw, element).dump(), expected) << raw;
  }
}

TEST(ToJson, ListsRowsAsObjects) {
  const auto rows =
      make_result({{"id", Type::int32}, {"name", Type::text}}, {{"1", "Ada"}, {"2", std::nullopt}});
  EXPECT_EQ(rows.to_json().dump(), R"([{"id":1,"name":"Ada"},{"id":2,"name":null}])");
  EXPECT_EQ(make_result({{"id", Type::int32}}, {}).to_json().dump(), "[]");
  EXPECT_EQ(result::affected_only(3).to_json().dump(), R"([{"affected_rows":3}])");
  EXPECT_EQ(ResultSet{}.to_json().dump(), R"([{"affected_rows":0}])");
}

TEST(ToJson, NamesTheColumn_WhenItsTextIsNotWhatItShouldBe) {
  EXPECT_EQ(message_of([] { json_of(Type::array, "{1", Type::int32); }),
            "column 'x' does not hold a valid array");
  EXPECT_EQ(message_of([] { json_of(Type::array, "{00}", Type::bytes); }),
            "column 'x' does not hold a valid array");
  EXPECT_EQ(message_of([] { json_of(Type::float64, "1.5x"); }),
            "column 'x' does not hold a valid floating-point number");
  EXPECT_EQ(message_of([] { json_of(Type::json, R"({"secret": )"); }),
            "column 'x' holds text that is no JSON document, or one with a number beyond a "
            "double: read it as flowdb::Json");
}

TEST(Base64, GivesTheVectorsOfRfc4648) {
  const std::vector<std::pair<std::string, std::string>> cases = {{"", ""},
                                                                  {"f", "Zg=="},
                                                                  {"fo", "Zm8="},
                                                                  {"foo", "Zm9v"},
                                                                  {"foob", "Zm9vYg=="},
                                                                  {"fooba", "Zm9vYmE="},
                                                                  {"foobar", "Zm9vYmFy"},
                                                                  {"\xFB\xFF", "+/8="}};
  for (const auto& [bytes, expected] : cases) {
    EXPECT_EQ(result::to_base64(bytes), expected);
  }
}

}  // namespace
}  // namespace flowdb
