#pragma once

#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <flowdb/database_manager.hpp>
#include <flowdb/error.hpp>

#include "integration/any_server/server_under_test.hpp"
#include "integration/manager_for.hpp"

namespace flowdb::test {

/// A test on a server: its database, and tables under names of their own that are dropped behind
/// it.
class ServerTest : public testing::Test {
 protected:
  explicit ServerTest(const ServerKind& server);
  ~ServerTest() override;

  const ServerKind& server() const { return *server_; }
  const std::string& url() const { return target_.url; }
  /// Calls without a timeout of their own may take minutes: on a busy machine they do.
  DatabaseManager manager(DatabaseOptions options = one_connection()) const;
  /// Makes a table of these columns; returns its name.
  std::string make_table(const std::string& columns);
  /// The number of the session that `manager`'s next statement runs in.
  int session_of(DatabaseManager& manager) const {
    return manager.execute_query(server().session_id).scalar<int>();
  }
  /// Over a connection that no other manager uses.
  DatabaseManager& observer() { return *observer_; }

 private:
  const ServerKind* server_;
  TestTarget target_;
  std::optional<DatabaseManager> observer_;
  std::vector<std::string> tables_;
};

}  // namespace flowdb::test
