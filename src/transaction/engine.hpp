#pragma once

#include <memory>
#include <string>

#include "config/settings.hpp"
#include "pool/pool.hpp"
#include "sql/statement_cache.hpp"

namespace flowdb {

/// What the managers of one database share within the process: the pool and the statements parsed
/// so far. Thread-safe.
class Engine {
 public:
  /// The engine of these settings: the same one for the same name, connection string and pool
  /// settings (and never shared when a backend is given in code). Does not connect.
  /// \throws ConfigurationError for a connection string that cannot be understood.
  static std::shared_ptr<Engine> of(const config::Settings& settings);

  explicit Engine(const config::Settings& settings);

  const std::string& database_name() const noexcept { return database_name_; }
  pool::Pool& pool() noexcept { return pool_; }
  const pool::Pool& pool() const noexcept { return pool_; }
  sql::StatementCache& statements() noexcept { return statements_; }

 private:
  Engine(const config::Settings& settings, std::unique_ptr<backend::Backend> backend);

  std::string database_name_;
  sql::StatementCache statements_;
  pool::Pool pool_;
};

}  // namespace flowdb
