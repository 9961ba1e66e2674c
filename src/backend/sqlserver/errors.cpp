#include "backend/sqlserver/errors.hpp"

#include "backend/redaction.hpp"
#include "backend/sqlserver/error_numbers.hpp"
#include "backend/sqlserver/error_text.hpp"

namespace flowdb::backend::sqlserver {
namespace {

/// What drivers call it differs: SQL Server's conflicts are the serialization failures of the
/// standard.
std::string sqlstate_of(const Diagnostic& diagnostic) {
  if (is_conflict(diagnostic.native_code)) {
    return "40001";
  }
  return is_constraint(diagnostic.native_code) ? "23000" : diagnostic.sqlstate;
}

}  // namespace

ErrorFacts facts_of(const Diagnostic& diagnostic, const ErrorContext& context) {
  Redactor redactor;
  if (context.params != nullptr) {
    redactor.hide_values(*context.params);
  }
  redactor.hide_secret(context.password);
  ErrorFacts facts;
  facts.database_name = context.database_name;
  facts.sqlstate = sqlstate_of(diagnostic);
  facts.native_code = diagnostic.native_code;
  facts.transient = is_transient(diagnostic.native_code);
  facts.phase = Phase::sent;
  facts.statement_position = statement_position(diagnostic, context.text);
  if (is_constraint(diagnostic.native_code)) {
    facts.constraint = constraint_name(diagnostic);
  }
  facts.server_message =
      context.has_other_values && diagnostic.native_code >= kFirstOwnNumber
          ? "a procedure or trigger raised an error; its text may hold values and is not shown"
          : clean_message(diagnostic, redactor);
  return facts;
}

std::string message_of(const ErrorFacts& facts, const ErrorContext& context) {
  std::string message = context.database_name + ": " + std::string{context.operation} + " failed";
  if (!facts.server_message.empty()) {
    message += ": " + facts.server_message;
  }
  if (facts.native_code != 0) {
    message +=
        " (error " + std::to_string(facts.native_code) + ", SQLSTATE " + facts.sqlstate + ")";
  } else if (!facts.sqlstate.empty()) {
    message += " (SQLSTATE " + facts.sqlstate + ")";
  }
  if (!context.fingerprint.empty()) {
    message += " Statement: " + std::string{context.fingerprint};
  }
  return message;
}

void throw_server_error(const std::string& message, const ErrorFacts& facts) {
  if (is_constraint(facts.native_code)) {
    throw ConstraintError(message, facts);
  }
  if (is_refused_login(facts.native_code)) {
    throw AuthenticationError(message, facts);
  }
  if (ends_session(facts.native_code)) {
    throw ConnectionError(message, facts);
  }
  throw QueryError(message, facts);
}

}  // namespace flowdb::backend::sqlserver
