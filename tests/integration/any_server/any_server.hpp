#pragma once

#include <string>

#include <gtest/gtest.h>

#include "integration/any_server/server_test.hpp"

namespace flowdb::test {

/// A case that holds on every server.
class AnyServer : public ServerTest, public testing::WithParamInterface<ServerKind> {
 protected:
  AnyServer() : ServerTest(GetParam()) {}

  /// The integers of the table's column id in their order: `1 2 3`.
  std::string ids(const std::string& table) {
    std::string list;
    for (const auto& row : observer().execute_query("SELECT id FROM " + table + " ORDER BY id")) {
      list += (list.empty() ? "" : " ") + std::to_string(row[0].as<int>());
    }
    return list;
  }
  /// What the server calls the error: a SQLSTATE or a number.
  std::string code_of(const Error& error) const {
    return server().type == DatabaseType::postgresql ? error.sqlstate()
                                                     : std::to_string(error.native_code());
  }
};

inline std::string name_of_server(const testing::TestParamInfo<ServerKind>& given) {
  return given.param.name;
}

/// Runs the cases of a suite on every server there is.
#define FLOWDB_ON_EVERY_SERVER(suite) \
  INSTANTIATE_TEST_SUITE_P(On, suite, testing::ValuesIn(servers_under_test()), name_of_server)

}  // namespace flowdb::test
