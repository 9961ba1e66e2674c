#include "integration/migration/migration_fixture.hpp"

#include <fstream>
#include <stdexcept>

namespace flowdb::test_support {

void MigrationDirectory::write(const std::string& script, std::string_view contents) const {
  std::ofstream file{path() / script, std::ios::binary};
  file << contents;
  if (!file.flush()) throw std::runtime_error("cannot write " + script);
}

void MigrationDirectory::remove(const std::string& script) const {
  std::filesystem::remove(path() / script);
}

DatabaseManager make_manager(const std::string& url, const std::filesystem::path& migrations,
                             bool auto_migrate) {
  DatabaseOptions options;
  options.type =
      url.compare(0, 8, "postgres") == 0 ? DatabaseType::postgresql : DatabaseType::sqlserver;
  options.connection_string = url;
  options.migrations_directory = migrations;
  options.auto_migrate = auto_migrate;
  return DatabaseManager{"rpa_db", ConfigManager{}, options};
}

MigrationTest::~MigrationTest() {
  for (const auto& role : roles_) {
    const auto name = "\"" + role + "\"";
    database_.exec("REASSIGN OWNED BY " + name + " TO CURRENT_USER; DROP OWNED BY " + name +
                   "; DROP ROLE " + name);
  }
}

MigrationError MigrationTest::failure_of(DatabaseManager manager) {
  try {
    manager.run_migrations();
  } catch (const MigrationError& error) {
    return error;
  }
  ADD_FAILURE() << "run_migrations() succeeded";
  return MigrationError{"no error"};
}

std::string MigrationTest::make_role(const std::string& suffix) {
  const auto role = database_.name() + "_" + suffix;
  database_.exec("CREATE ROLE \"" + role + "\" LOGIN PASSWORD 'secret'");
  roles_.push_back(role);
  return role;
}

std::string MigrationTest::history() {
  return scalar(
      "SELECT coalesce(string_agg(script, ',' ORDER BY installed_rank), '') FROM schema_version");
}

bool MigrationTest::has_table(const std::string& name) {
  return scalar("SELECT to_regclass('" + name + "') IS NOT NULL") == "t";
}

}  // namespace flowdb::test_support
