#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include <flowdb/reports.hpp>

#include "backend/connection.hpp"
#include "core/clock.hpp"
#include "core/deadline.hpp"
#include "migration/sql_dialect.hpp"

namespace flowdb::migration {

/// Brings a database's schema to the state of its migration files, exactly once whatever number of
/// processes try: lock, read the history again, script and history row in one transaction, commit.
/// Works on a connection that the caller has leased and that is idle; keeps no state between calls.
class Migrator {
 public:
  Migrator(std::string database_name, std::filesystem::path directory, const SqlDialect& dialect,
           Clock& clock = Clock::system());

  /// Applies what is pending, in order, and stops at the first failure: what was applied before
  /// stays. Waits for a runner elsewhere for as long as that takes. When nothing is pending it
  /// takes at most three round trips, no lock, and writes nothing. \throws MigrationError;
  /// ConnectionError, CommitUnknownError when the server goes away.
  MigrationReport run(backend::Connection& connection);

  /// Reads files and history, writes nothing; what stands in the way of a run is among the report's
  /// problems. `timeout` is what the server is told to enforce; zero: no limit.
  /// \throws MigrationError for files that cannot be read or are misnamed, and for a history that
  /// cannot be read; what a Connection throws when it is lost or the deadline passes.
  MigrationStatus status(backend::Connection& connection, const Deadline& deadline,
                         std::chrono::milliseconds timeout = std::chrono::milliseconds::zero());

 private:
  std::string database_name_;
  std::filesystem::path directory_;
  const SqlDialect& dialect_;
  Clock& clock_;
};

}  // namespace flowdb::migration
