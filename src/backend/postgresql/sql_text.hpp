#pragma once

#include <chrono>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <flowdb/transaction.hpp>

namespace flowdb::backend::postgresql {

/// The longest statement_timeout: the server counts milliseconds in 31 bits.
constexpr std::chrono::milliseconds kLongestStatementTimeout{std::numeric_limits<int>::max()};

/// `'it''s'`; for settings that cannot be bound (standard_conforming_strings is pinned to on).
std::string quote_literal(std::string_view text);
/// `"name"`, taken literally.
std::string quote_identifier(std::string_view name);
/// `"schema"."table"` of `schema.table`, split at the first dot.
/// \throws InvalidArgument for an empty part.
std::string quote_table(std::string_view table);

/// What every session is pinned to, whatever the role's settings say: the formats in which values
/// are read and written, UTC, and the limits given. Asks for the session's process behind it.
std::string session_settings(std::chrono::milliseconds statement_timeout, bool read_only);

std::string begin_statement(const TransactionOptions& options);

/// `COPY "t" ("a", "b") FROM STDIN`.
std::string copy_statement(std::string_view table, const std::vector<std::string>& columns);

}  // namespace flowdb::backend::postgresql
