#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <flowdb/transaction.hpp>

namespace flowdb::backend::sqlserver {

/// `[na]]me]`, taken literally.
std::string quote_identifier(std::string_view name);
/// `[schema].[table]` of `schema.table`, split at each dot outside of brackets.
/// \throws InvalidArgument for an empty part.
std::string quote_table(std::string_view table);

/// What every session is pinned to, whatever the login's settings say: the ANSI options that
/// indexed views and filtered indexes need, us_english, texts of any length.
///
/// XACT_ABORT is off: with it an error would roll the whole transaction back, savepoints included.
/// flowdb instead takes a transaction in which a statement has failed as failed, as PostgreSQL
/// does: it can be rolled back, as a whole or to a savepoint, and nothing else.
///
/// `read_only`: with IMPLICIT_TRANSACTIONS what a procedure changes after it has ended flowdb's
/// transaction is in another one, which is not committed either, and flowdb's own counts twice, so
/// that one COMMIT too many does not end it.
/// https://learn.microsoft.com/en-us/sql/t-sql/statements/set-implicit-transactions-transact-sql
std::string session_settings(bool read_only);

/// `SET TRANSACTION ISOLATION LEVEL …`; READ COMMITTED, SQL Server's own, for server_default.
std::string_view isolation_statement(IsolationLevel level) noexcept;

/// `INSERT INTO [t] ([a], [b]) VALUES `
std::string insert_head(std::string_view table, const std::vector<std::string>& columns);

}  // namespace flowdb::backend::sqlserver
