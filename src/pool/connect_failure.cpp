#include "pool/connect_failure.hpp"

#include "core/iso_time.hpp"
#include "pool/opening_age.hpp"

namespace flowdb::pool {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

template <class E>
ConnectFailure failure_of(OpenFailure kind, const E& error) {
  return {kind, error.what(), error.facts()};
}

std::string in_milliseconds(CircuitBreaker::TimePoint::duration time) {
  return std::to_string(duration_cast<milliseconds>(time).count()) + " ms";
}

}  // namespace

ConnectFailure connect_failure(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const AuthenticationError& refused) {
    return failure_of(OpenFailure::authentication, refused);
  } catch (const ConnectionError& failed) {
    return failure_of(OpenFailure::server, failed);
  } catch (const Error& other) {
    return failure_of(OpenFailure::here, other);
  } catch (const std::exception& other) {
    return {OpenFailure::here, other.what(), {}};
  } catch (...) {
    return {OpenFailure::here, "an unknown failure", {}};
  }
}

ConnectFailure silent_server(const std::string& database_name) {
  return {OpenFailure::server,
          database_name + ": the server did not answer for " +
              std::to_string(kOverdueOpening.count()) + " s while a connection was opened",
          {.database_name = database_name, .transient = true}};
}

void throw_turned_away(const std::string& database_name, const CircuitBreaker& circuit,
                       const ConnectFailure& last, CircuitBreaker::TimePoint now) {
  const auto lasting = now - circuit.since();
  const auto began = std::chrono::system_clock::now() -
                     duration_cast<std::chrono::system_clock::duration>(lasting);
  std::string message = database_name + ": no connection can be had since " +
                        core::iso_time(began) + " (" + in_milliseconds(lasting) +
                        "), so that this call has not tried; ";
  message += circuit.next_attempt() > now
                 ? "the next attempt is due in " + in_milliseconds(circuit.next_attempt() - now)
                 : std::string{"an attempt is under way"};
  message += ". The last failure: " + last.message;
  auto facts = last.facts;
  facts.database_name = database_name;
  facts.phase = Phase::not_sent;
  if (last.kind == OpenFailure::authentication) {
    throw AuthenticationError(message, facts);
  }
  throw ConnectionError(message, facts);
}

}  // namespace flowdb::pool
