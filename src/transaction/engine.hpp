#pragma once

#include <memory>
#include <string>

#include "config/settings.hpp"
#include "notification/hub.hpp"
#include "pool/pool.hpp"
#include "sql/statement_cache.hpp"

namespace flowdb {

/// What the managers of one database share within the process: the pool, the statements parsed so
/// far, and the connection that listens. Thread-safe.
class Engine {
 public:
  /// The engine of these settings: the same one for the same name, connection string and pool
  /// settings (and never shared when a backend is given in code). Does not connect.
  /// \throws ConfigurationError for a connection string that cannot be understood.
  static std::shared_ptr<Engine> of(const config::Settings& settings);

  explicit Engine(const config::Settings& settings);
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  ~Engine();

  const std::string& database_name() const noexcept { return database_name_; }
  pool::Pool& pool() noexcept { return pool_; }
  const pool::Pool& pool() const noexcept { return pool_; }
  metrics::DatabaseMetrics& metrics() const noexcept { return pool_.metrics(); }
  sql::StatementCache& statements() noexcept { return statements_; }
  const std::shared_ptr<notification::Hub>& notifications() const noexcept {
    return notifications_;
  }

 private:
  Engine(const config::Settings& settings, std::shared_ptr<backend::Backend> backend);

  std::string database_name_;
  sql::StatementCache statements_;
  std::shared_ptr<notification::Hub> notifications_;
  pool::Pool pool_;
};

}  // namespace flowdb
