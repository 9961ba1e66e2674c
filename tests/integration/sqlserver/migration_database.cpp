#include "integration/sqlserver/migration_database.hpp"

#include <algorithm>

namespace flowdb::test {
namespace {

/// `sqlserver://user:password@host:port/database?…` with another database.
std::string with_database(const std::string& url, const std::string& name) {
  const auto begin = url.find('/', url.find('@')) + 1;
  return url.substr(0, begin) + name + url.substr(std::min(url.find('?', begin), url.size()));
}

}  // namespace

MigrationDatabase::MigrationDatabase()
    : server_(sqlserver_under_test().make_target()),
      name_(unique_name()),
      url_(with_database(server_.url, name_)) {
  execute("CREATE DATABASE " + name_);
}

MigrationDatabase::~MigrationDatabase() {
  try {
    execute("DROP DATABASE " + name_);
  } catch (const Error& error) {
    ADD_FAILURE() << "cannot drop " << name_ << ": " << error.what();
  }
}

void MigrationDatabase::execute(const std::string& sql) const {
  manager_for(server_.url, one_connection()).execute_query(sql);
}

MigrationError SqlserverMigration::failure() const {
  try {
    manager().run_migrations();
  } catch (const MigrationError& error) {
    return error;
  }
  ADD_FAILURE() << "run_migrations() succeeded";
  return MigrationError{"no error"};
}

std::string SqlserverMigration::history() {
  std::string scripts;
  for (const auto& row :
       observer_.execute_query("SELECT script FROM dbo.schema_version ORDER BY installed_rank")) {
    scripts += (scripts.empty() ? "" : ",") + row["script"].as<std::string>();
  }
  return scripts;
}

bool SqlserverMigration::has_table(const std::string& name) {
  return observer_
             .execute_query(
                 "SELECT COUNT(*) FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_NAME = "
                 ":name",
                 {{"name", name}})
             .scalar<int>() > 0;
}

}  // namespace flowdb::test
