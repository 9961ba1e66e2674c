#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include <libpq-fe.h>

namespace flowdb::benchmark {

/// libpq as a careful program uses it: every result is checked and freed,
/// nothing else is added.

struct LibpqDeleter {
  void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
  void operator()(PGresult* result) const noexcept { PQclear(result); }
};
using Connection = std::unique_ptr<PGconn, LibpqDeleter>;
using Result = std::unique_ptr<PGresult, LibpqDeleter>;

/// \throws std::runtime_error, as all here.
inline Connection connect(const std::string& url) {
  Connection connection{PQconnectdb(url.c_str())};
  if (PQstatus(connection.get()) != CONNECTION_OK) {
    throw std::runtime_error(PQerrorMessage(connection.get()));
  }
  return connection;
}

/// The result, which must have rows, be a single row of many, or be a command
/// without rows.
inline Result checked(PGresult* raw) {
  Result result{raw};
  const auto status = PQresultStatus(raw);
  if (status != PGRES_TUPLES_OK && status != PGRES_SINGLE_TUPLE && status != PGRES_COMMAND_OK) {
    throw std::runtime_error(PQresultErrorMessage(raw));
  }
  return result;
}

inline Result execute(PGconn* connection, const char* sql) {
  return checked(PQexec(connection, sql));
}

inline void require(bool accepted, const PGconn* connection) {
  if (!accepted) {
    throw std::runtime_error(PQerrorMessage(connection));
  }
}

inline std::string_view text_of(const PGresult* result, int row, int column) {
  return {PQgetvalue(result, row, column),
          static_cast<std::size_t>(PQgetlength(result, row, column))};
}

}  // namespace flowdb::benchmark
