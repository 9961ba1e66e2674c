#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "backend/postgresql/handles.hpp"
#include "config/postgresql_connection_string.hpp"
#include "core/deadline.hpp"

namespace flowdb::backend::postgresql {

/// An attempt to connect that is over: the handle's status says how it went, its message why.
struct Attempt {
  ConnectionHandle connection;
  bool timed_out = false;  ///< the message does not say so
};

/// What libpq is to be given to connect by the deadline: connect_timeout is the given one, or each
/// host's share of the time when that is shorter.
std::string conninfo(const config::PostgresqlTarget& target, const Deadline& deadline);

/// Connects and ends by the deadline: later only by what the resolution of names takes, and, where
/// several hosts are given, when their names have several addresses, or for less than 2 s each.
/// \throws std::bad_alloc.
Attempt connect(const config::PostgresqlTarget& target, const Deadline& deadline);

/// When a session whose login has succeeded must be set up: the connection string's connect_timeout
/// is granted to that once more.
Deadline set_up_deadline(const config::PostgresqlTarget& target, const Deadline& deadline);

/// Goes on with an attempt that PQconnectStart() has begun. A name's address at which nobody
/// answers within `per_address` (half of the time that is left when not given) is left for the
/// name's next one. False: the time was up.
bool go_on_connecting(PGconn* connection, const Deadline& deadline,
                      std::optional<std::chrono::seconds> per_address);

}  // namespace flowdb::backend::postgresql
