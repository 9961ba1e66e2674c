#include "support/observer.hpp"

#include <stdexcept>

namespace flowdb::test_support {
namespace {

using Result = std::unique_ptr<PGresult, decltype(&PQclear)>;

Result run(PGconn* connection, const std::string& sql) {
  Result result{PQexec(connection, sql.c_str()), &PQclear};
  const ExecStatusType status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
    throw std::runtime_error(PQerrorMessage(connection));
  }
  return result;
}

}  // namespace

Observer::Observer(const std::string& url) : connection_{PQconnectdb(url.c_str()), &PQfinish} {
  if (PQstatus(connection_.get()) != CONNECTION_OK) {
    throw std::runtime_error(PQerrorMessage(connection_.get()));
  }
  PQsetNoticeReceiver(
      connection_.get(), [](void*, const PGresult*) {}, nullptr);
}

void Observer::exec(const std::string& sql) {
  run(connection_.get(), sql);
}

std::string Observer::scalar(const std::string& sql) {
  const Result result = run(connection_.get(), sql);
  if (PQntuples(result.get()) != 1 || PQnfields(result.get()) != 1 ||
      PQgetisnull(result.get(), 0, 0) != 0) {
    throw std::runtime_error("expected one cell that is not NULL from: " + sql);
  }
  return {PQgetvalue(result.get(), 0, 0),
          static_cast<std::size_t>(PQgetlength(result.get(), 0, 0))};
}

}  // namespace flowdb::test_support
