#include <chrono>
#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <flowdb/error.hpp>

#include "integration/manager_for.hpp"
#include "integration/thrown_by.hpp"
#include "support/test_server.hpp"

namespace flowdb::test {
namespace {

/// An exception of the flow's own, with something in it.
struct FlowFailure : std::runtime_error {
  explicit FlowFailure(int given) : std::runtime_error("order refused"), order(given) {}
  int order;
};

class TransactionOnServer : public testing::Test {
 protected:
  TransactionOnServer() {
    database_.exec("CREATE TABLE t (id int PRIMARY KEY, CONSTRAINT positive CHECK (id > 0))");
  }
  std::string ids() {
    return database_.scalar("SELECT coalesce(string_agg(id::text, ' ' ORDER BY id), '') FROM t");
  }
  static void insert(Transaction& tx, int id) {
    tx.execute_query("INSERT INTO t VALUES (:id)", {{"id", id}});
  }

  test_support::TestDatabase database_;
  DatabaseManager db_ = manager_for(database_, one_connection());
};

TEST_F(TransactionOnServer, CommitsAllThatItsCallableDid_AndReturnsItsValue) {
  const auto seen = db_.transaction([&](Transaction& tx) {
    insert(tx, 1);
    EXPECT_EQ(tx.execute_batch("INSERT INTO t VALUES (:id)", {{{"id", 2}}, {{"id", 3}}}), 2U);
    EXPECT_EQ(tx.bulk_insert("public.t", {"id"}, {{4}, {5}}), 2U);
    EXPECT_EQ(tx.attempt(), 1);
    EXPECT_EQ(ids(), "") << "nobody else sees it before the COMMIT";
    return tx.execute_query("SELECT count(*) FROM t").scalar<int>();
  });
  EXPECT_EQ(seen, 5);
  EXPECT_EQ(ids(), "1 2 3 4 5");
}

TEST_F(TransactionOnServer, RollsBack_AndPassesTheCallablesExceptionOn) {
  const auto failure = thrown_by<FlowFailure>([&] {
    db_.transaction([](Transaction& tx) {
      insert(tx, 1);
      throw FlowFailure{42};
    });
  });
  EXPECT_EQ(failure.order, 42);
  EXPECT_THROW(db_.transaction([](Transaction& tx) {
    insert(tx, 1);
    throw 7;
  }),
               int);
  const auto refused = thrown_by<ConstraintError>([&] {
    db_.transaction([](Transaction& tx) {
      insert(tx, 1);
      insert(tx, -1);
    });
  });
  EXPECT_EQ(refused.constraint_name(), "positive");
  EXPECT_EQ(refused.sqlstate(), "23514");
  thrown_by<InvalidArgument>([&] {
    db_.transaction([](Transaction& tx) {
      insert(tx, 1);
      tx.execute_query("ROLLBACK");
    });
  });
  EXPECT_EQ(ids(), "");
  EXPECT_EQ(db_.execute_query("SELECT 1").scalar<int>(), 1);
}

TEST_F(TransactionOnServer, SavepointsTakeBackTheirOwnPart) {
  db_.transaction([](Transaction& tx) {
    insert(tx, 1);
    tx.savepoint([](Transaction& outer) {
      insert(outer, 2);
      thrown_by<ConstraintError>([&] {
        outer.savepoint([](Transaction& inner) {
          insert(inner, 3);
          inner.savepoint([](Transaction& innermost) { insert(innermost, 4); });
          insert(inner, 1);
        });
      });
      insert(outer, 5);
    });
    thrown_by<FlowFailure>([&] {
      tx.savepoint([](Transaction& part) {
        insert(part, 6);
        throw FlowFailure{6};
      });
    });
    EXPECT_EQ(tx.savepoint([](Transaction& part) {
      insert(part, 7);
      return 8;
    }),
              8);
  });
  EXPECT_EQ(ids(), "1 2 5 7");
}

TEST_F(TransactionOnServer, SavepointsTakeBackAFailedBatchAndBulkInsert) {
  db_.transaction([](Transaction& tx) {
    insert(tx, 1);
    thrown_by<ConstraintError>([&] {
      tx.savepoint([](Transaction& part) {
        std::vector<Params> sets;
        for (int id = 2; id < 1000; ++id) sets.push_back({{"id", id == 700 ? -1 : id}});
        part.execute_batch("INSERT INTO t VALUES (:id)", sets);
      });
    });
    thrown_by<ConstraintError>([&] {
      tx.savepoint([](Transaction& part) { part.bulk_insert("t", {"id"}, {{2}, {-1}, {3}}); });
    });
    insert(tx, 9);
  });
  EXPECT_EQ(ids(), "1 9");
}

TEST_F(TransactionOnServer, TakesItsIsolationAndIsReadOnlyWhenAsked) {
  const auto isolation = [this](IsolationLevel level) {
    return db_.transaction(
        [](Transaction& tx) {
          return tx.execute_query("SHOW transaction_isolation").scalar<std::string>();
        },
        {.isolation = level});
  };
  EXPECT_EQ(isolation(IsolationLevel::server_default), "read committed");
  EXPECT_EQ(isolation(IsolationLevel::read_committed), "read committed");
  EXPECT_EQ(isolation(IsolationLevel::repeatable_read), "repeatable read");
  EXPECT_EQ(isolation(IsolationLevel::serializable), "serializable");
  EXPECT_EQ(isolation(IsolationLevel::snapshot), "repeatable read");
  const auto error = thrown_by<QueryError>(
      [&] { db_.transaction([](Transaction& tx) { insert(tx, 1); }, {.read_only = true}); });
  EXPECT_EQ(error.sqlstate(), "25006");
  db_.transaction([](Transaction& tx) { insert(tx, 2); });
  EXPECT_EQ(ids(), "2") << "neither setting outlives its transaction";
}

TEST_F(TransactionOnServer, OfAReadOnlyManagerWritesNothing) {
  auto options = one_connection();
  options.read_only = true;
  auto reader = manager_for(database_, options);
  const std::string insert_one = "INSERT INTO t VALUES (1)";
  EXPECT_EQ(thrown_by<QueryError>([&] { reader.execute_query(insert_one); }).sqlstate(), "25006");
  EXPECT_EQ(thrown_by<QueryError>([&] { reader.bulk_insert("t", {"id"}, {{1}}); }).sqlstate(),
            "25006");
  thrown_by<QueryError>(
      [&] { reader.transaction([&](Transaction& tx) { tx.execute_query(insert_one); }); });
  EXPECT_EQ(reader.execute_query("SELECT count(*) FROM t").scalar<int>(), 0);
}

TEST_F(TransactionOnServer, IsNoSuccess_WhenTheServerAnswersCommitWithRollback) {
  const auto error = thrown_by<TransactionError>([&] {
    db_.transaction([](Transaction& tx) {
      insert(tx, 1);
      thrown_by<ConstraintError>([&] { insert(tx, 1); });
    });
  });
  EXPECT_EQ(error.statement_index(), -1);
  EXPECT_FALSE(error.is_outcome_unknown());
  EXPECT_NE(std::string{error.what()}.find("rolled back"), std::string::npos) << error.what();
  EXPECT_EQ(ids(), "");
}

TEST_F(TransactionOnServer, FailsAtCommit_WhenADeferredConstraintIsViolated) {
  database_.exec(
      "CREATE TABLE parts (whole int CONSTRAINT has_whole REFERENCES t"
      " DEFERRABLE INITIALLY DEFERRED)");
  const std::string insert_part = "INSERT INTO parts VALUES (5)";
  const auto error = thrown_by<ConstraintError>(
      [&] { db_.transaction([&](Transaction& tx) { tx.execute_query(insert_part); }); });
  EXPECT_EQ(error.constraint_name(), "has_whole");
  EXPECT_EQ(thrown_by<ConstraintError>([&] { db_.execute_query(insert_part); }).sqlstate(), "23503")
      << "a statement of its own fails in its own COMMIT";
  const auto of_list =
      thrown_by<TransactionError>([&] { db_.execute_transaction({{insert_part}}); });
  EXPECT_EQ(of_list.statement_index(), -1);
  EXPECT_EQ(database_.scalar("SELECT count(*) FROM parts"), "0");
}

TEST_F(TransactionOnServer, OfAListTellsWhichStatementFailed) {
  const auto results = db_.execute_transaction(
      {{"INSERT INTO t VALUES (:id)", {{"id", 1}}}, {"SELECT id FROM t"}, {"DELETE FROM t"}});
  ASSERT_EQ(results.size(), 3U);
  EXPECT_EQ(results[1].scalar<int>(), 1);
  EXPECT_EQ(results[2].affected_rows(), 1U);
  const auto fail = [&] {
    db_.execute_transaction({{"INSERT INTO t VALUES (1)"},
                             {"INSERT INTO t VALUES (2)"},
                             {"INSERT INTO t VALUES (:id)", {{"id", 1}}},
                             {"INSERT INTO t VALUES (3)"}});
  };
  const auto error = thrown_by<TransactionError>(fail);
  EXPECT_EQ(error.statement_index(), 2);
  EXPECT_EQ(error.sqlstate(), "23505");
  EXPECT_EQ(nested_in_thrown_by<ConstraintError>(fail).constraint_name(), "t_pkey");
  const std::string message = error.what();
  EXPECT_NE(message.find("statement 2"), std::string::npos) << message;
  EXPECT_NE(message.find("all of it was rolled back"), std::string::npos) << message;
  EXPECT_NE(message.find("t_pkey"), std::string::npos) << message;
  EXPECT_EQ(ids(), "");
  EXPECT_TRUE(db_.execute_transaction({}).empty());
}

TEST_F(TransactionOnServer, RefusesToWaitForItsOwnConnection) {
  const auto error = thrown_by<InvalidArgument>(
      [&] { db_.transaction([&](Transaction&) { db_.execute_query("SELECT 1"); }); });
  EXPECT_NE(std::string{error.what()}.find("Transaction"), std::string::npos) << error.what();
}

TEST_F(TransactionOnServer, OfAReadOnlyManagerStaysReadOnly_WhateverTheFlowSets) {
  auto options = one_connection();
  options.read_only = true;
  auto reader = manager_for(database_, options);
  const std::string insert_one = "INSERT INTO t VALUES (1)";
  for (const std::string lift :
       {"SET TRANSACTION READ WRITE",
        "; set /* this */ transaction isolation level serializable,"
        " read write",
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE", "SET transaction_read_only = off",
        "SET LOCAL \"transaction_read_only\" TO off",
        "SET SESSION default_transaction_read_only = off", "RESET default_transaction_read_only",
        "SET U&\"transaction\\005fread_only\" = off", "RESET ALL"}) {
    const auto refused = [&](DatabaseManager& db, const TransactionOptions& of) {
      const auto error = thrown_by<InvalidArgument>([&] {
        db.transaction(
            [&](Transaction& tx) {
              tx.execute_query(lift);
              tx.execute_query(insert_one);
            },
            of);
      });
      EXPECT_NE(std::string{error.what()}.find("read-only"), std::string::npos) << error.what();
      EXPECT_EQ(error.database_name(), "flow_db");
    };
    refused(reader, {});
    refused(db_, {.read_only = true});
    thrown_by<InvalidArgument>([&] { reader.execute_query(lift); });
  }
  // A block of its own could commit, and then write in a transaction that it begins itself.
  thrown_by<InvalidArgument>([&] {
    reader.execute_query(
        "DO $$ BEGIN COMMIT; SET TRANSACTION READ WRITE;"
        " INSERT INTO t VALUES (1); END $$");
  });
  reader.transaction([](Transaction& tx) { tx.execute_query("DO $$ BEGIN END $$"); });
  EXPECT_EQ(ids(), "");
  reader.execute_query("SET work_mem = '1MB'");
  db_.transaction([&](Transaction& tx) {
    tx.execute_query("SET TRANSACTION READ WRITE");
    tx.execute_query(insert_one);
  });
  EXPECT_EQ(ids(), "1") << "elsewhere it is for the flow to say";
}

TEST_F(TransactionOnServer, OfAListTellsWhichStatementItWas_WhateverFailed) {
  const auto place = [](const std::exception& error) {
    const std::string message = error.what();
    return message.find("statement 1 of the transaction") != std::string::npos;
  };
  const auto misuse = thrown_by<InvalidArgument>([&] {
    db_.execute_transaction({{"INSERT INTO t VALUES (1)"}, {"SELECT :a"}});
  });
  EXPECT_TRUE(place(misuse)) << misuse.what();
  EXPECT_EQ(misuse.database_name(), "flow_db");
  const auto late = thrown_by<TimeoutError>([&] {
    db_.execute_transaction({{"INSERT INTO t VALUES (1)"}, {"SELECT pg_sleep(30)"}},
                            {.timeout = std::chrono::milliseconds{200}});
  });
  EXPECT_TRUE(place(late)) << late.what();
  const auto lost = thrown_by<ConnectionError>([&] {
    db_.execute_transaction(
        {{"INSERT INTO t VALUES (1)"}, {"SELECT pg_terminate_backend(pg_backend_pid())"}});
  });
  EXPECT_TRUE(place(lost)) << lost.what();
  EXPECT_EQ(lost.sqlstate(), "57P01");
  EXPECT_EQ(ids(), "");
}

TEST_F(TransactionOnServer, RefusesRowsThatCannotBeWritten_AndKeepsItsConnection) {
  database_.exec("CREATE TABLE times (at time, several time[])");
  const TimeOfDay impossible{Ticks{-5}};
  const int session = db_.execute_query("SELECT pg_backend_pid()").scalar<int>();
  const auto error = thrown_by<InvalidArgument>([&] {
    db_.bulk_insert("times", {"at"}, {{TimeOfDay{}}, {impossible}});
  });
  EXPECT_NE(std::string{error.what()}.find("row 1 "), std::string::npos) << error.what();
  EXPECT_EQ(error.database_name(), "flow_db");
  db_.transaction([&](Transaction& tx) {
    insert(tx, 1);
    thrown_by<InvalidArgument>([&] { tx.bulk_insert("times", {"at"}, {{impossible}}); });
  });
  EXPECT_EQ(ids(), "1") << "nothing had been sent, so that the rest stands";
  // Found while the rows are on their way: the server takes them back.
  const Value list = Array{{Value{TimeOfDay{}}, Value{impossible}}};
  thrown_by<InvalidArgument>([&] { db_.bulk_insert("times", {"several"}, {{Value{}}, {list}}); });
  EXPECT_EQ(db_.execute_query("SELECT pg_backend_pid()").scalar<int>(), session);
  EXPECT_EQ(database_.scalar("SELECT count(*) FROM times"), "0");
}

TEST_F(TransactionOnServer, TellsThatAProcedureMayHaveCommitted_AndDoesNotRunItAgain) {
  database_.exec("CREATE TABLE paid (id int)");
  const auto payments = [&] { return database_.scalar("SELECT count(*) FROM paid"); };
  const auto fail_with = [](const std::string& sqlstate) {
    return "DO $$ BEGIN INSERT INTO paid VALUES (1); COMMIT; RAISE EXCEPTION 'later' USING"
           " ERRCODE = '" +
           sqlstate + "'; END $$";
  };
  const RetryPolicy hasty{.min_wait = std::chrono::milliseconds{1},
                          .max_wait = std::chrono::milliseconds{1}};
  int runs = 0;
  for (const std::string sqlstate : {"40001", "40P01", "55P03", "57P03", "22012"}) {
    try {
      db_.execute_query_with_retry(fail_with(sqlstate), {}, hasty);
      ADD_FAILURE() << sqlstate;
    } catch (const Error& error) {
      EXPECT_EQ(error.sqlstate(), sqlstate);
      EXPECT_TRUE(error.is_outcome_unknown()) << sqlstate;
      EXPECT_FALSE(error.is_transient()) << sqlstate;
    }
    EXPECT_EQ(payments(), std::to_string(++runs)) << sqlstate;
  }
  database_.exec(
      "CREATE PROCEDURE pay_slowly() LANGUAGE plpgsql AS"
      " $$ BEGIN INSERT INTO paid VALUES (2); COMMIT; PERFORM pg_sleep(30); END $$");
  const auto late = thrown_by<TimeoutError>([&] {
    db_.execute_query_with_timeout("CALL pay_slowly()", {}, std::chrono::milliseconds{300});
  });
  EXPECT_TRUE(late.is_outcome_unknown());
  EXPECT_EQ(late.sqlstate(), "57014");
  EXPECT_EQ(payments(), std::to_string(++runs));
  const auto within = thrown_by<QueryError>([&] {
    db_.transaction(
        [&](Transaction& tx) { tx.execute_query("DO $$ BEGIN PERFORM 1 / 0; END $$"); });
  });
  EXPECT_FALSE(within.is_outcome_unknown()) << "a transaction around it is rolled back";
  database_.exec("CREATE SEQUENCE tries");
  database_.exec(
      "CREATE PROCEDURE conflict_once() LANGUAGE plpgsql AS $$ BEGIN"
      " IF nextval('tries') = 1 THEN RAISE EXCEPTION 'not yet'"
      " USING ERRCODE = 'serialization_failure'; END IF; END $$");
  db_.execute_query_with_retry("CALL conflict_once()", {}, hasty, true);
  EXPECT_EQ(database_.scalar("SELECT last_value FROM tries"), "2") << "declared idempotent";
}

}  // namespace
}  // namespace flowdb::test
