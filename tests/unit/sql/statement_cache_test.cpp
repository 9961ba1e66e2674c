#include "sql/statement_cache.hpp"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <flowdb/error.hpp>

namespace flowdb::sql {
namespace {

TEST(StatementCache, GivesTheSameStatementForTheSameText) {
  StatementCache cache{postgresql_dialect()};
  std::string text = "SELECT :a";
  const auto first = cache.get(text);
  text[0] = 's';  // the cache must not look into the caller's text
  EXPECT_EQ(cache.get("SELECT :a"), first);
  EXPECT_NE(cache.get(text), first);
  EXPECT_EQ(first->text(), "SELECT $1");
  EXPECT_EQ(StatementCache{sqlserver_dialect()}.get("SELECT :a")->text(), "SELECT ?");
}

TEST(StatementCache, DropsTheLeastRecentlyUsed) {
  StatementCache cache{postgresql_dialect(), 2};
  const auto one = cache.get("SELECT 1");
  const auto two = cache.get("SELECT 2");
  EXPECT_EQ(cache.get("SELECT 1"), one);
  const auto three = cache.get("SELECT 3");  // drops 2
  EXPECT_EQ(cache.get("SELECT 1"), one);
  EXPECT_EQ(cache.get("SELECT 3"), three);
  EXPECT_NE(cache.get("SELECT 2"), two);  // drops 1
  EXPECT_EQ(cache.get("SELECT 3"), three);
  EXPECT_NE(cache.get("SELECT 1"), one);
  EXPECT_EQ(two->source(), "SELECT 2") << "whoever holds a statement keeps it";
}

TEST(StatementCache, KeepsNeitherLongTextsNorBadOnesNorAnythingWithoutCapacity) {
  StatementCache cache{postgresql_dialect(), 1};
  const auto kept = cache.get("SELECT 1");
  const auto longest = "SELECT '" + std::string(StatementCache::kLongestKept - 9, 'a') + "'";
  const auto too_long = longest + " ";
  EXPECT_NE(cache.get(too_long), cache.get(too_long));
  EXPECT_THROW(cache.get("SELECT '"), InvalidArgument);
  EXPECT_EQ(cache.get("SELECT 1"), kept);
  EXPECT_EQ(cache.get(longest), cache.get(longest));

  StatementCache none{postgresql_dialect(), 0};
  EXPECT_NE(none.get("SELECT 1"), none.get("SELECT 1"));
}

TEST(StatementCache, ServesManyThreads) {
  StatementCache cache{postgresql_dialect(), 8};
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&cache, &wrong, thread] {
      for (int round = 0; round < 2000; ++round) {
        const auto text = "SELECT " + std::to_string((round * 7 + thread) % 12) + ", :a";
        const auto statement = cache.get(text);
        if (statement->source() != text || statement->names().size() != 1) ++wrong;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace flowdb::sql
