// Statements that come again are prepared on the server. Nobody may notice, whatever happens to
// them there.
#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include <flowdb/error.hpp>

#include "integration/manager_for.hpp"
#include "integration/thrown_by.hpp"
#include "support/test_server.hpp"

namespace flowdb::test {
namespace {

class PreparedStatement : public testing::Test {
 protected:
  PreparedStatement() {
    database_.exec("CREATE TABLE t (id int, name text)");
    database_.exec("INSERT INTO t VALUES (1, 'one'), (2, 'two')");
  }
  std::string name_of(int id) {
    const auto rows = db_.execute_query("SELECT * FROM t WHERE id = :id", {{"id", id}});
    return rows.one()[rows.columns().size() - 1].as<std::string>();
  }
  void insert(int id) { db_.execute_query("INSERT INTO t (id) VALUES (:id)", {{"id", id}}); }
  /// How many statements the session holds; the query itself is sent as it is, a new one each time.
  static int prepared(DatabaseManager& db) {
    static int number = 0;
    return db
        .execute_query("SELECT count(*) AS number_" + std::to_string(++number) +
                       " FROM pg_prepared_statements")
        .scalar<int>();
  }

  test_support::TestDatabase database_;
  DatabaseManager db_ = manager_for(database_, one_connection());
};

TEST_F(PreparedStatement, IsMadeAtTheSecondUse_ForEachListOfTypes) {
  EXPECT_EQ(name_of(1), "one");
  EXPECT_EQ(prepared(db_), 0);
  EXPECT_EQ(name_of(2), "two");
  EXPECT_EQ(name_of(1), "one");
  EXPECT_EQ(prepared(db_), 1);
  for (int i = 0; i < 2; ++i) {
    const auto rows = db_.execute_query("SELECT * FROM t WHERE id = :id", {{"id", 1LL << 40}});
    EXPECT_TRUE(rows.empty());
    for (const auto& row : db_.stream_query("SELECT id FROM t WHERE id = :id", {{"id", 2}})) {
      EXPECT_EQ(row[0].as<int>(), 2);
    }
  }
  EXPECT_EQ(prepared(db_), 3);
}

TEST_F(PreparedStatement, FollowsAChangedTable) {
  EXPECT_EQ(name_of(1), "one");
  EXPECT_EQ(name_of(1), "one");
  database_.exec("ALTER TABLE t ADD COLUMN added text DEFAULT 'new'");
  EXPECT_EQ(name_of(1), "new");
  EXPECT_EQ(name_of(2), "new");
  EXPECT_EQ(name_of(2), "new");
  database_.exec("ALTER TABLE t DROP COLUMN added");
  for (const auto& row : db_.stream_query("SELECT * FROM t WHERE id = :id", {{"id", 2}})) {
    EXPECT_EQ(row[1].as<std::string>(), "two");
  }
}

TEST_F(PreparedStatement, FollowsAChangedTableWithinATransaction_WhichRunsAgain) {
  for (int i = 0; i < 2; ++i) name_of(1);
  database_.exec("ALTER TABLE t ADD COLUMN added text DEFAULT 'new'");
  const auto work = [](Transaction& tx) {
    tx.execute_query("INSERT INTO t (id) VALUES (:id)", {{"id", 7}});
    const auto rows = tx.execute_query("SELECT * FROM t WHERE id = :id", {{"id", 1}});
    EXPECT_EQ(rows.one()["added"].as<std::string>(), "new");
    return tx.attempt();
  };
  EXPECT_EQ(db_.transaction(work), 2);
  EXPECT_EQ(database_.scalar("SELECT count(*) FROM t WHERE id = 7"), "1");
}

TEST_F(PreparedStatement, IsMadeAnew_WhenSomebodyHasFreedIt) {
  for (int id = 10; id < 13; ++id) insert(id);
  db_.transaction(
      [&](Transaction& tx) { tx.execute_query("DO $$ BEGIN EXECUTE 'DEALLOCATE ALL'; END $$"); });
  for (int id = 13; id < 16; ++id) insert(id);
  EXPECT_EQ(database_.scalar("SELECT string_agg(id::text, ' ' ORDER BY id) FROM t WHERE id > 9"),
            "10 11 12 13 14 15");
}

TEST_F(PreparedStatement, ErrorsAreThoseOfAStatementThatWasNotPrepared) {
  const auto failure = [&](const std::string& sql, const Params& params = {}) {
    const auto error = thrown_by<QueryError>([&] { db_.execute_query(sql, params); });
    return std::string{error.what()} + std::to_string(error.facts().statement_position);
  };
  const std::string missing = "SELECT name, nothing FROM t";
  const auto first = failure(missing);
  EXPECT_EQ(failure(missing), first);
  EXPECT_EQ(failure(missing), first);
  const std::string divide = "SELECT 1 / :divisor FROM t";
  const auto division = failure(divide, {{"divisor", 0}});
  EXPECT_EQ(failure(divide, {{"divisor", 0}}), division);
  EXPECT_EQ(failure(divide, {{"divisor", 0}}), division);
}

TEST_F(PreparedStatement, OnesAreBounded_AndNoneAreMadeWhenSwitchedOff) {
  auto options = one_connection();
  options.statement_cache_size = 10;
  auto few = manager_for(database_, options);
  for (int i = 0; i < 100; ++i) {
    const auto sql = "SELECT " + std::to_string(i);
    EXPECT_EQ(few.execute_query(sql).scalar<int>(), i);
    EXPECT_EQ(few.execute_query(sql).scalar<int>(), i);
  }
  EXPECT_LE(prepared(few), 26) << "those kept, and those that wait to be freed together";
  options.statement_cache_size = 0;
  auto none = manager_for(database_, options);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(none.execute_query("SELECT 1").scalar<int>(), 1);
  EXPECT_EQ(prepared(none), 0);
}

}  // namespace
}  // namespace flowdb::test
