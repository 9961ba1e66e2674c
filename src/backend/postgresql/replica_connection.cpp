#include "backend/postgresql/replica_connection.hpp"

#include <charconv>
#include <string_view>
#include <utility>

#include <flowdb/error.hpp>

#include "core/clock.hpp"

namespace flowdb::backend::postgresql {
namespace {

/// https://www.postgresql.org/docs/15/functions-admin.html#FUNCTIONS-RECOVERY-CONTROL. Without a
/// receiver it is not known whether there is more to replay. Any role sees that there is one.
constexpr const char* kObservation =
    "SELECT pg_catalog.pg_is_in_recovery(),"
    " pg_catalog.pg_last_wal_receive_lsn() <= pg_catalog.pg_last_wal_replay_lsn()"
    " AND EXISTS (SELECT FROM pg_catalog.pg_stat_wal_receiver),"
    " (EXTRACT(EPOCH FROM pg_catalog.clock_timestamp()"
    " - pg_catalog.pg_last_xact_replay_timestamp()) * 1000)::pg_catalog.int8";

Clock::TimePoint now() {
  return Clock::TimePoint::clock::now();
}

bool is_true(const PGresult* result, int column) {
  return std::string_view{PQgetvalue(result, 0, column)} == "t";
}

std::optional<std::chrono::milliseconds> milliseconds_in(const PGresult* result, int column) {
  if (PQgetisnull(result, 0, column) != 0) {
    return std::nullopt;
  }
  const std::string_view text = PQgetvalue(result, 0, column);
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return std::chrono::milliseconds{number};
}

}  // namespace

ReplicaConnection::ReplicaConnection(soci::session& session, PGconn* handle,
                                     std::shared_ptr<const ServerIdentity> identity,
                                     std::shared_ptr<ReplicaRole> role, const Deadline& deadline)
    : PostgresqlConnection(session, handle, std::move(identity), deadline),
      role_(std::move(role)),
      watch_(role_->rules) {
  if (!is_fit(deadline)) {
    throw ConnectionError(database_name() + ": the server " + unfit_,
                          {.database_name = database_name(), .transient = true});
  }
}

StandbyObservation ReplicaConnection::observe(const Deadline& deadline) {
  const auto result = ask(kObservation, "looking at the replica", deadline);
  return {is_true(result.get(), 0), is_true(result.get(), 1), milliseconds_in(result.get(), 2)};
}

bool ReplicaConnection::is_fit(const Deadline& deadline) {
  unfit_ = watch_.judge(observe(deadline), now());
  if (!unfit_.empty()) {
    // What has arrived this instant is not replayed yet: one look may find that and another not.
    unfit_ = watch_.judge(observe(deadline), now());
  }
  const auto lag = watch_.lag();
  role_->lag_in_milliseconds = lag ? lag->count() : -1;
  return unfit_.empty();
}

/// PostgreSQL from 14 on says by itself, with its next answer, that it has been promoted.
bool ReplicaConnection::is_look_due() const noexcept {
  const char* standby = PQparameterStatus(native_handle(), "in_hot_standby");
  const bool is_promoted = standby != nullptr && std::string_view{standby} == "off";
  return watch_.is_due(now()) || (is_promoted && role_->rules.must_be_standby);
}

bool ReplicaConnection::seems_alive() noexcept {
  return !is_look_due() && PostgresqlConnection::seems_alive();
}

bool ReplicaConnection::ping(const Deadline& deadline) noexcept {
  try {
    return is_fit(deadline);
  } catch (...) {
    return false;
  }
}

bool ReplicaConnection::is_clean() noexcept {
  return PostgresqlConnection::is_clean() && !is_look_due();
}

bool ReplicaConnection::reset(const Deadline& deadline) noexcept {
  return PostgresqlConnection::reset(deadline) && (!is_look_due() || ping(deadline));
}

}  // namespace flowdb::backend::postgresql
