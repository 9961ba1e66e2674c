#pragma once

#include <string_view>

#include "sql/statement.hpp"

namespace flowdb::backend::sqlserver {

/// What the words of a T-SQL text say beyond its first one: a batch goes on without a `;`, so that
/// `SELECT 1 DELETE FROM t` is two statements. The words looked for are reserved: nothing else is
/// called by them unless it stands in quotes or brackets or behind a point. What a procedure or a
/// text given to EXEC does is not seen here. Views into the statement's source.
/// https://learn.microsoft.com/en-us/sql/t-sql/language-elements/reserved-keywords-transact-sql
struct StatementWords {
  std::string_view write;        ///< the first word that changes data, objects or the server
  std::string_view transaction;  ///< the first that begins, ends or marks a transaction
  bool calls = false;            ///< EXEC, or what may stand for it: it may do anything
};
StatementWords words_of(const sql::ParsedStatement& statement);

/// The statement may leave something behind in the session: a setting, a temporary table, an open
/// transaction.
bool leaves_traces(const sql::ParsedStatement& statement, const StatementWords& words);

}  // namespace flowdb::backend::sqlserver
