#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <flowdb/error.hpp>

#include "migration/sql_dialect.hpp"
#include "sql/script.hpp"

namespace flowdb::migration::postgresql {

/// Offset in the script's text of what `facts` complain about: the server's position; the line of a
/// DO body or of a COPY's data that the context tells; the name that the message of an error of
/// class 42, 3D or 3F quotes, if the statement has it once (CREATE INDEX and ALTER TABLE give no
/// position); else where the statement begins.
std::size_t failure_offset(std::string_view script, const sql::ScriptStatement& statement,
                           const ErrorFacts& facts);

/// A deferred check: the server tells the table, but not the statement.
LateFailure late_failure(std::string_view script,
                         const std::vector<sql::ScriptStatement>& statements,
                         const ErrorFacts& facts);

/// `PL/pgSQL function f() line 3 at RAISE (V002__f.sql:14)`, one for each entry of the context.
std::vector<std::string> contexts(std::string_view script, const std::string& script_name,
                                  const std::vector<sql::ScriptStatement>& statements,
                                  const ErrorFacts& facts);

}  // namespace flowdb::migration::postgresql
