#pragma once

#include <string>

#include <flowdb/error.hpp>

#include "migration/sql_dialect.hpp"

namespace flowdb::migration::sqlserver {

/// The server's number for "Transaction count after EXECUTE indicates a mismatching number of BEGIN
/// and COMMIT".
inline constexpr int kTransactionEnded = 266;
/// "Lock request time out period exceeded".
inline constexpr int kLockTimeout = 1222;

/// What to do about the server's refusal of a statement; empty when nothing better than the
/// server's own words can be said. For a missing right (229, 262, 2760), the GRANT that gives it,
/// by the server's English message.
std::string advice_for(const ErrorFacts& facts, const SessionFacts& session);

/// The same for a statement on the history's table.
std::string history_advice(HistoryTask task, const std::string& table, const ErrorFacts& facts,
                           const SessionFacts& session);

}  // namespace flowdb::migration::sqlserver
