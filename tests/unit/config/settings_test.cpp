#include "config/settings.hpp"

#include <chrono>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "config/connection_string_type.hpp"
#include "config/replica_settings.hpp"
#include "unit/config/config_test_support.hpp"

namespace flowdb::config {
namespace {

using config_test::message_of;
using namespace std::chrono_literals;

const std::string kPrefix = "DEVELOPMENT_GLOBAL_RPA_DB_";

class SettingsTest : public config_test::ConfigTest {
 protected:
  Settings resolve(const DatabaseOptions& options = {}, const std::string& name = "rpa_db") const {
    return resolve_settings(name, ConfigManager{{.flow_name = "rpa1", .project_root = root()}},
                            options);
  }
  /// The global file: a good connection string and `lines`, with the variables' common prefix.
  void configure(const std::vector<std::string>& lines) const {
    std::string text = kPrefix + "CONNECTION_STRING=postgresql://localhost/rpa\n";
    for (const auto& line : lines) {
      text += kPrefix + line + "\n";
    }
    write_global(text);
  }
  std::string refusal(const std::vector<std::string>& lines) const {
    configure(lines);
    return message_of<ConfigurationError>([this] { resolve(); });
  }
  std::string option_refusal(const DatabaseOptions& options) const {
    configure({});
    const auto message = message_of<InvalidArgument>([&] { resolve(options); });
    const std::string prefix = "DatabaseOptions::";
    EXPECT_EQ(message.substr(0, prefix.size()), prefix);
    return message.substr(std::min(prefix.size(), message.size()));
  }
};

TEST_F(SettingsTest, HasTheDocumentedDefaults) {
  configure({});
  const auto settings = resolve();
  EXPECT_EQ(settings.database_name, "rpa_db");
  EXPECT_EQ(settings.flow_name, "rpa1");
  EXPECT_EQ(settings.type, DatabaseType::postgresql);
  EXPECT_EQ(settings.connection_string.reveal(), "postgresql://localhost/rpa");
  EXPECT_EQ(settings.pool,
            (PoolSettings{5, 10, 5, 30min, 10min, 10s, 3, 3, 1s, 0s, ResetPolicy::when_dirty}));
  EXPECT_EQ(settings.acquire_timeout, std::chrono::milliseconds::max());
  EXPECT_EQ(settings.timeout, 30s);
  EXPECT_EQ(settings.health_timeout, 5s);
  EXPECT_EQ(settings.health_degraded_after, 5s);
  EXPECT_EQ(settings.slow_statement, 1s);
  EXPECT_EQ(settings.retry.max_attempts, 3);
  EXPECT_FALSE(settings.auto_migrate || settings.read_only || settings.allow_plaintext);
  EXPECT_EQ(settings.migrations_directory, root() / "migrations/rpa_db");
  EXPECT_EQ(settings.backend, nullptr);
}

TEST_F(SettingsTest, ReadsEveryKey) {
  configure({"TYPE=PostgreSQL", "POOL_SIZE=7", "MAX_OVERFLOW=0", "MIN_IDLE=2", "TIMEOUT=60",
             "ACQUIRE_TIMEOUT=3", "MAX_LIFETIME=100", "IDLE_TIMEOUT=0", "OVERFLOW_IDLE_TIMEOUT=1",
             "HEALTH_TIMEOUT=2", "SLOW_STATEMENT_MS=250", "AUTO_MIGRATE=yes",
             "MIGRATIONS_DIR=sql/./rpa", "ALLOW_PLAINTEXT=on", "RETRY_ATTEMPTS=9"});
  const auto settings = resolve();
  EXPECT_EQ(settings.pool, (PoolSettings{7, 0, 2, 100s, 0s, 1s}));
  EXPECT_EQ(settings.timeout, 60s);
  EXPECT_EQ(settings.acquire_timeout, 3s);
  EXPECT_EQ(settings.health_timeout, 2s);
  EXPECT_EQ(settings.health_degraded_after, 2s);
  EXPECT_EQ(settings.slow_statement, 250ms);
  EXPECT_EQ(settings.retry.max_attempts, 9);
  EXPECT_TRUE(settings.auto_migrate && settings.allow_plaintext);
  EXPECT_EQ(settings.migrations_directory, root() / "sql/rpa");
  configure({"MAX_CONCURRENT_CONNECTS=2", "BREAKER_FAILURES=0", "BREAKER_PROBE_INTERVAL_MS=250",
             "LEAK_DETECTION_AFTER=90", "RESET_POLICY= Always ", "HEALTH_DEGRADED_AFTER_MS=750"});
  const auto pool = resolve().pool;
  EXPECT_EQ(pool.max_concurrent_connects, 2U);
  EXPECT_EQ(pool.breaker_failures, 0U);
  EXPECT_EQ(pool.breaker_probe_interval, 250ms);
  EXPECT_EQ(pool.leak_detection_after, 90s);
  EXPECT_EQ(pool.reset_policy, ResetPolicy::always);
  EXPECT_EQ(resolve().health_degraded_after, 750ms);
  configure({"READ_ONLY=1", "POOL_SIZE=3"});
  EXPECT_TRUE(resolve().read_only);
  EXPECT_EQ(resolve().pool.min_idle, 3U);
}

TEST_F(SettingsTest, TakesTheDefaultsForAllDatabasesWhereTheDatabaseHasNone) {
  set_variable("DEVELOPMENT_RPA1_CONNECTION_POOL_SIZE", "8");
  set_variable("DEVELOPMENT_GLOBAL_CONNECTION_MAX_OVERFLOW", "4");
  set_variable("DEVELOPMENT_GLOBAL_DATABASE_TIMEOUT", "12");
  configure({});
  EXPECT_EQ(resolve().pool.pool_size, 8U);
  EXPECT_EQ(resolve().pool.max_overflow, 4U);
  EXPECT_EQ(resolve().timeout, 12s);
  configure({"POOL_SIZE=2", "MAX_OVERFLOW=1", "TIMEOUT=5"});
  EXPECT_EQ(resolve().pool, (PoolSettings{2, 1, 2, 30min, 10min, 10s}));
  EXPECT_EQ(resolve().timeout, 5s);
  configure({});
  set_variable("DEVELOPMENT_GLOBAL_DATABASE_TIMEOUT", "soon");
  EXPECT_EQ(message_of<ConfigurationError>([this] { resolve(); }),
            "DEVELOPMENT_GLOBAL_DATABASE_TIMEOUT must be a positive integer, got: 'soon'");
}

TEST_F(SettingsTest, PrefersOptionsInCode) {
  configure({"TYPE=sqlserver",
             "POOL_SIZE=abc",
             "MAX_OVERFLOW=-1",
             "MIN_IDLE=x",
             "TIMEOUT=x",
             "ACQUIRE_TIMEOUT=x",
             "MAX_LIFETIME=x",
             "IDLE_TIMEOUT=x",
             "OVERFLOW_IDLE_TIMEOUT=x",
             "HEALTH_TIMEOUT=x",
             "SLOW_STATEMENT_MS=x",
             "AUTO_MIGRATE=x",
             "READ_ONLY=x",
             "ALLOW_PLAINTEXT=x",
             "RETRY_ATTEMPTS=x",
             "MAX_CONCURRENT_CONNECTS=x",
             "BREAKER_FAILURES=x",
             "BREAKER_PROBE_INTERVAL_MS=x",
             "LEAK_DETECTION_AFTER=x",
             "RESET_POLICY=x",
             "HEALTH_DEGRADED_AFTER_MS=x"});
  DatabaseOptions options;
  options.type = DatabaseType::postgresql;
  options.connection_string = "host=/tmp";
  options.pool_size = 1;
  options.max_overflow = 2;
  options.min_idle = 0;
  options.acquire_timeout = 1ms;
  options.max_lifetime = 2ms;
  options.idle_timeout = 3ms;
  options.overflow_idle_timeout = 4ms;
  options.max_concurrent_connects = 5;
  options.breaker_failures = 6;
  options.breaker_probe_interval = 7ms;
  options.leak_detection_after = 8ms;
  options.reset_policy = ResetPolicy::always;
  options.timeout = 5ms;
  options.health_timeout = 6ms;
  options.health_degraded_after = 1ms;
  options.slow_statement = 0ms;
  options.retry = RetryPolicy{.max_attempts = 1};
  options.auto_migrate = true;
  options.migrations_directory = "/srv/sql";
  options.read_only = false;
  options.allow_plaintext = false;
  const auto settings = resolve(options);
  EXPECT_EQ(settings.connection_string.reveal(), "host=/tmp");
  EXPECT_EQ(settings.pool,
            (PoolSettings{1, 2, 0, 2ms, 3ms, 4ms, 5, 6, 7ms, 8ms, ResetPolicy::always}));
  EXPECT_EQ(settings.acquire_timeout, 1ms);
  EXPECT_EQ(settings.timeout, 5ms);
  EXPECT_EQ(settings.health_timeout, 6ms);
  EXPECT_EQ(settings.health_degraded_after, 1ms);
  EXPECT_EQ(settings.slow_statement, 0ms);
  EXPECT_EQ(settings.retry.max_attempts, 1);
  EXPECT_TRUE(settings.auto_migrate);
  EXPECT_EQ(settings.migrations_directory, "/srv/sql");
}

TEST_F(SettingsTest, NamesTheVariableToSet_WhenTheConnectionStringIsMissing) {
  const std::string expected =
      "Connection string not configured for 'rpa_db'. Set "
      "DEVELOPMENT_GLOBAL_RPA_DB_CONNECTION_STRING (looked in: process environment, "
      "core/envs/.env.development).";
  EXPECT_EQ(message_of<ConfigurationError>([this] { resolve(); }), expected);
  write_global(kPrefix + "TYPE=postgresql\n" + kPrefix + "CONNECTION_STRING=\n");
  EXPECT_EQ(message_of<ConfigurationError>([this] { resolve(); }), expected);
  try {
    resolve();
  } catch (const ConfigurationError& error) {
    EXPECT_EQ(error.database_name(), "rpa_db");
  }
}

TEST_F(SettingsTest, NamesTheVariable_WhenAValueIsBad) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"POOL_SIZE=abc", "must be a positive integer, got: 'abc'"},
      {"POOL_SIZE=0", "must be a positive integer, got: '0'"},
      {"POOL_SIZE=10001", "must be from 1 to 10000, got: '10001'"},
      {"MAX_OVERFLOW=-1", "must not be negative, got: '-1'"},
      {"MIN_IDLE=6", "must not be above the pool size 5, got: '6'"},
      {"TIMEOUT=0", "must be a positive integer, got: '0'"},
      {"ACQUIRE_TIMEOUT=0", "must be a positive integer, got: '0'"},
      {"HEALTH_TIMEOUT=-5", "must be a positive integer, got: '-5'"},
      {"MAX_LIFETIME=-1", "must not be negative, got: '-1'"},
      {"IDLE_TIMEOUT=-1", "must not be negative, got: '-1'"},
      {"OVERFLOW_IDLE_TIMEOUT=-1", "must not be negative, got: '-1'"},
      {"SLOW_STATEMENT_MS=-1", "must not be negative, got: '-1'"},
      {"MAX_CONCURRENT_CONNECTS=0", "must be a positive integer, got: '0'"},
      {"BREAKER_FAILURES=-1", "must not be negative, got: '-1'"},
      {"BREAKER_PROBE_INTERVAL_MS=0", "must be a positive integer, got: '0'"},
      {"LEAK_DETECTION_AFTER=-1", "must not be negative, got: '-1'"},
      {"HEALTH_DEGRADED_AFTER_MS=-1", "must not be negative, got: '-1'"},
      {"RESET_POLICY=never", "must be 'when_dirty' or 'always'"},
      {"RETRY_ATTEMPTS=0", "must be a positive integer, got: '0'"},
      {"TYPE=oracle", "must be 'postgresql' or 'sqlserver'"},
      {"TYPE=mock", "must be 'postgresql' or 'sqlserver'"},
  };
  for (const auto& [line, expected] : cases) {
    EXPECT_EQ(refusal({line}), kPrefix + line.substr(0, line.find('=')) + " " + expected);
  }
  const std::string flags = "be true, 1, yes, on or enabled, or false, 0, no, off or disabled";
  for (const std::string key : {"AUTO_MIGRATE", "READ_ONLY", "ALLOW_PLAINTEXT"}) {
    EXPECT_EQ(refusal({key + "=ja"}), kPrefix + key + " must " + flags + ", got: 'ja'");
  }
}

TEST_F(SettingsTest, RefusesBadOptionsInCode) {
  const auto longer_than_a_century = std::chrono::milliseconds::max();
  EXPECT_EQ(option_refusal({.connection_string = " "}),
            "connection_string of 'rpa_db' must not be empty");
  EXPECT_EQ(option_refusal({.pool_size = 0}),
            "pool_size of 'rpa_db' must be from 1 to 10000, got: 0");
  EXPECT_EQ(option_refusal({.max_overflow = -1}),
            "max_overflow of 'rpa_db' must be from 0 to 10000, got: -1");
  EXPECT_EQ(option_refusal({.pool_size = 2, .min_idle = 3}),
            "min_idle of 'rpa_db' must not be above the pool size 2, got: 3");
  EXPECT_EQ(option_refusal({.timeout = -1ms}),
            "timeout of 'rpa_db' must be more than 0 and at most 100 years, got: -1 ms");
  EXPECT_EQ(option_refusal({.timeout = longer_than_a_century}),
            "timeout of 'rpa_db' must be more than 0 and at most 100 years, got: "
            "9223372036854775807 ms");
  EXPECT_EQ(option_refusal({.acquire_timeout = 0ms}),
            "acquire_timeout of 'rpa_db' must be more than 0 and at most 100 years, got: 0 ms");
  EXPECT_EQ(option_refusal({.max_lifetime = -1ms}),
            "max_lifetime of 'rpa_db' must not be negative and at most 100 years, got: -1 ms");
  EXPECT_EQ(option_refusal({.health_degraded_after = -1ms}),
            "health_degraded_after of 'rpa_db' must not be negative and at most 100 years, got: -1 "
            "ms");
  const std::vector<std::pair<RetryPolicy, std::string>> policies = {
      {{.max_attempts = 0}, "max_attempts of 'rpa_db' must be from 1 to 10000, got: 0"},
      {{.min_wait = -1ms}, "min_wait of 'rpa_db' must not be negative"},
      {{.min_wait = 2s, .max_wait = 1s}, "max_wait of 'rpa_db' must not be below min_wait"},
      {{.multiplier = -1}, "multiplier of 'rpa_db' must be a number that is not negative"},
      {{.multiplier = std::numeric_limits<double>::quiet_NaN()},
       "multiplier of 'rpa_db' must be a number that is not negative"},
      {{.jitter = 1.1}, "jitter of 'rpa_db' must be from 0 to 1"},
      {{.conflict_min_wait = -1ms}, "conflict_min_wait of 'rpa_db' must not be negative"},
      {{.conflict_max_wait = 1ms},
       "conflict_max_wait of 'rpa_db' must not be below conflict_min_wait"},
      {{.max_conflict_attempts = -1}, "max_conflict_attempts of 'rpa_db' must not be negative"},
  };
  for (const auto& [policy, expected] : policies) {
    EXPECT_EQ(option_refusal({.retry = policy}), "retry." + expected);
  }
}

TEST_F(SettingsTest, RefusesDatabaseNamesThatCannotBeVariablesAndFolders) {
  EXPECT_EQ(message_of<InvalidArgument>([this] { resolve({}, ""); }),
            "A database name must not be empty");
  for (const char* name : {"a b", "../a", "a.b", "a/b", "\xC3\xBC", "a\n"}) {
    EXPECT_EQ(message_of<InvalidArgument>([&] { resolve({}, name); }),
              "A database name may hold only letters, digits, '_' and '-', since it names "
              "variables and a folder");
  }
  write_global(
      "DEVELOPMENT_GLOBAL_SURVEYHUB_CONNECTION_STRING=host=a\n"
      "DEVELOPMENT_GLOBAL_RPA_2_CONNECTION_STRING=host=b\n");
  EXPECT_EQ(resolve({}, "SurveyHub").connection_string.reveal(), "host=a");
  EXPECT_EQ(resolve({}, "SurveyHub").migrations_directory, root() / "migrations/SurveyHub");
  EXPECT_EQ(resolve({}, "rpa-2").connection_string.reveal(), "host=b");
}

TEST_F(SettingsTest, RefusesToMigrateAReadOnlyDatabase) {
  const std::string expected = "'rpa_db' is read-only and cannot migrate: unset either " + kPrefix +
                               "READ_ONLY or " + kPrefix + "AUTO_MIGRATE";
  EXPECT_EQ(refusal({"READ_ONLY=on", "AUTO_MIGRATE=on"}), expected);
  configure({"READ_ONLY=on"});
  EXPECT_EQ(message_of<ConfigurationError>([this] { resolve({.auto_migrate = true}); }), expected);
}

TEST(ConnectionStringType, IsReadFromSchemeOrKeywords) {
  const auto postgresql = DatabaseType::postgresql;
  const auto sqlserver = DatabaseType::sqlserver;
  const std::vector<std::pair<std::string, std::optional<DatabaseType>>> cases = {
      {"postgresql://h/d", postgresql},
      {" POSTGRES://h/d", postgresql},
      {"postgresql+psycopg2://h/d", postgresql},
      {"host=h dbname=d", postgresql},
      {" user = x", postgresql},
      {"port=5432 host=h", postgresql},
      {"password=a;server=b host=c", postgresql},
      {"mssql+pyodbc://h/d", sqlserver},
      {"mssql://h", sqlserver},
      {"SqlServer://h", sqlserver},
      {"DRIVER={ODBC Driver 18 for SQL Server};SERVER=h", sqlserver},
      {"uid=u;pwd=p;server=h", sqlserver},
      {"port=1433;Server=h", sqlserver},
      {"DSN=survey", sqlserver},
      {"mysql://h/d", std::nullopt},
      {"jdbc:postgresql://h/d?user=x", std::nullopt},
      {"uid=u;pwd=p", std::nullopt},
      {"h", std::nullopt},
      {"://", std::nullopt},
      {"", std::nullopt},
  };
  for (const auto& [text, expected] : cases) {
    EXPECT_EQ(connection_string_type(text), expected) << text;
  }
}

TEST_F(SettingsTest, InfersTheTypeOrSaysWhatContradicts) {
  const std::string accepted_postgresql =
      "postgresql://, postgres://, postgresql+driver:// or libpq keyword text (host=... "
      "dbname=...)";
  const std::string accepted_sqlserver =
      "mssql+pyodbc://, mssql://, sqlserver:// or ODBC keyword text (DRIVER={...};SERVER=...)";
  const auto set = [this](const std::string& type, const std::string& text) {
    set_variable(kPrefix + "TYPE", type);
    set_variable(kPrefix + "CONNECTION_STRING", text);
  };
  set("", "mssql://h/d");
  EXPECT_EQ(resolve().type, DatabaseType::sqlserver);
  set(" SQLServer ", "uid=u;pwd=p");
  EXPECT_EQ(resolve().type, DatabaseType::sqlserver);
  const std::vector<std::pair<std::string, std::string>> contradictions = {
      {"postgresql", "mssql://h/d"}, {"postgresql", "mysql://h/d"}, {"sqlserver", "host=h"}};
  for (const auto& [type, text] : contradictions) {
    set(type, text);
    EXPECT_EQ(message_of<ConfigurationError>([this] { resolve(); }),
              "The type of 'rpa_db' is " + type + " (" + kPrefix + "TYPE), but " + kPrefix +
                  "CONNECTION_STRING is not for " + type + ": expected " +
                  (type == "sqlserver" ? accepted_sqlserver : accepted_postgresql));
  }
  set("", "mysql://h/d");
  EXPECT_EQ(message_of<ConfigurationError>([this] { resolve(); }),
            kPrefix + "CONNECTION_STRING does not show the type of 'rpa_db'. Set " + kPrefix +
                "TYPE to 'postgresql' or 'sqlserver'; expected for the former: " +
                accepted_postgresql + "; for the latter: " + accepted_sqlserver);
}

TEST_F(SettingsTest, NeedsNoConnectionString_WhenTheDatabaseIsAMock) {
  const auto settings = resolve({.type = DatabaseType::mock});
  EXPECT_EQ(settings.type, DatabaseType::mock);
  EXPECT_TRUE(settings.connection_string.empty());
  EXPECT_STREQ(to_string(settings.type), "mock");
  EXPECT_STREQ(to_string(DatabaseType::postgresql), "postgresql");
  EXPECT_STREQ(to_string(DatabaseType::sqlserver), "sqlserver");
}

TEST_F(SettingsTest, KnowOfAReplica_WhichIsReadOnlyAndOtherwiseAsItsDatabase) {
  configure({});
  EXPECT_FALSE(replica_settings(resolve()).has_value());
  configure({"REPLICA_CONNECTION_STRING=postgresql://copy/rpa", "REPLICA_MAX_LAG_MS=1500",
             "POOL_SIZE=7", "TIMEOUT=9"});
  const auto settings = resolve();
  EXPECT_FALSE(settings.read_only);
  const auto replica = replica_settings(settings);
  ASSERT_TRUE(replica.has_value());
  EXPECT_EQ(replica->database_name, "rpa_db/replica");
  EXPECT_EQ(replica->connection_string.reveal(), "postgresql://copy/rpa");
  EXPECT_TRUE(replica->is_replica && replica->read_only);
  EXPECT_EQ(replica->replica_max_lag, 1500ms);
  EXPECT_EQ(replica->pool, settings.pool);
  EXPECT_EQ(replica->pool.pool_size, 7U);
  EXPECT_EQ(replica->timeout, 9s);
  EXPECT_FALSE(replica_settings(*replica).has_value());

  const auto in_code = resolve({.replica_connection_string = "host=third", .replica_max_lag = 2s});
  EXPECT_EQ(replica_settings(in_code)->connection_string.reveal(), "host=third");
  EXPECT_EQ(replica_settings(in_code)->replica_max_lag, 2s);
  EXPECT_FALSE(replica_settings(resolve({.replica_connection_string = ""})).has_value())
      << "code can do without the one that is configured";
}

TEST_F(SettingsTest, RefuseAReplicaOfAnotherKind) {
  EXPECT_EQ(refusal({"REPLICA_CONNECTION_STRING=mssql://copy/rpa"}),
            "The type of 'rpa_db' is postgresql, but " + kPrefix +
                "REPLICA_CONNECTION_STRING is not for postgresql: expected " +
                accepted_connection_strings(DatabaseType::postgresql));
  EXPECT_NE(refusal({"REPLICA_CONNECTION_STRING=mysql://copy/rpa"}), "");
  EXPECT_EQ(refusal({"REPLICA_MAX_LAG_MS=-1"}),
            kPrefix + "REPLICA_MAX_LAG_MS must not be negative, got: '-1'");
  configure({});
  const DatabaseOptions limited{.connection_string = "mssql://server/rpa",
                                .replica_connection_string = "mssql://copy/rpa",
                                .replica_max_lag = 1s};
  EXPECT_NE(message_of<ConfigurationError>([&] { resolve(limited); }).find("how far they lag"),
            std::string::npos);
}

}  // namespace
}  // namespace flowdb::config
