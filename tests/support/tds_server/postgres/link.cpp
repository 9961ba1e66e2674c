#include "support/tds_server/postgres/link.hpp"

#include <array>
#include <functional>

#include "support/tds_server/postgres/catalogue.hpp"
#include "support/tds_server/postgres/column_types.hpp"

namespace flowdb::tds_server {
namespace {

/// What the encoders expect, and where names are looked for.
constexpr const char* kSession =
    "SET client_min_messages = error; SET DateStyle = 'ISO'; SET TimeZone = 'UTC'; "
    "SET IntervalStyle = 'postgres'; SET bytea_output = 'hex'; SET extra_float_digits = 1; "
    "SET standard_conforming_strings = on; SET xmloption = content; "
    "SET search_path = dbo, public, tds, sys";

Result own(PGresult* result) {
  return {result, &PQclear};
}

bool succeeded(const PGresult* result) {
  switch (PQresultStatus(result)) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_SINGLE_TUPLE:
    case PGRES_EMPTY_QUERY:
      return true;
    default:
      return false;
  }
}

Result checked(Result result) {
  if (!succeeded(result.get())) throw PostgresFailure{std::move(result)};
  return result;
}

/// No collision with locks of applications, which take their numbers from a hash as well.
constexpr const char* kCatalogueLock =
    "SELECT pg_advisory_xact_lock(hashtext('flowdb tds catalogue'))";
/// Of the table, not of to_regnamespace(): that may answer from what it remembers.
constexpr const char* kCatalogueQuestion = "SELECT 1 FROM pg_namespace WHERE nspname = 'tds'";

}  // namespace

PostgresFailure::PostgresFailure(Result result)
    : std::runtime_error{PQresultErrorMessage(result.get())}, result_{result.release(), &PQclear} {}

std::string_view PostgresFailure::sqlstate() const {
  const char* const state = PQresultErrorField(result_.get(), PG_DIAG_SQLSTATE);
  return state == nullptr ? "" : state;
}

PostgresLink::PostgresLink(const std::string& connection_info, const std::string& database,
                           const std::string& application_name, Wait wait)
    : wait_{std::move(wait)},
      application_name_{application_name},
      connection_{connect(connection_info, "")},
      database_{PQdb(connection_.get())} {
  if (!database.empty() && database != "master" && database != database_) {
    const char* const wanted = database.c_str();
    const Result found =
        checked(own(PQexecParams(connection_.get(),
                                 "SELECT datname FROM pg_database WHERE lower(datname) = lower($1) "
                                 "ORDER BY datname = $1 DESC LIMIT 1",
                                 1, nullptr, &wanted, nullptr, nullptr, 0)));
    if (PQntuples(found.get()) == 0) {
      throw SqlError{
          4060,
          "Cannot open database \"" + database + "\" requested by the login. The login failed.",
          11};
    }
    database_ = PQgetvalue(found.get(), 0, 0);
    connection_ = connect(connection_info, database_);
  }
  install_catalogue();
  command(kSession);
  read_types();
}

PostgresLink::Connection PostgresLink::connect(const std::string& connection_info,
                                               const std::string& database) const {
  // With expand_dbname the first dbname is the whole text, and a second one overrides its database.
  const std::array<const char*, 6> keywords{"dbname",
                                            "application_name",
                                            "client_encoding",
                                            "gssencmode",
                                            database.empty() ? nullptr : "dbname",
                                            nullptr};
  const std::array<const char*, 6> values{connection_info.c_str(),
                                          application_name_.c_str(),
                                          "UTF8",
                                          "disable",
                                          database.c_str(),
                                          nullptr};
  Connection connection{PQconnectdbParams(keywords.data(), values.data(), 1), &PQfinish};
  if (PQstatus(connection.get()) != CONNECTION_OK) {
    throw std::runtime_error{std::string{"PostgreSQL: "} + PQerrorMessage(connection.get())};
  }
  PQsetNoticeProcessor(
      connection.get(), [](void*, const char*) {}, nullptr);
  return connection;
}

void PostgresLink::install_catalogue() {
  if (scalar(kCatalogueQuestion)) return;
  command("BEGIN");
  command(kCatalogueLock);
  if (!scalar(kCatalogueQuestion)) {
    command("SET LOCAL client_min_messages = error");
    command(type_catalogue());
  }
  command("COMMIT");
}

void PostgresLink::read_types() {
  const Result result = checked(
      own(PQexec(connection_.get(),
                 "SELECT oid, typname FROM pg_type WHERE typnamespace = 'tds'::regnamespace")));
  for (int row = 0; row < PQntuples(result.get()); ++row) {
    const auto known = catalogue_types().find(PQgetvalue(result.get(), row, 1));
    if (known == catalogue_types().end()) continue;
    types_.emplace(static_cast<Oid>(std::stoul(PQgetvalue(result.get(), row, 0))), known->second);
  }
}

void PostgresLink::command(const std::string& sql) {
  checked(own(PQexec(connection_.get(), sql.c_str())));
}

std::optional<std::string> PostgresLink::scalar(const std::string& sql) {
  const Result result = checked(own(PQexec(connection_.get(), sql.c_str())));
  if (PQntuples(result.get()) == 0 || PQgetisnull(result.get(), 0, 0) == 1) return std::nullopt;
  return PQgetvalue(result.get(), 0, 0);
}

void PostgresLink::prepare(const std::string& sql) {
  finish_with(PQsendPrepare(connection_.get(), "", sql.c_str(), 0, nullptr) == 1);
}

Result PostgresLink::describe() {
  return finish_with(PQsendDescribePrepared(connection_.get(), "") == 1);
}

Result PostgresLink::run(const std::vector<std::optional<std::string>>& values,
                         const std::function<void(const PGresult*)>& row) {
  std::vector<const char*> texts;
  texts.reserve(values.size());
  for (const auto& value : values) texts.push_back(value ? value->c_str() : nullptr);
  const bool sent = PQsendQueryPrepared(connection_.get(), "", static_cast<int>(texts.size()),
                                        texts.data(), nullptr, nullptr, 0) == 1;
  if (!sent) return finish_with(false);
  PQsetSingleRowMode(connection_.get());
  Result last = own(nullptr);
  try {
    for (;;) {
      Result result = next_result();
      if (result == nullptr) break;
      if (PQresultStatus(result.get()) == PGRES_SINGLE_TUPLE) {
        row(result.get());
      } else if (last == nullptr || succeeded(last.get())) {
        last = std::move(result);
      }
    }
  } catch (...) {
    cancel_and_drain();
    throw;
  }
  return checked(std::move(last));
}

/// Waits for the results of what was sent and returns the first, which must be a success.
Result PostgresLink::finish_with(bool sent) {
  if (!sent) {
    throw PostgresFailure{own(PQmakeEmptyPGresult(connection_.get(), PGRES_FATAL_ERROR))};
  }
  try {
    Result first = next_result();
    while (next_result() != nullptr) {
    }
    return checked(std::move(first));
  } catch (const PostgresFailure&) {
    throw;
  } catch (...) {
    cancel_and_drain();
    throw;
  }
}

Result PostgresLink::next_result() {
  while (PQisBusy(connection_.get()) == 1) {
    wait_(PQsocket(connection_.get()));
    if (PQconsumeInput(connection_.get()) == 0) break;
  }
  return own(PQgetResult(connection_.get()));
}

void PostgresLink::cancel_and_drain() {
  const std::unique_ptr<PGcancel, decltype(&PQfreeCancel)> cancel{PQgetCancel(connection_.get()),
                                                                  &PQfreeCancel};
  std::array<char, 256> error{};
  if (cancel != nullptr) PQcancel(cancel.get(), error.data(), static_cast<int>(error.size()));
  while (own(PQgetResult(connection_.get())) != nullptr) {
  }
}

KeyKind PostgresLink::key_kind(const PGresult* failure) {
  std::array<const char*, 3> names{};
  const std::array<int, 3> fields{PG_DIAG_SCHEMA_NAME, PG_DIAG_TABLE_NAME, PG_DIAG_CONSTRAINT_NAME};
  for (std::size_t i = 0; i < names.size(); ++i) {
    names[i] = PQresultErrorField(failure, fields[i]);
  }
  const Result found = checked(
      own(PQexecParams(connection_.get(),
                       "SELECT contype FROM pg_constraint c JOIN pg_class t ON t.oid = conrelid "
                       "JOIN pg_namespace n ON n.oid = relnamespace "
                       "WHERE nspname = $1 AND relname = $2 AND conname = $3",
                       names.size(), nullptr, names.data(), nullptr, nullptr, 0)));
  if (PQntuples(found.get()) == 0) return KeyKind::unique_index;
  return *PQgetvalue(found.get(), 0, 0) == 'p' ? KeyKind::primary_key : KeyKind::unique_constraint;
}

std::vector<Column> PostgresLink::columns_of(const PGresult* result) const {
  std::vector<Column> columns;
  for (int i = 0; i < PQnfields(result); ++i) {
    Column column;
    column.name = PQfname(result, i);
    column.wire = wire_type(declared_type(types_, PQftype(result, i), PQfmod(result, i)));
    columns.push_back(std::move(column));
  }
  return columns;
}

}  // namespace flowdb::tds_server
