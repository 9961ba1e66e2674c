#include "backend/sqlserver/session_opener.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include <soci/odbc/soci-odbc.h>

#include <flowdb/error.hpp>

#include "backend/sqlserver/diagnostics.hpp"
#include "backend/sqlserver/error_numbers.hpp"
#include "backend/sqlserver/errors.hpp"
#include "backend/sqlserver/odbc_connection_string.hpp"
#include "backend/sqlserver/open_turn.hpp"
#include "backend/sqlserver/socket_search.hpp"
#include "logging/log.hpp"

namespace flowdb::backend::sqlserver {
namespace {

using std::chrono::seconds;

constexpr seconds kShortestConnect{1};
constexpr seconds kLongestConnect{15};
/// FreeTDS takes the time for the login as that of every statement, too. The driver manager sets it
/// back on each statement handle, those of SOCI as well.
constexpr const char* kNoQueryTimeout = "DMStmtAttr=SQL_ATTR_QUERY_TIMEOUT=0;";

/// The first message of a refusal, which is all that SOCI keeps: drivers put the server's first.
Diagnostic diagnostic_of(const soci::odbc_soci_error& error) {
  return {reinterpret_cast<const char*>(error.odbc_error_code()),
          static_cast<int>(error.native_error_code()),
          without_senders(reinterpret_cast<const char*>(error.odbc_error_message())), 0};
}

SQLHDBC handle_of(soci::session& session) {
  // Not dynamic_cast: SOCI's archives carry no type information for it to look at.
  if (session.get_backend_name() != "odbc") {
    throw ConnectionError("the SOCI session is not one of ODBC");
  }
  return static_cast<soci::odbc_session_backend*>(session.get_backend())->hdbc_;
}

SQLHSTMT new_statement(SQLHDBC connection) {
  SQLHSTMT statement = SQL_NULL_HSTMT;
  SQLAllocHandle(SQL_HANDLE_STMT, connection, &statement);
  // The watchdog keeps the time: the driver counts in seconds. Nor does the driver look for {fn …}.
  SQLSetStmtAttr(statement, SQL_ATTR_QUERY_TIMEOUT, as_pointer(0), 0);
  SQLSetStmtAttr(statement, SQL_ATTR_NOSCAN, as_pointer(SQL_NOSCAN_ON), 0);
  return statement;
}

}  // namespace

SessionOpener::SessionOpener(const config::Settings& settings)
    : target_(config::parse_sqlserver(settings.database_name, settings.connection_string,
                                      settings.allow_plaintext)),
      driver_(find_driver(settings.database_name, target_)),
      flow_name_(settings.flow_name) {
  identity_.database_name = settings.database_name;
  identity_.password = target_.password;
  identity_.read_only = settings.read_only;
  connection_text(Deadline::after(kShortestConnect));  // what cannot be said is refused now
  if (target_.plaintext) {
    logging::write(logging::Level::warning,
                   "database=" + settings.database_name +
                       " TLS is switched off for a host that is not local: everything, the "
                       "password included, can be read on the way");
  }
}

Secret SessionOpener::connection_text(const Deadline& deadline) const {
  const auto remaining = std::chrono::ceil<seconds>(
      std::min<std::chrono::nanoseconds>(deadline.remaining(), kLongestConnect));
  const auto text = to_odbc_text(identity_.database_name, target_, driver_,
                                 {std::max(remaining, kShortestConnect), flow_name_});
  const bool is_freetds = driver_.family == DriverFamily::freetds;
  return Secret{text.reveal() + (is_freetds ? kNoQueryTimeout : "")};
}

Link SessionOpener::open(soci::session& session, const Deadline& deadline) const {
  load_driver_once(driver_.name);
  const OpenTurn turn{target_.host + target_.data_source, deadline};
  if (!turn.has_turn()) {
    throw ConnectionError(
        identity_.database_name +
            ": the server did not accept a connection in time. Check that it is up and reachable.",
        {.database_name = identity_.database_name, .transient = true});
  }
  const SocketSearch search{target_.host, target_.port};
  connect(session, deadline);
  const auto socket = search.find();
  if (socket.outcome == SocketSearch::Outcome::several) {
    session.close();
    throw ConnectionError(identity_.database_name +
                              ": another part of the process connected to the same server at the "
                              "same moment, so that flowdb cannot tell its own socket. Try again.",
                          {.database_name = identity_.database_name, .transient = true});
  }
  if (socket.outcome == SocketSearch::Outcome::none) {
    logging::write(logging::Level::warning,
                   "database=" + identity_.database_name +
                       " the socket of a connection was not found: a server that does not answer "
                       "a cancellation can hold a call beyond its deadline");
  }
  Link link;
  link.connection = handle_of(session);
  link.statement = new_statement(link.connection);
  link.socket = WatchedSocket::watch(socket.descriptor);
  link.identity = &identity_;
  return link;
}

void SessionOpener::connect(soci::session& session, const Deadline& deadline) const {
  std::optional<Diagnostic> refused;
  try {
    soci::connection_parameters parameters{soci::odbc, connection_text(deadline).reveal()};
    parameters.set_option(soci::odbc_option_driver_complete, "0");  // no prompt
    session.open(parameters);
  } catch (const soci::odbc_soci_error& error) {
    refused = diagnostic_of(error);
  } catch (const soci::soci_error&) {
    refused = Diagnostic{"08001", 0, "the driver manager has no memory left", 0};
  }
  if (refused) {
    throw_refused(*refused);
  }
}

void SessionOpener::throw_refused(const Diagnostic& diagnostic) const {
  const ErrorContext context{identity_.database_name, identity_.password,
                             "connecting to the server"};
  auto facts = facts_of(diagnostic, context);
  facts.phase = Phase::not_sent;
  const auto message = message_of(facts, context);
  if (is_refused_login(diagnostic.native_code) || diagnostic.sqlstate.compare(0, 2, "28") == 0) {
    throw AuthenticationError(message, facts);
  }
  const bool is_final = is_unknown_database(diagnostic.native_code);
  facts.transient = facts.transient || (tells_of_lost_connection(diagnostic) && !is_final);
  throw ConnectionError(message, facts);
}

void close_session(soci::session& session, Link& link) noexcept {
  if (link.socket != nullptr) {
    link.socket->shut();
  }
  if (link.statement != SQL_NULL_HSTMT) {
    SQLFreeHandle(SQL_HANDLE_STMT, std::exchange(link.statement, SQLHSTMT{SQL_NULL_HSTMT}));
  }
  try {
    session.close();
  } catch (...) {
    // The session's destructor frees it; there is nothing else to save.
  }
}

}  // namespace flowdb::backend::sqlserver
