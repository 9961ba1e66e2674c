#include <chrono>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <flowdb/error.hpp>

#include "integration/canary_watch.hpp"
#include "integration/manager_for.hpp"
#include "integration/test_role.hpp"
#include "support/chaos_proxy.hpp"
#include "support/connection_url.hpp"
#include "support/postgres_cluster.hpp"
#include "support/test_server.hpp"

namespace flowdb::test {
namespace {

using namespace std::chrono_literals;
using test_support::with_settings;

const std::string password = "pwCanary7f3a/@:% \\x\"é";

class PasswordCanary : public testing::Test {
 protected:
  /// Uses the database of `url` in every way; each must fail.
  void use(const std::string& url) {
    auto options = one_connection();
    options.timeout = 2s;
    options.health_timeout = 2s;
    watch_.fails([&] { manager_for(url, options).execute_query("SELECT 1"); });
    watch_.fails([&] {
      auto db = manager_for(url, options);
      db.health_check();
      watch_.says(db.health_check().to_json().dump());
      watch_.says(db.get_pool_status().to_json().dump());
      db.get_migration_status();
    });
  }
  void expect_silence(const std::vector<std::string>& canaries = {"pwCanary7f3a"}) {
    EXPECT_EQ(watch_.leaks(canaries), std::vector<std::string>{});
    EXPECT_FALSE(watch_.log().records().empty());
  }

  test_support::TestDatabase database_;
  TestRole role_{database_, password};
  CanaryWatch watch_;
};

TEST_F(PasswordCanary, IsSilent_WhenNoConnectionCanBeMade) {
  const auto& good = role_.url();
  manager_for(good).execute_query("SELECT 1");
  use(with_settings(good, {{"port", "1"}}));
  use(with_settings(good, {{"host", "no-such-host.invalid"}}));
  use(with_settings(good, {{"user", "nobody_here"}}));
  use(with_settings(good, {{"dbname", "no_such_database"}}));
  use(with_settings(good, {{"sslmode", "verify-full"}, {"sslrootcert", "/nonexistent"}}));
  use(with_settings(good, {{"sslmode", "disable"}}));
  use(with_settings(good, {{"options", "-c no_such_setting=1"}}));
  database_.exec("ALTER ROLE " + role_.name() + " PASSWORD 'another'");
  use(good);
  expect_silence();
  EXPECT_FALSE(watch_.log().with("authentication_failed").empty());
}

TEST_F(PasswordCanary, IsSilent_WhenTheConnectionStringIsMalformed) {
  for (const std::string url :
       {"postgresql://u:pwCanary7f3a@host:port/db", "postgresql://u:pwCanary7f3a%zz@host/db",
        "postgresql://u:pwCanary7f3a@host:99999999/db", "postgresql://u:pwCanary7f3a@[::1/db",
        "postgresql://u:pwCanary7f3a@host/db?no_such=1", "mysql://u:pwCanary7f3a@host/db",
        "postgresql://u:pwCanary7f3a@host/db?password=pwCanary7f3a2&sslmode=maybe",
        "host=h password='pwCanary7f3a", "host=h password=pwCanary7f3a no_such=1",
        "host=h password=pwCanary7f3a port", "pwCanary7f3a", "pwCanary7f3a://u@h/x",
        "host=h pwCanary7f3a=x", "postgresql://pwCanary7f3a:x@h:1:2/db?=pwCanary7f3a"}) {
    watch_.fails([&] { manager_for(url).execute_query_with_timeout("SELECT 1", {}, 1s); });
  }
  EXPECT_EQ(watch_.leaks({"pwCanary7f3a"}), std::vector<std::string>{});
}

TEST_F(PasswordCanary, IsSilent_WhenTheServerSaysIt) {
  database_.exec("CREATE TABLE secrets (word text); GRANT ALL ON secrets TO " + role_.name());
  database_.exec(
      "CREATE FUNCTION tell() RETURNS int LANGUAGE plpgsql AS $$ DECLARE it text; BEGIN"
      " SELECT word INTO it FROM secrets; RAISE NOTICE 'it is %', it; RAISE LOG 'it is %', it;"
      " RAISE EXCEPTION 'it is %', it USING HINT = it; END $$");
  auto db = manager_for(role_.url(), one_connection());
  db.execute_query("INSERT INTO secrets VALUES (:word)", {{"word", password}});
  const auto tell = [&] { db.execute_query("SELECT tell()"); };
  watch_.fails(tell);
  watch_.fails([&] { db.execute_transaction({{"SELECT tell()"}}); });
  watch_.fails([&] { db.execute_query("DO 'BEGIN PERFORM tell(); END'"); });
  watch_.fails([&] { db.stream_query("SELECT tell()"); });
  watch_.fails([&] {
    db.execute_query("ALTER ROLE " + role_.name() + " PASSWORD 'pwCanary7f3a' NO_SUCH_OPTION");
  });
  expect_silence();
}

TEST_F(PasswordCanary, IsSilent_WhenTheConnectionIsLostOrTheServerStopped) {
  test_support::ChaosProxy proxy{role_.url()};
  auto db = manager_for(proxy.url(), one_connection());
  db.execute_query("SELECT 1");
  proxy.cut(test_support::Cut{});
  watch_.fails([&] { db.execute_query("CREATE TABLE t (id int)"); });
  watch_.fails([&] { db.execute_query("SELECT pg_terminate_backend(pg_backend_pid())"); });

  test_support::PostgresCluster cluster;
  const auto secret = test_support::parse_connection_url(cluster.url()).at("password");
  auto stopped = manager_for(cluster.url(), one_connection());
  stopped.execute_query("SELECT 1");
  cluster.stop();
  for (int i = 0; i < 2; ++i) {
    watch_.fails([&] { stopped.execute_query_with_timeout("SELECT 1", {}, 2s); });
    watch_.says(stopped.health_check().to_json().dump());
  }
  expect_silence({secret, "pwCanary7f3a"});
}

}  // namespace
}  // namespace flowdb::test
