#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <flowdb/testing/mock_database_manager.hpp>

namespace flowdb::testing {
namespace {

using namespace std::chrono_literals;

TEST(MakeRows, GivesBackEveryType_AsItWasPutIn) {
  const Bytes bytes{std::byte{0}, std::byte{0xFF}, std::byte{'\\'}};
  const Date day{2024y / 2 / 29};
  const Timestamp moment = Timestamp::parse("2024-02-29 10:30:00.123456");
  const TimestampTz instant = TimestampTz::parse("2024-02-29 10:30:00+00");
  const auto id = Uuid::parse("0b9c1f0e-3a1b-4a57-8f1e-0123456789ab");
  const auto rows = make_rows(
      {"flag", "number", "real", "price", "name", "data", "day", "time", "moment", "instant", "id",
       "document"},
      {{true, std::int64_t{-9'223'372'036'854'775'807}, 0.1, Decimal{"10.50"}, "Ådå", bytes, day,
        TimeOfDay::parse("23:59:59.5"), moment, instant, id, nlohmann::json{{"a", 1}}}});
  const auto row = rows.one();
  EXPECT_TRUE(row["flag"].as<bool>());
  EXPECT_EQ(row["number"].as<std::int64_t>(), -9'223'372'036'854'775'807);
  EXPECT_EQ(row["real"].as<double>(), 0.1);
  EXPECT_EQ(row["price"].as<Decimal>().to_string(), "10.50");
  EXPECT_EQ(row["name"].as<std::string>(), "Ådå");
  EXPECT_EQ(row["data"].as<Bytes>(), bytes);
  EXPECT_EQ(row["day"].as<Date>(), day);
  EXPECT_EQ(row["time"].as<TimeOfDay>(), TimeOfDay::parse("23:59:59.5"));
  EXPECT_EQ(row["moment"].as<Timestamp>(), moment);
  EXPECT_EQ(row["instant"].as<TimestampTz>(), instant);
  EXPECT_EQ(row["id"].as<Uuid>(), id);
  EXPECT_EQ(row["document"].as<nlohmann::json>(), (nlohmann::json{{"a", 1}}));
  EXPECT_EQ(rows.affected_rows(), 1U);
}

TEST(MakeRows, InfersAColumnsType_FromAllOfItsValues) {
  const auto rows = make_rows({"id", "nothing", "mixed", "maybe"},
                              {{1, nullptr, 1, nullptr}, {2, nullptr, "one", 2.5}});
  const auto& columns = rows.columns();
  EXPECT_EQ(columns[0].type, ColumnType::int64);
  EXPECT_EQ(columns[1].type, ColumnType::text);
  EXPECT_EQ(columns[2].type, ColumnType::text);
  EXPECT_EQ(columns[3].type, ColumnType::float64);
  EXPECT_EQ(rows[0]["mixed"].as<std::string>(), "1");
  EXPECT_EQ(rows[0]["nothing"].as<std::optional<std::string>>(), std::nullopt);
  EXPECT_EQ(rows[0]["maybe"].as<std::optional<double>>(), std::nullopt);
  EXPECT_EQ(rows.to_json(), nlohmann::json::parse(R"([
    {"id": 1, "nothing": null, "mixed": "1", "maybe": null},
    {"id": 2, "nothing": null, "mixed": "one", "maybe": 2.5}])"));
}

TEST(MakeRows, KnowsTheElementsOfArrays) {
  const std::vector<std::string> quoted{"a,b", "c\"d", "NULL", ""};
  const std::vector<std::vector<std::int64_t>> grid{{1, 2}, {3, 4}};
  const auto rows = make_rows({"numbers", "texts", "grid", "blobs"},
                              {{std::vector<int>{}, quoted, grid, std::vector<Bytes>{{}}},
                               {std::vector<int>{7, 8}, std::vector<std::string>{}, grid,
                                std::vector<Bytes>{{std::byte{0x0A}}}}});
  EXPECT_EQ(rows.columns()[0].type, ColumnType::array);
  EXPECT_EQ(rows.columns()[0].element_type, ColumnType::int64);
  EXPECT_EQ(rows[0][0].as<std::vector<int>>(), std::vector<int>{});
  EXPECT_EQ(rows[1][0].as<std::vector<int>>(), (std::vector<int>{7, 8}));
  EXPECT_EQ(rows[0][1].as<std::vector<std::string>>(), quoted);
  EXPECT_EQ(rows[0][2].as<std::vector<std::vector<std::int64_t>>>(), grid);
  EXPECT_EQ(rows[1][3].as<std::vector<Bytes>>(), (std::vector<Bytes>{{std::byte{0x0A}}}));
}

TEST(MakeRows, RefusesARow_ThatDoesNotFitTheColumns) {
  try {
    make_rows({"id", "name"}, {{1, "Ada"}, {2}});
    FAIL() << "a ragged row was accepted";
  } catch (const InvalidArgument& error) {
    EXPECT_STREQ(error.what(), "row 1 of make_rows() has 1 values for 2 columns");
  }
  EXPECT_THROW(make_rows({}, {}), InvalidArgument);
}

TEST(MakeRows, MayHoldNoRows) {
  const auto rows = make_rows({"id"}, {});
  EXPECT_TRUE(rows.empty());
  EXPECT_EQ(rows.columns().size(), 1U);
  EXPECT_EQ(make_affected(3).to_json(), nlohmann::json::parse(R"([{"affected_rows": 3}])"));
}

}  // namespace
}  // namespace flowdb::testing
