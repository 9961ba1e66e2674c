#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <flowdb/error.hpp>

#include "integration/sqlserver/sqlserver.hpp"
#include "integration/stopwatch.hpp"
#include "support/chaos_proxy.hpp"

namespace flowdb::test {
namespace {

using namespace std::chrono_literals;
using test_support::ChaosProxy;
using test_support::CutStyle;
using test_support::Direction;

/// The connection is cut behind each of so many bytes of what passes in one direction: all of them
/// with FLOWDB_TEST_EVERY_BYTE, else a seeded choice.
std::vector<std::uint64_t> places_to_cut(std::uint64_t bytes) {
  std::vector<std::uint64_t> places(bytes);
  for (std::uint64_t i = 0; i < bytes; ++i) places[i] = i;
  constexpr std::size_t kChoice = 30;
  if (std::getenv("FLOWDB_TEST_EVERY_BYTE") == nullptr && bytes > kChoice) {
    std::shuffle(places.begin(), places.end(), std::mt19937_64{20'240'115});
    places.resize(kChoice);
  }
  return places;
}

class SqlserverCut : public Sqlserver {
 protected:
  static constexpr auto kTimeout = 5s;

  DatabaseManager manager_through(const ChaosProxy& proxy) const {
    auto options = one_connection();
    options.timeout = kTimeout;
    return manager_for(url_through(proxy), options);
  }

  /// Runs `action` on a new connection for each place to cut it at; whatever happens must be a
  /// typed error in time, or success. `check` looks at what became of it.
  void cut_everywhere(Direction direction, const std::function<void(DatabaseManager&)>& prepare,
                      const std::function<void(DatabaseManager&)>& action,
                      const std::function<void(bool)>& check) {
    const auto bytes = bytes_of(direction, prepare, action);
    for (const auto place : places_to_cut(bytes)) {
      for (const auto style : {CutStyle::close, CutStyle::reset}) {
        SCOPED_TRACE("cut behind byte " + std::to_string(place) + " of " + std::to_string(bytes));
        ChaosProxy proxy{address()};
        auto db = manager_through(proxy);
        if (prepare) prepare(db);
        proxy.cut({direction, place, style, 1});
        const Stopwatch stopwatch;
        bool succeeded = false;
        try {
          action(db);
          succeeded = true;
        } catch (const Error&) {
        }
        EXPECT_LE(stopwatch.elapsed(), kTimeout + grace);
        check(succeeded);
      }
    }
  }

 private:
  std::uint64_t bytes_of(Direction direction, const std::function<void(DatabaseManager&)>& prepare,
                         const std::function<void(DatabaseManager&)>& action) const {
    ChaosProxy proxy{address()};
    auto db = manager_through(proxy);
    if (prepare) prepare(db);
    const auto before = proxy.bytes(direction);
    action(db);
    return proxy.bytes(direction) - before;
  }
};

TEST_F(SqlserverCut, InALoginIsAConnectionErrorOrNothing) {
  cut_everywhere(
      Direction::to_client, {},
      [](DatabaseManager& db) {
        EXPECT_EQ(db.execute_query("SELECT 42 AS answer").scalar<int>(), 42);
      },
      [](bool) {});
}

TEST_F(SqlserverCut, InAnAnswerNeverGivesAWrongRow) {
  const auto table = make_table("id int, name nvarchar(20), note nvarchar(max)");
  std::vector<std::vector<Value>> rows;
  for (int id = 0; id < 20; ++id) {
    rows.push_back({id, "name " + std::to_string(id), "note " + std::to_string(id)});
  }
  observer().bulk_insert(table, {"id", "name", "note"}, rows);
  const auto connect = [](DatabaseManager& db) { db.execute_query("SELECT 1 AS one"); };
  const auto select = "SELECT id, name, note FROM " + table + " WHERE id >= :id ORDER BY id";
  cut_everywhere(
      Direction::to_client, connect,
      [&](DatabaseManager& db) {
        const auto result = db.execute_query(select, {{"id", 0}});
        ASSERT_EQ(result.size(), 20U);
        for (int id = 0; id < 20; ++id) {
          const auto row = result[static_cast<std::size_t>(id)];
          EXPECT_EQ(row["id"].as<int>(), id);
          EXPECT_EQ(row["name"].as<std::string>(), "name " + std::to_string(id));
          EXPECT_EQ(row["note"].as<std::string>(), "note " + std::to_string(id));
        }
      },
      [](bool) {});
  int seen = 0;
  cut_everywhere(
      Direction::to_client, connect,
      [&](DatabaseManager& db) {
        seen = 0;
        for (const auto& row : db.stream_query(select, {{"id", 0}})) {
          EXPECT_EQ(row["name"].as<std::string>(), "name " + std::to_string(seen++));
        }
      },
      [&](bool succeeded) { EXPECT_TRUE(!succeeded || seen == 20); });
}

TEST_F(SqlserverCut, InACommitIsReportedAsWhatItIs) {
  const auto table = make_table("id int");
  const auto connect = [](DatabaseManager& db) { db.execute_query("SELECT 1 AS one"); };
  bool is_unknown = false;
  int id = 0;
  for (const auto direction : {Direction::to_client, Direction::to_server}) {
    cut_everywhere(
        direction, connect,
        [&](DatabaseManager& db) {
          is_unknown = false;
          ++id;
          try {
            db.transaction(
                [&](Transaction& tx) {
                  tx.execute_query("INSERT INTO " + table + " VALUES (:id)", {{"id", id}});
                },
                {.retry_conflicts = false});
          } catch (const CommitUnknownError&) {
            is_unknown = true;
            throw;
          }
        },
        [&](bool succeeded) {
          if (is_unknown) return;
          const auto count =
              observer()
                  .execute_query("SELECT count(*) FROM " + table + " WHERE id = :id", {{"id", id}})
                  .scalar<int>();
          EXPECT_EQ(count, succeeded ? 1 : 0);
        });
  }
}

}  // namespace
}  // namespace flowdb::test
