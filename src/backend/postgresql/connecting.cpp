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
  return earlier(deadline, Deadline::after(per_address.value_or(kShortestConnect)));
}

/// How many addresses libpq is given, as far as it is given them.
std::size_t count_hosts(const config::PostgresqlTarget& target) {
  const auto hosts = target.value("host");
  const auto commas = std::count(hosts.begin(), hosts.end(), ',');
  return std::max(static_cast<std::size_t>(commas) + 1, target.hosts.size());
}

/// What libpq is to grant each host.
seconds timeout_of_each(const config::PostgresqlTarget& target, const Deadline& deadline,
                        seconds longest) {
  const auto hosts = static_cast<seconds::rep>(count_hosts(target));
  const auto share = std::clamp(std::chrono::ceil<seconds>(deadline.remaining()) / hosts,
                                kShortestConnect, longest);
  return std::min(given_timeout(target).value_or(share), share);
}

std::string conninfo(const config::PostgresqlTarget& target, seconds timeout) {
  // libpq takes the last of two.
  return target.to_conninfo().reveal() + " connect_timeout=" + std::to_string(timeout.count());
}

/// A host that is silent must not take the time of the next one, which may have become the primary;
/// but a login may take its time, too. So there are rounds, each of twice the time.
Attempt connect_to_any(const config::PostgresqlTarget& target, const Deadline& deadline) {
  Attempt attempt;
  for (auto longest = kShortestConnect;; longest *= 2) {
    const auto timeout = timeout_of_each(target, deadline, longest);
    const auto start = Deadline::Clock::now();
    // Only here libpq goes on to the next host when one has taken the connection and is silent.
    attempt.connection.reset(PQconnectdb(conninfo(target, timeout).c_str()));
    // libpq's seconds are those of the calendar: the first may be a short one.
    const bool has_waited = Deadline::Clock::now() - start >= timeout - seconds{1};
    const bool is_over = PQstatus(attempt.connection.get()) == CONNECTION_OK || !has_waited;
    if (is_over || given_timeout(target) || deadline.remaining() < kShortestConnect) {
      return attempt;
    }
  }
}

}  // namespace

std::string conninfo(const config::PostgresqlTarget& target, const Deadline& deadline) {
  constexpr seconds kLongestConnect{60};
  return conninfo(target, timeout_of_each(target, deadline, kLongestConnect));
}

Attempt connect(const config::PostgresqlTarget& target, const Deadline& deadline) {
  Attempt attempt;
  if (target.hosts.size() > 1) {
    attempt = connect_to_any(target, deadline);
  } else {
    const auto text = conninfo(target, deadline);
    const auto per_address = given_timeout(target);
    auto progress = Progress::not_reached;
    while (progress == Progress::not_reached) {
      attempt.connection.reset(PQconnectStart(text.c_str()));
      progress = PQstatus(attempt.connection.get()) == CONNECTION_BAD
                     ? Progress::ended
                     : go_on_connecting(attempt.connection.get(), deadline, per_address);
      if (per_address || deadline.has_passed()) {
        break;
      }
    }
    attempt.timed_out = progress != Progress::ended;
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

Progress go_on_connecting(PGconn* connection, const Deadline& deadline,
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
        return Progress::timed_out;
      }
      // libpq finds the attempt failed and takes the next address, if there is one.
      shutdown(PQsocket(connection), SHUT_RDWR);
      limit = deadline;
      was_left = true;
    } else if (waited == Readiness::lost) {
      return Progress::ended;
    }
    state = PQconnectPoll(connection);
  }
  return state == PGRES_POLLING_OK || !was_left ? Progress::ended : Progress::not_reached;
}

}  // namespace flowdb::backend::postgresql
