// Through PgBouncer in transaction mode, where no session is one's own.
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <flowdb/migrator.hpp>

#include "integration/migration/migration_fixture.hpp"
#include "integration/migration/migration_process.hpp"
#include "support/pgbouncer.hpp"

namespace flowdb::test_support {
namespace {

using testing::HasSubstr;

class MigrationPooler : public MigrationTest {
 protected:
  Pgbouncer pooler_{database_.url(), "transaction", 3};
};

TEST_F(MigrationPooler, LetsSixteenRunnersThrough_ExactlyOnce) {
  for (int number = 1; number <= 8; ++number) {
    const auto table = "probe_" + std::to_string(number);
    write("V" + std::to_string(number) + "__" + table + ".sql",
          "SET search_path = public, pg_catalog;\nCREATE TABLE " + table +
              " (id int);\nINSERT INTO " + table + " VALUES (1);");
  }
  std::vector<std::unique_ptr<MigrationProcess>> processes;
  StartLine start;
  for (int number = 0; number < 16; ++number) {
    processes.push_back(
        std::make_unique<MigrationProcess>(pooler_.url(), directory_.path(), start));
  }
  start.release();
  for (auto& process : processes) EXPECT_EQ(process->wait(), 0);
  EXPECT_EQ(scalar("SELECT string_agg(version || ':' || success, ' ' ORDER BY installed_rank) FROM"
                   " schema_version"),
            "1:true 2:true 3:true 4:true 5:true 6:true 7:true 8:true");
  for (int number = 1; number <= 8; ++number) {
    EXPECT_EQ(scalar("SELECT count(*) FROM probe_" + std::to_string(number)), "1");
  }
  EXPECT_EQ(scalar("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
                   " AND database = (SELECT oid FROM pg_database WHERE datname ="
                   " current_database())"),
            "0");
}

TEST_F(MigrationPooler, RefusesScriptsThatNeedASession_AndSaysWhatToDo) {
  write("V1__t.sql", "CREATE TABLE t (a int);");
  write("V2__lone.sql", "CREATE INDEX CONCURRENTLY t_a ON t (a);");
  const auto error = failure_of(make_manager(pooler_.url(), directory_.path()));
  EXPECT_EQ(error.script(), "V2__lone.sql");
  EXPECT_THAT(error.what(), HasSubstr("between here and the server of 'rpa_db' stands a pooler"));
  EXPECT_THAT(error.what(), HasSubstr("over a connection to the server itself"));
  EXPECT_FALSE(has_table("t"));

  const Pgbouncer in_session_mode{database_.url(), "session", 3};
  auto db = make_manager(in_session_mode.url(), directory_.path());
  MigrationOptions options;
  options.pooler_keeps_sessions = true;
  EXPECT_EQ(Migrator(db, options).migrate().current_version, "V2");
}

}  // namespace
}  // namespace flowdb::test_support
