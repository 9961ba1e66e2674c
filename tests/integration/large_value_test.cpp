#include <cstddef>
#include <cstdint>
#include <string>

#include <gtest/gtest.h>

#include "integration/manager_for.hpp"
#include "support/test_server.hpp"

namespace flowdb::test {
namespace {

constexpr std::size_t size = 16 * 1024 * 1024;

/// Bytes without a pattern that a lost or doubled block could hide in.
std::uint8_t next_byte(std::uint64_t& state) {
  state = state * 6364136223846793005U + 1442695040888963407U;
  return static_cast<std::uint8_t>(state >> 56U);
}

TEST(LargeValue, SixteenMebibytesOfBytesComeBackWhole_InEveryWay) {
  test_support::TestDatabase database;
  database.exec("CREATE TABLE large (number int, value bytea)");
  auto db = manager_for(database);
  Bytes bytes(size);
  std::uint64_t state = 1;
  for (auto& byte : bytes) byte = std::byte{next_byte(state)};
  const std::string insert = "INSERT INTO large VALUES (:number, :value)";
  db.execute_query(insert, {{"number", 1}, {"value", bytes}});
  db.execute_batch(insert, {{{"number", 2}, {"value", bytes}}});
  db.bulk_insert("large", {"number", "value"}, {{3, bytes}});
  EXPECT_EQ(database.scalar("SELECT count(DISTINCT md5(value)) FROM large"), "1");
  const auto back = db.execute_query("SELECT value FROM large WHERE number = 3");
  EXPECT_TRUE(back.scalar<Bytes>() == bytes);
}

TEST(LargeValue, SixteenMebibytesOfTextComeBackWhole_InEveryWay) {
  test_support::TestDatabase database;
  database.exec("CREATE TABLE large (number int, value text)");
  auto db = manager_for(database);
  std::string text(size, ' ');
  std::uint64_t state = 2;
  for (char& c : text) c = static_cast<char>(1 + next_byte(state) % 127);
  const std::string insert = "INSERT INTO large VALUES (:number, :value)";
  db.execute_query(insert, {{"number", 1}, {"value", text}});
  db.execute_batch(insert, {{{"number", 2}, {"value", text}}});
  db.bulk_insert("large", {"number", "value"}, {{3, text}});
  EXPECT_EQ(database.scalar("SELECT count(DISTINCT md5(value)) || ' ' || min(length(value))"
                            " FROM large"),
            "1 " + std::to_string(size));
  const auto back = db.execute_query("SELECT value FROM large WHERE number = 3");
  EXPECT_TRUE(back.scalar<std::string>() == text);
}

}  // namespace
}  // namespace flowdb::test
