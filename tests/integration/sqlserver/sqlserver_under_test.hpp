#pragma once

#include <chrono>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <flowdb/database_manager.hpp>

#include "integration/manager_for.hpp"
#include "support/chaos_proxy.hpp"

namespace flowdb::test {

/// A server that speaks T-SQL: the one that FLOWDB_TEST_SQLSERVER names, else the project's own TDS
/// server, started for this process.
struct SqlserverUnderTest {
  std::string url;
  /// The server does not read a cancellation while a statement runs, and counts microseconds.
  bool is_babelfish = false;

  /// A statement that does nothing for so long, below a minute.
  std::string sleep(std::chrono::seconds time) const;
  /// The server's address as a ChaosProxy wants it, and the URL by way of that proxy.
  std::string address() const;
  std::string url_through(const test_support::ChaosProxy& proxy) const;
};
const SqlserverUnderTest& sqlserver_under_test();

/// A name for a table that no other test uses.
std::string unique_table();

/// A database on that server, a manager of one connection, and an observer with its own.
class Sqlserver : public testing::Test {
 protected:
  ~Sqlserver() override;

  /// Creates a table of these columns, dropped after the test; returns its name.
  std::string make_table(const std::string& columns);
  int session() { return db_.execute_query("SELECT @@SPID").scalar<int>(); }

  const SqlserverUnderTest& server_ = sqlserver_under_test();
  DatabaseManager db_ = manager_for(server_.url, one_connection());
  DatabaseManager observer_ = manager_for(server_.url, {.pool_size = 1, .max_overflow = 1});

 private:
  std::vector<std::string> tables_;
};

}  // namespace flowdb::test
