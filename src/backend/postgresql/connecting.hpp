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

/// Connects and ends by the deadline: later only where several hosts are given for less than 2 s
/// each. Of several, one that is silent is left after two seconds, at first. `target` names
/// addresses, or libpq resolves names, which may take longer. Where nothing answers at any address,
/// it is tried anew until the deadline: a server that is back is found within two seconds, where
/// the system would repeat its first packet ever more rarely. \throws std::bad_alloc.
Attempt connect(const config::PostgresqlTarget& target, const Deadline& deadline);

/// When a session whose login has succeeded must be set up: the connection string's connect_timeout
/// is granted to that once more.
Deadline set_up_deadline(const config::PostgresqlTarget& target, const Deadline& deadline);

enum class Progress {
  ended,        ///< connected or refused, as the handle's status says
  not_reached,  ///< nobody answered at any address
  timed_out,    ///< the time was up
};

/// Goes on with an attempt that PQconnectStart() has begun. An address at which nobody answers
/// within `per_address` (2 s when not given) is left for the next one.
Progress go_on_connecting(PGconn* connection, const Deadline& deadline,
                          std::optional<std::chrono::seconds> per_address);

}  // namespace flowdb::backend::postgresql
