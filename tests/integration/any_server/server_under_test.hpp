#pragma once

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include <flowdb/options.hpp>

namespace flowdb::test {

/// The column types that hold flowdb's values.
struct ColumnTypes {
  std::string boolean;
  std::string real;
  std::string decimal;
  std::string text;
  std::string bytes;
  std::string time;
  std::string timestamp;
  std::string timestamp_tz;
  std::string uuid;
  std::string json;
};

/// A database for one test. What it needs lives as long as this.
struct TestTarget {
  std::string url;
  std::shared_ptr<void> keeper;
};

/// A server that the common cases run on. Whatever differs between servers is said here, and only
/// here.
struct ServerKind {
  std::string name;
  DatabaseType type = DatabaseType::postgresql;
  ColumnTypes types;
  std::string session_id;            ///< a query for the session's number
  std::string end_session;           ///< ends a session; its number takes the place of the `#`
  std::string sleep_30_seconds;      ///< a statement that does nothing for so long
  std::string missing_table;         ///< the server's code for that: a SQLSTATE or a number
  bool has_100_nanoseconds = false;  ///< or else microseconds
  bool has_special_doubles = false;  ///< NaN and the infinities
  TestTarget (*make_target)() = nullptr;
};

/// PostgreSQL, the project's own TDS server, and whatever FLOWDB_TEST_SQLSERVER names.
const std::vector<ServerKind>& servers_under_test();

/// For the names of tests and the messages of failures.
std::ostream& operator<<(std::ostream& stream, const ServerKind& server);

}  // namespace flowdb::test
