#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <flowdb/error.hpp>

#include "integration/sqlserver/sqlserver.hpp"
#include "integration/thrown_by.hpp"

namespace flowdb::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class SqlserverBatch : public Sqlserver {
 protected:
  std::string sum(const std::string& expression, const std::string& table) {
    return observer()
        .execute_query("SELECT " + expression + " AS x FROM " + table)
        .scalar<std::string>();
  }
};

TEST_F(SqlserverBatch, KeepsEveryValue_WhateverKindsAndLengthsFollowEachOther) {
  const auto table = make_table(
      "id int PRIMARY KEY, number bigint, text nvarchar(max), amount decimal(20, 6), day date, "
      "bytes varbinary(max), flag bit");
  std::vector<Params> sets;
  std::vector<std::vector<Value>> rows;
  const auto add = [&](const Value& number, const Value& text, const Value& amount,
                       const Value& day, const Value& bytes, const Value& flag) {
    const auto id = static_cast<int>(sets.size());
    sets.push_back({{"id", id},
                    {"number", number},
                    {"text", text},
                    {"amount", amount},
                    {"day", day},
                    {"bytes", bytes},
                    {"flag", flag}});
    rows.push_back({id + 1000, number, text, amount, day, bytes, flag});
  };
  const Value null;
  for (int i = 0; i < 40; ++i) {
    const bool odd = i % 2 != 0;
    add(odd ? Value{i} : Value{std::int64_t{1} << 40U},
        odd ? Value{std::string(static_cast<std::size_t>(i) * 150, 'x')} : null,
        i < 20 ? Value{Decimal{"1.50"}} : Value{Decimal{"-0.000001"}},
        i % 3 == 0 ? null : Value{Date::parse("0987-01-02")},
        odd ? Value{Bytes(static_cast<std::size_t>(i) * 300)} : Value{Bytes{}},
        i < 10 ? null : Value{odd});
  }
  add(7, "a text", 5, Timestamp::parse("2024-01-15 00:00:00"), null, true);  // other kinds
  add(null, null, null, null, null, null);
  const auto insert = "INSERT INTO " + table +
                      " (id, number, text, amount, day, bytes, flag) VALUES (:id, :number, :text, "
                      ":amount, :day, :bytes, :flag)";
  EXPECT_EQ(db_.execute_batch(insert, sets), 42U);
  EXPECT_EQ(
      db_.bulk_insert(table, {"id", "number", "text", "amount", "day", "bytes", "flag"}, rows),
      42U);
  const auto read = db_.execute_query("SELECT * FROM " + table + " ORDER BY id");
  ASSERT_EQ(read.size(), 84U);
  for (std::size_t i = 0; i < 42; ++i) {
    auto one = read[i].to_json();
    auto other = read[i + 42].to_json();
    one.erase("id");
    other.erase("id");
    EXPECT_EQ(one, other) << i;
  }
  EXPECT_EQ(read[38]["number"].as<std::string>(), std::to_string(std::int64_t{1} << 40U));
  EXPECT_EQ(read[39]["number"].as<std::string>(), "39");
  EXPECT_EQ(read[39]["text"].as<std::string>(), std::string(39 * 150, 'x'));
  EXPECT_EQ(read[39]["amount"].as<std::string>(), "-0.000001");
  EXPECT_EQ(read[19]["amount"].as<std::string>(), "1.500000");
  EXPECT_EQ(read[38]["day"].as<std::string>(), "0987-01-02");
  EXPECT_EQ(read[39]["bytes"].as<Bytes>().size(), 39U * 300);
  EXPECT_TRUE(read[38]["bytes"].as<Bytes>().empty());
  EXPECT_FALSE(read[38]["bytes"].is_null());
  EXPECT_EQ(read[40]["day"].as<std::string>(), "2024-01-15");
}

TEST_F(SqlserverBatch, TellsWhichParameterSetFailed_AndShowsNoValue) {
  const auto table = make_table("id int PRIMARY KEY, name nvarchar(50)");
  std::vector<Params> sets;
  for (int id = 0; id < 700; ++id) {
    sets.push_back({{"id", id == 433 ? 17 : id}, {"name", "canary " + std::to_string(id)}});
  }
  const auto error = thrown_by<ConstraintError>(
      [&] { db_.execute_batch("INSERT INTO " + table + " VALUES (:id, :name)", sets); });
  EXPECT_THAT(error.what(), HasSubstr("parameter set 433"));
  EXPECT_THAT(error.what(), Not(HasSubstr("canary")));
  EXPECT_EQ(sum("count(*)", table), "0");
}

TEST_F(SqlserverBatch, CountsTheRowsOfAllSets) {
  const auto table = make_table("id int, part int");
  std::vector<std::vector<Value>> rows;
  for (int id = 0; id < 500; ++id) rows.push_back({id, id % 10});
  db_.bulk_insert(table, {"id", "part"}, rows);
  std::vector<Params> sets;
  for (int part = 0; part < 12; ++part) sets.push_back({{"part", part}});
  EXPECT_EQ(db_.execute_batch("UPDATE " + table + " SET id = id + 1 WHERE part = :part", sets),
            500U);
  EXPECT_EQ(sum("SUM(id)", table), std::to_string(499 * 500 / 2 + 500));
  // No array is made of what returns rows, or takes lists.
  EXPECT_EQ(db_.execute_batch("DELETE FROM " + table + " OUTPUT deleted.id WHERE part = :part",
                              {{{"part", 1}}, {{"part", 2}}}),
            100U);
  EXPECT_EQ(db_.execute_batch("DELETE FROM " + table + " WHERE part IN (:parts)",
                              {{{"parts", std::vector<int>{3, 4}}},
                               {{"parts", std::vector<int>{}}},
                               {{"parts", std::vector<int>{5}}}}),
            150U);
}

TEST_F(SqlserverBatch, LeavesTheConnectionAsItWas) {
  const auto table = make_table("id int");
  const int before = session();
  db_.execute_batch("INSERT INTO " + table + " VALUES (:id)",
                    {{{"id", 1}}, {{"id", 2}}, {{"id", 3}}});
  EXPECT_EQ(
      db_.execute_query("SELECT id FROM " + table + " WHERE id > :id ORDER BY id", {{"id", 1}})
          .size(),
      2U);
  EXPECT_EQ(session(), before);
}

TEST_F(SqlserverBatch, BulkTextIsNeverTakenForANumber) {
  const auto table = make_table("id int, text nvarchar(20), amount decimal(20, 10)");
  const std::vector<std::vector<Value>> rows{{1, "abc", Decimal{"1.5"}},
                                             {2, 7, Decimal{"0.0000000001"}},
                                             {3, "0010", Decimal{"12345678.9"}},
                                             {4, nullptr, 3}};
  EXPECT_EQ(db_.bulk_insert(table, {"id", "text", "amount"}, rows), 4U);
  const auto read = db_.execute_query("SELECT text, amount FROM " + table + " ORDER BY id");
  EXPECT_EQ(read[0]["text"].as<std::string>(), "abc");
  EXPECT_EQ(read[1]["text"].as<std::string>(), "7");
  EXPECT_EQ(read[2]["text"].as<std::string>(), "0010");
  EXPECT_EQ(read[1]["amount"].as<std::string>(), "0.0000000001");
  EXPECT_EQ(read[2]["amount"].as<std::string>(), "12345678.9000000000");
}

}  // namespace
}  // namespace flowdb::test
