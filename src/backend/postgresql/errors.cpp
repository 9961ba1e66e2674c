#include "backend/postgresql/errors.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>

#include "backend/redaction.hpp"

namespace flowdb::backend::postgresql {
namespace {

std::string_view field(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text != nullptr ? std::string_view{text} : std::string_view{};
}

bool starts_with(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

bool may_hold_values(const ErrorContext& context) {
  return context.has_other_values || (context.params != nullptr && !context.params->empty());
}

/// A pair of double quotes in the message holds data rather than a name: always in class 22, data
/// exception; and where a name that does not exist was looked up by the running statement
/// (CAST(:v AS regclass)) instead of by the parser, which says where in the text it stands.
/// https://www.postgresql.org/docs/15/errcodes-appendix.html
bool quotes_hold_values(const PGresult* result, const ErrorContext& context) {
  static constexpr std::array<std::string_view, 8> kLookups{"42P01", "42704", "42883", "42703",
                                                            "42602", "42601", "3F000", "0A000"};
  const auto sqlstate = field(result, PG_DIAG_SQLSTATE);
  const bool by_parser = !field(result, PG_DIAG_STATEMENT_POSITION).empty() ||
                         !field(result, PG_DIAG_INTERNAL_POSITION).empty();
  return starts_with(sqlstate, "22") ||
         (!by_parser && may_hold_values(context) &&
          std::find(kLookups.begin(), kLookups.end(), sqlstate) != kLookups.end());
}

/// Of the server's CONTEXT only the lines that point into a function's source, or into the data of
/// a COPY, without the data themselves: `COPY orders, line 2, column id: "x"`. Others quote data.
std::string source_context(std::string_view context) {
  std::string kept;
  while (!context.empty()) {
    const auto end = std::min(context.find('\n'), context.size());
    auto line = context.substr(0, end);
    const bool is_copy = starts_with(line, "COPY ");
    if (is_copy) line = line.substr(0, line.find(": "));
    if (is_copy || starts_with(line, "PL/pgSQL function")) {
      kept += (kept.empty() ? "" : "; ") + std::string{line};
    }
    context.remove_prefix(std::min(end + 1, context.size()));
  }
  return kept;
}

int number_in(std::string_view text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// The text is a function's own: RAISE of PL/pgSQL, or what stands for it in other languages.
bool is_raised(const PGresult* result) {
  const auto sqlstate = field(result, PG_DIAG_SQLSTATE);
  return field(result, PG_DIAG_SOURCE_FUNCTION) == "exec_stmt_raise" ||
         starts_with(sqlstate, "P0") || starts_with(sqlstate, "38");
}

Redactor redactor_for(const PGresult* result, const ErrorContext& context) {
  Redactor redactor;
  if (context.params != nullptr) {
    redactor.hide_values(*context.params);
  }
  redactor.hide_secret(context.password);
  for (const int name : {PG_DIAG_SCHEMA_NAME, PG_DIAG_TABLE_NAME, PG_DIAG_COLUMN_NAME,
                         PG_DIAG_DATATYPE_NAME, PG_DIAG_CONSTRAINT_NAME}) {
    redactor.keep_name(field(result, name));
  }
  return redactor;
}

}  // namespace

bool is_transient(std::string_view sqlstate) noexcept {
  static constexpr std::array<std::string_view, 15> kTransient{
      "40001", "40P01", "53300", "53400", "55006", "55P03", "57P01", "57P02",
      "57P03", "57P05", "08000", "08001", "08003", "08004", "08006"};
  return std::find(kTransient.begin(), kTransient.end(), sqlstate) != kTransient.end();
}

bool is_conflict(std::string_view sqlstate) noexcept {
  return sqlstate == "40001" || sqlstate == "40P01";
}

bool is_out_of_date(const PGresult* failure) noexcept {
  const auto sqlstate = field(failure, PG_DIAG_SQLSTATE);
  // The last two: a column is of another type than the server took a parameter for.
  return sqlstate == "26000" ||
         (sqlstate == "0A000" &&
          field(failure, PG_DIAG_SOURCE_FUNCTION) == "RevalidateCachedQuery") ||
         sqlstate == "42804" || sqlstate == "42883";
}

bool ends_session(std::string_view sqlstate) noexcept {
  return starts_with(sqlstate, "57P0") || sqlstate == "25P03" || sqlstate == "25P04" ||
         sqlstate == "08P01";
}

bool is_fatal(const PGresult* result) noexcept {
  auto severity = field(result, PG_DIAG_SEVERITY_NONLOCALIZED);
  if (severity.empty()) {
    severity = field(result, PG_DIAG_SEVERITY);  // poolers send that one alone
  }
  return severity == "FATAL" || severity == "PANIC";
}

ErrorFacts facts_of(const PGresult* result, const ErrorContext& context) {
  const auto redactor = redactor_for(result, context);
  ErrorFacts facts;
  facts.database_name = context.database_name;
  facts.sqlstate = field(result, PG_DIAG_SQLSTATE);
  facts.transient = is_transient(facts.sqlstate) || (context.by_name && is_out_of_date(result));
  facts.outcome_unknown = facts.sqlstate == "08007" || facts.sqlstate == "40003";
  facts.phase = Phase::sent;
  facts.constraint = field(result, PG_DIAG_CONSTRAINT_NAME);
  if (facts.constraint.empty() && facts.sqlstate == "23502") {
    facts.constraint = field(result, PG_DIAG_COLUMN_NAME);
  }
  facts.table = field(result, PG_DIAG_TABLE_NAME);
  facts.statement_position = number_in(field(result, PG_DIAG_STATEMENT_POSITION));
  const bool values = quotes_hold_values(result, context);
  const auto primary = field(result, PG_DIAG_MESSAGE_PRIMARY);
  facts.server_message = redactor.clean(
      primary.empty() ? std::string_view{PQresultErrorMessage(result)} : primary, values);
  facts.hint = redactor.clean(field(result, PG_DIAG_MESSAGE_HINT), values);
  facts.context = redactor.clean(source_context(field(result, PG_DIAG_CONTEXT)), values);
  if (may_hold_values(context) && is_raised(result)) {
    facts.server_message = "a function raised an error; its text may hold values and is not shown";
    facts.hint.clear();
  }
  return facts;
}

std::string message_of(const ErrorFacts& facts, const ErrorContext& context) {
  std::string message = context.database_name + ": " + std::string{context.operation} + " failed";
  if (!facts.server_message.empty()) {
    message += ": " + facts.server_message;
  }
  if (!facts.sqlstate.empty()) {
    message += " (SQLSTATE " + facts.sqlstate + ")";
  }
  if (!facts.hint.empty()) {
    message += " Hint: " + facts.hint;
  }
  if (!facts.context.empty()) {
    message += " In: " + facts.context;
  }
  if (!context.fingerprint.empty()) {
    message += " Statement: " + std::string{context.fingerprint};
  }
  return message;
}

void throw_server_error(const PGresult* result, const ErrorContext& context) {
  const auto facts = facts_of(result, context);
  throw_server_error(facts, message_of(facts, context), false);
}

void throw_server_error(const ErrorFacts& facts, const std::string& message, bool session_ended) {
  const std::string_view sqlstate = facts.sqlstate;
  if (starts_with(sqlstate, "28")) {
    throw AuthenticationError(message, facts);
  }
  if (session_ended || starts_with(sqlstate, "08") || ends_session(sqlstate) ||
      sqlstate == "53300") {
    throw ConnectionError(message, facts);
  }
  if (starts_with(sqlstate, "23")) {
    throw ConstraintError(message, facts);
  }
  throw QueryError(message, facts);
}

}  // namespace flowdb::backend::postgresql
