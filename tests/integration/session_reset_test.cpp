#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <flowdb/error.hpp>

#include "integration/manager_for.hpp"
#include "integration/test_role.hpp"
#include "integration/thrown_by.hpp"
#include "support/test_server.hpp"

namespace flowdb::test {
namespace {

/// What one borrower of a connection does to its session, the next one must not notice.
class SessionReset : public testing::Test {
 protected:
  /// All that there is in a session beside its settings.
  std::string belongings() {
    return db_
        .execute_query(
            "SELECT concat_ws(' ',"
            " (SELECT string_agg(relname, ',') FROM pg_class WHERE relpersistence = 't'),"
            " (SELECT string_agg(objid::text, ',') FROM pg_locks WHERE locktype = 'advisory'"
            "  AND pid = pg_backend_pid()),"
            " (SELECT string_agg(c, ',') FROM pg_listening_channels() AS c),"
            " (SELECT string_agg(name, ',') FROM pg_prepared_statements WHERE from_sql),"
            " (SELECT string_agg(name, ',') FROM pg_cursors),"
            " nullif(current_user, session_user), nullif(current_setting('flow.own', true), ''))")
        .scalar<std::string>();
  }
  std::string setting(const std::string& name) {
    return db_.execute_query("SHOW " + name).scalar<std::string>();
  }
  int backend() { return db_.execute_query("SELECT pg_backend_pid()").scalar<int>(); }

  test_support::TestDatabase database_;
  DatabaseManager db_ = manager_for(database_, one_connection());
};

TEST_F(SessionReset, TakesBackWhatStatementsLeftBehind) {
  const TestRole role{database_, "unused"};
  database_.exec(
      "CREATE FUNCTION sets() RETURNS void LANGUAGE plpgsql AS"
      " $$ BEGIN PERFORM set_config('flow.own', 'x', false); END $$");
  database_.exec(
      "CREATE PROCEDURE locks() LANGUAGE plpgsql AS"
      " $$ BEGIN PERFORM pg_advisory_lock(7); END $$");
  const int pid = backend();
  EXPECT_EQ(belongings(), "");
  const std::vector<std::string> statements{"SET search_path = pg_catalog",
                                            "SET ROLE " + role.name(),
                                            "SET SESSION AUTHORIZATION " + role.name(),
                                            "CREATE TEMP TABLE mine (id int)",
                                            "CREATE TABLE pg_temp.mine (id int)",
                                            "SELECT 1 AS id INTO TEMP mine",
                                            "CREATE TEMPORARY VIEW mine AS SELECT 1",
                                            "SELECT pg_advisory_lock(5)",
                                            "SELECT pg_try_advisory_lock_shared(6)",
                                            "LISTEN news",
                                            "PREPARE plan AS SELECT 1",
                                            "SELECT set_config('flow.own', 'x', false)",
                                            "SET flow.own = 'x'",
                                            "CALL locks()",
                                            "DO $$ BEGIN PERFORM sets(); END $$",
                                            "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
                                            "/* a note */ SET TimeZone = 'Asia/Kolkata'",
                                            "SET DateStyle = 'German'",
                                            "RESET statement_timeout",
                                            "DISCARD ALL"};
  for (const auto& sql : statements) {
    db_.execute_query(sql);
    EXPECT_EQ(belongings(), "") << sql;
    EXPECT_EQ(setting("search_path"), "\"$user\", public") << sql;
    EXPECT_EQ(setting("TimeZone"), "UTC") << sql;
    EXPECT_EQ(setting("DateStyle"), "ISO, MDY") << sql;
    EXPECT_EQ(setting("statement_timeout"), "30s") << sql;
    EXPECT_EQ(setting("transaction_read_only"), "off") << sql;
  }
  EXPECT_EQ(backend(), pid) << "a reset is enough";
}

TEST_F(SessionReset, TakesBackWhatATransactionLeftBehind) {
  const auto leave_behind = [](Transaction& tx) {
    tx.execute_query("SET search_path = pg_catalog");
    tx.execute_query("CREATE TEMP TABLE mine AS SELECT 1 AS id");
    tx.execute_query("SELECT pg_advisory_lock(8)");
    tx.execute_query("DECLARE kept CURSOR WITH HOLD FOR SELECT * FROM mine");
    tx.execute_query("PREPARE plan AS SELECT 1");
  };
  db_.transaction(leave_behind);
  EXPECT_EQ(belongings(), "");
  EXPECT_EQ(setting("search_path"), "\"$user\", public");
  thrown_by<std::runtime_error>([&] {
    db_.transaction([&](Transaction& tx) {
      leave_behind(tx);
      throw std::runtime_error("the flow's own");
    });
  });
  EXPECT_EQ(belongings(), "") << "an advisory lock outlives a rollback";
  db_.execute_transaction({{"LISTEN news"}, {"SET flow.own = 'x'"}});
  EXPECT_EQ(belongings(), "");
}

TEST_F(SessionReset, TakesBackWhatFailedStatementsLeftBehind) {
  thrown_by<QueryError>([&] { db_.execute_query("SELECT pg_advisory_lock(5), 1 / 0"); });
  EXPECT_EQ(belongings(), "") << "the lock was taken before the division";
  for (const auto& row : db_.stream_query("SELECT set_config('flow.own', 'x', false)")) {
    EXPECT_EQ(row[0].as<std::string>(), "x");
  }
  EXPECT_EQ(belongings(), "");
  EXPECT_EQ(db_.execute_batch("SELECT set_config('flow.own', :v, false)", {{{"v", "x"}}}), 1U);
  EXPECT_EQ(belongings(), "");
}

TEST_F(SessionReset, CostsNothingWhenNothingWasTouched) {
  const int pid = backend();
  db_.execute_query("SET LOCAL search_path = pg_catalog");
  db_.transaction([](Transaction& tx) {
    tx.execute_query("SET LOCAL TimeZone = 'Asia/Kolkata'");
    tx.execute_query("SET CONSTRAINTS ALL DEFERRED");
    tx.execute_query("SELECT pg_advisory_xact_lock(5)");
  });
  EXPECT_EQ(belongings(), "");
  EXPECT_EQ(setting("TimeZone"), "UTC");
  EXPECT_EQ(backend(), pid);
}

TEST_F(SessionReset, ClosesAConnectionThatCannotBeReset) {
  const int pid = backend();
  // As DISCARD ALL cannot run there, or the session's end is all that helps.
  thrown_by<ConnectionError>(
      [&] { db_.execute_query("SELECT pg_terminate_backend(pg_backend_pid())"); });
  EXPECT_NE(backend(), pid);
}

TEST_F(SessionReset, TakesBackWhatAFunctionSet) {
  database_.exec(
      "CREATE FUNCTION sneaks(setting text, value text) RETURNS int LANGUAGE plpgsql AS"
      " $$ BEGIN EXECUTE format('SET %I = %L', setting, value); RETURN 1; END $$");
  const int pid = backend();
  const std::vector<std::pair<std::string, std::string>> changes{
      {"TimeZone", "Asia/Kolkata"},
      {"DateStyle", "German"},
      {"IntervalStyle", "iso_8601"},
      {"standard_conforming_strings", "off"},
      {"default_transaction_read_only", "on"},
      {"client_encoding", "LATIN1"}};
  for (const auto& [name, value] : changes) {
    const auto before = setting(name);
    const auto sneak = "SELECT sneaks('" + name + "', '" + value + "'), set_byte('\\x00', 0, 1)";
    db_.execute_query(sneak);
    EXPECT_EQ(setting(name), before);
    db_.transaction([&](Transaction& tx) { tx.execute_query(sneak); });
    EXPECT_EQ(setting(name), before) << "in a transaction";
    db_.execute_batch("SELECT sneaks(:name, :value)", {{{"name", name}, {"value", value}}});
    EXPECT_EQ(setting(name), before) << "in a batch";
    EXPECT_EQ(belongings(), "");
  }
  EXPECT_EQ(backend(), pid);
}

}  // namespace
}  // namespace flowdb::test
