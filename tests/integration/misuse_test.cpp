#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <flowdb/error.hpp>

#include "integration/manager_for.hpp"
#include "integration/thrown_by.hpp"
#include "support/test_server.hpp"

namespace flowdb::test {
namespace {

using namespace std::chrono_literals;

/// A mistake, and what the message must hold: the thing, and what to do.
struct Mistake {
  std::function<void()> make;
  std::vector<std::string> named;
};

template <class E>
void expect_named(const std::vector<Mistake>& mistakes) {
  for (const auto& mistake : mistakes) {
    std::string message;
    try {
      mistake.make();
      ADD_FAILURE() << "nothing was thrown";
    } catch (const E& error) {
      message = error.what();
    }
    for (const auto& part : mistake.named) {
      EXPECT_NE(message.find(part), std::string::npos) << "'" << part << "' in: " << message;
    }
  }
}

TEST(Misuse, OfTheConfigurationNamesTheVariableToSet) {
  const ConfigManager config{{.environment = "integration", .project_root = FLOWDB_SOURCE_DIR}};
  const auto make = [&](const std::string& name, const DatabaseOptions& options) {
    return [=] { const DatabaseManager db{name, config, options}; };
  };
  const std::string url = "postgresql://u@localhost/x";
  expect_named<ConfigurationError>(
      {{make("rpa_db", {}),
        {"'rpa_db'", "Set INTEGRATION_GLOBAL_RPA_DB_CONNECTION_STRING", "looked in"}},
       {make("rpa_db", {.connection_string = "oracle://u@h/x"}), {"rpa_db", "postgresql"}},
       {make("rpa_db", {.type = DatabaseType::sqlserver, .connection_string = url}),
        {"rpa_db", "sqlserver"}},
       {make("rpa_db", {.connection_string = "postgresql://u@h:99999999/x"}), {"rpa_db"}}});
  expect_named<InvalidArgument>(
      {{make("", {}), {"database name", "empty"}},
       {make("a/b", {}), {"database name"}},
       {make("rpa_db", {.connection_string = url, .pool_size = 0}), {"pool_size", "'rpa_db'"}},
       {make("rpa_db", {.connection_string = url, .max_overflow = -1}), {"max_overflow"}},
       {make("rpa_db", {.connection_string = url, .timeout = -5ms}), {"timeout", "-5"}},
       {make("rpa_db", {.connection_string = url, .retry = RetryPolicy{.max_attempts = 0}}),
        {"retry.max_attempts"}}});
}

class MisuseOfQueries : public testing::Test {
 protected:
  MisuseOfQueries() { database_.exec("CREATE TABLE t (id int, name text)"); }

  std::function<void()> query(const std::string& sql, const Params& params = {}) {
    return [=, this] { db_.execute_query(sql, params); };
  }

  test_support::TestDatabase database_;
  DatabaseManager db_ = manager_for(database_, one_connection());
};

TEST_F(MisuseOfQueries, IsRefusedBeforeAnythingIsSent) {
  const std::string with_nul{"a\0b", 3};
  expect_named<InvalidArgument>(
      {{query(""), {"flow_db", "empty"}},
       {query(" ; -- nothing"), {"flow_db", "empty"}},
       {query("SELECT :id, :name", {{"id", 1}}), {"':name'", "not given"}},
       {query("SELECT :id", {{"id", 1}, {"nmae", 2}}), {"':nmae'", "does not appear"}},
       {query("INSERT INTO t VALUES (1); DELETE FROM t"), {"2 statements", "execute_transaction"}},
       {query("SELECT 'open"), {"line 1"}},
       {query("SELECT :a, $1", {{"a", 1}}), {"$1", ":name"}},
       {query(std::string{"SELECT 1\0", 9}), {"NUL"}},
       {query("INSERT INTO t (name) VALUES (:n)", {{"n", with_nul}}), {"':n'", "NUL", "Bytes"}},
       {query("SELECT :n::text[]", {{"n", std::vector<std::string>{"x", with_nul}}}),
        {"':n'", "NUL"}},
       {query("SELECT :n::json", {{"n", Json{"\"" + with_nul + "\""}}}), {"':n'", "NUL"}},
       {query("COPY t TO STDOUT"), {"COPY", "bulk_insert", "stream_query"}},
       {query("copy t FROM STDIN"), {"COPY", "bulk_insert"}},
       {query("BEGIN"), {"BEGIN", "transaction()"}},
       {query("/* x */ start transaction"), {"START", "transaction()"}},
       {query("COMMIT"), {"COMMIT", "transaction()"}},
       {query("ROLLBACK TO SAVEPOINT a"), {"ROLLBACK", "savepoint()"}},
       {query("SAVEPOINT a"), {"SAVEPOINT", "savepoint()"}},
       {query("PREPARE TRANSACTION 'x'"), {"PREPARE", "transaction()"}}});
  EXPECT_EQ(database_.scalar("SELECT count(*) FROM t"), "0");
}

TEST_F(MisuseOfQueries, OfTheOtherCallsIsRefusedAsClearly) {
  const auto with_timeout = [&](std::chrono::milliseconds timeout) {
    return [&, timeout] { db_.execute_query_with_timeout("SELECT 1", {}, timeout); };
  };
  const auto bulk = [&](const std::string& table, const std::vector<std::string>& columns,
                        const std::vector<std::vector<Value>>& rows) {
    return [=, this] { db_.bulk_insert(table, columns, rows); };
  };
  const auto batch = [&](const std::string& sql, const std::vector<Params>& sets) {
    return [=, this] { db_.execute_batch(sql, sets); };
  };
  const auto transaction = [&](const TransactionOptions& options) {
    return [&, options] { db_.transaction([](Transaction&) {}, options); };
  };
  const auto retry = [&](const RetryPolicy& policy) {
    return [&, policy] { db_.execute_query_with_retry("SELECT 1", {}, policy); };
  };
  const std::string insert = "INSERT INTO t (id) VALUES (:id)";
  expect_named<InvalidArgument>(
      {{with_timeout(-1ms), {"flow_db", "timeout", "positive", "-1 ms"}},
       {with_timeout(0ms), {"timeout", "positive"}},
       {transaction({.timeout = -1s}), {"timeout", "positive"}},
       {retry({.max_attempts = 0}), {"max_attempts"}},
       {bulk("t", {"id", "name"}, {{1, "a"}, {2}}), {"row 1", "1 values", "2 columns"}},
       {bulk("t", {"name"}, {{std::string{"\0", 1}}}), {"row 0", "NUL"}},
       {bulk("t", {}, {}), {"column"}},
       {bulk("", {"id"}, {{1}}), {"name", "empty"}},
       {bulk("a.", {"id"}, {{1}}), {"name", "empty"}},
       {batch("", {{}}), {"empty"}},
       {batch(insert, {{{"id", 1}}, {}}), {"':id'"}},
       {batch(insert, {{{"id", 1}}, {{"id", 2}, {"x", 3}}}), {"':x'"}},
       {batch("COMMIT", {{}}), {"COMMIT"}},
       {[&] {
          db_.execute_transaction({{"SELECT 1"}, {"COMMIT"}});
        },
        {"COMMIT"}},
       {[&] {
          db_.execute_transaction({{insert, {{"id", 1}}}, {insert}});
        },
        {"':id'"}}});
  EXPECT_EQ(database_.scalar("SELECT count(*) FROM t"), "0");
}

TEST_F(MisuseOfQueries, ThatTheServerFindsNamesWhatItIsAbout) {
  expect_named<QueryError>(
      {{query("SELEC 1"), {"flow_db", "syntax error", "42601", "SELEC"}},
       {query("SELECT * FROM no_such_table"), {"no_such_table", "42P01"}},
       {query("SELECT nmae FROM t"), {"nmae", "42703"}},
       {query("SELECT 1 / :zero", {{"zero", 0}}), {"division by zero", "22012"}},
       {query("SELECT :id::int", {{"id", "seven"}}), {"integer", "22P02"}},
       {[&] { db_.bulk_insert("no_such_table", {"id"}, {{1}}); }, {"no_such_table", "42P01"}},
       {[&] { db_.bulk_insert("t", {"no_such_column"}, {{1}}); }, {"no_such_column", "42703"}}});
  const auto error = thrown_by<QueryError>(query("SELECT id,\n  nmae FROM t"));
  EXPECT_EQ(error.sqlstate(), "42703");
  EXPECT_EQ(error.facts().statement_position, 14);
  EXPECT_EQ(error.facts().phase, Phase::sent);
  EXPECT_FALSE(error.is_transient());
}

TEST_F(MisuseOfQueries, OfTheConstraintsOfATableNamesTheConstraint) {
  database_.exec(
      "CREATE TABLE strict (id int PRIMARY KEY, n int NOT NULL CONSTRAINT small CHECK (n < 9),"
      " parent int CONSTRAINT of_parent REFERENCES strict,"
      " EXCLUDE USING btree (n WITH =))");
  db_.execute_query("INSERT INTO strict VALUES (1, 1)");
  const auto violated = [&](const std::string& values) {
    return thrown_by<ConstraintError>(query("INSERT INTO strict VALUES " + values));
  };
  EXPECT_EQ(violated("(1, 2)").constraint_name(), "strict_pkey");
  EXPECT_EQ(violated("(2, 10)").constraint_name(), "small");
  EXPECT_EQ(violated("(2, 3, 77)").constraint_name(), "of_parent");
  EXPECT_EQ(violated("(2, NULL)").constraint_name(), "n");
  EXPECT_EQ(violated("(2, 1)").sqlstate(), "23P01");
}

}  // namespace
}  // namespace flowdb::test
