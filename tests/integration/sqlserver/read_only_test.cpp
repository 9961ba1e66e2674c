#include <stdexcept>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <flowdb/error.hpp>
#include <flowdb/soci.hpp>

#include "integration/sqlserver/sqlserver.hpp"
#include "integration/thrown_by.hpp"

namespace flowdb::test {
namespace {

using testing::HasSubstr;

/// A table with one row, and a manager for which the database is read-only.
class SqlserverReadOnly : public Sqlserver {
 protected:
  SqlserverReadOnly() { observer().execute_query("INSERT INTO " + table_ + " VALUES (1)"); }

  static DatabaseOptions read_only() {
    auto options = one_connection();
    options.read_only = true;
    return options;
  }
  int count() { return observer().execute_query("SELECT count(*) FROM " + table_).scalar<int>(); }
  /// A text for EXEC that adds a row; `rest` follows.
  std::string adding(const std::string& rest = "") const {
    return "EXEC ('INSERT INTO " + table_ + " VALUES (2) " + rest + "')";
  }

  const std::string commit_all_ = "WHILE @@TRANCOUNT > 0 COMMIT TRANSACTION";
  const std::string table_ = make_table("id int");
  DatabaseManager reader_ = manager(read_only());
};

TEST_F(SqlserverReadOnly, RefusesWhatPlainlyWrites_BeforeItIsSent) {
  for (const std::string& write : std::vector<std::string>{
           "INSERT INTO # VALUES (2)", "UPDATE # SET id = 2", "DELETE FROM #", "TRUNCATE TABLE #",
           "SELECT * INTO #_2 FROM #", "IF 1 = 1 DELETE FROM #", "SELECT 1 AS one DELETE FROM #",
           "BULK INSERT # FROM 'file'", "BACKUP DATABASE flow TO DISK = 'file'",
           "RESTORE DATABASE flow FROM DISK = 'file'", "DBCC CHECKIDENT ('#', RESEED, 7)",
           "KILL 5000", "UPDATETEXT #.id 0x00 0 0 'x'", "SET IMPLICIT_TRANSACTIONS OFF"}) {
    auto sql = write;
    for (auto at = sql.find('#'); at != std::string::npos; at = sql.find('#')) {
      sql.replace(at, 1, table_);
    }
    const auto refused = [&](const auto& call) {
      const auto error = thrown_by<QueryError>(call);
      EXPECT_EQ(error.sqlstate(), "25006") << sql;
      EXPECT_EQ(error.phase(), Phase::not_sent) << sql;
    };
    refused([&] { reader_.execute_query(sql); });
    refused([&] { reader_.stream_query(sql); });
    refused([&] {
      db_.transaction([&](Transaction& tx) { tx.execute_query(sql); }, {.read_only = true});
    });
  }
  EXPECT_THROW(reader_.execute_query("SELECT 1 AS one COMMIT"), InvalidArgument);
  EXPECT_EQ(count(), 1);
}

TEST_F(SqlserverReadOnly, TakesBackWhatAProcedureDid) {
  reader_.execute_query(adding());
  EXPECT_EQ(reader_.execute_query(adding("SELECT count(*) FROM " + table_)).scalar<int>(), 2);
  for (const auto& row : reader_.stream_query(adding("SELECT count(*) AS n FROM " + table_))) {
    EXPECT_EQ(row["n"].as<int>(), 2);
  }
  EXPECT_THROW(reader_.execute_query(adding("RAISERROR (''no'', 16, 1)")), QueryError);
  EXPECT_THROW(reader_.transaction([&](Transaction& tx) {
    tx.execute_query(adding());
    throw std::domain_error("not this one");
  }),
               std::domain_error);
  reader_.transaction([&](Transaction& tx) { tx.execute_query(adding()); });
  db_.transaction([&](Transaction& tx) { tx.execute_query(adding()); }, {.read_only = true});
  EXPECT_EQ(count(), 1);
}

TEST_F(SqlserverReadOnly, SaysSo_WhenAProcedureHasCommitted) {
  const auto in_doubt = [&](const auto& call) {
    const auto error = thrown_by<CommitUnknownError>(call);
    EXPECT_TRUE(error.is_outcome_unknown());
    EXPECT_FALSE(error.is_transient());
    EXPECT_THAT(error.what(), HasSubstr("ended the read-only transaction"));
  };
  in_doubt([&] { reader_.execute_query(adding(commit_all_)); });
  EXPECT_EQ(count(), 2) << "or the test would prove nothing";
  // Another transaction in its place does not hide it.
  in_doubt([&] { reader_.execute_query(adding(commit_all_ + " BEGIN TRANSACTION")); });
  in_doubt([&] { reader_.execute_query(adding(commit_all_ + " RAISERROR (''no'', 16, 1)")); });
  in_doubt([&] { reader_.execute_query_with_retry(adding(commit_all_), {}, true); });
  in_doubt([&] {
    for (const auto& row : reader_.stream_query(adding(commit_all_ + " SELECT 1 AS one"))) {
      EXPECT_EQ(row[0].as<int>(), 1);
    }
  });
  try {
    db_.transaction([&](Transaction& tx) { tx.execute_query(adding(commit_all_)); },
                    {.read_only = true});
    ADD_FAILURE() << "a read-only transaction that was committed is no success";
  } catch (const Error& error) {
    EXPECT_TRUE(error.is_outcome_unknown()) << "that of the EXEC (266), or of the transaction";
  }
  EXPECT_EQ(count(), 7) << "none of them ran twice";
  EXPECT_EQ(db_.execute_query("SELECT @@TRANCOUNT").scalar<int>(), 0);
}

TEST_F(SqlserverReadOnly, IsNotLeft_ByOneCommitTooMany) {
  // With implicit transactions flowdb's own counts twice; a server that has none is found out.
  const auto ends = std::vector<std::string>{
      "COMMIT TRANSACTION", "ROLLBACK TRANSACTION INSERT INTO " + table_ + " VALUES (3)"};
  for (const auto& end : ends) {
    const int before = count();
    bool is_told = false;
    try {
      reader_.execute_query(adding(end));
    } catch (const Error& error) {
      is_told = error.is_outcome_unknown();
    }
    EXPECT_TRUE(is_told || count() == before) << end;
  }
}

TEST_F(SqlserverReadOnly, HoldsForALentSession_WhereTheServerHasImplicitTransactions) {
  // Then flowdb's own transaction is the second; the project's own server lets the option pass.
  const bool has_them = reader_.execute_query("SELECT @@TRANCOUNT").scalar<int>() == 2;
  {
    auto lease = reader_.lease_session();
    lease.session() << "INSERT INTO " + table_ + " VALUES (2)";
  }
  EXPECT_EQ(count(), has_them ? 1 : 2);
}

}  // namespace
}  // namespace flowdb::test
