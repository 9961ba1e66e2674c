#include "testing/mock_errors.hpp"

#include "sql/fingerprint.hpp"
#include "sql/lexer.hpp"

namespace flowdb::testing {

std::string fingerprint_of(std::string_view sql) {
  sql::Fingerprint fingerprint;
  sql::Lexer lexer{sql, sql::postgresql_dialect()};
  for (auto token = lexer.next(); token.kind != sql::TokenKind::end; token = lexer.next()) {
    if (token.kind != sql::TokenKind::comment) {
      fingerprint.add(token);
    }
  }
  return fingerprint.take();
}

void throw_not_sent(const std::string& database_name) {
  throw ConnectionError(
      database_name + ": the connection was lost before the statement was sent",
      {.database_name = database_name, .transient = true, .phase = Phase::not_sent});
}

void throw_lost(const std::string& database_name, const Call& call, bool writes, bool commits) {
  ErrorFacts facts;
  facts.database_name = database_name;
  facts.transient = !commits;
  facts.outcome_unknown = commits;
  facts.phase = Phase::sent;
  const auto message = database_name + ": the connection was lost before the server's answer came";
  const auto statement = " Statement: " + fingerprint_of(call.sql);
  if (!commits || !writes) {
    throw ConnectionError(message + "." + statement, facts);
  }
  throw CommitUnknownError(message +
                               ": the change was applied or it was not. Look before running it "
                               "again." +
                               statement,
                           facts);
}

void throw_commit_lost(const std::string& database_name) {
  throw CommitUnknownError(
      database_name +
          ": the connection was lost before the server's answer to COMMIT "
          "came: the change was applied or it was not. Look before running it "
          "again.",
      {.database_name = database_name, .outcome_unknown = true, .phase = Phase::committing});
}

void throw_commit_answered_rollback(const std::string& database_name) {
  throw TransactionError(database_name +
                             ": the server answered COMMIT with ROLLBACK, because a statement of "
                             "the transaction had failed; everything in it was rolled back",
                         -1, {.database_name = database_name, .sqlstate = "25P02"});
}

void throw_timeout(const std::string& database_name, const Call& call) {
  throw TimeoutError(
      database_name + ": the query timed out; the server has cancelled the statement. Allow more " +
          "time or make the statement quicker. Statement: " + fingerprint_of(call.sql),
      {.database_name = database_name, .sqlstate = "57014", .phase = Phase::sent});
}

void throw_refused(const std::string& database_name, const std::string& reason,
                   const std::string& sqlstate) {
  throw QueryError(database_name + ": " + reason + " (SQLSTATE " + sqlstate + ")",
                   {.database_name = database_name,
                    .sqlstate = sqlstate,
                    .phase = Phase::sent,
                    .server_message = reason});
}

void throw_connection_refused(const std::string& database_name) {
  throw ConnectionError(
      database_name + ": connecting to the server failed: the mock was told to refuse connections",
      {.database_name = database_name, .transient = true, .phase = Phase::not_sent});
}

void throw_unexpected(const std::string& database_name, const Call& call) {
  throw QueryError(database_name +
                       ": the mock does not expect this statement: add when(\"…\").returns(…) "
                       "with its text as the flow writes it, or set_strict(false). Statement: " +
                       fingerprint_of(call.sql),
                   {.database_name = database_name, .phase = Phase::sent});
}

}  // namespace flowdb::testing
