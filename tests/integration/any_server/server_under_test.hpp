#pragma once

#include <chrono>
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
  std::string do_nothing;            ///< for so many seconds as take the place of the `#`
  std::string missing_table;         ///< the server's code for that: a SQLSTATE or a number
  bool has_100_nanoseconds = false;  ///< or else microseconds
  bool has_special_doubles = false;  ///< NaN and the infinities
  bool can_cancel = true;            ///< reads a cancellation while a statement runs
  TestTarget (*make_target)() = nullptr;

  /// A statement that does nothing for so long, below a minute.
  std::string sleep(std::chrono::seconds time) const;
};

/// PostgreSQL, the project's own TDS server, and whatever FLOWDB_TEST_SQLSERVER names.
const std::vector<ServerKind>& servers_under_test();
/// The one of them that the tests of SQL Server alone run on: the one that FLOWDB_TEST_SQLSERVER
/// names, else the TDS server.
const ServerKind& sqlserver_under_test();

/// A name for a table or a database that no other test takes, nor another process's.
std::string unique_name();

/// For the names of tests and the messages of failures.
std::ostream& operator<<(std::ostream& stream, const ServerKind& server);

}  // namespace flowdb::test
