#pragma once

#include <string>
#include <string_view>

#include "backend/redaction.hpp"
#include "backend/sqlserver/diagnostics.hpp"

namespace flowdb::backend::sqlserver {

/// The server's sentence in one line, without values: those that `redactor` knows, and those that
/// SQL Server quotes by itself (`The duplicate key value is (…)`, `Truncated value: '…'`,
/// `value = 300`). Quotation marks of numbers not known to hold names are emptied.
std::string clean_message(const Diagnostic& diagnostic, const Redactor& redactor);

/// The constraint or unique index that was violated; for a not-null violation the column.
std::string constraint_name(const Diagnostic& diagnostic);

/// Where in the text the message points: the name that it quotes in the line that it gives, else
/// the first character of that line. 1-based, in characters; 0 when the text has one line only and
/// the name is not in it.
int statement_position(const Diagnostic& diagnostic, std::string_view text);

}  // namespace flowdb::backend::sqlserver
