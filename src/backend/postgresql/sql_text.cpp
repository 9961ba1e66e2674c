#include "backend/postgresql/sql_text.hpp"

#include <flowdb/error.hpp>

#include "backend/postgresql/fate_sql.hpp"

namespace flowdb::backend::postgresql {
namespace {

std::string quoted(std::string_view text, char quote) {
  std::string result(1, quote);
  for (const char c : text) {
    result.push_back(c);
    if (c == quote) {
      result.push_back(c);
    }
  }
  result.push_back(quote);
  return result;
}

const char* isolation_clause(IsolationLevel level) {
  switch (level) {
    case IsolationLevel::server_default:
      return "";
    case IsolationLevel::read_committed:
      return " ISOLATION LEVEL READ COMMITTED";
    case IsolationLevel::repeatable_read:
    case IsolationLevel::snapshot:  // PostgreSQL's repeatable read is snapshot isolation
      return " ISOLATION LEVEL REPEATABLE READ";
    case IsolationLevel::serializable:
      return " ISOLATION LEVEL SERIALIZABLE";
  }
  return "";
}

}  // namespace

std::string quote_literal(std::string_view text) {
  return quoted(text, '\'');
}

std::string quote_identifier(std::string_view name) {
  if (name.empty() || name.find('\0') != std::string_view::npos) {
    throw InvalidArgument("a table or column name is empty or contains a NUL character");
  }
  return quoted(name, '"');
}

std::string quote_table(std::string_view table) {
  const auto dot = table.find('.');
  if (dot == std::string_view::npos) {
    return quote_identifier(table);
  }
  return quote_identifier(table.substr(0, dot)) + "." + quote_identifier(table.substr(dot + 1));
}

std::string session_settings(std::chrono::milliseconds statement_timeout, bool read_only) {
  std::string text =
      "SET client_encoding = 'UTF8';"
      "SET DateStyle = 'ISO, MDY';"
      "SET IntervalStyle = 'postgres';"
      "SET TimeZone = 'UTC';"
      "SET standard_conforming_strings = on;"
      "SET bytea_output = 'hex';"
      "SET extra_float_digits = 1;"
      "SET array_nulls = on;"
      "SET application_name = '';";
  text += "SET statement_timeout = " + std::to_string(statement_timeout.count()) + ";";
  if (read_only) {
    text += "SET default_transaction_read_only = on;";
  }
  return text + "SELECT pg_catalog.pg_backend_pid(), " + can_ask_for_fate();
}

std::string begin_statement(const TransactionOptions& options) {
  return std::string{"BEGIN"} + isolation_clause(options.isolation) +
         (options.read_only ? " READ ONLY" : "");
}

std::string copy_statement(std::string_view table, const std::vector<std::string>& columns) {
  if (columns.empty()) {
    throw InvalidArgument("bulk_insert() needs at least one column");
  }
  std::string list;
  for (const auto& column : columns) {
    list += (list.empty() ? "" : ", ") + quote_identifier(column);
  }
  return "COPY " + quote_table(table) + " (" + list + ") FROM STDIN";
}

}  // namespace flowdb::backend::postgresql
