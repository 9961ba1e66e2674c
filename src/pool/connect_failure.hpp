#pragma once

#include <chrono>
#include <exception>
#include <string>

#include <flowdb/error.hpp>

#include "pool/circuit_breaker.hpp"

namespace flowdb::pool {

/// The latest failure to connect, kept for those who are told of it without having tried.
struct ConnectFailure {
  OpenFailure kind = OpenFailure::server;
  std::string message;
  ErrorFacts facts;
};

/// What `error`, thrown while a connection was opened, says.
ConnectFailure connect_failure(const std::exception_ptr& error);

/// The server has not answered for so long that it counts as one.
ConnectFailure silent_server(const std::string& database_name);

/// For a call that is turned away: since when no connection can be had, why, and when the next
/// attempt is due.
/// \throws AuthenticationError when that was the last failure, else ConnectionError.
[[noreturn]] void throw_turned_away(const std::string& database_name, const CircuitBreaker& circuit,
                                    const ConnectFailure& last, CircuitBreaker::TimePoint now);

}  // namespace flowdb::pool
