#include "support/tds_server/session/session_state.hpp"

namespace flowdb::tds_server {
namespace {

constexpr const char* kVersion =
    "Microsoft SQL Server 2022 - 16.0.1000, as the TDS test server of flowdb plays it over "
    "PostgreSQL";

std::string text(const std::string& value, const char* type = "tds.nvarchar(128)") {
  std::string quoted = "'";
  for (const char c : value) {
    if (c == '\'') quoted += c;
    quoted += c;
  }
  return quoted + "'::" + type;
}

std::string integer(std::int64_t value, const char* type = "int4") {
  return '(' + std::to_string(value) + ")::" + type;
}

/// ERROR_NUMBER() and its like: NULL outside a CATCH.
std::optional<std::string> error_fact(const std::optional<SqlError>& caught,
                                      const std::string& name) {
  const bool known = name == "ERROR_NUMBER()" || name == "ERROR_SEVERITY()" ||
                     name == "ERROR_STATE()" || name == "ERROR_LINE()";
  if (name == "ERROR_PROCEDURE()") return "NULL::tds.nvarchar(128)";
  if (name == "ERROR_MESSAGE()") {
    return caught ? text(caught->what(), "tds.nvarchar(4000)") : "NULL::tds.nvarchar(4000)";
  }
  if (!known) return std::nullopt;
  if (!caught) return "NULL::int4";
  if (name == "ERROR_NUMBER()") return integer(caught->number());
  if (name == "ERROR_SEVERITY()") return integer(caught->severity());
  if (name == "ERROR_STATE()") return integer(caught->state());
  return integer(caught->line());
}

/// Of a transaction that is open, doomed, or none.
int transaction_state(const TransactionFacts& transaction) {
  if (transaction.is_doomed) return -1;
  return transaction.count > 0 ? 1 : 0;
}

}  // namespace

std::optional<std::string> session_fact(const SessionState& state,
                                        const TransactionFacts& transaction,
                                        const std::string& name) {
  if (name == "@@SPID") return integer(state.id, "int2");
  if (name == "@@TRANCOUNT") return integer(transaction.count);
  if (name == "XACT_STATE()") return integer(transaction_state(transaction), "int2");
  if (name == "@@ROWCOUNT") return integer(static_cast<std::int64_t>(state.row_count));
  if (name == "ROWCOUNT_BIG()") return integer(static_cast<std::int64_t>(state.row_count), "int8");
  if (name == "@@ERROR") return integer(state.last_error);
  if (name == "@@LOCK_TIMEOUT") return integer(state.settings.lock_timeout);
  if (name == "@@DATEFIRST") return integer(state.settings.date_first, "tds.tinyint");
  if (name == "@@LANGUAGE") return text(state.settings.language);
  if (name == "@@IDENTITY" || name == "SCOPE_IDENTITY()") return "tds.scope_identity()";
  if (name == "@@VERSION") return text(kVersion, "tds.nvarchar(300)");
  if (name == "@@SERVERNAME" || name == "SERVERPROPERTY SERVERNAME") return text("flowdb");
  if (name == "SERVERPROPERTY PRODUCTVERSION") return text("16.0.1000.6");
  if (name == "SERVERPROPERTY EDITION") return text("flowdb's TDS test server");
  if (name == "SERVERPROPERTY ENGINEEDITION") return integer(3);
  if (name == "SERVERPROPERTY COLLATION") return text("SQL_Latin1_General_CP1_CI_AS");
  if (name == "DB_NAME()") return text(state.database);
  if (name == "APP_NAME()") return text(state.login.program);
  if (name == "HOST_NAME()") return text(state.login.host);
  if (name == "SCHEMA_NAME()" || name == "USER_NAME()") return text("dbo");
  if (name == "SUSER_SNAME()" || name == "SUSER_NAME()" || name == "ORIGINAL_LOGIN()") {
    return text(state.login.user);
  }
  return error_fact(state.caught, name);
}

}  // namespace flowdb::tds_server
