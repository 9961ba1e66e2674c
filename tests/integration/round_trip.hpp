#pragma once

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <flowdb/database_manager.hpp>

#include "integration/manager_for.hpp"
#include "support/test_server.hpp"

namespace flowdb::test {

/// A value, and what the server shows for it when the value has arrived whole.
template <class T>
struct Sample {
  T value;
  std::string server_text;
};

/// Not merely equal: the same digits, the same sign of zero.
template <class T>
bool is_same(const T& left, const T& right) {
  return left == right;
}
inline bool is_same(const Decimal& left, const Decimal& right) {
  return left.to_string() == right.to_string();
}
inline bool is_same(double left, double right) {
  if (std::isnan(left)) return std::isnan(right);
  return std::bit_cast<std::uint64_t>(left) == std::bit_cast<std::uint64_t>(right);
}

/// A database, and a manager to send values through.
class RoundTrip : public testing::Test {
 protected:
  /// Sends every sample to a column of `type` in each way that there is – as a parameter of a
  /// query, one by one into a table, in a batch, in bulk – and reads it back.
  template <class T>
  void expect_exact(const std::string& type, const std::vector<Sample<T>>& samples) {
    database_.exec("DROP TABLE IF EXISTS samples");
    database_.exec("CREATE TABLE samples (number serial, value " + type + ")");
    const std::string insert = "INSERT INTO samples (value) VALUES (:value)";
    std::vector<Params> sets;
    std::vector<std::vector<Value>> rows;
    for (const auto& sample : samples) {
      const Params params{{"value", sample.value}};
      const ResultSet echo = db_.execute_query("SELECT :value::" + type, params);
      EXPECT_TRUE(is_same(echo.scalar<T>(), sample.value)) << type << ' ' << sample.server_text;
      db_.execute_query(insert, params);
      sets.push_back(params);
      rows.push_back({sample.value});
    }
    EXPECT_EQ(db_.execute_batch(insert, sets), samples.size());
    EXPECT_EQ(db_.bulk_insert("samples", {"value"}, rows), samples.size());
    expect_stored(type, samples);
  }

  test_support::TestDatabase database_;
  DatabaseManager db_ = manager_for(database_, one_connection());

 private:
  /// The table holds all samples, three times over.
  template <class T>
  void expect_stored(const std::string& type, const std::vector<Sample<T>>& samples) {
    const ResultSet stored =
        db_.execute_query("SELECT value, value::text AS shown FROM samples ORDER BY number");
    ASSERT_EQ(stored.size(), 3 * samples.size());
    for (std::size_t i = 0; i < stored.size(); ++i) {
      const auto& sample = samples[i % samples.size()];
      const auto where = type + ' ' + sample.server_text + ", row " + std::to_string(i);
      EXPECT_EQ(stored[i]["shown"].as<std::string>(), sample.server_text) << where;
      EXPECT_TRUE(is_same(stored[i]["value"].as<T>(), sample.value)) << where;
    }
  }
};

}  // namespace flowdb::test
