#include "integration/any_server/server_test.hpp"

#include <chrono>

namespace flowdb::test {
namespace {

/// Another pool than that of the manager under test: their settings differ.
DatabaseOptions of_the_observer() {
  return {.pool_size = 1, .max_overflow = 1};
}

}  // namespace

ServerTest::ServerTest(const ServerKind& server)
    : server_(&server), target_(server.make_target()), observer_(manager(of_the_observer())) {}

ServerTest::~ServerTest() {
  for (const auto& table : tables_) {
    try {
      observer_->execute_query("DROP TABLE " + table);
    } catch (const Error& error) {
      ADD_FAILURE() << "cannot drop " << table << ": " << error.what();
    }
  }
}

DatabaseManager ServerTest::manager(DatabaseOptions options) const {
  options.timeout = options.timeout.value_or(std::chrono::minutes{5});
  return manager_for(target_.url, options);
}

std::string ServerTest::make_table(const std::string& columns) {
  tables_.push_back(unique_name());
  observer_->execute_query("CREATE TABLE " + tables_.back() + " (" + columns + ")");
  return tables_.back();
}

}  // namespace flowdb::test
