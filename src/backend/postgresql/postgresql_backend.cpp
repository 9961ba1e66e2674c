#include "backend/postgresql/postgresql_backend.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>

#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>

#include <flowdb/error.hpp>

#include "backend/postgresql/connect_probe.hpp"
#include "backend/postgresql/errors.hpp"
#include "backend/postgresql/openssl_exit.hpp"
#include "backend/postgresql/postgresql_connection.hpp"
#include "backend/redaction.hpp"
#include "logging/log.hpp"

namespace flowdb::backend::postgresql {
namespace {

/// libpq counts the time for a connection in whole seconds and takes 1 for 2.
constexpr std::chrono::seconds kShortestConnect{2};
constexpr std::chrono::seconds kLongestConnect{60};

std::string_view without_prefix(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix ? text.substr(prefix.size()) : text;
}

PGconn* handle_of(soci::session& session) {
  // Not dynamic_cast: SOCI's archives carry no type information for it to look at.
  if (session.get_backend_name() != "postgresql") {
    throw ConnectionError("the SOCI session is not one of PostgreSQL");
  }
  return static_cast<soci::postgresql_session_backend*>(session.get_backend())->conn_;
}

std::shared_ptr<const ServerIdentity> identity_of(const config::Settings& settings,
                                                  const config::PostgresqlTarget& target) {
  return std::make_shared<const ServerIdentity>(
      ServerIdentity{settings.database_name, target.password, settings.read_only,
                     settings.flow_name, settings.timeout});
}

}  // namespace

PostgresqlBackend::PostgresqlBackend(const config::Settings& settings)
    : target_(config::parse_postgresql(settings.database_name, settings.connection_string,
                                       settings.allow_plaintext)),
      identity_(identity_of(settings, target_)),
      sessions_(settings.pool.max_connections()) {
  keep_openssl_until_exit();
  if (target_.plaintext) {
    logging::write(logging::Level::warning,
                   "database=" + settings.database_name +
                       " TLS is switched off for a host that is not local: everything, the "
                       "password included, can be read on the way");
  }
}

std::string PostgresqlBackend::conninfo(const Deadline& deadline) const {
  auto text = target_.to_conninfo().reveal();
  if (target_.value("connect_timeout").empty()) {
    const auto remaining = std::chrono::ceil<std::chrono::seconds>(deadline.remaining());
    const auto seconds = std::clamp(remaining, kShortestConnect, kLongestConnect);
    text += " connect_timeout=" + std::to_string(seconds.count());
  }
  return text;
}

std::unique_ptr<Connection> PostgresqlBackend::open(std::size_t slot, const Deadline& deadline) {
  auto& session = sessions_.at(slot);
  std::string refused;
  try {
    session.open(soci::postgresql, conninfo(deadline));
  } catch (const soci::soci_error& error) {
    refused = error.what();
  }
  if (!refused.empty()) {
    throw_refused(refused, deadline);
  }
  try {
    return std::make_unique<PostgresqlConnection>(session, handle_of(session), identity_, deadline);
  } catch (...) {
    session.close();  // or the slot could never be opened again
    throw;
  }
}

void PostgresqlBackend::throw_refused(const std::string& soci_message,
                                      const Deadline& deadline) const {
  Redactor redactor;
  redactor.hide_secret(target_.password);
  const auto text = without_prefix(soci_message, "Cannot establish connection to the database.\n");
  ErrorFacts facts;
  facts.database_name = identity_->database_name;
  facts.sqlstate = probe_refusal(conninfo(deadline), deadline);
  facts.transient = facts.sqlstate.empty() || is_transient(facts.sqlstate);
  facts.server_message = redactor.clean(text, false);
  const auto message = message_of(
      facts, {identity_->database_name, identity_->password, "connecting to the server"});
  if (facts.sqlstate.substr(0, 2) == "28") {
    throw AuthenticationError(message, facts);
  }
  throw ConnectionError(message, facts);
}

}  // namespace flowdb::backend::postgresql
