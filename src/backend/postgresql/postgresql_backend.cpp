#include "backend/postgresql/postgresql_backend.hpp"

#include <exception>
#include <utility>

#include <soci/soci.h>

#include <flowdb/error.hpp>

#include "backend/postgresql/adopted_session.hpp"
#include "backend/postgresql/connect_probe.hpp"
#include "backend/postgresql/errors.hpp"
#include "backend/postgresql/openssl_exit.hpp"
#include "backend/postgresql/postgresql_connection.hpp"
#include "backend/postgresql/postgresql_listener.hpp"
#include "backend/postgresql/resolved_target.hpp"
#include "backend/redaction.hpp"
#include "logging/log.hpp"

namespace flowdb::backend::postgresql {
namespace {

/// Whether a server that refuses writes is the wrong one.
bool wants_primary(const config::Settings& settings, const config::PostgresqlTarget& target) {
  const auto wanted = target.value("target_session_attrs");
  return !settings.read_only && (wanted == "read-write" || wanted == "primary");
}

config::PostgresqlTarget target_of(const config::Settings& settings) {
  auto target = config::parse_postgresql(settings.database_name, settings.connection_string,
                                         settings.allow_plaintext);
  if (settings.is_replica && !target.has("target_session_attrs")) {
    target.set("target_session_attrs", "standby");
  }
  return target;
}

/// Who asks for another kind of server (a subscriber of logical replication is not in recovery)
/// knows what it is.
std::shared_ptr<ReplicaRole> replica_role_of(const config::Settings& settings,
                                             const config::PostgresqlTarget& target) {
  if (!settings.is_replica) {
    return nullptr;
  }
  const bool must_be_standby = target.value("target_session_attrs") == "standby";
  return std::make_shared<ReplicaRole>(StandbyRules{must_be_standby, settings.replica_max_lag});
}

std::shared_ptr<const ServerIdentity> identity_of(const config::Settings& settings,
                                                  const config::PostgresqlTarget& target) {
  return std::make_shared<const ServerIdentity>(ServerIdentity{
      settings.database_name, target.password, settings.read_only, settings.flow_name,
      settings.timeout, settings.statement_cache_size, wants_primary(settings, target)});
}

}  // namespace

PostgresqlBackend::PostgresqlBackend(const config::Settings& settings)
    : target_(target_of(settings)),
      replica_role_(replica_role_of(settings, target_)),
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

ConnectionHandle PostgresqlBackend::connect(const Deadline& deadline) {
  const auto target = resolved(target_, identity_->database_name, resolver_, deadline);
  auto attempt = postgresql::connect(target, deadline);
  if (attempt.timed_out || PQstatus(attempt.connection.get()) != CONNECTION_OK) {
    throw_refused(attempt, target, deadline);
  }
  return std::move(attempt.connection);
}

std::unique_ptr<Connection> PostgresqlBackend::open(std::size_t slot, const Deadline& deadline) {
  auto& session = sessions_.at(slot);
  auto connection = connect(deadline);
  PGconn* const handle = connection.get();
  try {
    open_on(session, std::move(connection));
  } catch (const std::exception& error) {
    throw ConnectionError(identity_->database_name +
                              ": no SOCI session could be made for a connection: " + error.what(),
                          {.database_name = identity_->database_name, .transient = true});
  }
  try {
    return adopt(session, handle, set_up_deadline(target_, deadline));
  } catch (...) {
    session.close();  // or the slot could never be opened again
    throw;
  }
}

std::unique_ptr<NotificationSource> PostgresqlBackend::open_listener(const Deadline& deadline) {
  return std::make_unique<PostgresqlListener>(connect(deadline), identity_,
                                              set_up_deadline(target_, deadline));
}

std::unique_ptr<Connection> PostgresqlBackend::adopt(soci::session& session, PGconn* handle,
                                                     const Deadline& deadline) const {
  if (replica_role_ == nullptr) {
    return std::make_unique<PostgresqlConnection>(session, handle, identity_, deadline);
  }
  return std::make_unique<ReplicaConnection>(session, handle, identity_, replica_role_, deadline);
}

std::optional<std::chrono::milliseconds> PostgresqlBackend::lag() const {
  const auto lag = replica_role_ != nullptr ? replica_role_->lag_in_milliseconds.load() : -1;
  return lag >= 0 ? std::optional{std::chrono::milliseconds{lag}} : std::nullopt;
}

void PostgresqlBackend::throw_refused(const Attempt& attempt,
                                      const config::PostgresqlTarget& target,
                                      const Deadline& deadline) const {
  Redactor redactor;
  redactor.hide_secret(target_.password);
  std::string text = PQerrorMessage(attempt.connection.get());
  if (attempt.timed_out) {
    text += "the server did not answer in time";
  }
  ErrorFacts facts;
  facts.database_name = identity_->database_name;
  if (!attempt.timed_out) {
    facts.sqlstate = probe_refusal(conninfo(target, deadline), deadline);
  }
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
