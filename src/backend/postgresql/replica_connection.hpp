#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "backend/postgresql/postgresql_connection.hpp"
#include "backend/postgresql/standby_watch.hpp"

namespace flowdb::backend::postgresql {

/// What the connections to a replica have in common.
struct ReplicaRole {
  explicit ReplicaRole(const StandbyRules& given) : rules(given) {}

  const StandbyRules rules;
  std::atomic<std::int64_t> lag_in_milliseconds{-1};  ///< when one of them last looked; -1: unknown
};

/// A connection to a replica. It looks at the server when it is opened, and then, about once in a
/// second, before it is lent or when it comes back: with one round trip, in place of the ping or
/// the reset that is due then. One whose server may not be used (any more) is misplaced.
class ReplicaConnection final : public PostgresqlConnection {
 public:
  /// \throws ConnectionError when the server cannot be used as a replica, and says why.
  ReplicaConnection(soci::session& session, PGconn* handle,
                    std::shared_ptr<const ServerIdentity> identity,
                    std::shared_ptr<ReplicaRole> role, const Deadline& deadline);

  bool is_misplaced() const noexcept override { return !unfit_.empty(); }
  bool seems_alive() noexcept override;
  bool ping(const Deadline& deadline) noexcept override;
  bool is_clean() noexcept override;
  bool reset(const Deadline& deadline) noexcept override;

 private:
  bool is_look_due() const noexcept;
  /// \throws like execute().
  bool is_fit(const Deadline& deadline);
  StandbyObservation observe(const Deadline& deadline);

  std::shared_ptr<ReplicaRole> role_;
  StandbyWatch watch_;
  std::string unfit_;  // why
};

}  // namespace flowdb::backend::postgresql
