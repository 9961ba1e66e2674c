#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <soci/soci.h>

#include <flowdb/error.hpp>
#include <flowdb/soci.hpp>

#include "integration/manager_for.hpp"
#include "support/test_server.hpp"

namespace flowdb::test {
namespace {

class SociLease : public testing::Test {
 protected:
  SociLease() { database_.exec("CREATE TABLE t (id int, name text)"); }
  int backend() { return db_.execute_query("SELECT pg_backend_pid()").scalar<int>(); }

  test_support::TestDatabase database_;
  DatabaseManager db_ = manager_for(database_, one_connection());
};

TEST_F(SociLease, OffersSocisOwnApi) {
  auto lease = db_.lease_session();
  auto& session = lease.session();
  const std::vector<int> ids{1, 2, 3};
  const std::vector<std::string> names{"a", "it's", ""};
  session << "INSERT INTO t VALUES (:id, :name)", soci::use(ids), soci::use(names);
  int count = 0;
  std::string name;
  session << "SELECT count(*) FROM t", soci::into(count);
  session << "SELECT name FROM t WHERE id = :id", soci::use(2), soci::into(name);
  EXPECT_EQ(count, 3);
  EXPECT_EQ(name, "it's");
  EXPECT_EQ(db_.get_pool_status().checked_out, 1U);
  auto moved = std::move(lease);
  moved.session() << "DELETE FROM t";
  EXPECT_EQ(database_.scalar("SELECT count(*) FROM t"), "0");
}

TEST_F(SociLease, LeavesNothingBehind) {
  const int pid = backend();
  {
    auto lease = db_.lease_session();
    auto& session = lease.session();
    session << "SET TimeZone = 'Asia/Kolkata'";
    session << "SET DateStyle = 'German'";
    session << "SET statement_timeout = '7s'";
    session << "CREATE TEMP TABLE mine (id int)";
    session << "SELECT pg_advisory_lock(5)";
    soci::statement prepared = (session.prepare << "SELECT 1");
    prepared.execute();
    session.begin();
    session << "INSERT INTO t VALUES (1, 'never committed')";
  }
  EXPECT_EQ(
      db_.execute_query("SELECT concat((SELECT count(*) FROM t),"
                        " (SELECT count(*) FROM pg_class WHERE relpersistence = 't'),"
                        " (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
                        "  AND pid = pg_backend_pid()),"
                        " (SELECT count(*) FROM pg_prepared_statements), now()::date ="
                        " '2024-01-01', current_setting('TimeZone'),"
                        " current_setting('DateStyle'), current_setting('statement_timeout'))")
          .scalar<std::string>(),
      "0000fUTCISO, MDY30s");
  EXPECT_EQ(backend(), pid);
}

TEST_F(SociLease, GoesBackUsable_AfterAnErrorWithinATransaction) {
  {
    auto lease = db_.lease_session();
    soci::transaction transaction{lease.session()};
    EXPECT_THROW(lease.session() << "SELECT 1 / 0", soci::soci_error);
  }
  EXPECT_EQ(db_.execute_query("SELECT 1").scalar<int>(), 1);
  EXPECT_EQ(db_.get_pool_status().invalid, 0U);
}

TEST_F(SociLease, OutlivesItsManager) {
  auto other =
      std::make_unique<DatabaseManager>(manager_for(database_.url() + "&connect_timeout=9"));
  auto lease = other->lease_session();
  other.reset();
  int one = 0;
  lease.session() << "SELECT 1", soci::into(one);
  EXPECT_EQ(one, 1);
}

}  // namespace
}  // namespace flowdb::test
