#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <flowdb/reports.hpp>

#include "backend/connection.hpp"
#include "core/clock.hpp"
#include "migration/history.hpp"
#include "migration/lock.hpp"
#include "migration/migration_file.hpp"
#include "migration/plan.hpp"
#include "migration/sql_dialect.hpp"

namespace flowdb::migration {

/// One run: applies what is pending, on an idle connection. Each migration takes the lock anew and
/// commits together with its history row; each begins in a session as it was after connecting.
class Runner {
 public:
  /// Looks who and where the connection is: one round trip. `files` must outlive the runner.
  Runner(backend::Connection& connection, const SqlDialect& dialect, std::string database_name,
         const std::string& directory, const std::vector<MigrationFile>& files, Clock& clock);

  /// See Migrator::run(). When nothing is pending, one round trip more and no lock.
  MigrationReport run();

 private:
  /// Makes the plan for what the history now says, and refuses it when something stands in the way.
  void make_valid_plan();
  /// Applies the next pending migration under the lock; nothing when other runners were faster.
  void apply_next();
  void apply(const MigrationFile& file);
  /// Before a migration: the session as after connecting, but for what the dialect wants.
  void prepare_session();

  backend::Connection& connection_;
  const SqlDialect& dialect_;
  std::string database_name_;
  const std::vector<MigrationFile>& files_;
  Clock& clock_;
  History history_;
  Lock lock_;
  PlanNames names_;
  Plan plan_;
  std::size_t next_ = 0;  // of plan_.pending
  MigrationReport report_;
};

}  // namespace flowdb::migration
