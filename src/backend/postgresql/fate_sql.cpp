#include "backend/postgresql/fate_sql.hpp"

namespace flowdb::backend::postgresql {
namespace {

/// An identifier that the server was given once, and the course of history that it writes: a
/// standby leaves that when it is promoted, and there the same id may be another transaction's. Not
/// for a server in recovery.
constexpr const char* kServer =
    "(SELECT system_identifier::text FROM pg_catalog.pg_control_system()) || ' ' ||"
    " pg_catalog.substr(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 1, 8)";

/// Statistics begin anew after a crash, and are kept over an orderly restart.
constexpr const char* kLife = "pg_catalog.pg_stat_get_bgwriter_stat_reset_time()";

}  // namespace

std::string can_ask_for_fate() {
  return "(SELECT pg_catalog.count(*) = 7 FROM pg_catalog.pg_proc"
         " WHERE pronamespace = 'pg_catalog'::pg_catalog.regnamespace AND proname IN"
         " ('txid_current', 'txid_current_if_assigned', 'txid_status', 'pg_control_system',"
         " 'pg_walfile_name', 'pg_current_wal_lsn',"
         " 'pg_stat_get_bgwriter_stat_reset_time')"
         " AND pg_catalog.has_function_privilege(oid, 'execute'))";
}

std::string transaction_question(const std::string& id, bool full) {
  const auto question = "SELECT pg_catalog." + id + "()";
  if (!full) {
    return question;
  }
  return question +
         ", pg_catalog.pg_backend_pid(),"
         " CASE WHEN NOT pg_catalog.pg_is_in_recovery() THEN " +
         kServer + " END, " + kLife;
}

std::string fate_question() {
  return std::string{"SELECT CASE WHEN pg_catalog.pg_is_in_recovery() THEN 'standby' WHEN "} +
         kServer +
         " <> $2 THEN 'other server'"
         " ELSE coalesce(pg_catalog.txid_status($1::bigint), 'forgotten') END, " +
         kLife + ", pg_catalog.current_setting('synchronous_standby_names') <> ''";
}

std::string write_nothing() {
  return "SELECT pg_catalog.pg_logical_emit_message(true, 'flowdb', '')";
}

std::string end_of_session() {
  return "SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity"
         " WHERE pid = $2::int AND state LIKE 'idle in transaction%'"
         " AND backend_xid::text = ($1::bigint % 4294967296)::text";
}

}  // namespace flowdb::backend::postgresql
