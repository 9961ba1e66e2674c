#include <chrono>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>

#include <flowdb/error.hpp>

#include "cli/check/server_checks.hpp"

namespace flowdb::cli::check {

namespace {

constexpr int kOldestServer = 100000;                // flowdb's statements need it
constexpr int kOldestMaintainedPostgresql = 140000;  // by PostgreSQL's own people
constexpr double kTolerableSkew = 5;                 // s
constexpr double kShortValidity = 14 * 24;           // h

constexpr const char* kFacts = R"(
SELECT current_setting('server_version') AS version,
       current_setting('server_version_num')::int AS version_number,
       current_user::text AS role,
       quote_ident(current_user) AS quoted_role,
       r.rolsuper AS is_superuser,
       r.rolconnlimit AS role_limit,
       extract(epoch FROM r.rolvaliduntil - now())::float8 / 3600 AS valid_for,
       d.datconnlimit AS database_limit,
       quote_ident(d.datname) AS quoted_database,
       current_setting('max_connections')::int
         - current_setting('superuser_reserved_connections')::int AS server_limit,
       inet_server_addr() IS NULL OR inet_server_addr() = inet_client_addr() AS is_local,
       (SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl) AS tls,
       pg_is_in_recovery() AS is_standby,
       current_setting('transaction_read_only')::bool AS is_read_only,
       current_setting('fsync')::bool AND current_setting('full_page_writes')::bool
         AS survives_crashes,
       current_setting('synchronous_commit') AS synchronous_commit,
       current_setting('server_encoding') AS encoding,
       quote_ident(current_schema()) AS schema,
       current_schema() IS NOT NULL AND has_schema_privilege(current_schema(), 'CREATE')
         AS may_create,
       extract(epoch FROM clock_timestamp())::float8 AS clock
  FROM pg_roles r, pg_database d
 WHERE r.rolname = current_user AND d.datname = current_database())";

std::string text_of(const Row& facts, const char* column) {
  return facts[column].as<std::optional<std::string>>().value_or("");
}

void look_at_version(const Row& facts, Findings& findings) {
  const auto number = facts["version_number"].as<int>();
  const auto text = "PostgreSQL " + text_of(facts, "version");
  if (number < kOldestServer) {
    findings.bad("server", text, "flowdb needs PostgreSQL 10 or later.");
  } else if (number < kOldestMaintainedPostgresql) {
    findings.warning("server", text + ", which gets no corrections any more",
                     "Plan the change to a version that is maintained.");
  } else {
    findings.good("server", text);
  }
  if (text_of(facts, "encoding") != "UTF8") {
    findings.warning("encoding",
                     "The database keeps text as " + text_of(facts, "encoding") + ", not as UTF8",
                     "Characters that it does not know are refused; make the database anew with "
                     "ENCODING 'UTF8' if they matter.");
  }
}

void look_at_tls(const Row& facts, Findings& findings) {
  const auto tls = text_of(facts, "tls");
  if (!tls.empty()) {
    findings.good("tls", tls);
  } else if (facts["is_local"].as<bool>()) {
    findings.good("tls", "none, on this machine");
  } else {
    findings.bad("tls", "The connection crosses the network in clear text",
                 "Set sslmode=verify-full and sslrootcert in the connection string, and unset "
                 "…_ALLOW_PLAINTEXT.");
  }
}

void look_at_role(const Row& facts, const Expected& expected, Findings& findings) {
  const auto role = text_of(facts, "role");
  if (facts["is_superuser"].as<bool>()) {
    findings.warning("role", "'" + role + "' is a superuser: nothing stops a mistake of the flow",
                     "Use a role of its own that owns no more than the flow's schema.");
  }
  const auto valid_for = facts["valid_for"].as<std::optional<double>>();
  if (valid_for && *valid_for < kShortValidity) {
    findings.warning(
        "role",
        "The password of '" + role + "' expires in " +
            std::to_string(static_cast<int>(std::max(*valid_for, 0.0))) + " h",
        "ALTER ROLE " + text_of(facts, "quoted_role") + " VALID UNTIL '…'; and a new password.");
  }
  if (!expected.makes_tables) return;
  const auto schema = text_of(facts, "schema");
  if (schema.empty()) {
    findings.bad("privileges", "No schema of the role's search_path exists",
                 "CREATE SCHEMA AUTHORIZATION " + text_of(facts, "quoted_role") + ";");
  } else if (!facts["may_create"].as<bool>()) {
    findings.bad("privileges", "'" + role + "' may not make tables in schema " + schema,
                 "GRANT CREATE ON SCHEMA " + schema + " TO " + text_of(facts, "quoted_role") + ";");
  } else {
    findings.good("privileges", "'" + role + "' may make tables in schema " + schema);
  }
}

void look_at_writing(const Row& facts, Findings& findings) {
  if (facts["is_standby"].as<bool>()) {
    findings.warning("writing", "The server is a standby: it refuses every write",
                     "Name the primary, or several hosts and target_session_attrs=read-write.");
  } else if (facts["is_read_only"].as<bool>()) {
    findings.good("writing", "Transactions are read-only");
  }
  if (!facts["survives_crashes"].as<bool>()) {
    findings.warning("durability", "The server runs without fsync or full_page_writes",
                     "A crash of its machine can lose or spoil the whole database; set both to on, "
                     "but for tests.");
  }
  if (text_of(facts, "synchronous_commit") == "off") {
    findings.warning("durability",
                     "synchronous_commit is off: a commit that was answered can be lost",
                     "Set it to on, for the role or for the server.");
  }
}

void look_at_limits(const Row& facts, int pool_limit, Findings& findings) {
  auto limit = facts["server_limit"].as<int>();
  std::string whose = "the server";
  const auto consider = [&](int other, const std::string& name) {
    if (other >= 0 && other < limit) {
      limit = other;
      whose = name;
    }
  };
  consider(facts["database_limit"].as<int>(), "the database");
  consider(facts["role_limit"].as<int>(), "the role");
  const auto text = "a process opens up to " + std::to_string(pool_limit) + " connections, " +
                    whose + " allows " + std::to_string(limit);
  if (pool_limit > limit) {
    findings.bad("connections", text, "Lower …_POOL_SIZE or …_MAX_OVERFLOW, or raise the limit.");
  } else {
    findings.good("connections", text);
  }
}

void look_at_clock(const Row& facts, Findings& findings) {
  const std::chrono::duration<double> here = std::chrono::system_clock::now().time_since_epoch();
  const double skew = std::abs(here.count() - facts["clock"].as<double>());
  if (skew > kTolerableSkew) {
    findings.warning("clock",
                     "The server's clock and this machine's differ by " +
                         std::to_string(static_cast<std::int64_t>(skew)) + " s",
                     "Let both follow the same time server.");
  }
}

}  // namespace

void look_at_postgresql(DatabaseManager& database, const Expected& expected, Findings& findings) {
  try {
    const auto rows = database.execute_query(kFacts);
    const auto facts = rows.one();
    look_at_version(facts, findings);
    look_at_tls(facts, findings);
    look_at_role(facts, expected, findings);
    look_at_writing(facts, findings);
    look_at_limits(facts, static_cast<int>(database.get_pool_status().max_connections), findings);
    look_at_clock(facts, findings);
  } catch (const Error& error) {
    findings.warning("server", std::string{"It could not be asked about itself: "} + error.what(),
                     "");
  }
}

}  // namespace flowdb::cli::check
