#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <flowdb/value.hpp>

namespace flowdb {
namespace {

using namespace std::chrono_literals;

template <class T>
const T& held(const Value& value) {
  return std::get<T>(value.data());
}

TEST(Value, HoldsWhatItIsGiven) {
  EXPECT_TRUE(Value{}.is_null());
  EXPECT_TRUE(Value{nullptr}.is_null());
  EXPECT_TRUE(Value{std::nullopt}.is_null());
  EXPECT_TRUE(Value{static_cast<const char*>(nullptr)}.is_null());
  EXPECT_TRUE(Value{std::optional<int>{}}.is_null());
  EXPECT_EQ(held<std::int64_t>(std::optional<short>{short{7}}), 7);
  EXPECT_EQ(held<bool>(true), true);
  EXPECT_EQ(held<std::int64_t>(-5), -5);
  EXPECT_EQ(held<std::int64_t>(std::uint8_t{200}), 200);
  EXPECT_EQ(held<Decimal>(std::numeric_limits<std::uint64_t>::max()),
            Decimal{"18446744073709551615"});
  EXPECT_EQ(held<double>(1.5F), 1.5);
  EXPECT_EQ(held<std::string>("text"), "text");
  EXPECT_EQ(held<std::string>(std::string_view{"a\0b", 3}).size(), 3U);
  EXPECT_EQ(held<std::string>(""), "");
  EXPECT_EQ(held<Bytes>(Bytes{std::byte{0}}).size(), 1U);
  EXPECT_EQ(held<Date>(2024y / 1 / 15), Date::parse("2024-01-15"));
  EXPECT_EQ(held<TimestampTz>(std::chrono::system_clock::time_point{}), TimestampTz{});
  EXPECT_EQ(held<Json>(nlohmann::json{{"a", 1}}).text, R"({"a":1})");
}

TEST(Value, MakesAListOfAVector) {
  const Value list{std::vector<std::vector<std::optional<int>>>{{1, std::nullopt}, {3, 4}}};
  const auto& outer = held<Array>(list).elements;
  ASSERT_EQ(outer.size(), 2U);
  EXPECT_TRUE(held<Array>(outer[0]).elements[1].is_null());
  EXPECT_EQ(held<std::int64_t>(held<Array>(outer[1]).elements[1]), 4);
  EXPECT_EQ(held<bool>(held<Array>(Value{std::vector<bool>{false, true}}).elements[1]), true);
  EXPECT_EQ(list, Value{list});
  EXPECT_FALSE(list == Value{std::vector<int>{1}});
  EXPECT_FALSE((Value{1} == Value{1.0}));
}

TEST(Params, FindsByName_AndReplaces) {
  Params params{{"status", "active"}, {"limit", 10}};
  ASSERT_NE(params.find("limit"), nullptr);
  EXPECT_EQ(*params.find("limit"), Value{10});
  EXPECT_EQ(params.find("Limit"), nullptr);
  params.set("limit", 20).set("offset", nullptr);
  EXPECT_EQ(params.size(), 3U);
  EXPECT_EQ(*params.find("limit"), Value{20});
  EXPECT_TRUE(params.find("offset")->is_null());
  const Params from_map{std::map<std::string, Value>{{"b", 2}, {"a", 1}}};
  EXPECT_EQ(from_map.begin()->name, "a");
  EXPECT_TRUE(Params{}.empty());
}

}  // namespace
}  // namespace flowdb
