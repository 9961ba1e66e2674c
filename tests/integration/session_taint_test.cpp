// Twelve kinds of traces that a borrower may leave in a session, in the open and hidden in a
// function: the next borrower of the connection sees none.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "integration/manager_for.hpp"
#include "integration/test_role.hpp"
#include "support/test_server.hpp"

namespace flowdb::test {
namespace {

struct Taint {
  std::string kind;
  std::string statement;
  std::string probe;  ///< one text, the same for every untouched session
};

std::vector<Taint> taints(const std::string& role) {
  return {
      {"isolation level", "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE",
       "SELECT current_setting('transaction_isolation')"},
      {"search_path", "SET search_path = pg_catalog", "SELECT current_setting('search_path')"},
      {"role", "SET ROLE " + role, "SELECT current_user::text"},
      {"temp table", "CREATE TEMP TABLE mine (id int)",
       "SELECT count(*)::text FROM pg_class WHERE relnamespace = pg_my_temp_schema()"},
      {"advisory lock", "SELECT pg_advisory_lock(5)",
       "SELECT count(*)::text FROM pg_locks WHERE locktype = 'advisory'"
       " AND pid = pg_backend_pid()"},
      {"LISTEN", "LISTEN news", "SELECT count(*)::text FROM pg_listening_channels()"},
      {"prepared statement", "PREPARE plan AS SELECT 1",
       "SELECT count(*)::text FROM pg_prepared_statements WHERE from_sql"},
      {"time zone", "SET TimeZone = 'Asia/Kolkata'", "SELECT current_setting('TimeZone')"},
      {"open cursor", "DECLARE kept CURSOR WITH HOLD FOR SELECT 1",
       "SELECT count(*)::text FROM pg_cursors WHERE is_holdable"},
      {"statement_timeout", "SET statement_timeout = 77777",
       "SELECT current_setting('statement_timeout')"},
      {"read-only", "SET default_transaction_read_only = on",
       "SELECT current_setting('transaction_read_only')"},
      {"session variable", "SET flow.own = 'x'",
       "SELECT coalesce(current_setting('flow.own', true), '')"},
  };
}

class SessionTaint : public testing::Test {
 protected:
  SessionTaint() {
    database_.exec(
        "CREATE FUNCTION taint(statement text) RETURNS int LANGUAGE plpgsql AS"
        " $$ BEGIN EXECUTE statement; RETURN 1; END $$");
  }
  /// What the next borrower sees.
  static std::string probe(DatabaseManager& db, const Taint& taint) {
    return db.execute_query(taint.probe).scalar<std::string>();
  }
  /// Leaves each trace by `leave`, and looks whether it is there for the next.
  template <class Leave>
  void expect_none_seen(DatabaseManager& db, const Leave& leave) {
    const auto session = [&] { return db.execute_query("SELECT pg_backend_pid()").scalar<int>(); };
    const int before = session();
    for (const auto& taint : taints(role_.name())) {
      const auto clean = probe(db, taint);
      leave(taint);
      EXPECT_EQ(probe(db, taint), clean) << taint.kind;
    }
    EXPECT_EQ(session(), before) << "a reset is enough";
  }

  test_support::TestDatabase database_;
  TestRole role_{database_, "unused"};
};

TEST_F(SessionTaint, IsSeenByWhoLeavesIt) {
  auto db = manager_for(database_, one_connection());
  for (const auto& taint : taints(role_.name())) {
    const auto clean = probe(db, taint);
    db.transaction([&](Transaction& tx) {
      tx.execute_query(taint.statement);
      // These show from the next transaction on.
      if (taint.kind == "isolation level" || taint.kind == "read-only") return;
      if (taint.kind == "LISTEN") return;
      EXPECT_NE(tx.execute_query(taint.probe).scalar<std::string>(), clean) << taint.kind;
    });
  }
}

TEST_F(SessionTaint, IsGoneForTheNext_WhenAStatementShowsIt) {
  auto db = manager_for(database_, one_connection());
  expect_none_seen(db, [&](const Taint& taint) { db.execute_query(taint.statement); });
  expect_none_seen(db, [&](const Taint& taint) {
    db.transaction([&](Transaction& tx) { tx.execute_query(taint.statement); });
  });
}

TEST_F(SessionTaint, IsGoneForTheNext_WhenAFunctionHidesIt_WhereEveryUseIsFollowedByAReset) {
  auto options = one_connection();
  options.reset_policy = ResetPolicy::always;
  auto db = manager_for(database_, options);
  const std::string hidden = "SELECT taint(:statement)";
  expect_none_seen(db, [&](const Taint& taint) {
    db.execute_query(hidden, {{"statement", taint.statement}});
  });
  expect_none_seen(db, [&](const Taint& taint) {
    db.transaction([&](Transaction& tx) {
      tx.execute_query(hidden, {{"statement", taint.statement}});
    });
  });
  expect_none_seen(db, [&](const Taint& taint) {
    db.execute_batch(hidden, {{{"statement", taint.statement}}});
  });
}

TEST_F(SessionTaint, IsLeftInPlaceByAFunction_WithoutThat) {
  auto db = manager_for(database_, one_connection());
  db.execute_query("SELECT taint('SET flow.own = ''x''')");
  EXPECT_EQ(probe(db, taints(role_.name()).back()), "x")
      << "so that the test above means something";
}

TEST_F(SessionTaint, OfATriggerOfBulkRowsIsGone_WhereEveryUseIsFollowedByAReset) {
  database_.exec(
      "CREATE TABLE t (id int);"
      "CREATE FUNCTION taints() RETURNS trigger LANGUAGE plpgsql AS"
      " $$ BEGIN PERFORM taint('SET flow.own = ''x'''); RETURN NEW; END $$;"
      "CREATE TRIGGER taints BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION taints()");
  auto options = one_connection();
  options.reset_policy = ResetPolicy::always;
  auto db = manager_for(database_, options);
  db.bulk_insert("t", {"id"}, {{1}});
  EXPECT_EQ(probe(db, taints(role_.name()).back()), "");
}

}  // namespace
}  // namespace flowdb::test
