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

/// A case that holds on every server. Its tables get names of their own and are dropped behind it.
class AnyServer : public testing::TestWithParam<ServerKind> {
 protected:
  AnyServer();
  ~AnyServer() override;

  static const ServerKind& server() { return GetParam(); }
  const std::string& url() const { return target_.url; }
  DatabaseManager manager(const DatabaseOptions& options = one_connection()) const {
    return manager_for(target_.url, options);
  }
  /// Makes a table of these columns; returns its name.
  std::string make_table(const std::string& columns);
  /// The integers of the table's column id in their order: `1 2 3`.
  std::string ids(const std::string& table);
  /// The number of the session that `manager`'s next statement runs in.
  static int session_of(DatabaseManager& manager);
  /// What the server calls the error: a SQLSTATE or a number.
  static std::string code_of(const Error& error);

  /// Over a connection that no other manager uses.
  DatabaseManager& observer() { return *observer_; }

 private:
  TestTarget target_;
  std::optional<DatabaseManager> observer_;
  std::vector<std::string> tables_;
};

inline std::string name_of_server(const testing::TestParamInfo<ServerKind>& given) {
  return given.param.name;
}

/// Runs the cases of a suite on every server there is.
#define FLOWDB_ON_EVERY_SERVER(suite) \
  INSTANTIATE_TEST_SUITE_P(On, suite, testing::ValuesIn(servers_under_test()), name_of_server)

}  // namespace flowdb::test
