#include "integration/any_server/any_server.hpp"

#include <atomic>
#include <random>

namespace flowdb::test {
namespace {

/// No other test's, nor one's that another process runs against the same database.
std::string unique_name() {
  static const auto process = std::random_device{}();
  static std::atomic<int> number{0};
  return "flowdb_test_" + std::to_string(process) + '_' + std::to_string(++number);
}

/// Another pool than that of the manager under test: their settings differ.
DatabaseOptions of_the_observer() {
  return {.pool_size = 1, .max_overflow = 1};
}

}  // namespace

AnyServer::AnyServer()
    : target_(server().make_target()), observer_(manager_for(target_.url, of_the_observer())) {}

AnyServer::~AnyServer() {
  for (const auto& table : tables_) {
    try {
      observer_->execute_query("DROP TABLE " + table);
    } catch (const Error& error) {
      ADD_FAILURE() << "cannot drop " << table << ": " << error.what();
    }
  }
}

std::string AnyServer::make_table(const std::string& columns) {
  tables_.push_back(unique_name());
  observer_->execute_query("CREATE TABLE " + tables_.back() + " (" + columns + ")");
  return tables_.back();
}

std::string AnyServer::ids(const std::string& table) {
  std::string list;
  for (const auto& row : observer_->execute_query("SELECT id FROM " + table + " ORDER BY id")) {
    list += (list.empty() ? "" : " ") + std::to_string(row[0].as<int>());
  }
  return list;
}

int AnyServer::session_of(DatabaseManager& manager) {
  return manager.execute_query(server().session_id).scalar<int>();
}

std::string AnyServer::code_of(const Error& error) {
  return server().type == DatabaseType::postgresql ? error.sqlstate()
                                                   : std::to_string(error.native_code());
}

}  // namespace flowdb::test
