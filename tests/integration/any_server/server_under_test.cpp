#include "integration/any_server/server_under_test.hpp"

#include <atomic>
#include <cstdlib>
#include <random>
#include <utility>

#include "integration/manager_for.hpp"
#include "integration/tds_server/tds_target.hpp"
#include "support/test_server.hpp"

namespace flowdb::test {
namespace {

TestTarget postgresql_target() {
  auto database = std::make_shared<test_support::TestDatabase>();
  auto url = database->url();
  return {std::move(url), std::move(database)};
}

ServerKind postgresql() {
  return {.name = "postgresql",
          .type = DatabaseType::postgresql,
          .types = {.boolean = "boolean",
                    .real = "double precision",
                    .decimal = "numeric(38, 10)",
                    .text = "text",
                    .bytes = "bytea",
                    .time = "time",
                    .timestamp = "timestamp",
                    .timestamp_tz = "timestamptz",
                    .uuid = "uuid",
                    .json = "jsonb"},
          .session_id = "SELECT pg_backend_pid()",
          .end_session = "SELECT pg_terminate_backend(#)",
          .do_nothing = "SELECT pg_sleep(#)",
          .missing_table = "42P01",
          .has_special_doubles = true,
          .make_target = postgresql_target};
}

TestTarget tds_server_target() {
  auto target = std::make_shared<TdsTarget>();
  auto url = target->url();
  return {std::move(url), std::move(target)};
}

std::string given_url() {
  const char* const given = std::getenv("FLOWDB_TEST_SQLSERVER");
  return given == nullptr ? std::string{} : std::string{given};
}

TestTarget given_target() {
  return {given_url(), nullptr};
}

/// By what it calls itself.
bool is_babelfish(const std::string& url) {
  auto db = manager_for(url, one_connection());
  const auto version = db.execute_query("SELECT @@VERSION AS version").scalar<std::string>();
  return version.find("Babelfish") != std::string::npos;
}

ServerKind sqlserver(std::string name, TestTarget (*make_target)()) {
  return {.name = std::move(name),
          .type = DatabaseType::sqlserver,
          .types = {.boolean = "bit",
                    .real = "float",
                    .decimal = "decimal(38, 10)",
                    .text = "nvarchar(max)",
                    .bytes = "varbinary(max)",
                    .time = "time(7)",
                    .timestamp = "datetime2(7)",
                    .timestamp_tz = "datetimeoffset(7)",
                    .uuid = "uniqueidentifier",
                    .json = "nvarchar(max)"},
          .session_id = "SELECT @@SPID AS session",
          .end_session = "KILL #",
          .do_nothing = "WAITFOR DELAY '00:00:#'",
          .missing_table = "208",
          .has_100_nanoseconds = true,
          .make_target = make_target};
}

/// The server that FLOWDB_TEST_SQLSERVER names. Babelfish has no WAITFOR, microseconds only, and a
/// number of its own for what SQL Server calls 208; it reads no cancellation while a statement
/// runs.
ServerKind given() {
  auto server = sqlserver("given", given_target);
  if (is_babelfish(given_url())) {
    server.do_nothing = "EXEC pg_sleep #";
    server.can_cancel = false;
    server.missing_table = "33557097";
    server.has_100_nanoseconds = false;
  }
  return server;
}

std::vector<ServerKind> all_servers() {
  std::vector<ServerKind> servers{postgresql(), sqlserver("tds_server", tds_server_target)};
  if (!given_url().empty()) servers.push_back(given());
  return servers;
}

}  // namespace

const std::vector<ServerKind>& servers_under_test() {
  static const auto servers = all_servers();
  return servers;
}

const ServerKind& sqlserver_under_test() {
  return servers_under_test().back();
}

std::string unique_name() {
  static const auto process = std::random_device{}();
  static std::atomic<int> number{0};
  return "flowdb_test_" + std::to_string(process) + '_' + std::to_string(++number);
}

std::string ServerKind::sleep(std::chrono::seconds time) const {
  auto seconds = std::to_string(time.count());
  if (seconds.size() == 1) seconds.insert(0, 1, '0');
  auto statement = do_nothing;
  return statement.replace(statement.find('#'), 1, seconds);
}

std::ostream& operator<<(std::ostream& stream, const ServerKind& server) {
  return stream << server.name;
}

}  // namespace flowdb::test
