#pragma once

#include <string>

#include <flowdb/migration_options.hpp>

#include "backend/connection.hpp"
#include "core/clock.hpp"
#include "migration/history.hpp"
#include "migration/migration_file.hpp"
#include "migration/plan.hpp"
#include "migration/sql_dialect.hpp"

namespace flowdb::migration {

/// What every operation works with. Points to what must outlive it. The connection is idle, and the
/// caller's own for as long as the operation takes.
struct Workplace {
  backend::Connection& connection;
  const SqlDialect& dialect;
  const std::string& database_name;
  const MigrationFiles& files;
  const MigrationOptions& options;
  Clock& clock = Clock::system();

  HistoryPlace history_place() const { return {dialect, database_name, options.adopt_table}; }
};

/// The options' target and the like. \throws MigrationError for a version that is none.
PlanOptions plan_options(const MigrationOptions& options, const std::string& database_name);
/// \throws MigrationError for a text that is no version; names the option.
Version parse_version_option(const std::string& text, const char* option,
                             const std::string& database_name);
/// \throws MigrationError for counts and times that are negative, and a table's name that is none.
void check_options(const MigrationOptions& options, const std::string& database_name);

}  // namespace flowdb::migration
