#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <flowdb/options.hpp>

#include "metrics/database_metrics.hpp"
#include "metrics/gauges.hpp"
#include "metrics/slow_statements.hpp"

namespace flowdb::metrics {

/// All that one process counts. Left to the operating system at exit, as threads and managers with
/// static storage may count until then. Thread-safe.
class Registry {
 public:
  /// A child process gets a new one: its counters begin at zero, and no mutex is touched that
  /// another thread of the parent may have held at the fork().
  static Registry& of_this_process();

  /// The counters of a database, the same ones for the same name and type.
  DatabaseMetrics& database(const std::string& name, DatabaseType type);
  /// Of all databases, by name.
  std::vector<const DatabaseMetrics*> databases() const;

  SlowStatements& slow_statements() noexcept { return slow_statements_; }
  Gauges& gauges() noexcept { return gauges_; }

 private:
  explicit Registry(std::uint64_t process) : process_(process) {}

  const std::uint64_t process_;
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<DatabaseMetrics>> databases_;
  SlowStatements slow_statements_;
  Gauges gauges_;
};

}  // namespace flowdb::metrics
