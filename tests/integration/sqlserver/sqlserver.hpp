#pragma once

#include <string>

#include "integration/any_server/server_test.hpp"
#include "support/chaos_proxy.hpp"

namespace flowdb::test {

/// A test on a server that speaks T-SQL, with a manager of one connection.
class Sqlserver : public ServerTest {
 protected:
  Sqlserver() : ServerTest(sqlserver_under_test()) {}

  int session() { return session_of(db_); }
  /// The server's address as a ChaosProxy wants it, and the URL by way of that proxy.
  std::string address() const;
  std::string url_through(const test_support::ChaosProxy& proxy) const;

  DatabaseManager db_ = manager();
};

}  // namespace flowdb::test
