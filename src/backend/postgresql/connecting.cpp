#include "backend/postgresql/connecting.hpp"

#include <algorithm>
#include <charconv>
#include <new>
#include <utility>

#include <sys/socket.h>

#include "backend/postgresql/wire.hpp"

namespace flowdb::backend::postgresql {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// libpq counts the time for a connection in whole seconds and takes 1 for 2.
constexpr seconds kShortestConnect{2};

/// The connection string's own limit; nullopt: none.
std::optional<seconds> given_timeout(const config::PostgresqlTarget& target) {
  const auto text = target.value("connect_timeout");
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number > 0 ? std::optional{std::max(seconds{number}, kShortestConnect)} : std::nullopt;
}

/// When to leave the address that is being tried.
Deadline address_limit(const Deadline& deadline, std::optional<seconds> per_address) {
  const auto half = std::chrono::duration_cast<milliseconds>(deadline.remaining() / 2);
  const auto share =
      per_address.value_or(std::max(seconds{kShortestConnect}, std::chrono::ceil<seconds>(half)));
  return earlier(deadline, Deadline::after(share));
}

}  // namespace

std::string conninfo(const config::PostgresqlTarget& target, const Deadline& deadline) {
  constexpr seconds kLongestConnect{60};
  const auto hosts = static_cast<seconds::rep>(std::max<std::size_t>(target.hosts.size(), 1));
  const auto share = std::clamp(std::chrono::ceil<seconds>(deadline.remaining()) / hosts,
                                kShortestConnect, kLongestConnect);
  const auto timeout = std::min(given_timeout(target).value_or(share), share);
  // libpq takes the last of two.
  return target.to_conninfo().reveal() + " connect_timeout=" + std::to_string(timeout.count());
}

Attempt connect(const config::PostgresqlTarget& target, const Deadline& deadline) {
  const auto text = conninfo(target, deadline);
  Attempt attempt;
  if (target.hosts.size() > 1) {
    // Only here libpq goes on to the next host when one has taken the connection and is silent.
    attempt.connection.reset(PQconnectdb(text.c_str()));
  } else {
    attempt.connection.reset(PQconnectStart(text.c_str()));
    attempt.timed_out =
        PQstatus(attempt.connection.get()) != CONNECTION_BAD &&
        !go_on_connecting(attempt.connection.get(), deadline, given_timeout(target));
  }
  if (attempt.connection == nullptr) {
    throw std::bad_alloc{};
  }
  return attempt;
}

Deadline set_up_deadline(const config::PostgresqlTarget& target, const Deadline& deadline) {
  const auto timeout = given_timeout(target);
  return timeout ? earlier(deadline, Deadline::after(*timeout)) : deadline;
}

bool go_on_connecting(PGconn* connection, const Deadline& deadline,
                      std::optional<seconds> per_address) {
  auto state = PGRES_POLLING_WRITING;
  std::string address = PQhostaddr(connection);
  auto limit = address_limit(deadline, per_address);
  bool was_left = false;
  while (state == PGRES_POLLING_READING || state == PGRES_POLLING_WRITING) {
    if (address != PQhostaddr(connection)) {
      address = PQhostaddr(connection);
      limit = address_limit(deadline, per_address);
      was_left = false;
    }
    const bool is_reached = PQstatus(connection) != CONNECTION_STARTED;
    const auto until = is_reached && !per_address ? deadline : limit;
    const bool for_write = state == PGRES_POLLING_WRITING;
    const auto waited = wait_for_socket(connection, for_write, until);
    if (waited == Readiness::timed_out) {
      if (is_reached || deadline.has_passed()) {
        return false;
      }
      // libpq finds the attempt failed and takes the next address, if there is one.
      shutdown(PQsocket(connection), SHUT_RDWR);
      limit = deadline;
      was_left = true;
    } else if (waited == Readiness::lost) {
      return true;
    }
    state = PQconnectPoll(connection);
  }
  return state == PGRES_POLLING_OK || !was_left;
}

}  // namespace flowdb::backend::postgresql
