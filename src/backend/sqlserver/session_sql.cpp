#include "backend/sqlserver/session_sql.hpp"

#include <flowdb/error.hpp>

namespace flowdb::backend::sqlserver {
namespace {

/// It is in brackets already, and ends with the last of them.
bool is_quoted(std::string_view part) {
  if (part.size() < 3 || part.front() != '[' || part.back() != ']' ||
      part.find('\0') != std::string_view::npos) {
    return false;
  }
  const auto name = part.substr(1, part.size() - 2);
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == ']' && (++i == name.size() || name[i] != ']')) {
      return false;
    }
  }
  return true;
}

std::string quote_part(std::string_view part) {
  return is_quoted(part) ? std::string{part} : quote_identifier(part);
}

/// The next dot that is not within brackets.
std::size_t find_dot(std::string_view text) {
  bool in_brackets = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '[' || text[i] == ']') {
      in_brackets = text[i] == '[';
    } else if (text[i] == '.' && !in_brackets) {
      return i;
    }
  }
  return std::string_view::npos;
}

}  // namespace

std::string quote_identifier(std::string_view name) {
  if (name.empty() || name.find('\0') != std::string_view::npos) {
    throw InvalidArgument("a table or column name is empty or contains a NUL character");
  }
  std::string quoted = "[";
  for (const char c : name) {
    quoted.push_back(c);
    if (c == ']') {
      quoted.push_back(c);
    }
  }
  quoted.push_back(']');
  return quoted;
}

std::string quote_table(std::string_view table) {
  std::string quoted;
  for (auto dot = find_dot(table); dot != std::string_view::npos; dot = find_dot(table)) {
    quoted += quote_part(table.substr(0, dot)) + ".";
    table.remove_prefix(dot + 1);
  }
  return quoted + quote_part(table);
}

std::string session_settings(bool read_only) {
  std::string text =
      "SET ANSI_NULLS ON; SET ANSI_NULL_DFLT_ON ON; SET ANSI_PADDING ON; SET ANSI_WARNINGS ON; "
      "SET ARITHABORT ON; SET CONCAT_NULL_YIELDS_NULL ON; SET QUOTED_IDENTIFIER ON; "
      "SET NUMERIC_ROUNDABORT OFF; SET CURSOR_CLOSE_ON_COMMIT OFF; SET XACT_ABORT OFF; "
      "SET NOCOUNT OFF; SET ROWCOUNT 0; SET TEXTSIZE 2147483647; SET LANGUAGE us_english; "
      "SET DATEFORMAT mdy; SET DATEFIRST 7; SET LOCK_TIMEOUT -1; "
      "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; SET IMPLICIT_TRANSACTIONS ";
  return text + (read_only ? "ON" : "OFF");
}

std::string_view isolation_statement(IsolationLevel level) noexcept {
  switch (level) {
    case IsolationLevel::server_default:
    case IsolationLevel::read_committed:
      break;
    case IsolationLevel::repeatable_read:
      return "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ";
    case IsolationLevel::serializable:
      return "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE";
    case IsolationLevel::snapshot:
      return "SET TRANSACTION ISOLATION LEVEL SNAPSHOT";
  }
  return "SET TRANSACTION ISOLATION LEVEL READ COMMITTED";
}

std::string insert_head(std::string_view table, const std::vector<std::string>& columns) {
  if (columns.empty()) {
    throw InvalidArgument("bulk_insert() needs at least one column");
  }
  std::string list;
  for (const auto& column : columns) {
    list += (list.empty() ? "" : ", ") + quote_identifier(column);
  }
  return "INSERT INTO " + quote_table(table) + " (" + list + ") VALUES ";
}

}  // namespace flowdb::backend::sqlserver
