// Statements that come again are prepared on the server. Nobody may notice, whatever happens to
// them there.
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

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

TEST_F(PreparedStatement, IsMadeForABatch_AndForOtherListsOfTypesAsTheyComeUp) {
  const std::string sql = "INSERT INTO t (id, name) VALUES (:id, :name)";
  std::vector<Params> sets;
  for (int id = 10; id < 1'010; ++id) {
    const bool named = id < 15 || id % 3 == 0;
    sets.push_back({{"id", id % 5 == 0 ? Value{} : Value{id}},
                    {"name", named ? Value{"name"} : Value{nullptr}}});
  }
  EXPECT_EQ(db_.execute_batch(sql, sets), 1'000U);
  EXPECT_EQ(prepared(db_), 2) << "with an id and without";
  EXPECT_EQ(database_.scalar("SELECT count(id) || ' ' || count(name) FROM t WHERE id > 9"),
            "800 269");
  sets.push_back({{"id", 1LL << 40}, {"name", "too large for the column"}});
  thrown_by<QueryError>([&] { db_.execute_batch(sql, sets); });
  EXPECT_EQ(database_.scalar("SELECT count(*) FROM t"), "1002");
  EXPECT_EQ(db_.execute_batch(sql, {sets.begin(), sets.begin() + 4}), 4U);
}

TEST_F(PreparedStatement, IsMadeAnewWithinABatch_WhenSomebodyHasFreedIt) {
  const std::string sql = "INSERT INTO t (id) VALUES (:id)";
  const std::vector<Params> sets{{{"id", 10}}, {{"id", 11}}, {{"id", 12}}, {{"id", 13}}};
  EXPECT_EQ(db_.execute_batch(sql, sets), 4U);
  db_.execute_query("DO $$ BEGIN EXECUTE 'DEALLOCATE ALL'; END $$");
  EXPECT_EQ(db_.execute_batch(sql, sets), 4U);
  EXPECT_EQ(database_.scalar("SELECT count(*) FROM t WHERE id > 9"), "8");
}

TEST_F(PreparedStatement, StoresWhatItIsGiven_WhenAColumnHasBecomeOfAnotherType) {
  const std::string sql = "INSERT INTO changing (value) VALUES (:value)";
  const auto store = [&](const std::string& type, const std::string& text) {
    database_.exec("DROP TABLE IF EXISTS changing; CREATE TABLE changing (value " + type + ")");
    for (int i = 0; i < 3; ++i) db_.execute_query(sql, {{"value", text}});
    db_.execute_batch(sql, std::vector<Params>(5, {{"value", text}}));
    EXPECT_EQ(database_.scalar("SELECT DISTINCT value FROM changing"), text) << type;
    EXPECT_EQ(database_.scalar("SELECT count(*) FROM changing"), "8") << type;
  };
  store("date", "2024-02-29");
  store("timestamp", "2024-02-29 10:30:00.5");
  store("text", "words");
  store("int", "7");
  store("interval", "1 year 02:00:00");
  store("real", "0.1");
  store("float8", "0.123456789012345");
  store("varchar(20)", "words again");
  store("inet", "2001:db8::1/64");
}

TEST_F(PreparedStatement, IsReadToItsEnd_WhenALargeAnswerFollowsASmallOne) {
  const auto count = [&](int rows) {
    const auto set = db_.execute_query(
        "SELECT n, repeat('x', 100) FROM generate_series(1, :rows) n", {{"rows", rows}});
    EXPECT_EQ(set[set.size() - 1][0].as<int>(), rows);
    return set.size();
  };
  for (const int rows : {1, 1, 1, 100'000, 100'000, 3, 20}) {
    EXPECT_EQ(count(rows), static_cast<std::size_t>(rows));
  }
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
