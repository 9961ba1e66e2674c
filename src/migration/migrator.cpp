#include "migration/migrator.hpp"

#include <utility>

#include "migration/history.hpp"
#include "migration/migration_file.hpp"
#include "migration/plan.hpp"
#include "migration/reports.hpp"
#include "migration/runner.hpp"
#include "migration/script.hpp"

namespace flowdb::migration {

Migrator::Migrator(std::string database_name, std::filesystem::path directory,
                   const SqlDialect& dialect, Clock& clock)
    : database_name_(std::move(database_name)),
      directory_(std::move(directory)),
      dialect_(dialect),
      clock_(clock) {}

MigrationReport Migrator::run(backend::Connection& connection) {
  const auto files = read_directory(directory_);
  return Runner{connection, dialect_, database_name_, directory_.string(), files, clock_}.run();
}

MigrationStatus Migrator::status(backend::Connection& connection, const Deadline& deadline,
                                 std::chrono::milliseconds timeout) {
  const auto files = read_directory(directory_);
  History history{connection, dialect_, database_name_, {timeout, deadline}};
  history.read();
  auto plan = make_plan(files, history.rows(), {directory_.string(), history.table()});

  MigrationStatus status;
  status.database_name = database_name_;
  status.migration_directory = directory_.string();
  status.current_version = plan.current_version;
  for (const auto* file : plan.pending) {
    check_script(*file, dialect_, plan.problems);
    status.pending_migrations.push_back(to_pending(*file));
  }
  for (const auto& row : history.rows()) {
    status.applied_migrations.push_back(to_applied(row));
    if (row.success) ++status.total_applied;
  }
  for (auto& problem : plan.problems) status.problems.push_back(std::move(problem.text));
  return status;
}

}  // namespace flowdb::migration
