#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include <libpq-fe.h>

#include "backend/postgresql/transaction_watch.hpp"
#include "core/secret.hpp"

namespace flowdb::backend::postgresql {

/// What all connections of one backend have in common.
struct ServerIdentity {
  std::string database_name;
  Secret password;
  bool read_only = false;
  std::string flow_name;  ///< what the server calls a session without a RunContext
  std::chrono::milliseconds default_timeout{0};  ///< what most calls will ask for
  std::size_t statement_cache_size = 0;          ///< prepared statements of each connection
  bool wants_primary = false;  ///< the connection string asks for a server that takes writes
};

/// A connection as the parts that work on it share it.
struct Link {
  PGconn* handle = nullptr;
  const ServerIdentity* identity = nullptr;
  /// The server's statement_timeout as flowdb has set it.
  std::chrono::milliseconds server_timeout{-1};
  /// A cancellation was sent from here: it could hit the next statement, so there must be none.
  bool cancel_sent = false;
  /// An answer was given up on, or the socket failed.
  bool broken = false;
  /// The server has said that it ends the session.
  bool ended_by_server = false;
  /// The transaction under way, if there is one, was begun as read-only.
  bool read_only_transaction = false;
  /// The server has become one that takes no writes, though the connection string asks for one that
  /// does.
  bool lost_primary = false;
  /// The statement under way has committed on this server, and no longer waits for a standby to
  /// have the same.
  bool standby_wait_broken_off = false;
  TransactionWatch watch{};
};

}  // namespace flowdb::backend::postgresql
