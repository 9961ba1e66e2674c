#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include <soci/connection-pool.h>

#include "backend/backend.hpp"
#include "backend/postgresql/connecting.hpp"
#include "backend/postgresql/link.hpp"
#include "backend/postgresql/name_resolver.hpp"
#include "backend/postgresql/replica_connection.hpp"
#include "config/postgresql_connection_string.hpp"

namespace flowdb::backend::postgresql {

/// PostgreSQL through SOCI: a soci::connection_pool holds the sessions, one a slot, on
/// connections that flowdb opens; which slot is used when is for flowdb's pool to say. Statements
/// run on the sessions' PGconn, because SOCI's own rows lose digits, fractions of seconds and
/// types.
class PostgresqlBackend final : public Backend {
 public:
  explicit PostgresqlBackend(const config::Settings& settings);

  DatabaseType type() const noexcept override { return DatabaseType::postgresql; }
  sql::Dialect dialect() const noexcept override { return sql::postgresql_dialect(); }
  std::unique_ptr<Connection> open(std::size_t slot, const Deadline& deadline) override;
  bool has_notifications() const noexcept override { return true; }
  std::unique_ptr<NotificationSource> open_listener(const Deadline& deadline) override;
  std::optional<std::chrono::milliseconds> lag() const override;

 private:
  ConnectionHandle connect(const Deadline& deadline);
  /// `target`: with the addresses that were tried.
  [[noreturn]] void throw_refused(const Attempt& attempt, const config::PostgresqlTarget& target,
                                  const Deadline& deadline) const;

  std::unique_ptr<Connection> adopt(soci::session& session, PGconn* handle,
                                    const Deadline& deadline) const;

  config::PostgresqlTarget target_;
  std::shared_ptr<ReplicaRole> replica_role_;  // null: it is not a replica
  std::shared_ptr<const ServerIdentity> identity_;
  NameResolver resolver_;
  soci::connection_pool sessions_;
};

}  // namespace flowdb::backend::postgresql
